"""The Django admin: users and organisations, for administrators, through the write functions."""

import pytest
from django.contrib import admin

from accounts import people
from accounts.denial import Denied
from accounts.models import AuditEntry, Membership, Organisation, User
from accounts.roles import Party, Role
from tests.factories import NOW, make_contract
from tests.markup import parse

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.plain_urls")]
SECRET = "four quiet green hills"


@pytest.fixture
def administrator():
    return User.objects.create_user("ada@example.org", "Ada", SECRET, is_staff=True)


@pytest.fixture
def office(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def member():
    user = User.objects.create_user("olive@example.org", "Olive", SECRET)
    contract = make_contract()
    people.add_member(by=None, contract=contract, user=user, party=Party.COMMISSIONER, role=Role.OFFICER, now=NOW)
    return user


def sent(user=None, **changes):
    facts = {"email": "new@example.org", "name": "New", "is_active": "on", "new_password": ""}
    if user:
        facts |= {"email": user.email, "name": user.name}
    return {key: value for key, value in (facts | changes).items() if value is not None}


def errors(response):
    assert response.status_code == 200
    return [item.text for list_ in parse_errors(response.text) for item in list_.all("li")]


def parse_errors(html):
    return parse(html).all("ul", class_="errorlist")


def test_two_tables_and_no_more():
    assert sorted(model.__name__ for model in admin.site._registry) == ["Organisation", "User"]


def test_an_administrator_need_not_be_a_superuser(office):
    page = parse(office.get("/admin/").text)
    links = {link.attrs.get("href") for link in page.one("main").all("a")}
    assert {"/admin/accounts/user/", "/admin/accounts/organisation/"} <= links
    assert office.get("/admin/accounts/user/").status_code == 200


def test_a_member_is_refused(client, member):
    client.force_login(member)
    assert client.get("/admin/", follow=True).status_code == 403
    assert client.post("/admin/accounts/user/add/", sent(new_password=SECRET), follow=True).status_code == 403
    assert not User.objects.filter(email="new@example.org").exists()


def test_a_stranger_signs_in_on_our_own_page(client):
    assert client.get("/admin/")["Location"] == "/accounts/sign-in/?next=/admin/"


def test_a_new_person(office):
    response = office.post("/admin/accounts/user/add/", sent(email="New@Example.ORG", new_password=SECRET))
    assert (response.status_code, response["Location"]) == (302, "/admin/accounts/user/")
    user = User.objects.get(email="new@example.org")
    assert (user.name, user.is_active, user.is_staff) == ("New", True, False)
    assert user.check_password(SECRET)


@pytest.mark.parametrize(("changes", "words"), [
    ({"new_password": ""}, "This field is required."),
    ({"new_password": "short"}, "This password is too short. It must contain at least 12 characters."),
    ({"new_password": "new@example.org"}, "The password is too similar to the e-mail address."),
    ({"new_password": SECRET, "email": "ADA@example.org"}, "User with this E-mail address already exists."),
])  # fmt: skip
def test_a_new_person_who_cannot_be(office, changes, words):
    assert words in errors(office.post("/admin/accounts/user/add/", sent(**changes)))
    assert User.objects.count() == 1


def test_a_changed_person_keeps_the_password(office, member):
    response = office.post(f"/admin/accounts/user/{member.pk}/change/", sent(member, name="Olivia", is_active=None))
    assert response.status_code == 302
    member.refresh_from_db()
    assert (member.name, member.is_active, member.check_password(SECRET)) == ("Olivia", False, True)


def test_a_new_password_ends_the_persons_sessions(office, member):
    theirs = type(office)()
    theirs.force_login(member)
    office.post(f"/admin/accounts/user/{member.pk}/change/", sent(member, new_password="another long set of words"))
    member.refresh_from_db()
    assert member.check_password("another long set of words")
    assert theirs.get("/accounts/password/").status_code == 302


def test_a_member_does_not_become_an_administrator(office, member):
    response = office.post(f"/admin/accounts/user/{member.pk}/change/", sent(member, is_staff="on"))
    assert people.MEMBER_AS_STAFF in errors(response)
    with pytest.raises(Denied, match="^A member of a contract cannot be an administrator"):
        people.change_user(by=None, user=member, email=member.email, name="x", is_staff=True, is_active=True)
    member.refresh_from_db()
    assert (member.is_staff, member.name) == (False, "Olive")


def test_an_administrator_does_not_become_a_member(administrator):
    contract = make_contract()
    with pytest.raises(Denied) as denied:
        people.add_member(
            by=administrator, contract=contract, user=administrator, party=Party.PROVIDER, role=Role.ANALYST, now=NOW
        )
    assert denied.value.sentence == people.STAFF_AS_MEMBER
    assert Membership.objects.count() == AuditEntry.objects.count() == 0


@pytest.mark.parametrize("changes", [{"is_staff": None}, {"is_staff": "on", "is_active": None}])
def test_the_last_administrator_stays(office, administrator, changes):
    response = office.post(f"/admin/accounts/user/{administrator.pk}/change/", sent(administrator, **changes))
    assert people.LAST_ADMINISTRATOR in errors(response)
    administrator.refresh_from_db()
    assert (administrator.is_staff, administrator.is_active) == (True, True)


def test_a_second_administrator_may_go(office, administrator):
    other = User.objects.create_user("bea@example.org", "Bea", SECRET, is_staff=True)
    assert office.post(f"/admin/accounts/user/{other.pk}/change/", sent(other)).status_code == 302
    other.refresh_from_db()
    assert other.is_staff is False


def test_nobody_is_deleted(office, member):
    assert office.get(f"/admin/accounts/user/{member.pk}/delete/").status_code == 403
    assert office.post(f"/admin/accounts/user/{member.pk}/delete/", {"post": "yes"}).status_code == 403


def test_organisations_are_made_and_renamed(office):
    office.post("/admin/accounts/organisation/add/", {"name": "Doncaster Council", "short_name": "DMBC"})
    held = Organisation.objects.get()
    assert (held.name, held.short_name) == ("Doncaster Council", "DMBC")
    office.post(f"/admin/accounts/organisation/{held.pk}/change/", {"name": "City of Doncaster", "short_name": "CDC"})
    held.refresh_from_db()
    assert (held.name, held.short_name) == ("City of Doncaster", "CDC")


def test_write_functions_refuse_everybody_else(member):
    organisation = Organisation.objects.first()
    facts = {"email": "x@example.org", "name": "X", "is_staff": False, "is_active": True}
    for act in (
        lambda: people.create_user(by=member, password=SECRET, **facts),
        lambda: people.change_user(by=member, user=member, **facts),
        lambda: people.set_password(by=member, user=member, password=SECRET),
        lambda: people.create_organisation(by=member, name="X", short_name="X"),
        lambda: people.rename_organisation(by=member, organisation=organisation, name="X", short_name="X"),
    ):
        with pytest.raises(Denied) as denied:
            act()
        assert denied.value.sentence == people.NOT_ADMINISTRATOR


def test_a_role_that_the_party_does_not_have(administrator):
    user = User.objects.create_user("olive@example.org", "Olive", SECRET)
    with pytest.raises(Denied, match="^The provider has no officer.$"):
        people.add_member(
            by=administrator, contract=make_contract(), user=user, party=Party.PROVIDER, role=Role.OFFICER, now=NOW
        )


def test_a_new_member_is_in_the_audit_chain(administrator):
    user = User.objects.create_user("olive@example.org", "Olive", SECRET)
    contract = make_contract()
    people.add_member(by=administrator, contract=contract, user=user, party=Party.PROVIDER, role=Role.ANALYST, now=NOW)
    entry = AuditEntry.objects.get()
    assert (entry.contract, entry.by, entry.act, entry.object) == (contract, administrator, "add member", user.email)
    assert entry.new == {"party": "provider", "role": "analyst"}
