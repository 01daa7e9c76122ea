"""The history of one figure: its revisions, what each did to the rating, and who may read the page."""

import datetime
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import Membership
from accounts.roles import Who
from measures.entries import Entry, Status
from measures.holding import figures_of
from measures.models import ImportBatch, Observation
from measures.quarters import Month
from measures.recording import current_of, record
from measures.revisions import history_of
from measures.scorecard import aims_of, scale_of
from measures.states import State
from measures.writing import SetBack, set_back
from tests import factories
from tests.factories import NOW, Q2
from tests.markup import parse

JULY, AUGUST, SEPTEMBER = Q2.months
LATER = NOW + datetime.timedelta(days=1, hours=1)
PATH = "/c/childrens-services/2018-Q2/history/{}/{}/"


class Desk:
    """B8, a percentage to be at least 90 (85), and A1 by month, a percentage to be at most 22 (28); Q2 is past."""

    def __init__(self):
        self.contract = factories.make_contract()
        self.people = factories.make_members(self.contract)
        self.analyst = self.people[Who.ANALYST]
        self.measure = factories.make_measure(self.contract, title="Proceedings on track")
        self.series = factories.make_series(self.measure)
        factories.make_target(self.series, self.analyst.user, 90, 85)
        self.monthly = factories.make_series(
            factories.make_measure(self.contract, "A1"),
            polarity="lower",
            frequency="month",
            derivation="pooled_ratio",
        )
        factories.make_target(self.monthly, self.analyst.user, 22, 28)
        self.cycle = factories.make_cycle(self.contract, Q2)

    def hold(self, value, *, series=None, period=Q2, reason="", now=NOW, **fields):
        """Whatever version is held."""
        series = series or self.series
        held = current_of(series, period)
        entry = value if isinstance(value, Entry) else Entry(Decimal(value), **fields)
        return record(
            by=self.analyst,
            cycle=self.cycle,
            series=series,
            period=period,
            entry=entry,
            version=held.version if held else 0,
            now=now,
            reason=reason,
        )

    def history(self, series=None, period=Q2):
        series = series or self.series
        aims = aims_of([series.pk], Q2)[series.pk]
        return history_of(self.contract, series.pk, period, scale=scale_of(series), aims=aims)

    def imported(self, row, old=None, **fields):
        """A confirmed batch that brought the row; `fields` say what became of it."""
        batch = ImportBatch.objects.create(
            contract=self.contract,
            state="undone" if fields else "confirmed",
            by=self.analyst.user,
            uploaded_at=NOW,
            filename="a.csv",
            sha256="0" * 64,
            size=1,
            confirmed_by=self.analyst.user,
            confirmed_at=NOW,
            **fields,
        )
        change = {"series": self.series, "period_kind": "quarter", "start": Q2.start, "version": row.version}
        batch.changes.create(**change, old=old, new={})
        return batch

    def undo(self, row, old=None):
        """An import that brought the row, undone a day later."""
        self.imported(row, old, undone_by=self.analyst.user, undone_at=LATER)
        changes = [SetBack(self.series, Q2, row.version, old)]
        assert set_back(by=self.analyst, changes=changes, now=LATER, reason="The wrong file.") == []

    def client(self, who):
        client = Client()
        client.force_login(self.people[who].user)
        return client

    def get(self, series=None, period=Q2, who=Who.ANALYST):
        return self.client(who).get(PATH.format((series or self.series).pk, period.code))


@pytest.fixture
def desk(db):
    return Desk()


def counts(numerator, denominator, **fields):
    return Entry(None, Decimal(numerator), Decimal(denominator), **fields)


