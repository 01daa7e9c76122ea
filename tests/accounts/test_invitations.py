"""Inviting and accepting: one link, seven days, one use, and the same words for every link that leads nowhere."""

import datetime
import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from accounts import invitations, people
from accounts.denial import Denied, Invalid, Stale
from accounts.models import AuditEntry, Membership, User
from accounts.roles import Party, Role, Who
from tests.factories import make_contract, make_members, make_user
from tests.markup import parse

from .signing import PASSWORD, confirm, confirmed

pytestmark = pytest.mark.django_db
SECRET = "four quiet green hills"
NOW = timezone.now()
AWAY = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": 1}


@pytest.fixture(autouse=True)
def clean(db):
    cache.clear()


@pytest.fixture
def world():
    return make_members(make_contract())


@pytest.fixture
def ada(world):
    return world[Who.ADMINISTRATOR].user


@pytest.fixture
def office(ada):
    client = Client()
    client.force_login(ada)
    return confirmed(client, ada)


@pytest.fixture
def contract(world):
    return world[Who.OFFICER].contract


def invite(ada, contract, **changes):
    facts = {"email": "New@Example.ORG", "name": "New", "party": Party.PROVIDER, "role": Role.ANALYST, "now": NOW}
    return invitations.invite(by=ada, contract=contract, **(facts | changes))


@pytest.fixture
def new(ada, contract):
    return invite(ada, contract).user


def address(user, now=None):
    link = invitations.link_of(user, now=now or timezone.now())
    return f"/accounts/invitation/{link.uid}/{link.token}/"


def opened(client, path):
    """The page that asks for a password."""
    response = client.get(path)
    assert response.status_code == 302
    return client.get(response["Location"])


def accept(client, path, password=SECRET, again=None):
    page = client.get(path)["Location"]
    return client.post(page, {"password": password, "again": again or password})


def test_somebody_new_belongs_at_once_and_cannot_sign_in_yet(ada, contract):
    invited = invite(ada, contract)
    user = User.objects.get(email="new@example.org")
    assert (user.name, user.has_usable_password(), user.invited_at, invited.needs_link) == ("New", False, NOW, True)
    assert [(m.contract, m.party, m.role) for m in user.memberships.all()] == [(contract, "provider", "analyst")]
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.object, entry.new) == (
        "add member",
        "new@example.org",
        {"party": "provider", "role": "analyst"},
    )


def test_somebody_who_signs_in_already_gets_no_link(ada, contract):
    olive = make_user("Olive")
    invited = invite(ada, contract, email=olive.email, name="Another name")
    assert (invited.user, invited.needs_link) == (olive, False)
    olive.refresh_from_db()
    assert (olive.name, olive.invited_at) == ("Olive", None)


def test_an_invited_person_gets_a_new_link_with_a_second_contract(ada, new):
    before, later = address(new), NOW + datetime.timedelta(hours=1)
    invited = invite(ada, make_contract("leisure"), now=later)
    assert (invited.needs_link, invited.user.invited_at) == (True, later)
    assert Client().get(before).status_code == 404
    assert opened(Client(), address(invited.user)).status_code == 200


def test_who_cannot_be_invited(ada, contract, world):
    left = make_user("Left")
    User.objects.filter(pk=left.pk).update(is_active=False)
    officer = world[Who.OFFICER].user
    for changes, errors in [
        ({"name": " "}, {"name": invitations.NAME_ASKED}),
        ({"email": ada.email}, {"email": people.STAFF_AS_MEMBER}),
        ({"email": left.email}, {"email": invitations.DEACTIVATED}),
        ({"email": officer.email},
         {"email": f"{officer.name} belongs to Childrens services already. Change the role there."}),
    ]:  # fmt: skip
        with pytest.raises(Invalid) as invalid:
            invite(ada, contract, **changes)
        assert invalid.value.errors == errors
    assert (Membership.objects.count(), AuditEntry.objects.count()) == (4, 0)
    assert not User.objects.filter(email="new@example.org").exists()


