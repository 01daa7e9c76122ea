"""The pages of everybody and of one person."""

import datetime
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import invitations, people
from accounts.denial import Denied
from accounts.models import AuditEntry, Membership, User
from accounts.people_list import Standing, standing_of
from accounts.roles import Party, Role, Who
from tests.factories import make_contract, make_members, make_user
from tests.markup import parse

from .signing import confirmed

pytestmark = pytest.mark.django_db
PEOPLE = "/set-up/people/"
NOW = timezone.now()


@pytest.fixture
def world():
    return make_members(make_contract())


@pytest.fixture
def ada(world):
    return world[Who.ADMINISTRATOR].user


@pytest.fixture
def office(ada):
    return confirmed(client_of(ada), ada)


@pytest.fixture
def olive(world):
    return world[Who.OFFICER].user


def client_of(user):
    client = Client()
    client.force_login(user)
    client.get("/")
    return client


def page_of(user):
    return f"{PEOPLE}{user.pk}/"


def acts(response):
    """The buttons that the page offers."""
    return [button.attrs["value"] for button in parse(response.text).all("button", name="act")]


def told(response):
    return parse(response.text).one("div", id="messages").text


def lines(response):
    return [row.text for row in parse(response.text).one("tbody").all("tr")]


@pytest.mark.parametrize("who", [who for who in Who if who is not Who.ADMINISTRATOR])
@pytest.mark.parametrize("path", ["", "administrator/", "{olive}/", "{olive}/link/"])
def test_for_administrators_alone(world, olive, who, path):
    response = client_of(world[who].user).get(PEOPLE + path.format(olive=olive.pk))
    assert (response.status_code, people.NOT_ADMINISTRATOR in response.text) == (403, True)


def test_everybody_with_contracts_state_factor_and_last_sign_in(world, ada, office, olive):
    leisure = make_contract("leisure")
    Membership.objects.create(user=olive, contract=leisure, party=Party.PROVIDER, role=Role.DIRECTOR)
    Authenticator.objects.create(user=olive, type="totp", data={})
    Authenticator.objects.create(user=world[Who.ANALYST].user, type="recovery_codes", data={})
    at = datetime.datetime(2018, 11, 2, 14, 32, tzinfo=datetime.UTC)
    User.objects.filter(pk=olive.pk).update(last_login=at)
    found = {line.partition(" of childrens-services ")[0]: line for line in lines(office.get(PEOPLE))}
    assert found["Officer"] == (
        "Officer of childrens-services officer.of.childrens-services@example.org "
        "Childrens services Officer of DMBC Leisure Director of DCST May sign in On 2 November 2018, 14:32"
    )
    assert found["Analyst"].endswith("Childrens services Analyst of DCST May sign in Off Never")
    assert "Administrator May sign in Off" in found["Administrator"]
    assert len(found) == 5


def test_the_states(ada):
    contract = make_contract("leisure")
    facts = {"party": Party.PROVIDER, "role": Role.ANALYST, "now": NOW}
    new = invitations.invite(by=ada, contract=contract, email="new@example.org", name="New", **facts).user
    assert standing_of(new, now=NOW) is Standing.INVITED
    assert standing_of(new, now=NOW + invitations.LASTS) is Standing.EXPIRED
    assert standing_of(make_user("Old"), now=NOW) is Standing.ACTIVE
    signed_by_organisation = User(password="!", last_login=NOW)
    assert standing_of(signed_by_organisation, now=NOW) is Standing.ACTIVE
    assert standing_of(User(password="!", is_active=False, invited_at=NOW), now=NOW) is Standing.DEACTIVATED


def test_alone(db):
    office = client_of(make_user("Ada", is_staff=True))
    [line] = lines(office.get(PEOPLE))
    assert line.startswith("Ada ada@example.org Administrator May sign in Off ")
    assert "1 person" in parse(office.get(PEOPLE).text).one("main").text