class TestRevisions:
    def test_from_the_oldest_to_the_newest(self, desk):
        desk.hold(counts(147, 210, note="From the audit."))
        desk.hold("62", reason="Two cases were late.", now=LATER)
        first, second = desk.history().revisions
        assert (first.number, first.text, first.cohort, first.reading.note) == (
            1,
            "70%",
            "147 of 210 cases",
            "From the audit.",
        )
        assert (first.kind, first.change, first.effect, first.reason, first.is_current) == (
            "First value",
            "",
            "",
            "",
            False,
        )
        assert (first.saved.who, first.saved.at) == ("Analyst of childrens-services, DCST", NOW)
        assert (second.number, second.text, second.cohort, second.is_current) == (2, "62%", "", True)
        assert (second.kind, second.change, second.reason) == ("Correction", "8 points worse", "Two cases were late.")
        assert (second.origin, second.saved.day) == ("Entered", "3 November 2018")

    @pytest.mark.parametrize(
        ("old", "new", "effect", "change"),
        [
            ("87", "90", "amber before, green now", "3 points better"),
            ("90", "84", "green before, red now", "6 points worse"),
            ("70", "71", "red as before", "1 point better"),
            ("86.6", "86.9", "amber as before", "no change"),
            ("84.4", "84.6", "red before, amber now", "0.2 points better"),
        ],
    )
    def test_what_it_did_to_the_rating(self, desk, old, new, effect, change):
        desk.hold(old)
        desk.hold(new, reason="Audit.")
        revision = desk.history().revisions[-1]
        assert (revision.effect, revision.change) == (effect, change)

    def test_a_value_taken_away_is_not_rated(self, desk):
        desk.hold("90")
        desk.hold(Entry(status=Status.SUPPRESSED), reason="Too few.")
        desk.hold("91", reason="More.")
        _, gone, back = desk.history().revisions
        assert (gone.text, gone.effect, gone.change) == ("Suppressed [c]", "green before, not rated now", "")
        assert (back.effect, back.change) == ("not rated before, green now", "")

    def test_the_target_is_that_of_the_figure_s_own_quarter(self, desk):
        factories.make_target(desk.series, desk.analyst.user, 50, 40, from_quarter=Q2.next)
        desk.hold("70")
        desk.hold("71", reason="Audit.")
        assert desk.history().revisions[-1].effect == "red as before"

    def test_without_a_tolerance(self, desk):
        series = factories.make_series(desk.measure, code="B8a", role="pair")
        factories.make_target(series, desk.analyst.user, 90)
        desk.hold("90", series=series)
        desk.hold("70", series=series, reason="Audit.")
        revision = desk.history(series).revisions[-1]
        assert revision.effect == "green before, not on target, tolerance not set now"

    @pytest.mark.parametrize("fields", [{}, {"polarity": "neutral"}])
    def test_what_is_not_rated_has_no_effect_on_a_rating(self, desk, fields):
        series = factories.make_series(desk.measure, code="B8a", role="pair", unit="count", **fields)
        if fields:
            factories.make_target(series, desk.analyst.user, 90)
        desk.hold("1000", series=series)
        desk.hold("1020", series=series, reason="Audit.")
        revision = desk.history(series).revisions[-1]
        assert (revision.effect, revision.change) == ("", "2.0% higher" if fields else "2.0% better")

    def test_a_derived_quarter_has_its_own_history_and_its_months_are_not_rated(self, desk):
        for month in Q2.months:
            desk.hold(counts(30, 100), series=desk.monthly, period=month)
        desk.hold(counts(6, 100), series=desk.monthly, period=JULY, reason="A late return.", now=LATER)
        *_, now = desk.history(desk.monthly).revisions
        assert (now.text, now.cohort, now.origin, now.reason) == (
            "22%",
            "66 of 300 cases",
            "Derived from its months",
            "A late return.",
        )
        assert (now.effect, now.change, now.kind) == ("red before, green now", "8 points better", "Correction")
        first, second = desk.history(desk.monthly, JULY).revisions
        assert (first.text, second.text, second.change) == ("30%", "6%", "24 points better")
        assert (first.rating, second.effect) == (None, "")

    def test_the_first_months_of_a_quarter_are_updates_of_a_provisional_one(self, desk):
        for month in Q2.months:
            desk.hold(counts(30, 100), series=desk.monthly, period=month)
        found = desk.history(desk.monthly).revisions
        assert [(each.kind, each.marks) for each in found] == [
            ("First value", ("p",)),
            ("Update of a provisional value", ("p",)),
            ("Update of a provisional value", ()),
        ]

    def test_who_belongs_to_no_side_any_more_is_named_alone(self, desk):
        desk.hold("70")
        Membership.objects.filter(user=desk.analyst.user).delete()
        assert desk.history().revisions[0].saved.who == "Analyst of childrens-services"

    def test_their_party_in_another_contract_is_not_named(self, desk):
        elsewhere = factories.make_contract("leisure", "Borough", "Leisure Trust")
        Membership.objects.filter(user=desk.analyst.user).update(contract=elsewhere)
        desk.hold("70")
        assert desk.history().revisions[0].saved.who == "Analyst of childrens-services"

    def test_illustrative_counts_are_not_shown(self, desk):
        desk.hold(counts(147, 210))
        Observation.objects.update(counts_illustrative=True)
        assert desk.history().revisions[0].cohort == ""

    def test_nothing_was_ever_held(self, desk):
        history = desk.history()
        assert (history.revisions, history.is_withdrawn, history.sentence) == ((), False, "")