def test_nobody_else_invites(world, contract, new):
    by = world[Who.COMMISSIONER_DIRECTOR].user
    for act in (
        lambda: invite(by, contract, email="x@example.org"),
        lambda: invitations.invite_administrator(by=by, email="x@example.org", name="X", now=NOW),
        lambda: invitations.make_link(by=by, user=new, now=NOW),
        lambda: invitations.make_link(by=new, user=new, now=NOW),
    ):
        with pytest.raises(Denied) as denied:
            act()
        assert denied.value.sentence == people.NOT_ADMINISTRATOR


def test_the_page_shows_who_and_what_and_hides_the_token(new, client):
    path = address(new)
    token = path.split("/")[-2]
    way = client.get(path)
    assert (way["Location"], way["Referrer-Policy"]) == (f"{path[: -len(token) - 1]}open/", "no-referrer")
    page = client.get(way["Location"])
    main = parse(page.text).one("main")
    assert main.one("h1").text == "Welcome, New"
    assert main.one("ul", class_="invitation-parts").text == "Childrens services Analyst of DCST"
    assert token not in page.text
    assert "no-store" in page["Cache-Control"]
    assert [box.attrs["autocomplete"] for box in main.all("input", type="password")] == ["new-password"] * 2
    assert "12 characters" in main.one("ul", class_="invitation-rules").text


def test_a_password_is_chosen_and_signs_in_with_a_new_session_key(new, client):
    path = address(new)
    opened(client, path)
    before = client.session.session_key
    response = accept(client, path)
    assert (response.status_code, response["Location"]) == (302, "/")
    new.refresh_from_db()
    assert (new.check_password(SECRET), new.invited_at) == (True, None)
    assert client.session.session_key not in (None, before)
    assert invitations.SESSION_KEY not in client.session
    assert client.get("/c/childrens-services/people/").status_code == 200


@pytest.mark.parametrize(("password", "again", "field", "words"), [
    ("", "", "password", "Choose a password."),
    ("short", "short", "password", "This password is too short. It must contain at least 12 characters."),
    ("new@example.org", "new@example.org", "password", "The password is too similar to the e-mail address."),
    (SECRET, SECRET + "s", "again", "The two are not the same. Type both once more."),
    (SECRET, "", "again", "Type the password once more."),
])  # fmt: skip
def test_a_password_that_will_not_do(new, client, password, again, field, words):
    page = client.get(address(new))["Location"]
    response = client.post(page, {"password": password, "again": again})
    assert (response.status_code, response.context["form"].errors[field]) == (422, [words])
    assert SECRET not in response.text
    new.refresh_from_db()
    assert (new.has_usable_password(), client.get(page).status_code) == (False, 200)


def ends(change):
    """A link before and the client that had opened it, after a change."""
    return pytest.param(change, id=change.__name__)


def used(ada, new):
    accept(Client(), address(new))


def new_link(ada, new):
    invitations.make_link(by=ada, user=new, now=NOW + datetime.timedelta(seconds=1))


def deactivated(ada, new):
    people.change_standing(by=ada, user=new, version=1, is_staff=False, is_active=False, now=NOW)


def deactivated_and_back(ada, new):
    deactivated(ada, new)
    people.change_standing(by=ada, user=new, version=2, is_staff=False, is_active=True, now=NOW)


def another_address(ada, new):
    people.change_user(by=ada, user=new, version=1, email="other@example.org", name="New", now=NOW)


def signed_in_otherwise(ada, new):
    User.objects.filter(pk=new.pk).update(last_login=timezone.now())


@pytest.mark.parametrize(
    "change", [ends(each) for each in (used, new_link, deactivated, deactivated_and_back, another_address,
                                       signed_in_otherwise)]
)  # fmt: skip
def test_what_ends_a_link_ends_the_opened_page_too(ada, new, client, change):
    path = address(new)
    page = client.get(path)["Location"]
    assert client.get(page).status_code == 200
    change(ada, new)
    held = User.objects.get(pk=new.pk).password
    for response in (client.post(page, {"password": SECRET + "2", "again": SECRET + "2"}), Client().get(path)):
        assert (response.status_code, parse(response.text).one("h1").text) == (404, "This link does not work")
    assert User.objects.get(pk=new.pk).password == held


def test_a_link_lasts_seven_days(new):
    token = invitations.link_of(new, now=NOW).token
    last = NOW + datetime.timedelta(days=7) - datetime.timedelta(seconds=1)
    uid = invitations.link_of(new, now=NOW).uid
    assert invitations.person_of(uid, token, now=last) == new
    assert invitations.person_of(uid, token, now=last + datetime.timedelta(seconds=1)) is None


