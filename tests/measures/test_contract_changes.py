"""What is set of a contract: changed, audited, fixed once quarters or figures are held; its set-up pages."""

from dataclasses import replace

import pytest
from django.test import Client

from accounts.contracts import TWO, settings_of
from accounts.denial import Denied, Invalid, Stale
from accounts.models import AuditEntry, Contract, Organisation
from accounts.roles import Who
from accounts.viewer import viewer_of
from measures import scorecard
from measures.contract_changes import STALE, change_contract, fixed_because
from measures.facts import facts
from measures.models import CommitteeDate
from measures.states import State
from tests import factories
from tests.factories import NOW, Q2
from tests.markup import parse
from tests.meanwhile import meanwhile

pytestmark = pytest.mark.django_db
PATH = "/c/childrens-services/set-up/"
FIXED = (
    "Fixed, because {}: links and papers name this address, and figures and texts speak for these two organisations. "
    "For another pair of organisations make another contract."
)


@pytest.fixture
def contract():
    return factories.make_contract()


@pytest.fixture
def people(contract):
    return factories.make_members(contract)


@pytest.fixture
def by(people):
    return people[Who.ADMINISTRATOR]


@pytest.fixture
def office(by):
    client = Client()
    client.force_login(by.user)
    return client


def change(by, version=1, commissioner=None, provider=None, **settings):
    held = Contract.objects.select_related("commissioner", "provider").get(pk=by.contract.pk)
    return change_contract(
        by=by,
        version=version,
        settings=replace(settings_of(held), **settings),
        commissioner=commissioner or held.commissioner,
        provider=provider or held.provider,
        now=NOW,
    )


def typed(contract, **changes):
    facts = {name: str(value) for name, value in vars(settings_of(contract)).items() if value is not False}
    sides = {"commissioner": str(contract.commissioner_id), "provider": str(contract.provider_id)}
    return {**facts, **sides, "version": "1", **changes}


class TestWrites:
    def test_everything_before_the_first_quarter(self, by):
        other = Organisation.objects.create(name="Borough", short_name="B")
        made = change(
            by, provider=other, title="Repairs", slug="repairs", values_due_days=10, commentary_due_days=20,
            small_cohort=50, requires_second_factor=True,
        )  # fmt: skip
        assert (made.slug, made.title, made.provider, made.version) == ("repairs", "Repairs", other, 2)
        [entry] = AuditEntry.objects.all()
        assert (entry.contract_id, entry.act, entry.object, entry.by) == (
            made.pk, "change contract", "childrens-services", by.user,
        )  # fmt: skip
        assert entry.old == {
            "title": "Childrens services", "slug": "childrens-services", "values_due_days": 31,
            "commentary_due_days": 47, "small_cohort": 30, "requires_second_factor": False, "provider": "DCST in full",
        }  # fmt: skip
        assert entry.new == {
            "title": "Repairs", "slug": "repairs", "values_due_days": 10, "commentary_due_days": 20,
            "small_cohort": 50, "requires_second_factor": True, "provider": "Borough",
        }  # fmt: skip

    def test_what_is_held_already_leaves_no_trace(self, by):
        assert change(by).version == 1
        assert AuditEntry.objects.count() == 0

    def test_a_version_that_is_gone(self, by):
        change(by, title="First")
        with pytest.raises(Stale) as stale:
            change(by, title="Second")
        assert stale.value.sentence == STALE
        assert (Contract.objects.get().title, AuditEntry.objects.count()) == ("First", 1)

    @pytest.mark.parametrize("state", State)
    @pytest.mark.parametrize("field", ["slug", "commissioner", "provider"])
    def test_address_and_parties_are_fixed_once_there_is_a_quarter(self, by, contract, field, state):
        factories.make_cycle(contract, Q2, state)
        reason = FIXED.format("quarters are held since Q2 2018/19")
        assert fixed_because(contract) == reason
        other = Organisation.objects.create(name="Borough", short_name="B")
        with pytest.raises(Invalid) as invalid:
            change(by, title="New", **{field: "other" if field == "slug" else other})
        assert invalid.value.errors == {field: reason}
        assert Contract.objects.get().version == 1
        assert change(by, title="New").title == "New"

    def test_they_are_fixed_once_a_figure_is_held(self, by, contract):
        assert fixed_because(contract) == ""
        series = factories.make_series(factories.make_measure(contract))
        assert fixed_because(contract) == ""
        factories.make_observation(series, Q2, 70, by.user)
        assert fixed_because(contract) == FIXED.format("figures are held")
        elsewhere = factories.make_contract("leisure", "Borough", "Trust")
        assert fixed_because(elsewhere) == ""

    @pytest.mark.parametrize(("given", "said"), [
        ({"title": ""}, {"title": "Enter the title of the contract, such as Housing repairs."}),
        ({"values_due_days": 48}, {
            "commentary_due_days": "Enter 48 days or more: commentary is written on values that are in."}),
        ({"slug": "leisure"}, {"slug": "Another contract has the address leisure. Enter another one."}),
    ])  # fmt: skip
    def test_what_cannot_be(self, by, given, said):
        factories.make_contract("leisure", "Borough", "Trust")
        with pytest.raises(Invalid) as invalid:
            change(by, **given)
        assert invalid.value.errors == said

    def test_one_organisation_on_both_sides(self, by, contract):
        with pytest.raises(Invalid) as invalid:
            change(by, provider=contract.commissioner)
        assert invalid.value.errors == {"provider": TWO}

    def test_two_who_take_an_address_at_once(self, by):
        def first():
            factories.make_contract("leisure", "Borough", "Trust")

        with meanwhile(first), pytest.raises(Invalid) as invalid:
            change(by, slug="leisure")
        assert invalid.value.errors == {"slug": "Another contract has the address leisure. Enter another one."}

    @pytest.mark.parametrize("who", [who for who in Who if who is not Who.ADMINISTRATOR])
    def test_nobody_else(self, people, who):
        with pytest.raises(Denied):
            change(people[who], title="New")


