"""Writing people and memberships: who may, what is refused, and that it counts from the next request on."""

import logging

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts import people
from accounts.demo import DEMO_ACCOUNTS
from accounts.denial import Denied, Invalid, NotKnown, Stale
from accounts.models import AuditEntry, Membership, User
from accounts.roles import Party, Role, Who
from tests.factories import NOW, make_contract, make_members, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_members(make_contract())


@pytest.fixture
def ada(world):
    return world[Who.ADMINISTRATOR].user


@pytest.fixture
def olive(world):
    return world[Who.OFFICER].user


def membership(user):
    return Membership.objects.select_related("user", "contract").get(user=user)


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def entries():
    return [(entry.act, entry.object, entry.old, entry.new) for entry in AuditEntry.objects.order_by("number")]


def stand(by, user, **changes):
    facts = {"is_staff": user.is_staff, "is_active": user.is_active, "version": user.version, "now": NOW} | changes
    return people.change_standing(by=by, user=user, **facts)


@pytest.mark.parametrize("who", [who for who in Who if who is not Who.ADMINISTRATOR])
def test_nobody_else_writes_people(world, ada, who):
    by, held = world[who].user, membership(world[Who.ANALYST].user)
    other = make_user("Other")
    for act in (
        lambda: people.create_user(by=by, email="x@example.org", name="X", password=None),
        lambda: people.change_user(by=by, user=other, version=1, email="x@example.org", name="X", now=NOW),
        lambda: stand(by, other, is_active=False),
        lambda: stand(by, by, is_staff=True),
        lambda: people.end_sessions(by=by, user=other),
        lambda: people.add_member(
            by=by, contract=held.contract, user=other, party=Party.PROVIDER, role=Role.DIRECTOR, now=NOW
        ),
        lambda: people.change_role(by=by, membership=held, role=Role.DIRECTOR, now=NOW),
        lambda: people.take_off(by=by, membership=held, now=NOW),
    ):
        with pytest.raises(Denied) as denied:
            act()
        assert denied.value.sentence == people.NOT_ADMINISTRATOR
    assert (membership(world[Who.ANALYST].user).role, User.objects.filter(email="x@example.org").count()) == (
        "analyst",
        0,
    )
    assert entries() == []


def test_a_person_is_changed_under_the_version_that_was_seen(ada, olive):
    EmailAddress.objects.create(user=olive, email=olive.email, verified=True)
    made = people.change_user(
        by=ada, user=olive, version=1, email=" Olive.New@Example.ORG ", name=" Olive New ", now=NOW
    )
    assert (made.email, made.name, made.version) == ("olive.new@example.org", "Olive New", 2)
    # By this one allauth would let her in with the old address.
    assert EmailAddress.objects.count() == 0
    with pytest.raises(Stale) as stale:
        people.change_user(by=ada, user=olive, version=1, email="third@example.org", name="Third", now=NOW)
    assert stale.value.sentence == people.STALE
    assert User.objects.get(pk=olive.pk).name == "Olive New"


def test_what_is_held_already_is_no_change(ada, olive):
    assert people.change_user(by=ada, user=olive, version=1, email=olive.email, name=olive.name, now=NOW).version == 1


def test_somebody_elses_address_is_told_at_its_field(ada, olive):
    for act in (
        lambda: people.change_user(by=ada, user=olive, version=1, email=ada.email.upper(), name="Olive", now=NOW),
        lambda: people.create_user(by=ada, email=ada.email.upper(), name="X", password=None),
    ):
        with pytest.raises(Invalid) as invalid:
            act()
        assert invalid.value.errors == {"email": people.TAKEN}
    assert User.objects.get(pk=olive.pk).version == 1


def test_somebody_who_is_not_there(ada):
    nobody = User(pk=999, email="x@example.org", name="X")
    with pytest.raises(NotKnown):
        people.change_user(by=ada, user=nobody, version=1, email="x@example.org", name="X", now=NOW)
    with pytest.raises(NotKnown):
        stand(ada, nobody, is_active=False)


def test_a_deactivated_person_is_out_at_the_next_request_of_every_session(ada, olive):
    one, other = client_of(olive), client_of(olive)
    assert [client.get("/").status_code for client in (one, other)] == [200, 200]
    held = stand(ada, olive, is_active=False)
    assert (held.is_active, held.version, held.sessions_ended) == (False, 2, 1)
    assert [client.get("/").status_code for client in (one, other)] == [302, 302]
    # Coming back revives no session.
    stand(ada, held, is_active=True)
    assert [client.get("/").status_code for client in (one, other)] == [302, 302]
    assert client_of(User.objects.get(pk=olive.pk)).get("/").status_code == 200