def test_every_bad_link_is_told_in_the_same_words(ada, new, world):
    path = address(new)
    uid, token = path.split("/")[3:5]
    other = invitations.make_link(by=ada, user=world[Who.OFFICER].user, now=NOW)
    other_uid, other_token = address(other).split("/")[3:5]
    bad = [
        *[(uid, text) for text in ("open", "x", "-", token[:-1], token + "0", token[::-1], other_token, "é")],
        *[(text, token) for text in (other_uid, "x", "MTAwMDAw", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "w6k", "-")],
    ]
    answers = set()
    for number, (one, text) in enumerate(bad):
        response = Client(REMOTE_ADDR=f"192.0.2.{number}").get(f"/accounts/invitation/{one}/{text}/")
        answers.add((response.status_code, re.sub(r'nonce="[^"]*"|value="[^"]*"', "", response.text)))
    [(status, text)] = answers
    assert (status, parse(text).one("h1").text) == (404, "This link does not work")


def test_ten_bad_links_from_one_place_and_a_good_one_is_not_looked_at_there(new):
    path = address(new)
    uid = path.split("/")[3]
    for number in range(10):
        # A page without a link in its session is no try.
        assert Client().get(f"/accounts/invitation/{uid}/open/").status_code == 404
        assert Client().get(f"/accounts/invitation/{uid}/x{number}/").status_code == 404
    assert Client().get(path).status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.7").get(path).status_code == 302


def test_two_who_send_the_page_at_once(new):
    one = User.objects.get(pk=new.pk)
    two = User.objects.get(pk=new.pk)
    invitations.accept(by=one, password=SECRET)
    with pytest.raises(Stale):
        invitations.accept(by=two, password="another long set of words")
    assert User.objects.get(pk=new.pk).check_password(SECRET)
    with pytest.raises(Stale):
        invitations.accept(by=User.objects.get(pk=new.pk), password=SECRET)


def test_whoever_is_signed_in_as_somebody_else_is_told_and_leaves(new, world):
    client = Client()
    client.force_login(world[Who.ANALYST].user)
    path = address(new)
    assert "You are signed in as Analyst of childrens-services." in parse(opened(client, path).text).one("main").text
    accept(client, path)
    assert client.get("/").context["user"] == new


def test_a_new_link_for_somebody_who_forgot_the_password_ends_their_sessions(ada, world):
    olive = world[Who.OFFICER].user
    there = Client()
    there.force_login(olive)
    path = address(invitations.make_link(by=ada, user=User.objects.get(pk=olive.pk), now=timezone.now()))
    assert there.get("/").status_code == 200
    here = Client()
    assert accept(here, path).status_code == 302
    assert (there.get("/").status_code, here.get("/").status_code) == (302, 200)


def test_a_link_for_nobody_who_is_deactivated(ada, new):
    deactivated(ada, new)
    with pytest.raises(Denied) as denied:
        invitations.make_link(by=ada, user=new, now=NOW)
    assert denied.value.sentence == invitations.DEACTIVATED


def test_an_administrator_is_invited(ada):
    made = invitations.invite_administrator(by=ada, email="Bea@example.org", name="Bea", now=NOW)
    assert (made.email, made.is_staff, made.has_usable_password(), made.invited_at) == (
        "bea@example.org",
        True,
        False,
        NOW,
    )
    with pytest.raises(Invalid) as invalid:
        invitations.invite_administrator(by=ada, email="bea@example.org", name="Bea", now=NOW)
    assert invalid.value.errors == {"email": people.TAKEN}


class Watching(BaseEmailBackend):
    """What is held when the mail goes out, and how many transactions are open around it."""

    seen: list[tuple[bool, int]] = []

    def send_messages(self, email_messages) -> int:
        is_held = User.objects.filter(email=email_messages[0].to[0], memberships__isnull=False).exists()
        self.seen.append((is_held, len(connection.savepoint_ids)))
        return 1


def test_mail_goes_out_after_the_commit(office, contract):
    Watching.seen.clear()
    # The test's own.
    around = len(connection.savepoint_ids)
    with override_settings(EMAIL_BACKEND="tests.accounts.test_invitations.Watching"):
        assert office.post(INVITE, SENT).status_code == 302
    assert Watching.seen == [(True, around)]


