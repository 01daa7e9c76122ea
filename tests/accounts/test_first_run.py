"""The first administrator: a link from the log, good for a day, worth nothing once there is one."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts import first_run
from accounts.demo import DEMO_ACCOUNTS
from accounts.denial import Invalid, NotKnown
from accounts.models import User
from perfmon import start
from tests import factories
from tests.markup import parse
from tests.meanwhile import meanwhile

pytestmark = pytest.mark.django_db
PATH = "/accounts/first-administrator/"
SECRET = "four quiet green hills"
NOW = datetime.datetime(2018, 11, 11, 12, 0, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
NOTHING = "There is nothing at this address that you can see."


def sent(key=None, **changes):
    facts = {"name": "Ada", "email": "Ada@Council.example", "password": SECRET, "again": SECRET}
    return facts | {"key": key or first_run.key_at(timezone.now())} | changes


class TestKey:
    def test_for_a_day(self):
        key = first_run.key_at(NOW)
        good = [first_run.is_good(key, NOW + hours * HOUR) for hours in (-1, 0, 23, 24)]
        assert good == [False, True, True, True]
        assert not first_run.is_good(key, NOW + 24 * HOUR + datetime.timedelta(seconds=1))

    @pytest.mark.parametrize("key", ["", "x", "1541937600:x", ":", "\x00", "9" * 400])
    def test_no_other(self, key):
        assert not first_run.is_good(key, NOW)

    def test_not_of_another_secret(self, settings):
        key = first_run.key_at(NOW)
        settings.SECRET_KEY = "another secret of another place"
        assert not first_run.is_good(key, NOW)


class TestPage:
    def test_to_become_the_administrator(self, client):
        key = first_run.key_at(timezone.now())
        page = client.get(PATH, {"key": key})
        assert page.status_code == 200
        assert page["Referrer-Policy"] == "same-origin"
        main = parse(page.text).one("main")
        assert [label.text for label in main.all("label")] == [
            "Your name", "Your e-mail address", "Password", "Password again",
        ]  # fmt: skip
        response = client.post(PATH, sent(key), follow=True)
        assert response.redirect_chain == [("/", 302)]
        user = User.objects.get()
        assert (user.email, user.name, user.is_staff, user.is_active) == ("ada@council.example", "Ada", True, True)
        assert user.check_password(SECRET)
        assert response.context["user"] == user
        assert parse(response.text).one("main").one("h2").text == "Nothing here yet: make a contract"

    def test_it_is_worth_nothing_then(self, client):
        client.post(PATH, sent())
        other = Client()
        page = other.get(PATH, {"key": first_run.key_at(timezone.now())})
        assert page.status_code == other.post(PATH, sent(email="eve@council.example")).status_code == 404
        assert other.get(PATH, {"key": "x"}).content == page.content
        assert NOTHING in page.text
        assert User.objects.count() == 1

    def test_a_key_that_is_none_says_where_there_is_one(self, client):
        for response in (client.get(PATH), client.get(PATH, {"key": "x"}), client.post(PATH, sent("x"))):
            assert response.status_code == 404
            assert first_run.BAD_LINK in response.text
        assert User.objects.count() == 0

    @pytest.mark.parametrize(("changes", "field", "said"), [
        ({"name": ""}, "name", "Enter your name."),
        ({"email": "ada"}, "email", "Enter a whole e-mail address, such as jo.hall@council.example."),
        ({"email": "MEMBER@example.org"}, "email", first_run.TAKEN),
        ({"again": "another"}, "again", "The two are not the same. Type both once more."),
    ])  # fmt: skip
    def test_errors_stand_at_their_fields(self, client, changes, field, said):
        factories.make_user("Member")
        response = client.post(PATH, sent(**changes))
        assert response.status_code == 422
        assert parse(response.text).one("a", href=f"#id_{field}").text == said
        assert SECRET not in response.text
        assert not User.objects.filter(is_staff=True).exists()

    @pytest.mark.parametrize("password", ["short", "ada@council.example", "Adalbert Adalbert", "password1234"])
    def test_a_weak_password(self, client, password):
        response = client.post(PATH, sent(name="Adalbert Adalbert", password=password, again=password))
        assert response.status_code == 422
        assert parse(response.text).all("a", href="#id_password") != []
        assert User.objects.count() == 0

    def test_an_administrator_who_may_not_sign_in_is_none(self, client):
        ada = factories.make_user("Ada", is_staff=True)
        User.objects.filter(pk=ada.pk).update(is_active=False)
        assert client.get(PATH, {"key": first_run.key_at(timezone.now())}).status_code == 200

    def test_nor_is_one_who_was_only_invited_or_a_demo_person(self, client, settings):
        settings.DEMO = False
        User.objects.create_user("invited@example.org", "Invited", None, is_staff=True)
        demo = next(one.email for one in DEMO_ACCOUNTS if not one.party_kind)
        User.objects.create_user(demo, "Demo", SECRET, is_staff=True)
        assert "Nobody looks after this service yet" in client.get("/accounts/sign-in/").text
        assert client.post(PATH, sent(), follow=True).redirect_chain == [("/", 302)]
        assert not first_run.is_needed()


class TestWrite:
    FACTS = {"email": "ada@council.example", "name": "Ada", "password": SECRET}

    def test_a_second_who_was_slower(self):
        key = first_run.key_at(NOW)
        first_run.make_first_administrator(by=None, key=key, now=NOW, **self.FACTS)
        with pytest.raises(NotKnown, match="^There is nothing"):
            first_run.make_first_administrator(by=None, key=key, now=NOW, **self.FACTS | {"email": "b@x.example"})

    def test_without_a_key(self):
        with pytest.raises(NotKnown, match="^This link is not whole"):
            first_run.make_first_administrator(by=None, key="x", now=NOW, **self.FACTS)

    def test_an_address_taken_meanwhile(self):
        def other():
            User.objects.create_user(self.FACTS["email"], "Other", None)

        key = first_run.key_at(NOW)
        with meanwhile(other), pytest.raises(Invalid) as invalid:
            first_run.make_first_administrator(by=None, key=key, now=NOW, **self.FACTS)
        assert invalid.value.errors == {"email": first_run.TAKEN}


class TestWhereItIsFound:
    def test_the_sign_in_page_of_an_empty_database_tells(self, client):
        assert "Nobody looks after this service yet" in client.get("/accounts/sign-in/").text
        factories.make_user("Ada", is_staff=True)
        assert "Nobody looks after this service yet" not in client.get("/accounts/sign-in/").text

    def test_the_command_prints_a_link_that_works(self, client, capsys):
        call_command("first_administrator")
        said, link = capsys.readouterr().out.splitlines()
        assert said == "Nobody looks after this database yet. Become its administrator within 24 hours:"
        assert link.startswith(f"http://127.0.0.1:8000{PATH}?key=")
        assert client.get(link.removeprefix("http://127.0.0.1:8000")).status_code == 200

    def test_the_command_refuses_where_there_is_one(self):
        factories.make_user("Ada", is_staff=True)
        with pytest.raises(CommandError, match="^There is an administrator already."):
            call_command("first_administrator")

    def test_starting_the_service_prints_it_while_there_is_none(self, client, capsys):
        start.tell_of_first_administrator()
        said, link = capsys.readouterr().out.splitlines()
        assert said == "Nobody looks after this database yet. Become its administrator within 24 hours:"
        assert client.get(link.removeprefix("http://127.0.0.1:8000")).status_code == 200
        factories.make_user("Ada", is_staff=True)
        start.tell_of_first_administrator()
        assert capsys.readouterr().out == ""

    @pytest.mark.parametrize(("origins", "hosts", "https", "site"), [
        (["https://*.example.org", "https://perf.example.org:8443"], ["x"], True, "https://perf.example.org:8443"),
        ([], ["*", ".council.example"], True, "https://council.example"),
        ([], ["*"], True, "https://localhost"),
        ([], ["council.example"], False, "http://council.example:8010"),
    ])  # fmt: skip
    def test_the_link_leads_where_readers_go(self, settings, monkeypatch, origins, hosts, https, site):
        settings.CSRF_TRUSTED_ORIGINS, settings.ALLOWED_HOSTS, settings.HTTPS = origins, hosts, https
        monkeypatch.setenv("BIND", "0.0.0.0:8010")
        assert first_run.link(NOW).startswith(f"{site}{PATH}?key=1541937600%3A")