def test_three_hundred_people_come_fifty_at_a_time(office):
    User.objects.bulk_create(User(email=f"p{n}@example.org", name=f"Person {n:03}", password="x") for n in range(295))
    first = office.get(PEOPLE)
    main = parse(first.text).one("main")
    assert (len(lines(first)), main.one("div", class_="list-count").one("p").text) == (50, "1 to 50 of 300 people")
    assert len(lines(office.get(PEOPLE + "?page=6"))) == len(lines(office.get(PEOPLE + "?page=99"))) == 50
    found = office.get(PEOPLE + "?q=P1")
    assert "1 to 50 of 111 people with “P1”" in parse(found.text).one("main").text
    [link] = parse(found.text).one("nav", class_="pager").all("a")
    assert link.attrs["href"] == "?q=P1&page=2"
    assert "Nobody has “zz”" in parse(office.get(PEOPLE + "?q=zz").text).one("main").text


def test_as_many_queries_for_one_as_for_three(world, office, olive):
    counts = []
    for number in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert office.get(PEOPLE).status_code == 200
        with CaptureQueriesContext(connection) as of_one:
            assert office.get(page_of(olive)).status_code == 200
        counts.append((len(queries), len(of_one)))
        for each in range(3):
            contract = make_contract(f"c-{number}-{each}", f"A{number}{each}", f"B{number}{each}")
            Membership.objects.create(user=olive, contract=contract, party=Party.PROVIDER, role=Role.ANALYST)
            make_user(f"More {number}{each}")
    # Session, reader, whether a contract asks for a second factor, number of people, people, their contracts, second
    # factors; of one: the person, their contracts,
    # their second factor, their organisation's sign-in, and whether they belong to a contract or are the last.
    assert counts[0] == counts[1]
    assert counts[0][0] == 7


def test_name_and_address_are_changed(office, olive):
    sent = {"name": "Olivia", "email": "olivia@example.org", "version": "1"}
    assert office.post(page_of(olive), sent)["Location"] == page_of(olive)
    assert told(office.get(page_of(olive))) == "Olivia was saved."
    olive.refresh_from_db()
    assert (olive.name, olive.email, olive.version) == ("Olivia", "olivia@example.org", 2)


@pytest.mark.parametrize(("changes", "field", "words"), [
    ({"name": ""}, "name", "Enter the name as others shall read it."),
    ({"email": "x"}, "email", "Enter a whole e-mail address, such as jo.hall@council.example."),
    ({"email": "administrator.of.childrens-services@example.org"}, "email", people.TAKEN),
])  # fmt: skip
def test_what_cannot_be_saved_is_told_and_kept(office, olive, changes, field, words):
    sent = {"name": "Olivia", "email": "olivia@example.org", "version": "1"} | changes
    response = office.post(page_of(olive), sent)
    assert (response.status_code, response.context["form"].errors[field]) == (422, [words])
    page = parse(response.text)
    kept = {name: page.one("input", name=name).attrs.get("value", "") for name in ("name", "email")}
    assert kept == {name: sent[name] for name in kept}
    olive.refresh_from_db()
    assert olive.version == 1


def test_two_who_change_somebody_at_once(office, olive):
    sent = {"name": "Olivia", "email": "olivia@example.org", "version": "1"}
    User.objects.filter(pk=olive.pk).update(name="Olive", version=2)
    response = office.post(page_of(olive), sent)
    page = parse(response.text)
    assert (response.status_code, people.STALE in page.one("div", class_="error-summary").text) == (409, True)
    # What is held stands beside what was typed; to save again is a choice.
    assert page.one("h1").text == "Olive May sign in"
    assert page.one("form", novalidate="").one("input", name="name").attrs["value"] == "Olivia"
    versions = {box.attrs["value"] for box in page.all("input", name="version")}
    assert versions == {"2"}
    assert office.post(page_of(olive), sent | {"version": "2"}).status_code == 302


@pytest.mark.parametrize("version", ["", "x", "-1", "0", "9" * 30, "²"])
def test_a_version_that_is_none_is_stale(office, olive, version):
    assert office.post(page_of(olive), {"name": "O", "email": "o@example.org", "version": version}).status_code == 409
    assert office.post(f"{page_of(olive)}act/", {"act": "deactivate", "version": version}).status_code == 409
    olive.refresh_from_db()
    assert (olive.is_active, olive.version) == (True, 1)