SENT = {"email": "new@example.org", "name": "New", "role": "provider:analyst"}
INVITE = "/c/childrens-services/people/invite/"


def test_the_mail_carries_the_link_that_the_page_shows(office, contract, ada):
    response = office.post(INVITE, SENT)
    user = User.objects.get(email="new@example.org")
    assert (response.status_code, response["Location"]) == (302, f"/set-up/people/{user.pk}/link/")
    page = parse(office.get(response["Location"]).text)
    link = page.one("code").text
    assert link == f"http://testserver{address(user)}"
    assert page.one("div", id="messages").text == "A mail with this link went to new@example.org."
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["new@example.org"], "Your invitation to Childrens services")
    assert link in sent.body
    assert f"{ada.name} has added you to the contract Childrens services on perfmon: analyst of DCST." in sent.body


def test_the_link_is_shown_although_mail_is_away(office, contract):
    with override_settings(**AWAY):
        response = office.post(INVITE, SENT)
    page = parse(office.get(response["Location"]).text)
    assert page.one("div", id="messages").text == "Mail could not be sent: pass this link on yourself."
    assert accept(Client(), page.one("code").text.removeprefix("http://testserver")).status_code == 302


def test_whether_the_mail_went_out_is_told_beside_the_link(office, ada, contract):
    """And not on the page that asks who one is, where the ten minutes were over in between."""
    ada.set_password(PASSWORD)
    ada.save()
    office.force_login(ada)
    confirmed(office, ada)
    with override_settings(**AWAY):
        link = office.post(INVITE, SENT)["Location"]
    session = office.session
    del session["account_authentication_methods"]
    session.save()
    asked = office.get(link)
    page = parse(office.get(asked["Location"]).text)
    assert (page.one("h1").text, page.one("div", id="messages").text) == ("Confirm that it is you", "")
    assert confirm(office, link, PASSWORD)["Location"] == link
    said = parse(office.get(link).text).one("div", id="messages").text
    assert said == "Mail could not be sent: pass this link on yourself."


def test_a_new_member_is_made_by_somebody_who_has_just_said_who_they_are(ada, contract):
    """Otherwise a session that was left open would be a way in for good, for whoever passes by."""
    ada.set_password(PASSWORD)
    ada.save()
    client = Client()
    client.force_login(ada)
    client.get("/")
    asked = client.post(INVITE, SENT)
    assert (asked.status_code, asked["Location"].partition("?")[0]) == (302, "/accounts/confirm/")
    assert not User.objects.filter(email="new@example.org").exists()
    done = confirm(client, INVITE, PASSWORD)
    assert done["Location"] == f"/set-up/people/{User.objects.get(email='new@example.org').pk}/link/"


def test_what_cannot_be_invited_then_goes_back_to_its_own_page(ada, contract):
    ada.set_password(PASSWORD)
    ada.save()
    client = Client()
    client.force_login(ada)
    client.get("/")
    client.post(INVITE, SENT | {"email": ada.email})
    answer = confirm(client, INVITE, PASSWORD)
    assert answer.status_code == 422
    assert parse(answer.text).one("form", novalidate="").attrs["action"] == INVITE


def test_no_mail_goes_out_for_what_was_not_written(office, contract):
    assert office.post(INVITE, SENT | {"role": "provider:officer"}).status_code == 422
    assert mail.outbox == []


@pytest.mark.parametrize(("settings", "words"), [
    ({}, "Olive signs in here already and is analyst of DCST now. A mail tells them so."),
    (AWAY, "Olive signs in here already and is analyst of DCST now. Mail could not be sent: tell them yourself."),
])  # fmt: skip
def test_a_mail_without_a_link_to_somebody_known(office, contract, settings, words):
    olive = make_user("Olive")
    with override_settings(**settings):
        response = office.post(INVITE, SENT | {"email": olive.email, "name": ""})
    assert response["Location"] == "/c/childrens-services/people/"
    assert parse(office.get(response["Location"]).text).one("div", id="messages").text == words
    if not settings:
        [sent] = mail.outbox
        assert (sent.subject, "/invitation/" in sent.body) == ("You now belong to Childrens services", False)
        assert "http://testserver/\n" in sent.body