class TestSmallCohort:
    """One number a contract: of a published quarter it changes a sentence, and never a colour."""

    def read(self, cycle, officer):
        (row,) = scorecard.build(cycle, viewer_of(officer.user, "childrens-services")).rows
        said = [one for one in facts(row.headline).held if one.startswith("Each case")]
        return row.status, row.headline.rating, said

    def test_it_counts_for_finished_quarters_and_changes_no_rating(self, contract, people, by):
        cycle = factories.make_cycle(contract, Q2, State.PUBLISHED)
        series = factories.make_series(factories.make_measure(contract))
        factories.make_target(series, by.user, 90, 80)
        factories.make_observation(series, Q2, 82, by.user, counts=(41, 50))
        status, rating, said = self.read(cycle, people[Who.OFFICER])
        assert (str(status), said) == ("amber", [])
        change(by, small_cohort=100)
        after = self.read(cycle, people[Who.OFFICER])
        assert after == (status, rating, ["Each case moves this by 2 points."])


class TestChangePage:
    def test_what_counts_from_when_is_said_before_it_is_saved(self, office):
        main = parse(office.get(f"{PATH}change/").text).one("main")
        assert main.one("p", class_="lead").text == (
            "The audit trail keeps what changes. New due dates are for quarters opened from now on, the other settings "
            "for every quarter."
        )
        hint = main.one("div", id="id_small_cohort_helptext")
        assert main.one("input", name="small_cohort").attrs["aria-describedby"] == hint.attrs["id"]
        assert hint.text == (
            "Fewer people or cases than this are called a small cohort: charts show how far chance could move them, "
            "and a sentence says how much one case moves the value. The number counts for every quarter, finished "
            "ones too. No colour depends on it."
        )

    def test_saved(self, office, contract):
        response = office.post(f"{PATH}change/", typed(contract, title="New", small_cohort="40"), follow=True)
        assert response.redirect_chain == [(PATH, 302)]
        assert "New was saved." in response.text
        assert (Contract.objects.get().title, Contract.objects.get().small_cohort) == ("New", 40)

    def test_another_address_leads_there(self, office, contract):
        response = office.post(f"{PATH}change/", typed(contract, slug="repairs"))
        assert response["Location"] == "/c/repairs/set-up/"

    def test_an_address_that_is_emptied_stays(self, office, contract):
        assert office.post(f"{PATH}change/", typed(contract, slug="", title="Repairs")).status_code == 302
        assert Contract.objects.get().slug == "childrens-services"

    def test_what_is_fixed_is_text_with_its_reason(self, office, contract):
        factories.make_cycle(contract, Q2, State.OPEN)
        main = parse(office.get(f"{PATH}change/").text).one("main")
        assert [row.text for row in main.one("dl").all("div")] == [
            "Address childrens-services", "Commissioner DMBC in full", "Provider DCST in full",
        ]  # fmt: skip
        assert FIXED.format("quarters are held since Q2 2018/19") in main.text
        names = {one.attrs["name"] for tag in ("input", "select") for one in main.all(tag) if "name" in one.attrs}
        assert names & {"slug", "commissioner", "provider"} == set()
        # Sent all the same, it is not listened to.
        assert office.post(f"{PATH}change/", typed(contract, slug="other", title="New")).status_code == 302
        assert (Contract.objects.get().slug, Contract.objects.get().title) == ("childrens-services", "New")

    def test_a_conflict_shows_both_and_takes_a_second_save(self, office, contract):
        Contract.objects.update(title="Theirs", small_cohort=40, version=2)
        response = office.post(f"{PATH}change/", typed(contract, title="Mine", requires_second_factor="on"))
        main = parse(response.text).one("main")
        assert response.status_code == 409
        assert STALE in main.one("div", class_="error-summary").text
        assert [[cell.text for cell in row.children] for row in main.one("tbody").all("tr")] == [
            ["Title", "Theirs", "Mine"],
            ["Small cohort", "40", "30"],
            ["Everybody signs in with a code besides the password", "No", "Yes"],
        ]
        assert main.one("input", name="version").attrs["value"] == "2"
        again = typed(contract, title="Mine", version="2")
        assert office.post(f"{PATH}change/", again).status_code == 302
        assert (Contract.objects.get().title, Contract.objects.get().version) == ("Mine", 3)

    def test_errors_stand_at_their_fields(self, office, contract):
        response = office.post(f"{PATH}change/", typed(contract, values_due_days="50", small_cohort="2"))
        main = parse(response.text).one("main")
        assert response.status_code == 422
        assert main.one("a", href="#id_small_cohort").text == "Enter a whole number from 5 to 1,000."
        assert main.one("input", name="values_due_days").attrs["value"] == "50"
        assert main.one("input", name="version").attrs["value"] == "1"