class TestWithdrawn:
    @pytest.fixture(autouse=True)
    def undone(self, desk):
        """An import brought 70 in, and was undone a day later."""
        desk.undo(desk.hold("70"))

    def test_it_says_by_whom_and_when(self, desk):
        history = desk.history()
        [revision] = history.revisions
        assert (history.is_withdrawn, revision.is_withdrawn, revision.is_current) == (True, True, False)
        assert (revision.withdrawn.who, revision.withdrawn.at) == ("Analyst of childrens-services, DCST", LATER)
        page = parse(desk.get().text)
        assert page.one("main").one("div", class_="notice").text == (
            "Nothing is held for this period any more: the last value was withdrawn."
        )
        assert page.one("li", class_="revision").text == (
            "First value Revision 1 · withdrawn 70% Off target "
            "Entered Analyst of childrens-services, DCST, 2 November 2018, 14:32 "
            "Withdrawn Analyst of childrens-services, DCST, 3 November 2018, 15:32: the import was undone"
        )

    def test_the_next_value_starts_anew(self, desk):
        desk.hold("60")
        history = desk.history()
        first, second = history.revisions
        assert (history.is_withdrawn, first.withdrawn is not None, second.withdrawn) == (False, True, None)
        assert (first.is_withdrawn, second.is_withdrawn) == (True, False)
        assert (second.number, second.kind, second.is_current) == (2, "Entered again", True)

    def test_what_was_withdrawn_is_not_set_back_to(self, desk):
        for value, reason in (("60", ""), ("70", "Audit.")):
            desk.hold(value, reason=reason)
        assert [revision.kind for revision in desk.history().revisions] == [
            "First value",
            "Entered again",
            "Correction",
        ]


def test_a_batch_that_stands_withdraws_nothing(desk):
    desk.imported(desk.hold("70"))
    desk.hold("71", reason="Audit.")
    assert [(each.withdrawn, each.is_withdrawn) for each in desk.history().revisions] == [(None, False), (None, False)]


def test_the_last_of_a_figure_of_which_nothing_is_held_is_withdrawn(desk):
    """As a derived quarter, whose months went: no batch names it."""
    desk.hold("70")
    desk.hold("71", reason="Audit.")
    Observation.objects.update(is_current=False)
    assert [each.is_withdrawn for each in desk.history().revisions] == [False, True]


class TestSetBack:
    @pytest.fixture(autouse=True)
    def undone(self, desk):
        """91 stood there, an import made it 87, and was undone."""
        first = desk.hold("91")
        old = figures_of(first)
        desk.undo(desk.hold("87", reason="A file."), old)

    def test_an_undone_import_is_told_as_what_it_is(self, desk):
        history = desk.history()
        assert history.sentence == (
            "Changed to 87% on 2 November 2018 and set back to 91% on 3 November 2018 "
            "by Analyst of childrens-services, DCST: The wrong file."
        )
        first, second, third = history.revisions
        assert (second.kind, second.change, second.restores) == ("Correction", "4 points worse", 0)
        assert (third.kind, third.change, third.restores) == ("Set back", "back to the figure of revision 1", 1)
        assert (third.effect, third.is_current, first.is_withdrawn) == ("amber before, green now", True, False)

    def test_every_revision_stands_on_the_page(self, desk):
        revisions = parse(desk.get().text).all("li", class_="revision")
        assert [revision.one("h2").text for revision in revisions] == ["First value", "Correction", "Set back"]
        assert "Change Back to the figure of revision 1" in revisions[-1].text

    def test_the_mark_beside_the_figure_says_it_too(self, desk):
        mark = parse(desk.client(Who.OFFICER).get("/c/childrens-services/2018-Q2/m/b8/").text).one("main")
        headline = mark.one("div", class_="headline").one("abbr", class_="mark")
        assert (headline.text, headline.attrs["title"]) == ("[r]", "changed and set back")

    def test_another_figure_afterwards_is_a_revision(self, desk):
        desk.hold("92", reason="A late return.", now=LATER)
        history = desk.history()
        assert history.mark == "revised"
        assert history.sentence.startswith("Revised on 3 November 2018 from 91% to 92% by ")

    def test_several_changes_in_between_are_counted(self, desk):
        for value in ("60", "61", "91"):
            desk.hold(value, reason="Audit.", now=LATER)
        assert desk.history().sentence.startswith("Changed 2 times and set back to 91% on 3 November 2018 by ")


