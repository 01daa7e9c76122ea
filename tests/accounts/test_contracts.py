"""Making a contract: its settings, its address, its two organisations."""

import pytest
from django.test import Client

from accounts.contracts import LATEST_DUE, TWO, NewOrganisation, Settings, create_contract, make_contract
from accounts.denial import Denied, Invalid
from accounts.models import AuditEntry, Contract, Organisation
from accounts.roles import Who
from tests import factories
from tests.factories import NOW
from tests.markup import parse
from tests.meanwhile import meanwhile

pytestmark = pytest.mark.django_db
NBC, NH = NewOrganisation("Northford Borough Council", "NBC"), NewOrganisation("Northford Homes", "NH")
TYPED = {
    "title": "Housing repairs",
    "values_due_days": "20",
    "commentary_due_days": "30",
    "small_cohort": "25",
    "commissioner_name": NBC.name,
    "commissioner_short_name": NBC.short_name,
    "provider_name": NH.name,
    "provider_short_name": NH.short_name,
}
NEW = {"commissioner": "new", "provider": "new"}


@pytest.fixture
def by():
    return factories.make_user("Ada", is_staff=True)


@pytest.fixture
def office(by):
    client = Client()
    client.force_login(by)
    return client


def make(by, commissioner=NBC, provider=NH, **settings):
    settings = Settings(**{"title": "Housing repairs", **settings})
    return make_contract(by=by, settings=settings, commissioner=commissioner, provider=provider, now=NOW)


def errors(by, **given):
    with pytest.raises(Invalid) as invalid:
        make(by, **given)
    assert (Contract.objects.count(), AuditEntry.objects.count()) == (0, 0)
    return invalid.value.errors