class TestSetUpPage:
    def links(self, office, path=PATH):
        main = parse(office.get(path).text).one("main")
        return main, {one.attrs["href"]: one.text for one in main.all("a")}

    def test_before_the_first_quarter_the_steps(self, office):
        main, links = self.links(office)
        steps = main.one("ol", class_="set-up-steps").all("li")
        assert [step.one("h2").text.rsplit(" ", 1)[-1] for step in steps] == ["done", "done", "do", "done", "do"]
        assert main.one("p", class_="answer").text == (
            "3 of 5 steps are done. Next: measures, series and first targets ."
        )
        assert {"/c/childrens-services/set-up/measures/", "/c/childrens-services/people/", "/set-up/workbook/"} <= set(
            links
        )
        assert f"{PATH}change/" in links

    def test_then_the_settings(self, office, contract, by):
        factories.make_cycle(contract, Q2, State.OPEN)
        Contract.objects.update(small_cohort=20, values_due_days=1)
        CommitteeDate.objects.create(contract=contract, quarter=Q2, on="2018-12-12")
        main, links = self.links(office)
        assert main.all("ol", class_="set-up-steps") == []
        rows = {row.one("dt").text: row.one("dd").text for row in main.one("dl").all("div")}
        assert rows == {
            "Title": "Childrens services",
            "Address": "/c/childrens-services/",
            "Commissioner": "DMBC in full (DMBC)",
            "Provider": "DCST in full (DCST)",
            "Year": "1 April to 31 March, as for every contract",
            "Values are due": "1 day after the quarter’s end",
            "Commentary is due": "47 days after the quarter’s end",
            "Small cohort": "fewer than 20 people or cases",
            "Second factor": "not required",
            "Committee dates": "Q2 2018/19: 12 December 2018 All committee dates",
        }
        assert f"{PATH}workbook/" in links

    def test_the_menu_leads_there_for_administrators_alone(self, office, people):
        nav = parse(office.get("/c/childrens-services/benchmarks/").text).one("nav", aria_label="Main")
        assert [link.text for link in nav.all("a")][-1] == "Set-up"
        client = Client()
        client.force_login(people[Who.OFFICER].user)
        nav = parse(client.get("/c/childrens-services/benchmarks/").text).one("nav", aria_label="Main")
        assert "Set-up" not in [link.text for link in nav.all("a")]

    def test_a_contract_without_a_quarter_leads_an_administrator_there(self, office, people):
        assert office.get("/c/childrens-services/")["Location"] == PATH
        client = Client()
        client.force_login(people[Who.OFFICER].user)
        assert client.get("/c/childrens-services/")["Location"] == "/"