class TestSentence:
    def test_the_last_revision_with_what_it_did(self, desk):
        desk.hold("87")
        desk.hold("70", reason="A slip.", now=LATER)
        desk.hold("91", reason="A late return came.", now=LATER)
        assert desk.history().sentence == (
            "Revised on 3 November 2018 from 70% to 91% by Analyst of childrens-services, DCST: A late return came. "
            "Rating: red before, green now."
        )

    def test_without_reason_and_rating(self, desk):
        series = factories.make_series(desk.measure, code="B8a", role="pair")
        desk.hold("70", series=series)
        desk.hold("71", series=series, reason="x")
        Observation.objects.filter(revision=2).update(reason="")
        assert desk.history(series).sentence == (
            "Revised on 2 November 2018 from 70% to 71% by Analyst of childrens-services, DCST."
        )

    @pytest.mark.parametrize(("value", "note"), [("87", "Audited."), ("87.2", "")])
    def test_a_figure_that_reads_as_before(self, desk, value, note):
        desk.hold("87")
        desk.hold(value, note=note, reason="Audit.", now=LATER)
        assert desk.history().sentence == (
            "Revised on 3 November 2018 by Analyst of childrens-services, DCST: Audit. It reads 87% as before. "
            "Rating: amber as before."
        )

    def test_a_first_value_has_none(self, desk):
        desk.hold("70")
        assert desk.history().sentence == ""


class TestPage:
    def test_each_revision_is_a_heading_with_what_changed(self, desk):
        desk.hold(counts(147, 210, note="From <the> audit."))
        desk.hold("62", reason="Two <b>cases</b> were late.", status=Status.PROVISIONAL, now=LATER)
        page = parse(desk.get().text)
        assert page.one("title").text == "History of B8 Proceedings on track, Q2 2018/19 · perfmon"
        assert page.one("h1").text == "History of Q2 2018/19"
        assert [item.text for item in page.all("li", class_="revision")] == [
            "First value Revision 1 70% 147 of 210 cases Off target "
            "Entered Analyst of childrens-services, DCST, 2 November 2018, 14:32 Note From <the> audit.",
            "Correction Revision 2 · held now 62% [p] Off target Change 8 points worse Rating Red as before "
            "Entered Analyst of childrens-services, DCST, 3 November 2018, 15:32 Reason Two <b>cases</b> were late.",
        ]

    def test_the_way_back_and_on(self, desk):
        desk.hold(counts(3, 10), series=desk.monthly, period=JULY)
        links = [link.attrs["href"] for link in parse(desk.get(desk.monthly, JULY).text).one("main").all("a")]
        assert links == [
            "/c/childrens-services/2018-Q2/",
            "/c/childrens-services/2018-Q2/m/a1/?series=A1&by=month",
            f"/c/childrens-services/2018-Q2/entry/{desk.monthly.pk}/",
        ]

    @pytest.mark.parametrize(
        ("who", "state", "label"),
        [
            (Who.ANALYST, State.PAST, "Correct this value"),
            (Who.ANALYST, State.PUBLISHED, "Correct this value"),
            (Who.ANALYST, State.OPEN, "Change this value"),
            (Who.ANALYST, State.SUBMITTED, None),
            (Who.PROVIDER_DIRECTOR, State.PAST, None),
            (Who.OFFICER, State.PAST, None),
        ],
    )
    def test_who_may_change_the_figure_is_led_to_it(self, desk, who, state, label):
        desk.hold("70")
        factories.in_state(desk.cycle, state)
        buttons = parse(desk.get(who=who).text).one("main").all("a", class_="button")
        assert [button.text for button in buttons] == ([label] if label else [])

    def test_a_series_that_runs_no_more_has_no_measure_page_and_no_form(self, desk):
        desk.hold("70")
        desk.series.last_quarter = Q2.previous
        desk.series.save()
        response = desk.get()
        assert (response.status_code, len(parse(response.text).one("main").all("a"))) == (200, 1)

    def test_nothing_held(self, desk):
        page = parse(desk.get().text)
        assert "No value was ever held for this period." in page.one("main").text
        assert page.all("li", class_="revision") == []

    @pytest.mark.parametrize(
        "code", ["2018-07", "2018-Q1", "2018-10", "2018-13", "2018-Q5", "2018", "2018-7", "Q2", "0000-07"]
    )
    def test_a_period_that_is_not_the_quarter_s(self, desk, code):
        assert desk.client(Who.ANALYST).get(PATH.format(desk.series.pk, code)).status_code == 404

    def test_a_month_of_another_quarter(self, desk):
        assert desk.get(desk.monthly, JULY).status_code == 200
        assert desk.get(desk.monthly, Month(2018, 10)).status_code == 404

    def test_a_series_of_another_contract(self, desk):
        elsewhere = factories.make_contract("leisure", "Borough", "Leisure Trust")
        foreign = factories.make_series(factories.make_measure(elsewhere))
        assert desk.get(foreign).status_code == 404
        assert desk.client(Who.ANALYST).get(PATH.format(9999, "2018-Q2")).status_code == 404

    def test_a_quarter_without_cycle(self, desk):
        path = PATH.replace("2018-Q2", "2016-Q1").format(desk.series.pk, "2016-Q1")
        assert desk.client(Who.ANALYST).get(path).status_code == 404

    def test_it_is_for_reading(self, desk):
        assert desk.client(Who.ANALYST).post(PATH.format(desk.series.pk, "2018-Q2")).status_code == 405