def test_the_buttons_of_each_kind_of_person(ada, office, olive, settings):
    settings.OIDC_ISSUER = "o"
    nobody, second = make_user("Nobody"), make_user("Second", is_staff=True)
    assert acts(office.get(page_of(olive))) == ["sign-out", "deactivate"]
    assert acts(office.get(page_of(nobody))) == ["sign-out", "make-administrator", "deactivate"]
    assert acts(office.get(page_of(second))) == ["sign-out", "end-administrator", "deactivate"]
    own = office.get(page_of(ada))
    assert (acts(own), people.OWN_STANDING in own.text) == (["sign-out"], True)
    User.objects.filter(pk=nobody.pk).update(is_active=False)
    assert acts(office.get(page_of(nobody))) == ["reactivate"]
    Authenticator.objects.create(user=olive, type="totp", data={})
    SocialAccount.objects.create(user=olive, provider="o", uid="1")
    assert acts(office.get(page_of(olive))) == ["sign-out", "remove-second-factor", "disconnect", "deactivate"]


@pytest.mark.parametrize(("act", "held", "words"), [
    ("deactivate", (False, False), "Nobody is deactivated, and signed out everywhere at their next click."),
    ("make-administrator", (True, True), "Nobody is an administrator now."),
    ("sign-out", (False, True), "Nobody is signed out everywhere at their next click."),
])  # fmt: skip
def test_each_button_does_what_it_says(office, act, held, words):
    nobody = make_user("Nobody")
    response = office.post(f"{page_of(nobody)}act/", {"act": act, "version": "1"})
    assert response["Location"] == page_of(nobody)
    assert told(office.get(page_of(nobody))) == words
    nobody.refresh_from_db()
    assert (nobody.is_staff, nobody.is_active) == held
    assert nobody.sessions_ended == 1


def test_back_again(office, ada):
    second = make_user("Second", is_staff=True)
    office.post(f"{page_of(second)}act/", {"act": "end-administrator", "version": "1"})
    office.post(f"{page_of(second)}act/", {"act": "deactivate", "version": "2"})
    office.post(f"{page_of(second)}act/", {"act": "reactivate", "version": "3"})
    second.refresh_from_db()
    assert (second.is_staff, second.is_active, second.version) == (False, True, 4)


def test_somebody_without_their_telephone_and_one_who_left_the_organisation(office, olive):
    Authenticator.objects.create(user=olive, type="totp", data={})
    SocialAccount.objects.create(user=olive, provider="o", uid="1")
    office.post(f"{page_of(olive)}act/", {"act": "remove-second-factor"})
    office.post(f"{page_of(olive)}act/", {"act": "disconnect"})
    assert (Authenticator.objects.count(), SocialAccount.objects.count()) == (0, 0)
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("act", ["remove-second-factor", "disconnect"])
def test_what_another_took_away_already_is_told_and_mailed_to_nobody(office, olive, act):
    response = office.post(f"{page_of(olive)}act/", {"act": act})
    assert told(office.get(response["Location"])) == f"There was nothing to take away from {olive.name} any more."
    assert mail.outbox == []


@pytest.mark.parametrize("act", ["disconnect", "make-administrator"])
@pytest.mark.parametrize("has_password", [True, False])
def test_who_has_no_way_in_left_needs_a_link(office, act, has_password):
    nobody = make_user("Nora")
    if not has_password:
        nobody.set_unusable_password()
        nobody.save()
    SocialAccount.objects.create(user=nobody, provider="o", uid="1")
    response = office.post(f"{page_of(nobody)}act/", {"act": act, "version": "1"})
    words = "They have no password here: make them a link, and pass it on."
    assert (words in told(office.get(response["Location"]))) is not has_password


def test_a_connection_to_another_sign_in_than_that_of_now_opens_nothing(office, olive, settings):
    SocialAccount.objects.create(user=olive, provider="https://before.example", uid="1")
    settings.OIDC_ISSUER = "https://now.example"
    assert "Connected" not in office.get(page_of(olive)).text
    settings.OIDC_ISSUER = "https://before.example"
    assert "<dd>Connected</dd>" in office.get(page_of(olive)).text


@pytest.mark.parametrize("version", ['{{ request.path }}"><b>', "{% now 'Y' %}", "2"])
def test_a_hidden_field_is_sent_back_as_it_came(office, olive, version):
    """And not run as a template, which would tell what settings hold."""
    response = office.post(page_of(olive), {"name": "Olive", "email": "no address", "version": version})
    assert response.status_code == 422
    form = parse(response.text).one("form", novalidate="")
    assert form.one("input", name="version").attrs["value"] == version