class TestWrites:
    def test_with_both_organisations(self, by):
        made = make(by, small_cohort=25, requires_second_factor=True)
        assert (made.slug, made.title, made.values_due_days, made.commentary_due_days, made.small_cohort) == (
            "housing-repairs", "Housing repairs", 31, 47, 25,
        )  # fmt: skip
        assert (made.requires_second_factor, made.version, made.is_demonstration) == (True, 1, False)
        assert (made.commissioner.short_name, made.provider.name) == ("NBC", "Northford Homes")
        [entry] = AuditEntry.objects.all()
        assert (entry.contract, entry.act, entry.object, entry.by, entry.at) == (
            made, "create contract", "housing-repairs", by, NOW,
        )  # fmt: skip
        assert entry.new == {
            "commissioner": NBC.name,
            "provider": NH.name,
            "title": "Housing repairs",
            "slug": "housing-repairs",
            "values_due_days": 31,
            "commentary_due_days": 47,
            "small_cohort": 25,
            "requires_second_factor": True,
        }

    def test_between_two_that_are_held(self, by):
        sides = [Organisation.objects.create(name=one.name, short_name=one.short_name) for one in (NBC, NH)]
        made = create_contract(
            by=by, slug="repairs", title="Repairs", commissioner=sides[0], provider=sides[1], now=NOW
        )
        assert (made.slug, [made.commissioner, made.provider], Organisation.objects.count()) == ("repairs", sides, 2)

    @pytest.mark.parametrize(("title", "slug"), [
        ("Housing repairs: 2018/19", "housing-repairs-2018-19"),
        ("É " + "long " * 20, "e-long-long-long-long-long-long-long-long-long-long-long-lon"),
        ("Repairs - ", "repairs"),
    ])  # fmt: skip
    def test_an_address_from_the_title(self, by, title, slug):
        assert make(by, title=title).slug == slug

    @pytest.mark.parametrize(("given", "said"), [
        ({"title": " "}, {"title": "Enter the title of the contract, such as Housing repairs."}),
        ({"title": "T" * 121}, {"title": "Use 120 characters or fewer; this has 121."}),
        ({"title": "住宅"}, {"slug": "Enter an address: none can be made from this title."}),
        ({"slug": "Housing Repairs"}, {
            "slug": "Use small letters, digits and hyphens, 60 at most, such as housing-repairs."}),
        ({"slug": "a" * 61}, {"slug": f"Use small letters, digits and hyphens, 60 at most, such as {'a' * 60}."}),
        ({"values_due_days": 0}, {"values_due_days": f"Enter a whole number of days from 1 to {LATEST_DUE}."}),
        ({"commentary_due_days": 301}, {"commentary_due_days": "Enter a whole number of days from 1 to 300."}),
        ({"commentary_due_days": 30}, {
            "commentary_due_days": "Enter 31 days or more: commentary is written on values that are in."}),
        ({"small_cohort": 4}, {"small_cohort": "Enter a whole number from 5 to 1,000."}),
        ({"small_cohort": 1001}, {"small_cohort": "Enter a whole number from 5 to 1,000."}),
        ({"provider": NBC}, {"provider": TWO}),
        ({"provider": NewOrganisation("Elsewhere", "nbc")}, {
            "provider_short_name": "Another organisation has the short name nbc already. Choose it, or use another "
                                   "short name."}),
        ({"commissioner": NewOrganisation("", "X")}, {
            "commissioner_name": "Enter the name of the organisation, such as Northford Borough Council."}),
    ])  # fmt: skip
    def test_what_cannot_be(self, by, given, said):
        assert errors(by, **given) == said
        assert Organisation.objects.count() == 0

    @pytest.mark.parametrize("given", [
        {"values_due_days": 1, "commentary_due_days": 1}, {"values_due_days": 300, "commentary_due_days": 300},
        {"small_cohort": 5}, {"small_cohort": 1000}, {"title": "T" * 120},
    ])  # fmt: skip
    def test_the_bounds(self, by, given):
        make(by, **given)

    def test_an_address_that_is_taken(self, by):
        factories.make_contract("repairs")
        with pytest.raises(Invalid) as invalid:
            make(by, slug="repairs")
        assert invalid.value.errors == {"slug": "Another contract has the address repairs. Enter another one."}

    def test_two_who_take_an_address_at_once(self, by):
        def first():
            factories.make_contract("housing-repairs")

        sides = [Organisation.objects.create(name=one.name, short_name=one.short_name) for one in (NBC, NH)]
        with meanwhile(first), pytest.raises(Invalid) as invalid:
            make(by, *sides)
        assert invalid.value.errors == {"slug": "Another contract has the address housing-repairs. Enter another one."}

    @pytest.mark.parametrize("who", [who for who in Who if who is not Who.ADMINISTRATOR])
    def test_nobody_else(self, who):
        user = factories.make_members(factories.make_contract())[who].user
        with pytest.raises(Denied):
            make(user)
        assert (Contract.objects.count(), Organisation.objects.count()) == (1, 2)