class TestRights:
    @pytest.mark.parametrize("period", [Q2, JULY])
    @pytest.mark.parametrize("state", State)
    @pytest.mark.parametrize("who", Who)
    def test_whoever_may_see_the_figures_of_the_quarter(self, desk, who, state, period):
        for month in Q2.months:
            desk.hold(counts(7919, 9973, note="kzqvwxjf"), series=desk.monthly, period=month)
        factories.in_state(desk.cycle, state)
        commissioner = who in (Who.OFFICER, Who.COMMISSIONER_DIRECTOR)
        refused = (commissioner and state is State.OPEN) or (who is Who.ADMINISTRATOR and state is not State.PAST)
        response = desk.get(desk.monthly, period, who)
        assert response.status_code == ((403 if who is Who.ADMINISTRATOR else 409) if refused else 200)
        assert ("9,973" in response.text or "29,919" in response.text) is not refused
        assert ("kzqvwxjf" in response.text) is (not refused and period is JULY)

    @pytest.mark.parametrize("who", [Who.OFFICER, Who.COMMISSIONER_DIRECTOR])
    def test_of_an_open_quarter_the_commissioner_is_told_when(self, desk, who):
        desk.hold("70")
        factories.in_state(desk.cycle, State.OPEN)
        main = parse(desk.get(who=who).text).one("main")
        assert main.one("div", class_="notice").text == (
            "DCST is still working on the values of Q2 2018/19. You can see the figures while a quarter is a past "
            "quarter, submitted, in commentary, agreed or published. Q2 2018/19 is open."
        )
        assert [link.attrs["href"] for link in main.all("a")] == [
            "/c/childrens-services/2018-Q2/",
            "/c/childrens-services/2018-Q2/m/b8/?series=B8&by=quarter",
        ]
        assert "No value was ever held" not in main.text

    @pytest.mark.parametrize("submitted_once", [False, True])
    def test_no_page_leads_the_commissioner_to_the_history_of_an_open_quarter(self, desk, submitted_once):
        for month in Q2.months:
            for reason, number in (("", 30), ("Audit.", 31)):
                desk.hold(counts(number, 100), series=desk.monthly, period=month, reason=reason)
        desk.cycle.submitted_once = submitted_once
        factories.in_state(desk.cycle, State.OPEN)
        base = "/c/childrens-services/2018-Q2/"

        def leads(who):
            pages = [desk.client(who).get(f"{base}{path}") for path in ("", "m/a1/", "m/a1/?series=A1&by=month")]
            return [f"{base}history/" in page.text for page in pages]

        assert leads(Who.OFFICER) == leads(Who.COMMISSIONER_DIRECTOR) == [False, False, False]
        assert leads(Who.ANALYST) == [False, True, True]

    def test_a_stranger_is_not_told_that_there_is_anything(self, desk):
        desk.hold("70")
        elsewhere = factories.make_contract("leisure", "Borough", "Leisure Trust")
        client = Client()
        client.force_login(factories.make_members(elsewhere)[Who.ANALYST].user)
        assert client.get(PATH.format(desk.series.pk, "2018-Q2")).status_code == 404

    def test_signed_out(self, desk):
        assert Client().get(PATH.format(desk.series.pk, "2018-Q2")).status_code == 302