def test_what_may_not_be_done_is_refused_without_the_button_too(office, ada, olive):
    cases = [(ada, "deactivate", people.OWN_STANDING), (ada, "end-administrator", people.OWN_STANDING),
             (olive, "make-administrator", people.MEMBER_AS_STAFF)]  # fmt: skip
    for user, act, sentence in cases:
        response = office.post(f"{page_of(user)}act/", {"act": act, "version": "1"})
        assert (response.status_code, sentence in response.text) == (403, True)
    assert office.post(f"{page_of(olive)}act/", {"act": "delete"}).status_code == 404
    assert office.post(f"{PEOPLE}999999/act/", {"act": "sign-out"}).status_code == 404
    assert office.get(f"{PEOPLE}999999/").status_code == 404


def test_a_link_is_made_shown_again_and_made_anew(office, olive):
    path = f"{page_of(olive)}link/"
    before = parse(office.get(path).text).one("main")
    assert "No link is open" in before.text
    assert office.post(path)["Location"] == path
    assert mail.outbox[0].subject == "Your link to perfmon"
    first = parse(office.get(path).text).one("code").text
    assert parse(office.get(path).text).one("code").text == first
    assert first in mail.outbox[0].body
    office.post(path)
    assert parse(office.get(path).text).one("code").text != first
    User.objects.filter(pk=olive.pk).update(is_active=False)
    page = parse(office.get(path).text).one("main")
    assert (page.all("code"), page.all("button")) == ([], [])
    assert office.post(path).status_code == 403


def test_an_administrator_is_invited(office, ada):
    path = f"{PEOPLE}administrator/"
    assert office.get(path).status_code == 200
    response = office.post(path, {"name": "Bea", "email": "bea@example.org"})
    bea = User.objects.get(email="bea@example.org")
    assert (response["Location"], bea.is_staff) == (f"{PEOPLE}{bea.pk}/link/", True)
    assert f"{ada.name} has made you an administrator of perfmon." in mail.outbox[0].body
    again = office.post(path, {"name": "Bea", "email": "bea@example.org"})
    assert (again.status_code, again.context["form"].errors["email"]) == (422, [people.TAKEN])


@pytest.mark.parametrize("act", ["remove-second-factor", "disconnect"])
def test_nobody_takes_away_here_what_they_sign_in_with_themselves(ada, office, act):
    """Whoever sits down at a session that was left open would have the account for good."""
    Authenticator.objects.create(user=ada, type="totp", data={})
    session = office.session
    record_authentication(SimpleNamespace(session=session), ada, "mfa", type="totp", reauthenticated=True)
    session.save()
    response = office.post(f"{page_of(ada)}act/", {"act": act})
    assert (response.status_code, people.OWN_CREDENTIALS in response.text) == (403, True)
    assert Authenticator.objects.count() == 1


def test_nobody_makes_or_sees_a_link_of_their_own(ada, office):
    path = f"{page_of(ada)}link/"
    for response in (office.get(path), office.post(path)):
        assert (response.status_code, people.OWN_CREDENTIALS in response.text) == (403, True)
    with pytest.raises(Denied, match="Your account"):
        invitations.make_link(by=ada, user=ada, now=NOW)
    assert User.objects.get(pk=ada.pk).invited_at is None
    main = parse(office.get(page_of(ada)).text).one("main")
    assert [form.attrs["action"] for form in main.all("form")] == [page_of(ada), f"{page_of(ada)}act/"]
    assert "/accounts/" in [link.attrs["href"] for link in main.all("a")]


SENT = {
    "": {"name": "Olivia", "email": "olivia@example.org", "version": "1"},
    "act/": {"act": "deactivate", "version": "1"},
    "link/": {},
}


@pytest.mark.parametrize("path", SENT)
def test_who_has_not_just_said_who_they_are_is_asked_and_then_it_goes_on(ada, olive, path):
    office, at = client_of(ada), page_of(olive) + path
    held = User.objects.values().get(pk=olive.pk)
    response = office.post(at, SENT[path])
    assert (response.status_code, unquote(response["Location"])) == (302, f"/accounts/confirm/?next={at}")
    wrong = office.post("/accounts/confirm/", {"password": "wrong", "next": at})
    assert wrong.status_code == 200
    assert User.objects.values().get(pk=olive.pk) == held
    response = office.post("/accounts/confirm/", {"password": "a long password", "next": at})
    assert response["Location"] == (at if path == "link/" else page_of(olive))
    assert User.objects.values().get(pk=olive.pk) != held