def test_an_administrator_who_is_ended_administers_nothing_at_the_next_request_of_every_session(ada):
    second = make_user("Second", is_staff=True)
    clients = client_of(second), client_of(second)
    assert [client.get("/set-up/people/").status_code for client in clients] == [200, 200]
    stand(ada, second, is_staff=False)
    assert [client.get("/set-up/people/").status_code for client in clients] == [302, 302]
    assert [client.post(f"/set-up/people/{ada.pk}/act/", {"act": "sign-out"}).status_code for client in clients] == [
        302,
        302,
    ]
    assert client_of(User.objects.get(pk=second.pk)).get("/set-up/people/").status_code == 403
    assert User.objects.get(pk=ada.pk).sessions_ended == 0


def test_a_name_stands_on_one_line(ada, olive):
    made = people.create_user(by=ada, email="x@example.org", name=" Jo\r\n Hall\t", password=None)
    assert made.name == "Jo Hall"
    assert people.change_user(by=ada, user=olive, version=1, email=olive.email, name="A\nB", now=NOW).name == "A B"


def test_signed_out_everywhere_by_oneself_or_an_administrator(ada, olive):
    for by in (olive, ada, None):
        olive.refresh_from_db()
        client = client_of(olive)
        assert client.get("/").status_code == 200
        people.end_sessions(by=by, user=olive)
        assert client.get("/").status_code == 302


def test_another_role_counts_at_the_next_request(ada, olive, world):
    client, address = client_of(olive), "/c/childrens-services/import/template.csv"
    assert client.get(address).status_code == 200
    people.change_role(by=ada, membership=membership(olive), role=Role.DIRECTOR, now=NOW)
    assert client.get(address).status_code == 403
    people.change_role(by=ada, membership=membership(olive), role=Role.OFFICER, now=NOW)
    assert client.get(address).status_code == 200
    people.take_off(by=ada, membership=membership(olive), now=NOW)
    assert client.get(address).status_code == 404
    roles = [{"party": "commissioner", "role": role} for role in ("officer", "director")]
    assert entries() == [
        ("change role", olive.email, roles[0], roles[1]),
        ("change role", olive.email, roles[1], roles[0]),
        ("take off", olive.email, roles[0], None),
    ]


def test_a_role_is_changed_as_it_was_seen(ada, olive):
    seen, again = membership(olive), membership(olive)
    people.change_role(by=ada, membership=seen, role=Role.DIRECTOR, now=NOW)
    for act in (
        lambda: people.change_role(by=ada, membership=again, role=Role.OFFICER, now=NOW),
        lambda: people.take_off(by=ada, membership=again, now=NOW),
    ):
        with pytest.raises(Stale) as stale:
            act()
        assert stale.value.sentence == people.STALE_ROLE
    people.take_off(by=ada, membership=seen, now=NOW)
    for act in (
        lambda: people.change_role(by=ada, membership=seen, role=Role.OFFICER, now=NOW),
        lambda: people.take_off(by=ada, membership=seen, now=NOW),
    ):
        with pytest.raises(NotKnown):
            act()
    assert [each[0] for each in entries()] == ["change role", "take off"]


def test_the_same_role_again_leaves_no_entry(ada, olive):
    people.change_role(by=ada, membership=membership(olive), role=Role.OFFICER, now=NOW)
    assert entries() == []


def test_a_role_that_the_party_does_not_have(ada, olive):
    with pytest.raises(Denied, match="^The commissioner has no analyst.$"):
        people.change_role(by=ada, membership=membership(olive), role=Role.ANALYST, now=NOW)
    other = make_user("Other")
    with pytest.raises(Denied, match="^The provider has no officer.$"):
        people.add_member(
            by=ada, contract=make_contract("leisure"), user=other, party=Party.PROVIDER, role=Role.OFFICER, now=NOW
        )


