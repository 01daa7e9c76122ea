"""The committee's days: held, changed, removed, audited; their pages; where they are shown."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.denial import Denied, Invalid, NotKnown, Stale
from accounts.models import AuditEntry
from accounts.roles import Who
from measures.committee import (
    GONE,
    STALE,
    add_committee_date,
    change_committee_date,
    committee_dates,
    remove_committee_date,
)
from measures.models import CommitteeDate
from measures.quarters import Quarter
from measures.states import State
from tests import factories
from tests.factories import NOW, Q2
from tests.markup import parse
from tests.meanwhile import meanwhile

pytestmark = pytest.mark.django_db
PATH = "/c/childrens-services/set-up/committee-dates/"
DAY, LATER = datetime.date(2018, 12, 12), datetime.date(2018, 12, 19)
HELD_ALREADY = "Q2 2018/19 has a day already. Change that one."
TOO_EARLY = "Choose a day after 30 September 2018, when Q2 2018/19 ends."
TOO_LATE = "Choose a day within a year of 30 September 2018, when Q2 2018/19 ends."


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


@pytest.fixture
def row(contract):
    return CommitteeDate.objects.create(contract=contract, quarter=Q2, on=DAY)


def held():
    return [(one.quarter, one.on) for one in CommitteeDate.objects.all()]


def audited():
    return [(one.act, one.object, one.old, one.new) for one in AuditEntry.objects.order_by("number")]


class TestWrites:
    def test_add_change_remove(self, by):
        add_committee_date(by=by, quarter=Q2, on=DAY, now=NOW)
        assert held() == [(Q2, DAY)]
        change_committee_date(by=by, quarter=Q2, seen=DAY, on=LATER, now=NOW)
        assert held() == [(Q2, LATER)]
        remove_committee_date(by=by, quarter=Q2, seen=LATER, now=NOW)
        assert held() == []
        assert audited() == [
            ("add committee date", "2018-Q2", None, {"on": "2018-12-12"}),
            ("change committee date", "2018-Q2", {"on": "2018-12-12"}, {"on": "2018-12-19"}),
            ("remove committee date", "2018-Q2", {"on": "2018-12-19"}, None),
        ]

    @pytest.mark.parametrize(("on", "said"), [
        ("2018-09-30", TOO_EARLY), ("2018-10-01", ""), ("2019-10-01", ""), ("2019-10-02", TOO_LATE),
        ("9999-12-31", TOO_LATE), ("0001-01-01", TOO_EARLY),
    ])  # fmt: skip
    def test_a_day_after_the_quarter_and_within_a_year(self, by, row, on, said):
        day = datetime.date.fromisoformat(on)
        before = held()
        if not said:
            assert change_committee_date(by=by, quarter=Q2, seen=DAY, on=day, now=NOW).on == day
            return
        with pytest.raises(Invalid) as invalid:
            change_committee_date(by=by, quarter=Q2, seen=DAY, on=day, now=NOW)
        assert invalid.value.errors == {"on": said}
        with pytest.raises(Invalid) as invalid:
            add_committee_date(by=by, quarter=Q2, on=day, now=NOW)
        assert invalid.value.errors == {"on": said}
        assert (held(), audited()) == (before, [])

    def test_once_a_quarter(self, by, row):
        with pytest.raises(Invalid) as invalid:
            add_committee_date(by=by, quarter=Q2, on=LATER, now=NOW)
        assert invalid.value.errors == {"quarter": HELD_ALREADY}

    def test_two_who_add_at_once(self, by, contract):
        def first():
            CommitteeDate.objects.create(contract=contract, quarter=Q2, on=DAY)

        with meanwhile(first), pytest.raises(Invalid) as invalid:
            add_committee_date(by=by, quarter=Q2, on=LATER, now=NOW)
        assert invalid.value.errors == {"quarter": HELD_ALREADY}

    @pytest.mark.parametrize("seen", [LATER, None])
    def test_another_day_than_was_seen(self, by, row, seen):
        with pytest.raises(Stale) as stale:
            change_committee_date(by=by, quarter=Q2, seen=seen, on=datetime.date(2018, 12, 5), now=NOW)
        assert stale.value.sentence == STALE
        with pytest.raises(Stale):
            remove_committee_date(by=by, quarter=Q2, seen=seen, now=NOW)
        assert (held(), audited()) == ([(Q2, DAY)], [])

    def test_what_is_held_already_leaves_no_trace(self, by, row):
        change_committee_date(by=by, quarter=Q2, seen=DAY, on=DAY, now=NOW)
        assert audited() == []

    def test_another_contracts_day_is_not_known(self, by):
        elsewhere = factories.make_contract("leisure", "Borough", "Trust")
        CommitteeDate.objects.create(contract=elsewhere, quarter=Q2, on=DAY)
        with pytest.raises(NotKnown, match="^No day is held for this quarter any more"):
            change_committee_date(by=by, quarter=Q2, seen=DAY, on=LATER, now=NOW)
        with pytest.raises(NotKnown):
            remove_committee_date(by=by, quarter=Q2, seen=DAY, now=NOW)
        assert committee_dates(by.contract) == []

    @pytest.mark.parametrize("who", [who for who in Who if who is not Who.ADMINISTRATOR])
    def test_nobody_else(self, people, row, who):
        acts = [
            lambda: add_committee_date(by=people[who], quarter=Q2.next, on=datetime.date(2019, 3, 1), now=NOW),
            lambda: change_committee_date(by=people[who], quarter=Q2, seen=DAY, on=LATER, now=NOW),
            lambda: remove_committee_date(by=people[who], quarter=Q2, seen=DAY, now=NOW),
        ]
        for act in acts:
            with pytest.raises(Denied):
                act()
        assert held() == [(Q2, DAY)]


class TestPages:
    def test_none_and_the_quarter_that_is_next(self, office):
        main = parse(office.get(PATH).text).one("main")
        assert main.one("h2").text == "No days yet"
        # Of 11 November 2018 the quarter before.
        assert main.one("input", name="quarter").attrs["value"] == "Q2 2018/19"

    def test_added(self, office, row):
        assert 'value="Q3 2018/19"' in office.get(PATH).text
        response = office.post(PATH, {"quarter": "q3 2018/19", "on": "12/3/2019"}, follow=True)
        assert response.redirect_chain == [(PATH, 302)]
        assert "Q3 2018/19, 12 March 2019, was added." in response.text
        rows = parse(response.text).one("tbody").all("tr")
        assert [(one.one("th").text, one.all("td")[0].text) for one in rows] == [
            ("Q3 2018/19", "12 March 2019"), ("Q2 2018/19", "12 December 2018"),
        ]  # fmt: skip

    @pytest.mark.parametrize(("sent", "said"), [
        ({"quarter": "", "on": "12/12/2018"}, {"quarter": "Enter the quarter that the committee takes."}),
        ({"quarter": "Q2", "on": "12/12/2018"}, {"quarter": "Enter a quarter such as Q2 2018/19."}),
        ({"quarter": "Q2 9998/99", "on": "12/12/2018"}, {"quarter": "Enter a quarter from 1990 to 2099."}),
        ({"quarter": "Q2 2018/19", "on": ""}, {"on": "Enter the day."}),
        ({"quarter": "Q2 2018/19", "on": "soon"}, {"on": "Enter a day such as 12/12/2018."}),
        ({"quarter": "Q2 2018/19", "on": "2018-09-30"}, {"on": TOO_EARLY}),
        ({"quarter": "Q2 2018/19", "on": "2018-12-19"}, {"quarter": HELD_ALREADY}),
    ])  # fmt: skip
    def test_errors_stand_at_their_fields(self, office, row, sent, said):
        response = office.post(PATH, sent)
        main = parse(response.text).one("main")
        assert response.status_code == 422
        links = main.one("div", class_="error-summary").all("a")
        assert {link.attrs["href"]: link.text for link in links} == {f"#id_{name}": text for name, text in said.items()}
        assert main.one("input", name="quarter").attrs.get("value", "") == sent["quarter"]
        assert held() == [(Q2, DAY)]

    def test_changed(self, office, row):
        form = parse(office.get(f"{PATH}2018-Q2/").text).one("main")
        assert (form.one("input", name="on").attrs["value"], form.one("input", name="seen").attrs["value"]) == (
            "2018-12-12", "2018-12-12",
        )  # fmt: skip
        response = office.post(f"{PATH}2018-Q2/", {"on": "2018-12-19", "seen": "2018-12-12"}, follow=True)
        assert "Q2 2018/19, 19 December 2018, was saved." in response.text

    def test_a_conflict_shows_both_and_takes_a_second_save(self, office, row):
        sent = {"on": "2018-12-05", "seen": "2018-12-19"}
        response = office.post(f"{PATH}2018-Q2/", sent)
        main = parse(response.text).one("main")
        assert response.status_code == 409
        assert [cell.text for cell in main.one("tbody").one("tr").children] == [
            "The committee’s day", "12 December 2018", "5 December 2018",
        ]  # fmt: skip
        seen = main.one("input", name="seen").attrs["value"]
        assert office.post(f"{PATH}2018-Q2/", sent | {"seen": seen}).status_code == 302
        assert held() == [(Q2, datetime.date(2018, 12, 5))]

    def test_a_day_that_cannot_be(self, office, row):
        response = office.post(f"{PATH}2018-Q2/", {"on": "2018-09-01", "seen": "2018-12-12"})
        assert response.status_code == 422
        assert parse(response.text).one("a", href="#id_on").text == TOO_EARLY

    def test_removed_once_asked(self, office, row):
        main = parse(office.get(f"{PATH}2018-Q2/remove/").text).one("main")
        assert [line.text for line in main.one("dl").all("div")] == [
            "Quarter Q2 2018/19", "The committee’s day 12 December 2018",
        ]  # fmt: skip
        stale = office.post(f"{PATH}2018-Q2/remove/", {"seen": "2018-12-19"})
        assert (stale.status_code, "Nothing was removed" in stale.text, held()) == (409, True, [(Q2, DAY)])
        response = office.post(f"{PATH}2018-Q2/remove/", {"seen": "2018-12-12"}, follow=True)
        assert "Q2 2018/19, 12 December 2018, was removed." in response.text
        assert held() == []

    def test_one_that_is_gone(self, office):
        for path in (f"{PATH}2018-Q2/", f"{PATH}2018-Q2/remove/"):
            response = office.get(path)
            assert (response.status_code, GONE in response.text) == (404, True)

    def test_many(self, office, contract):
        quarters = [Quarter.parse("Q1 2000/01").shift(number) for number in range(60)]
        CommitteeDate.objects.bulk_create(
            CommitteeDate(contract=contract, quarter=one, on=one.end + datetime.timedelta(days=60)) for one in quarters
        )
        main = parse(office.get(f"{PATH}?page=2").text).one("main")
        assert (len(main.one("tbody").all("tr")), main.one("div", class_="list-pager").one("p").text) == (
            10, "51 to 60 of 60",
        )  # fmt: skip


class TestScorecard:
    def strip(self, people, who=Who.OFFICER):
        client = Client()
        client.force_login(people[who].user)
        return [item.text for item in parse(client.get("/c/childrens-services/2018-Q2/").text).one("ol").all("li")]

    @pytest.mark.parametrize("who", [who for who in Who if who is not Who.ADMINISTRATOR])
    def test_the_strip_names_the_day_of_its_own_quarter(self, contract, people, row, who):
        CommitteeDate.objects.create(contract=contract, quarter=Q2.next, on=LATER.replace(year=2019))
        elsewhere = factories.make_contract("leisure", "Borough", "Trust")
        CommitteeDate.objects.create(contract=elsewhere, quarter=Q2, on=LATER)
        factories.make_cycle(contract, Q2, State.SUBMITTED)
        factories.make_cycle(contract, Q2.next, State.OPEN)
        assert self.strip(people, who)[-2:] == ["Published", "Committee 12 December 2018"]

    def test_none_where_none_is_held(self, contract, people):
        factories.make_cycle(contract, Q2, State.SUBMITTED)
        CommitteeDate.objects.create(contract=contract, quarter=Q2.next, on=LATER.replace(year=2019))
        assert self.strip(people)[-1] == "Published"


SET_UP_PAGES = [
    # With a look whether a contract asks for a second factor, here and in the next two.
    ("/set-up/", 5),
    ("/set-up/organisations/", 6),
    ("/set-up/contracts/add/", 4),
    ("/c/childrens-services/set-up/", 8),
    ("/c/childrens-services/set-up/change/", 6),
    (PATH, 5),
    (f"{PATH}2018-Q2/", 5),
]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("path", "queries"), SET_UP_PAGES)
def test_the_queries_of_the_set_up_pages(office, contract, row, path, queries, count):
    for number in range(count - 1):
        other = factories.make_contract(f"c-{number}", f"Council {number}", "DCST")
        factories.make_members(other)
        factories.make_measure(contract, f"A{number}")
        CommitteeDate.objects.create(contract=contract, quarter=Q2.shift(number + 1), on=DAY)
    factories.make_cycle(contract, Q2.previous)
    office.get("/")
    with CaptureQueriesContext(connection) as found:
        assert office.get(path).status_code == 200
    assert len(found) == queries, [each["sql"][:90] for each in found]
