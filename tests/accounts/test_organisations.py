"""Organisations: made, renamed, told apart; the pages that do so."""

import pytest
from django.test import Client

from accounts.denial import Denied, Invalid, NotKnown, Stale
from accounts.models import AuditEntry, Organisation
from accounts.organisations import STALE, change_organisation, create_organisation
from accounts.roles import Who
from tests import factories
from tests.factories import NOW
from tests.markup import parse
from tests.meanwhile import meanwhile

pytestmark = pytest.mark.django_db
TAKEN = "Another organisation has the short name DMBC already. Choose it, or use another short name."


@pytest.fixture
def contract():
    return factories.make_contract()


@pytest.fixture
def people(contract):
    return factories.make_members(contract)


@pytest.fixture
def by(people):
    return people[Who.ADMINISTRATOR].user


@pytest.fixture
def office(by):
    client = Client()
    client.force_login(by)
    return client


def held():
    return [(one.name, one.short_name, one.version) for one in Organisation.objects.order_by("pk")]


HELD = [("DMBC in full", "DMBC", 1), ("DCST in full", "DCST", 1)]


class TestWrites:
    def test_made_without_spaces_to_spare(self, by):
        made = create_organisation(by=by, name="  Northford  Borough ", short_name=" NBC ")
        assert (made.name, made.short_name) == ("Northford Borough", "NBC")
        assert AuditEntry.objects.count() == 0

    @pytest.mark.parametrize(("names", "errors"), [
        (("", " "), {"name": "Enter the name of the organisation, such as Northford Borough Council.",
                     "short_name": "Enter the short name that stands in sentences and tables, such as NBC."}),
        (("N" * 201, "S" * 21), {"name": "Use 200 characters or fewer; this has 201.",
                                 "short_name": "Use 20 characters or fewer; this has 21."}),
        (("New", "dmbc"), {"short_name": TAKEN.replace("DMBC", "dmbc")}),
        (("dmbc IN full", "N"), {"name": "Another organisation has the name dmbc IN full already. Choose it, or use "
                                         "another name."}),
    ])  # fmt: skip
    def test_what_cannot_be(self, by, names, errors):
        with pytest.raises(Invalid) as invalid:
            create_organisation(by=by, name=names[0], short_name=names[1])
        assert invalid.value.errors == errors
        assert held() == HELD

    def test_two_who_make_the_same_at_once(self, by):
        def first():
            Organisation.objects.create(name="Elsewhere", short_name="NBC")

        with meanwhile(first), pytest.raises(Invalid) as invalid:
            create_organisation(by=by, name="Northford", short_name="NBC")
        assert invalid.value.errors == {"short_name": TAKEN.replace("DMBC", "NBC")}

    def test_renamed_in_the_chain_of_each_of_its_contracts(self, by, contract):
        other = factories.make_contract("leisure", "DMBC", "Trust")
        factories.make_contract("adults", "County", "Care")
        row = contract.commissioner
        made = change_organisation(by=by, organisation=row, version=1, name="City of D", short_name="CDC", now=NOW)
        assert (made.name, made.short_name, made.version) == ("City of D", "CDC", 2)
        entries = AuditEntry.objects.filter(act="rename organisation").order_by("contract")
        assert [(one.contract_id, one.object, one.old, one.new, one.by) for one in entries] == [
            (pk, "DMBC", {"name": "DMBC in full", "short_name": "DMBC"}, {"name": "City of D", "short_name": "CDC"}, by)
            for pk in (contract.pk, other.pk)
        ]

    def test_what_is_held_already_leaves_no_trace(self, by, contract):
        names = {"name": "DMBC in full", "short_name": "DMBC"}
        change_organisation(by=by, organisation=contract.commissioner, version=1, now=NOW, **names)
        assert held() == HELD
        assert AuditEntry.objects.count() == 0

    def test_its_own_name_in_other_capitals_is_no_double(self, by, contract):
        row = contract.commissioner
        change_organisation(by=by, organisation=row, version=1, name="DMBC IN FULL", short_name="Dmbc", now=NOW)
        assert held()[0] == ("DMBC IN FULL", "Dmbc", 2)

    def test_a_version_that_is_gone(self, by, contract):
        row = contract.commissioner
        change_organisation(by=by, organisation=row, version=1, name="City", short_name="C", now=NOW)
        with pytest.raises(Stale) as stale:
            change_organisation(by=by, organisation=row, version=1, name="Town", short_name="T", now=NOW)
        assert stale.value.sentence == STALE
        assert held()[0] == ("City", "C", 2)

    def test_two_who_rename_at_once(self, by, contract):
        def first():
            Organisation.objects.filter(pk=contract.provider_id).update(short_name="X")

        row = contract.commissioner
        with meanwhile(first), pytest.raises(Invalid) as invalid:
            change_organisation(by=by, organisation=row, version=1, name="New", short_name="X", now=NOW)
        assert invalid.value.errors == {"short_name": TAKEN.replace("DMBC", "X")}

    def test_one_that_is_gone(self, by):
        gone = Organisation(pk=9999)
        with pytest.raises(NotKnown):
            change_organisation(by=by, organisation=gone, version=1, name="New", short_name="N", now=NOW)

    @pytest.mark.parametrize("who", [who for who in Who if who is not Who.ADMINISTRATOR])
    def test_nobody_else(self, people, contract, who):
        user, names = people[who].user, {"name": "New", "short_name": "N"}
        with pytest.raises(Denied):
            create_organisation(by=user, **names)
        with pytest.raises(Denied):
            change_organisation(by=user, organisation=contract.provider, version=1, now=NOW, **names)
        assert held() == HELD