def test_nobody_changes_their_own_standing_or_role(ada, olive):
    make_user("Second", is_staff=True)
    for changes in ({"is_active": False}, {"is_staff": False}):
        with pytest.raises(Denied) as denied:
            stand(ada, ada, **changes)
        assert denied.value.sentence == people.OWN_STANDING
    # Rows that no page makes: the rule holds all the same.
    User.objects.filter(pk=olive.pk).update(is_staff=True)
    olive.refresh_from_db()
    for act in (
        lambda: people.change_role(by=olive, membership=membership(olive), role=Role.DIRECTOR, now=NOW),
        lambda: people.take_off(by=olive, membership=membership(olive), now=NOW),
    ):
        with pytest.raises(Denied) as denied:
            act()
        assert denied.value.sentence == people.OWN_STANDING


def test_a_member_does_not_become_an_administrator(ada, olive):
    with pytest.raises(Denied) as denied:
        stand(ada, olive, is_staff=True)
    assert denied.value.sentence == people.MEMBER_AS_STAFF
    assert User.objects.get(pk=olive.pk).is_staff is False


def test_an_administrator_does_not_become_a_member(ada):
    facts = {"party": Party.PROVIDER, "role": Role.ANALYST, "now": NOW}
    with pytest.raises(Denied) as denied:
        people.add_member(by=ada, contract=make_contract("leisure"), user=ada, **facts)
    assert denied.value.sentence == people.STAFF_AS_MEMBER


def test_a_member_is_added_once(ada, olive):
    held = membership(olive)
    facts = {"party": Party.PROVIDER, "role": Role.ANALYST, "now": NOW}
    with pytest.raises(Invalid) as invalid:
        people.add_member(by=ada, contract=held.contract, user=olive, **facts)
    sentence = "Officer of childrens-services belongs to Childrens services already. Change the role there."
    assert invalid.value.errors == {"email": sentence}
    leisure = make_contract("leisure")
    people.add_member(by=ada, contract=leisure, user=olive, **facts)
    entry = AuditEntry.objects.get()
    assert (entry.contract, entry.by, entry.act, entry.object) == (leisure, ada, "add member", olive.email)
    assert entry.new == {"party": "provider", "role": "analyst"}


def test_an_administrator_is_made_and_ended(ada):
    other = make_user("Other")
    made = stand(ada, other, is_staff=True)
    assert (made.is_staff, made.version) == (True, 2)
    assert stand(ada, made, is_staff=False).is_staff is False
    with pytest.raises(Stale):
        stand(ada, made, is_staff=True, version=2)
    with pytest.raises(Stale):
        stand(ada, other, is_active=False, version=1)


@pytest.mark.parametrize("changes", [{"is_staff": False}, {"is_active": False}])
def test_the_last_administrator_who_may_sign_in_stays(ada, settings, changes):
    settings.DEMO = False
    invited = User.objects.create_user("invited@example.org", "Invited", None, is_staff=True)
    demo = next(one.email for one in DEMO_ACCOUNTS if not one.party_kind)
    User.objects.create_user(demo, "Demo", "a long password", is_staff=True)
    User.objects.create_user("left@example.org", "Left", "a long password", is_staff=True, is_active=False)
    assert list(people.administrators()) == [ada]
    with pytest.raises(Denied) as denied:
        stand(None, ada, **changes)
    assert denied.value.sentence == people.LAST_ADMINISTRATOR
    # Whoever cannot sign in anyway may be ended.
    assert stand(ada, invited, is_active=False).is_active is False


def test_whoever_was_ended_meanwhile_ends_nobody(ada):
    second = make_user("Second", is_staff=True)
    make_user("Third", is_staff=True)
    stand(ada, second, is_staff=False)
    # `second` is as the request found them.
    with pytest.raises(Denied) as denied:
        stand(second, ada, is_staff=False)
    assert denied.value.sentence == people.NOT_ADMINISTRATOR


def test_acts_are_logged_by_number(ada, olive, caplog):
    with caplog.at_level(logging.INFO, "perfmon.people"):
        people.change_user(by=ada, user=olive, version=1, email="olive.new@example.org", name=olive.name, now=NOW)
        stand(ada, User.objects.get(pk=olive.pk), is_active=False)
        people.end_sessions(by=None, user=olive)
    assert [record.getMessage().strip() for record in caplog.records] == [
        f"change person={olive.pk} by={ada.pk} email=True name=False",
        f"standing person={olive.pk} by={ada.pk} is_staff=False is_active=False",
        f"end sessions person={olive.pk} by=the command line",
    ]