def test_one_click_from_every_marked_figure(desk):
    """The measure page: headline, its table of quarters and of months; the form: what is held, and what was before."""
    earlier = factories.make_cycle(desk.contract, Q2.previous)
    for reason in ("", "Audit."):
        for month, number in zip(Q2.months, (1, 2, 3), strict=True):
            extra = 10 if reason else 0
            desk.hold(counts(number + extra, 50), series=desk.monthly, period=month, reason=reason)
    record(
        by=desk.analyst,
        cycle=earlier,
        series=desk.monthly,
        period=Q2.previous.months[2],
        entry=counts(1, 50),
        version=0,
        now=NOW,
    )
    client = desk.client(Who.ANALYST)
    where = f"/history/{desk.monthly.pk}/"

    def linked(path, **attrs):
        main = parse(client.get(f"/c/childrens-services/2018-Q2/{path}").text).one("main")
        return [link.attrs["href"] for link in main.all("a", **attrs) if where in link.attrs["href"]]

    quarter = f"/c/childrens-services/2018-Q2{where}2018-Q2/"
    months = [f"/c/childrens-services/2018-Q2{where}{month.code}/" for month in Q2.months]
    assert linked("m/a1/", class_="revised") == [quarter, quarter]
    assert linked("m/a1/?series=A1&by=month", class_="revised") == [quarter, *reversed(months)]
    assert sorted(set(linked(f"entry/{desk.monthly.pk}/"))) == sorted([quarter, *months])
    assert client.get(quarter).status_code == client.get(months[0]).status_code == 200


class TestMeasurePage:
    def main(self, desk, who=Who.ANALYST):
        return parse(desk.client(who).get("/c/childrens-services/2018-Q2/m/b8/").text).one("main")

    def test_the_sentence_stands_below_the_headline(self, desk):
        desk.hold("87")
        desk.hold("90", reason="A late return.", now=LATER)
        assert self.main(desk, Who.OFFICER).one("p", class_="revised-note").text == (
            "Revised on 3 November 2018 from 87% to 90% by Analyst of childrens-services, DCST: A late return. "
            "Rating: amber before, green now. History"
        )

    @pytest.mark.parametrize(
        ("who", "state", "offered"),
        [
            (Who.ANALYST, State.PAST, True),
            (Who.ANALYST, State.OPEN, False),
            (Who.PROVIDER_DIRECTOR, State.PAST, False),
            (Who.OFFICER, State.PAST, False),
            (Who.ADMINISTRATOR, State.PAST, False),
        ],
    )
    def test_a_correction_is_offered_to_who_may_make_it(self, desk, who, state, offered):
        desk.hold("70")
        factories.in_state(desk.cycle, state)
        links = [link for link in self.main(desk, who).all("a") if link.text == "Correct this value"]
        assert [link.attrs["href"] for link in links] == (
            [f"/c/childrens-services/2018-Q2/entry/{desk.series.pk}/"] if offered else []
        )

    def test_the_commissioner_sees_no_revision_of_an_open_quarter(self, desk):
        desk.hold("87")
        desk.hold("90", reason="A late return.", now=LATER)
        desk.cycle.submitted_once = True
        factories.in_state(desk.cycle, State.OPEN)
        main = self.main(desk, Who.OFFICER)
        assert main.all("p", class_="revised-note") == []
        assert "87%" not in main.text
        assert "late return" not in main.text
