"""A paper against what its contract holds already: what goes where, what differs, what is left out."""

from decimal import Decimal

import pytest

from commentary.models import Pane
from measures.models import Measure, Observation, Series, Target
from measures.quarters import Month
from measures.rating import Polarity
from measures.terms import Kind
from tests import factories
from tests.factories import Q2
from tests.papers import counted, docx_of, grown, row, table
from workflow.papers.plans import Choice, Stand
from workflow.papers.shapes import PaperCode

Q1 = Q2.previous
A9 = {"A9": Choice(section="S", kind="local", polarity=Polarity.NEUTRAL)}
A1 = row("A1 Returns Q2 = 27% Target: 22% Tolerance: 28%", "<p>Ours.</p>", "<p>Theirs.</p>")


class TestAgainstWhatIsHeld:
    """A measure of the contract that is there already."""

    def plan(self, papers, *rows, quarter=Q2):
        return papers.plan(papers.upload(table(*rows)), quarter)

    def one(self, papers, *rows, quarter=Q2):
        plan = self.plan(papers, *rows, quarter=quarter)
        return plan.measures[0], [issue.code for issue in plan.issues]

    def measure(self, papers, name="A1", **fields):
        measure = factories.make_measure(papers.contract, name, first_quarter=Q2.shift(-8))
        return factories.make_series(measure, **{"polarity": "lower", **fields})

    def test_values_targets_and_texts_are_added_to_it(self, papers):
        series = self.measure(papers)
        one, issues = self.one(papers, A1)
        assert (one.measure, one.values[0].series, one.asks, issues) == (series.measure, series, (), [])
        assert set(one.stands) == {Stand.NEW}
        papers.load(papers.upload(table(A1)), said={})
        assert Measure.objects.count() == 1
        assert Observation.objects.get(series=series).value == 27
        assert Target.objects.get(series=series).from_quarter == Q2

    def test_a_measure_found_by_its_series(self, papers):
        measure = factories.make_measure(papers.contract, "A", first_quarter=Q2)
        series = factories.make_series(measure, code="A1", polarity="lower")
        one, issues = self.one(papers, A1)
        assert (one.measure, one.values[0].series, one.code, issues) == (measure, series, "A", [])

    def test_a_series_found_by_its_unit(self, papers):
        series = self.measure(papers, code="Returns")
        one, _ = self.one(papers, A1)
        assert one.values[0].series == series

    def test_a_pair_that_is_missing_is_made(self, papers):
        series = self.measure(papers, "E34/35", code="E34", unit="count", polarity="neutral")
        Measure.objects.update(kind="volumetric")
        rows = [row("E34 and 35<br>Volumetric measure<br>T<br>1677 396 (Q2 average)")]
        one, issues = self.one(papers, *rows)
        assert ([each.series for each in one.values], one.asks, issues) == ([series, None], (), [])
        papers.load(papers.upload(table(*rows)), said={})
        assert list(Series.objects.values_list("code", "role", "polarity")) == [
            ("E34", "headline", "neutral"),
            ("E35", "pair", "neutral"),
        ]

    def test_a_pair_of_a_rated_measure_goes_its_way(self, papers):
        self.measure(papers, "A1/2", code="A1", unit="count", polarity="lower")
        papers.load(papers.upload(table(row("A1 and 2 T Q2 = 5 / 8"))), said={})
        assert Series.objects.get(code="A2").polarity == "lower"

    def test_another_unit(self, papers):
        self.measure(papers, unit="count")
        one, issues = self.one(papers, A1)
        assert (one.values[0].stand, one.aim.stand) == (Stand.LEFT, Stand.LEFT)
        assert issues == [PaperCode.NO_SERIES, PaperCode.TARGET_REFUSED]

    def test_a_headline_of_another_name_and_unit(self, papers):
        self.measure(papers, code="Returns", unit="count")
        one, issues = self.one(papers, A1)
        assert (one.values[0].stand, issues) == (Stand.LEFT, [PaperCode.NO_SERIES, PaperCode.TARGET_REFUSED])

    def test_counts_beside_a_value_are_held_with_it(self, papers):
        series = self.measure(papers)
        papers.load(papers.upload(table(row("A1 Returns Q2 = 84% (16/19)"))), said={})
        held = Observation.objects.get(series=series)
        assert (held.numerator, held.denominator, held.value) == (16, 19, Decimal("84.210526"))

    def test_a_text_without_words(self, papers):
        one, issues = self.one(papers, row("A1 Returns Q2 = 27%", "&#8203;"))
        assert (one.texts, issues) == ({}, [])

    def test_a_series_held_by_months(self, papers):
        series = self.measure(papers, frequency="month", derivation="pooled_ratio")
        one, issues = self.one(papers, A1)
        assert (one.values[0].stand, one.aim.stand, issues) == (Stand.LEFT, Stand.NEW, [PaperCode.MONTHLY_SERIES])
        by = papers.admin.user
        factories.make_observation(series, Q2, Decimal("27.4"), by, origin="derived", months_present=3)
        one, issues = self.one(papers, A1)
        assert (one.values[0].stand, issues) == (Stand.HELD, [])

    def test_a_value_that_cannot_be(self, papers):
        one, issues = self.one(papers, row("A1 Returns Q2 = 127% Target: 22%"))
        assert (one.values[0].stand, one.aim.stand, issues) == (Stand.LEFT, Stand.NEW, [PaperCode.VALUE_REFUSED])

    def test_a_missing_value_held_with_its_reason_differs(self, papers):
        series = self.measure(papers)
        factories.make_observation(series, Q2, None, papers.admin.user, status="not_available")
        one, _ = self.one(papers, A1)
        assert (one.values[0].stand, one.values[0].held) == (Stand.DIFFERENT, "Not available [x]")

    @pytest.mark.parametrize(
        ("fields", "aims"),
        [
            ({"polarity": "neutral"}, "Target: 22%"),
            ({"polarity": "higher"}, "Target: 22% Tolerance: 28%"),
            ({}, "Target: 22.5%"),
        ],
    )
    def test_a_target_that_its_series_cannot_take(self, papers, fields, aims):
        self.measure(papers, **fields)
        one, issues = self.one(papers, row(f"A1 Returns Q2 = 27% {aims}"))
        assert (one.aim.stand, issues) == (Stand.LEFT, [PaperCode.TARGET_REFUSED])

    def test_a_target_in_another_unit_than_the_value(self, papers):
        one, issues = self.one(papers, row("A1 Returns Q2 = 27% Target: 22 days"))
        assert (one.aim.stand, issues) == (Stand.LEFT, [PaperCode.TARGET_REFUSED])

    def test_a_target_of_a_volumetric_measure(self, papers):
        one, issues = self.one(papers, row("A1 Returns<br>Volumetric measure<br>Q2 = 27 Target: 22"))
        assert (one.aim.stand, issues) == (Stand.LEFT, [PaperCode.TARGET_OF_VOLUMETRIC])

    def test_codes_of_two_measures(self, papers):
        self.measure(papers, "E34", unit="count")
        self.measure(papers, "E35", unit="rate_per_10000")
        one, issues = self.one(papers, row("E34 and 35 T 1677 396 (Q2 average)", "Words."))
        assert (one.is_left, one.values, one.texts, one.asks) == (True, (), {}, ())
        assert issues == [PaperCode.SEVERAL_MEASURES]
        before = counted()
        papers.load(papers.upload(table(row("E34 and 35 T 1677 396 (Q2)", "Words."), row("A9 T Q2 = 5"))), said=A9)
        assert grown(before)["Measure"] == 1

    def test_a_measure_that_ended_before(self, papers):
        series = self.measure(papers)
        Measure.objects.filter(pk=series.measure_id).update(last_quarter=Q1)
        one, issues = self.one(papers, A1)
        assert (one.is_left, issues) == (True, [PaperCode.NO_SERIES])

    def test_a_value_of_another_quarter(self, papers):
        rows = [A1, row("A2 Visits Q1 = 70% Target: 80%")]
        plan = self.plan(papers, *rows)
        assert [one.values[0].stand for one in plan.measures] == [Stand.NEW, Stand.LEFT]
        assert [(issue.code, issue.row) for issue in plan.issues] == [(PaperCode.OTHER_QUARTER, 3)]

    def test_a_text_too_long(self, papers):
        one, issues = self.one(papers, row("A1 Returns Q2 = 27%", "word " * 12_000 + "."))
        assert (one.texts, issues) == ({}, [PaperCode.TEXT_TOO_LONG])

    def test_a_measure_without_any_figure_keeps_its_texts(self, papers):
        said = {"A9": Choice(section="S", kind=Kind.VOLUMETRIC)}
        papers.load(papers.upload(table(row("A9 Visits", "<p>Ours.</p>"))), said=said)
        assert (Series.objects.count(), Pane.objects.get().released) == (0, "<p>Ours.</p>")

    def test_a_slug_in_use(self, papers):
        factories.make_measure(papers.contract, "Other", slug="a9")
        papers.load(papers.upload(table(row("A9 Visits Q2 = 5"))), said=A9)
        assert Measure.objects.get(code="A9").slug == "a9-2"