class TestPage:
    def test_nothing_to_choose_from(self, office):
        main = parse(office.get("/set-up/contracts/add/").text).one("main")
        assert main.all("select") == []
        labels = [label.text for label in main.all("label")]
        assert labels == [
            "Title",
            "Address (optional)",
            "Name of the new commissioner",
            "Its short name",
            "Name of the new provider",
            "Its short name",
            "Values are due",
            "Commentary is due",
            "Small cohort",
            "Everybody signs in with a code besides the password",
        ]
        assert len(main.all("button", type="submit") + main.all("input", type="submit")) == 1

    def test_made_with_both_organisations(self, office):
        response = office.post("/set-up/contracts/add/", TYPED, follow=True)
        assert response.redirect_chain == [("/c/housing-repairs/set-up/", 302)]
        assert "Housing repairs was made. Go on with its measures." in response.text
        made = Contract.objects.get()
        assert (made.commissioner.name, made.provider.short_name, made.small_cohort) == (NBC.name, "NH", 25)
        assert (made.values_due_days, made.commentary_due_days, made.requires_second_factor) == (20, 30, False)

    def test_made_of_one_that_is_held_and_one_that_is_new(self, office):
        held = Organisation.objects.create(name=NBC.name, short_name="NBC")
        main = parse(office.get("/set-up/contracts/add/").text).one("main")
        options = [option.text for option in main.one("select", name="commissioner").all("option")]
        assert options == ["Choose", "A new one, named below", "Northford Borough Council (NBC)"]
        sent = TYPED | {"commissioner": str(held.pk), "provider": "new"}
        sent |= {"commissioner_name": "", "commissioner_short_name": ""}
        assert office.post("/set-up/contracts/add/", sent).status_code == 302
        made = Contract.objects.get()
        assert (made.commissioner, made.provider.name) == (held, NH.name)

    def test_a_new_name_is_enough_of_a_choice(self, office):
        Organisation.objects.create(name="Elsewhere", short_name="E")
        assert office.post("/set-up/contracts/add/", TYPED | {"commissioner": "", "provider": ""}).status_code == 302

    @pytest.mark.parametrize(("changes", "said"), [
        ({"title": ""}, {"title": "Enter the title of the contract."}),
        ({"slug": "repairs"}, {"slug": "Another contract has the address repairs. Enter another one."}),
        ({"commissioner_name": "", "commissioner_short_name": "", "commissioner": ""}, {
            "commissioner": "Choose the organisation, or name a new one."}),
        ({"commissioner_short_name": ""}, {
            "commissioner_short_name": "Enter the short name of the commissioner, such as NBC."}),
        ({"commissioner": "held"}, {"commissioner": "Choose “A new one, named below”, or empty the name below."}),
        ({"commissioner": "99999"}, {"commissioner": "Choose from the list."}),
        ({"commissioner_name": "DMBC in full"}, {"commissioner_name":
            "Another organisation has the name DMBC in full already. Choose it, or use another name."}),
        ({"values_due_days": "soon"}, {"values_due_days": "Enter a whole number from 1 to 300."}),
        ({"values_due_days": "40"}, {
            "commentary_due_days": "Enter 40 days or more: commentary is written on values that are in."}),
        ({"small_cohort": ""}, {"small_cohort": "Enter a whole number from 5 to 1,000."}),
        ({"title": "T" * 121}, {"title": "Use 120 characters or fewer; this has 121."}),
    ])  # fmt: skip
    def test_errors_stand_at_their_fields(self, office, changes, said):
        contract = factories.make_contract("repairs")
        changes = {name: str(contract.provider_id) if text == "held" else text for name, text in changes.items()}
        response = office.post("/set-up/contracts/add/", TYPED | NEW | changes)
        main = parse(response.text).one("main")
        summary = main.one("div", class_="error-summary")
        assert response.status_code == 422
        assert {link.attrs["href"]: link.text for link in summary.all("a")} == {
            f"#id_{name}": message for name, message in said.items()
        }
        # Nothing that was typed is lost, too long or not.
        typed = {one.attrs["name"]: one.attrs.get("value", "") for one in main.all("input") if "name" in one.attrs}
        expected = {name: text for name, text in (TYPED | changes).items() if name in typed}
        assert {name: typed[name] for name in expected} == expected
        assert "maxlength" not in main.one("input", name="title").attrs
        assert Contract.objects.count() == 1

    def test_the_list(self, office):
        assert "Nothing here yet: make a contract" in office.get("/set-up/").text
        factories.make_contract()
        main = parse(office.get("/set-up/").text).one("main")
        [row] = main.one("tbody").all("tr")
        assert [cell.text for cell in (row.one("th"), *row.all("td"))] == [
            "Childrens services", "DMBC in full", "DCST in full",
        ]  # fmt: skip
        assert row.one("a").attrs["href"] == "/c/childrens-services/set-up/"
        assert main.all("input", name="q") == []

    def test_three_hundred(self, office):
        one = factories.make_contract()
        Contract.objects.bulk_create(
            Contract(slug=f"c-{n}", title=f"Contract {n:03}", commissioner=one.commissioner, provider=one.provider)
            for n in range(299)
        )
        main = parse(office.get("/set-up/?page=6").text).one("main")
        assert (len(main.one("tbody").all("tr")), main.one("div", class_="list-pager").one("p").text) == (
            50, "251 to 300 of 300",
        )  # fmt: skip
        found = parse(office.get("/set-up/?q=contract+11").text).one("main")
        assert len(found.one("tbody").all("tr")) == 10
        assert "10 are found." in found.text
        assert len(parse(office.get("/").text).one("main").all("section")) == 51