def test_what_was_left_alone_is_not_done_when_its_page_is_opened_later(ada, olive):
    """The page of the link is the one address at which both opening and sending ask who one is."""
    office, at = client_of(ada), f"{page_of(olive)}link/"
    link = invitations.link_of(invitations.make_link(by=ada, user=olive, now=NOW), now=NOW)
    assert office.post(at).status_code == 302
    assert office.get(at).status_code == 302
    response = office.post("/accounts/confirm/", {"password": "a long password", "next": at})
    assert response["Location"] == at
    assert invitations.link_of(User.objects.get(pk=olive.pk), now=NOW) == link


def test_what_cannot_be_saved_then_goes_back_to_its_own_page(ada, olive):
    office, at = client_of(ada), page_of(olive)
    assert office.post(at, SENT[""] | {"email": ada.email}).status_code == 302
    response = office.post("/accounts/confirm/", {"password": "a long password", "next": at})
    assert (response.status_code, response.context["form"].errors["email"]) == (422, [people.TAKEN])
    assert parse(response.text).one("form", novalidate="").attrs["action"] == at


def test_a_link_is_shown_and_an_administrator_invited_to_nobody_else(ada, olive):
    office = client_of(ada)
    invitations.make_link(by=ada, user=olive, now=NOW)
    at = f"{page_of(olive)}link/"
    assert unquote(office.get(at)["Location"]) == f"/accounts/confirm/?next={at}"
    path = f"{PEOPLE}administrator/"
    assert unquote(office.post(path, {"name": "Bea", "email": "bea@example.org"})["Location"]).endswith(path)
    assert not User.objects.filter(email="bea@example.org").exists()


def entries():
    rows = AuditEntry.objects.select_related("contract", "by").order_by("contract__slug", "number")
    return [(one.contract.slug, one.by.name, one.act, one.object, one.old, one.new) for one in rows]


def test_both_parties_and_the_person_learn_what_an_administrator_did(ada, office, olive):
    leisure = make_contract("leisure")
    Membership.objects.create(user=olive, contract=leisure, party=Party.PROVIDER, role=Role.DIRECTOR)
    Authenticator.objects.create(user=olive, type="totp", data={"secret": "never told"})
    old = olive.email
    office.post(page_of(olive), SENT[""])
    for act, version in (("remove-second-factor", "2"), ("deactivate", "2"), ("reactivate", "3"), ("sign-out", "4")):
        assert office.post(f"{page_of(olive)}act/", {"act": act, "version": version}).status_code == 302
    office.post(f"{page_of(olive)}link/")
    new = "olivia@example.org"
    acts = [("change address", old, {"email": old}, {"email": new})]
    acts += [(act, new, None, None) for act in ("remove second factor", "deactivate", "reactivate", "make link")]
    assert entries() == [(slug, ada.name, *each) for slug in ("childrens-services", "leisure") for each in acts]
    sent = [(letter.to, letter.subject) for letter in mail.outbox]
    about = "Your account on perfmon"
    assert sent == [([new], about), ([old], about), *[([new], about)] * 3, ([new], "Your link to perfmon")]
    assert f"Hello Olivia,\n\n{ada.name} has changed something" in mail.outbox[0].body
    assert f"it has another e-mail address now. The old one was {old}." in mail.outbox[1].body
    assert "your second factor was taken away" in mail.outbox[2].body
    assert "it is closed" in mail.outbox[3].body


def test_another_name_alone_is_no_entry_and_no_mail(office, olive):
    office.post(page_of(olive), {"name": "Olivia", "email": olive.email, "version": "1"})
    assert (entries(), mail.outbox) == ([], [])


def test_who_is_told_nothing_because_mail_is_away_is_told_by_hand(office, olive, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    settings.EMAIL_PORT = 1
    office.post(f"{page_of(olive)}act/", {"act": "deactivate", "version": "1"})
    assert told(office.get(page_of(olive))).endswith("Mail could not be sent: tell them yourself.")