class TestEarlierPapers:
    def earlier(self, papers):
        content = table(row("A1 Returns Q1 = 25% Target: 22% Tolerance: 28%", "<p>Then.</p>"))
        return papers.upload(content, "q1-2018-19.txt")

    def test_a_measure_starts_with_the_earliest_paper(self, papers):
        papers.load()
        batch = self.earlier(papers)
        [one] = papers.plan(batch, Q1).measures
        assert (one.starts_earlier, one.asks, set(one.stands)) == (True, (), {Stand.NEW})
        papers.load(batch, quarter=Q1, said={})
        measure = Measure.objects.get(code="A1")
        series = measure.series.get()
        assert (measure.first_quarter, series.first_quarter) == (Q1, Q1)
        assert series.definitions.get().from_quarter == Q1
        assert [(row.from_quarter, row.target, row.tolerance) for row in series.targets.all()] == [
            (Q1, 22, 28),
            (Q2, 22, 28),
        ]
        assert Measure.objects.get(code="A4").first_quarter == Q2

    def test_a_series_that_took_over_from_another_does_not_start_before_it(self, papers):
        papers.load()
        measure = Measure.objects.get(code="A1")
        Measure.objects.filter(pk=measure.pk).update(first_quarter=Q2.shift(-4))
        factories.make_series(measure, code="A1", first_quarter=Q2.shift(-4), last_quarter=Q1, polarity="lower")
        [one] = papers.plan(self.earlier(papers), Q1).measures
        assert one.values[0].series.last_quarter == Q1


def test_a_month_is_no_place_for_a_paper(papers):
    """A paper's values are quarters, whatever is held of the months beside them."""
    series = factories.make_series(
        factories.make_measure(papers.contract, "A1", first_quarter=Q2),
        frequency="month",
        derivation="pooled_ratio",
        polarity="lower",
    )
    factories.make_observation(series, Month(2018, 7), 27, papers.admin.user, counts=(27, 100))
    papers.load(papers.upload(docx_of([[("Measure", "Response", "Comment"), A1]]), "q2-2018-19.docx"), said={})
    assert Observation.objects.count() == 1