class TestPages:
    def test_the_list_names_each_with_its_contracts(self, office, contract):
        Organisation.objects.create(name="Alone", short_name="A")
        rows = parse(office.get("/set-up/organisations/").text).one("tbody").all("tr")
        assert [[cell.text for cell in row.all("td")] for row in rows] == [
            ["A", "none yet"],
            ["DCST", "Childrens services"],
            ["DMBC", "Childrens services"],
        ]
        assert rows[1].one("th").one("a").attrs["href"] == f"/set-up/organisations/{contract.provider_id}/"

    def test_many_contracts_are_counted(self, office, contract):
        for number in range(4):
            factories.make_contract(f"c-{number}", "DMBC", "Trust")
        rows = parse(office.get("/set-up/organisations/?q=DMBC").text).one("tbody").all("tr")
        assert [row.all("td")[1].text for row in rows] == ["C 0 , C 1 , C 2 and 2 more"]

    def test_none(self, db):
        client = Client()
        client.force_login(factories.make_user("Ada", is_staff=True))
        main = parse(client.get("/set-up/organisations/").text).one("main")
        assert main.one("h2").text == "No organisations yet"
        assert main.all("input", name="q") == []

    def test_three_hundred(self, office):
        rows = [Organisation(name=f"Council {n:03}", short_name=f"C{n:03}") for n in range(300)]
        Organisation.objects.bulk_create(rows)
        main = parse(office.get("/set-up/organisations/?page=2").text).one("main")
        assert len(main.one("tbody").all("tr")) == 50
        assert main.one("div", class_="list-pager").one("p").text == "51 to 100 of 302"
        found = parse(office.get("/set-up/organisations/?q=council 29").text).one("main")
        assert [row.one("th").text for row in found.one("tbody").all("tr")][::9] == ["Council 290", "Council 299"]
        nothing = parse(office.get("/set-up/organisations/?q=nowhere").text).one("main")
        assert nothing.one("h2").text == "No organisation found"
        assert nothing.one("input", name="q").attrs["value"] == "nowhere"

    def test_added(self, office):
        response = office.post("/set-up/organisations/add/", {"name": "Northford", "short_name": "N"}, follow=True)
        assert response.redirect_chain == [("/set-up/organisations/", 302)]
        assert "Northford (N) was added." in response.text
        assert held()[-1] == ("Northford", "N", 1)

    def test_a_double_is_told_at_its_field_with_what_was_typed(self, office):
        response = office.post("/set-up/organisations/add/", {"name": "Northford", "short_name": "DMBC"})
        main = parse(response.text).one("main")
        assert response.status_code == 422
        assert main.one("a", href="#id_short_name").text == TAKEN
        assert main.one("input", name="short_name").attrs["aria-invalid"] == "true"
        assert main.one("input", name="name").attrs["value"] == "Northford"
        assert held() == HELD

    def test_changed(self, office, contract):
        path = f"/set-up/organisations/{contract.commissioner_id}/"
        form = parse(office.get(path).text).one("main")
        assert form.one("input", name="version").attrs["value"] == "1"
        response = office.post(path, {"name": "City", "short_name": "C", "version": "1"}, follow=True)
        assert "City (C) was saved." in response.text
        assert held()[0] == ("City", "C", 2)

    def test_a_conflict_shows_both_and_takes_a_second_save(self, office, contract):
        path = f"/set-up/organisations/{contract.commissioner_id}/"
        Organisation.objects.filter(pk=contract.commissioner_id).update(name="City", version=2)
        response = office.post(path, {"name": "Town", "short_name": "DMBC", "version": "1"})
        main = parse(response.text).one("main")
        assert response.status_code == 409
        assert STALE in main.one("div", class_="error-summary").text
        [row] = main.one("tbody").all("tr")
        assert [cell.text for cell in row.children] == ["Name", "City", "Town"]
        assert main.one("input", name="version").attrs["value"] == "2"
        assert main.one("input", name="name").attrs["value"] == "Town"
        assert office.post(path, {"name": "Town", "short_name": "DMBC", "version": "2"}).status_code == 302
        assert held()[0] == ("Town", "DMBC", 3)

    @pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "٣"])
    def test_a_version_that_is_none_is_a_conflict(self, office, contract, version):
        path = f"/set-up/organisations/{contract.commissioner_id}/"
        sent = {"name": "Town", "short_name": "DMBC", "version": version}
        assert office.post(path, sent).status_code == 409
        assert held() == HELD

    def test_one_that_is_not_there(self, office):
        assert office.get("/set-up/organisations/9999/").status_code == 404

    @pytest.mark.parametrize("path", ["", "organisations/", "organisations/add/", "contracts/add/"])
    def test_nobody_else(self, people, path):
        client = Client()
        client.force_login(people[Who.OFFICER].user)
        response = client.get(f"/set-up/{path}")
        assert response.status_code == 403
        assert "Only an administrator looks after people" in response.text
