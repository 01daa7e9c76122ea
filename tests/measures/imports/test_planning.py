"""What a file would do, compared with what is held."""

from cProfile import Profile
from dataclasses import replace
from decimal import Decimal

import pytest

from measures.derivation import Derivation
from measures.imports.cells import Book
from measures.imports.findings import RowCode
from measures.imports.guessing import guess
from measures.imports.issues import Severity
from measures.imports.mapping import Layout, Mapping
from measures.imports.plan import Kind, Place
from measures.imports.planning import plan
from measures.quarters import Quarter
from measures.terms import Origin
from perfmon.setup.place import ROOT
from tests.measures.imports.samples import (
    AUGUST,
    CONTRACT,
    E1,
    JULY,
    SEPTEMBER,
    Anywhere,
    book,
    codes,
    held,
    items,
    known,
    planned,
)

Q1, Q2 = Quarter(2018, 1), Quarter(2018, 2)
HEAD = ["measure", "series", "period", "value", "numerator", "denominator", "status", "note"]
SHORT = ["measure", "period", "value"]
A2 = (2, Q2)
DERIVED = Origin.DERIVED


def a2(*cells, period="Q2 2018/19"):
    return ["A2", "A2", period, *cells]


def kinds(found):
    return [item.kind.value for item in found.items]


class TestKinds:
    @pytest.mark.parametrize(
        ("row", "holding", "kind"),
        [
            (a2("80"), None, "new"),
            (a2("80"), held("80.000000"), "unchanged"),
            (a2("81"), held(80), "changed"),
            # An empty cell says nothing beside the value that is held.
            (a2("80"), held(80, note="Late data"), "unchanged"),
            (a2("80"), held(80, status="provisional"), "unchanged"),
            (a2("80"), held(80, counts=(120, 150)), "unchanged"),
            (a2("80", "", "", "final"), held(80, status="provisional"), "changed"),
            (a2("80", "", "", "", "Late data"), held(80), "changed"),
            (a2("80", "", "", "", "Late data"), held(80, note="Late data "), "unchanged"),
            (a2("80", "120", "150"), held(80), "changed"),
            (a2("80", "120", "150"), held(80, counts=(120, 150)), "unchanged"),
            (a2("", "120", "150"), held(80, counts=(120, 150)), "unchanged"),
            (a2("", "240", "300"), held(80, counts=(120, 150)), "changed"),
            (a2("[x]"), held(status="not_available"), "unchanged"),
            (a2("[x]"), held(status="suppressed"), "changed"),
            (a2("[x]"), held(80), "changed"),
            (a2("80"), held(status="not_available"), "changed"),
        ],
    )
    def test_against_what_is_held(self, row, holding, kind):
        found = planned(HEAD, row, holding={A2: holding} if holding else {})
        assert codes(found) == []
        [item] = found.items
        assert (item.kind.value, item.old) == (kind, holding)

    def test_what_is_not_said_stays_beside_the_value_held(self):
        holding = {A2: held(80, counts=(120, 150), status="provisional", note="Late data")}
        [item] = planned(HEAD, a2("80", "", "", "", "Mended"), holding=holding).items
        assert (item.entry.numerator, item.entry.denominator) == (120, 150)
        assert (item.entry.status.value, item.entry.note) == ("provisional", "Mended")

    def test_another_value_takes_nothing_over(self):
        holding = {A2: held(80, counts=(120, 150), status="provisional", note="Late data")}
        [item] = planned(HEAD, a2("81"), holding=holding).items
        assert (item.entry.numerator, item.entry.status.value, item.entry.note) == (None, "final", "")

    def test_counts_that_do_not_give_the_value_held_are_not_taken_over(self):
        holding = {A2: held(27, counts=(346, 1281))}
        [item] = planned(HEAD, a2("27", "", "", "", "Mended"), holding=holding).items
        assert (item.entry.value, item.entry.numerator) == (27, None)

    def test_beside_illustrative_counts_the_value_counts_as_printed(self):
        holding = {A2: replace(held("27.010148", counts=(346, 1281)), counts_illustrative=True)}
        assert kinds(planned(HEAD, a2("27"), holding=holding)) == ["unchanged"]
        assert kinds(planned(HEAD, a2("27.1"), holding=holding)) == ["changed"]

    def test_a_value_held_is_not_judged_again(self):
        """Such as a month without its counts, which our own export leaves out where they are illustrative."""
        holding = {(1, JULY): held(27, counts=(346, 1281))}
        assert kinds(planned(SHORT, ["A1", "July 2018", "27"], holding=holding)) == ["unchanged"]


class TestPlaces:
    FROZEN = Place("Q2 2018/19 is in commentary: figures are frozen.")

    def plan(self, *rows, place, holding=None):
        return planned(HEAD, *rows, places={Q2: place}, holding=holding)

    def test_a_closed_quarter_says_why(self):
        found = self.plan(a2("80"), place=self.FROZEN)
        assert codes(found) == [(2, "quarter_closed", "D “value”")]
        assert found.issues[0].why == "Q2 2018/19 is in commentary: figures are frozen."
        assert (found.items, found.refused) == ((), {("", 2)})

    def test_also_to_a_month_of_it(self):
        assert codes(self.plan(["E1", "", "July 2018", "5"], place=self.FROZEN)) == [(2, "quarter_closed", "D “value”")]

    def test_what_is_held_there_is_unchanged(self):
        assert kinds(self.plan(a2("80"), place=self.FROZEN, holding={A2: held(80)})) == ["unchanged"]

    def test_a_quarter_of_which_nothing_is_known(self):
        [issue] = self.plan(a2("80", period="Q3 2018/19"), place=Place()).issues
        assert (issue.code, issue.why) == ("quarter_closed", "The contract has no quarter Q3 2018/19.")

    def test_where_only_new_values_may_come(self):
        place = Place(may_change=False)
        found = self.plan(a2("80"), ["A4", "", "Q2 2018/19", "74"], place=place, holding={A2: held(70)})
        assert codes(found) == [(2, "held_already", "D “value”")]
        assert items(found) == [(3, "2018-Q2", "74", "new")]

    @pytest.mark.parametrize(("holding", "needs"), [({}, False), ({A2: held(70)}, True), ({A2: held(80)}, False)])
    def test_a_change_may_need_a_reason(self, holding, needs):
        found = self.plan(a2("80"), place=Place(needs_reason=True), holding=holding)
        assert (found.needs_reason, found.items[0].needs_reason) == (needs, needs)

    def test_a_first_value_may_need_a_reason(self):
        assert self.plan(a2("80"), place=Place(needs_reason=True, first_needs_reason=True)).needs_reason


class TestDerivedQuarters:
    """E1 is typed by month; its quarter is their mean."""

    MONTHS = (("July 2018", "10"), ("August 2018", "20"), ("September 2018", "31"))

    def plan(self, *values, holding=None, series=CONTRACT):
        return planned(SHORT, *[["E1", *pair] for pair in values], holding=holding, series=series)

    def holding(self, value="20.333333", **fields):
        return {(5, Q2): held(value, origin=DERIVED, **fields)}

    @pytest.mark.parametrize("value", ["20", "20.3", "20.33", "20.333333", "20.0"])
    def test_as_held_at_its_own_decimals(self, value):
        found = self.plan(("Q2 2018/19", value), holding=self.holding())
        if value == "20.0":
            assert codes(found) == [(2, "quarter_is_derived", "C “value”")]
        else:
            assert items(found) == [(5, "2018-Q2", value, "unchanged")]

    def test_another_value_is_refused(self):
        found = self.plan(("Q2 2018/19", "21"), holding=self.holding())
        [issue] = found.issues
        assert (issue.code, issue.why) == (
            "quarter_is_derived",
            "The quarter of E1 is derived from its months, which give 20.",
        )
        assert issue.remedy == "Enter July, August and September 2018, and leave the quarter out."
        assert (found.items, found.refused) == ((), {("", 2)})

    def test_nothing_held(self):
        [issue] = self.plan(("Q2 2018/19", "21")).issues
        assert issue.why.endswith("which give nothing.")

    def test_beside_months_that_give_it(self):
        found = self.plan(*self.MONTHS, ("Q2 2018/19", "20.3"))
        assert kinds(found) == ["new"] * 3
        assert found.told == (
            "Quarters that agree with their months in this file, from which they will be derived: 1.",
        )

    def test_beside_months_that_do_not(self):
        found = self.plan(("Q2 2018/19", "25"), *self.MONTHS)
        assert codes(found) == [(2, "quarter_is_derived", "C “value”")]
        assert kinds(found) == ["new"] * 3

    def test_months_held_and_one_in_the_file(self):
        holding = {(5, JULY): held(10), (5, AUGUST): held(20), (5, SEPTEMBER): held(0), **self.holding("10")}
        found = self.plan(("September 2018", "31"), ("Q2 2018/19", "20.3"), holding=holding)
        assert (kinds(found), codes(found)) == (["changed"], [])
        stale = self.plan(("September 2018", "31"), ("Q2 2018/19", "10"), holding=holding)
        assert codes(stale) == [(3, "quarter_is_derived", "C “value”")]

    def test_unchanged_months_and_quarter(self):
        holding = {(5, JULY): held(10), (5, AUGUST): held(20), (5, SEPTEMBER): held(31), **self.holding()}
        assert kinds(self.plan(*self.MONTHS, ("Q2 2018/19", "20.333333"), holding=holding)) == ["unchanged"] * 4

    def test_a_symbol(self):
        holding = {(5, Q2): held(status="not_available", origin=DERIVED)}
        assert kinds(self.plan(("Q2 2018/19", "[x]"), holding=holding)) == ["unchanged"]
        assert codes(self.plan(("Q2 2018/19", "[z]"), holding=holding)) == [(2, "quarter_is_derived", "C “value”")]
        assert codes(self.plan(("Q2 2018/19", "[x]"), holding=self.holding())) == [
            (2, "quarter_is_derived", "C “value”")
        ]

    def test_symbols_of_months_in_the_file(self):
        found = self.plan(("July 2018", "[x]"), ("August 2018", "[x]"), ("Q2 2018/19", "[x]"))
        assert (kinds(found), codes(found)) == (["new", "new"], [])

    def test_without_knowing_how_it_is_derived(self):
        unknown = (replace(E1, derivation=Derivation.ENTERED),)
        found = self.plan(*self.MONTHS, ("Q2 2018/19", "20.3"), series=unknown, holding=self.holding("20.25"))
        assert codes(found) == []

    def test_a_closed_quarter_does_not_matter_to_what_is_not_written(self):
        places = {Q2: Place("Closed.")}
        found = planned(SHORT, ["E1", "Q2 2018/19", "20"], holding=self.holding(), places=places)
        assert kinds(found) == ["unchanged"]


class TestWarnings:
    def said(self, found):
        return [(one.row, str(one.code), one.severity) for one in found.issues]

    @pytest.mark.parametrize(
        ("cells", "warned"),
        [
            (["80", "120", "150"], False),
            (["70", "148", "210"], False),
            (["70.5", "148", "210"], False),
            (["70.48", "148", "210"], False),
            (["70.4", "148", "210"], True),
            (["70.0", "148", "210"], True),
            (["71", "148", "210"], True),
        ],
    )
    def test_a_value_that_its_counts_do_not_give(self, cells, warned):
        found = planned(HEAD, a2(*cells))
        assert self.said(found) == ([(2, "counts_disagree", Severity.WARNING)] if warned else [])
        assert found.refused == frozenset()
        expected = Decimal(100) * Decimal(cells[1]) / Decimal(cells[2])
        assert found.items[0].entry.value == round(expected, 6)

    @pytest.mark.parametrize(("value", "warned"), [("0.70", False), ("0.705", False), ("0.700", True)])
    def test_a_share_is_held_to_the_decimals_of_its_percentage(self, value, warned):
        found = planned(HEAD, a2(value, "148", "210"), answers={"shares": "times_100"})
        assert bool(found.issues) is warned

    def test_says_both(self):
        [issue] = planned(HEAD, a2("71", "148", "210")).issues
        assert issue.why == "The value is 71%, and 148 of 210 is 70%."

    def test_a_jump_of_scale_against_the_past(self):
        series = (known(2, "A2", "A2", "Assessments in time", usual=["80", "82", "85", "84"]),)
        answers = {"shares": "as_they_are"}
        found = planned(SHORT, ["A2", "Q2 2018/19", "0.85"], series=series, answers=answers)
        assert self.said(found) == [(2, "scale_jump", Severity.WARNING)]
        assert found.issues[0].why == "Q2 2018/19: 0.85% is about 100 times smaller than usual (83%). Did you mean 85%?"
        assert kinds(found) == ["new"]

    def test_against_the_rest_of_the_file_where_little_is_held(self):
        values = ["1898", "1790", "1850", "189"]
        months = [Q1.months[0], *Q2.months]
        rows = [["E1", month.label, value] for month, value in zip(months, values, strict=True)]
        assert self.said(planned(SHORT, *rows)) == [(5, "scale_jump", Severity.WARNING)]
        assert self.said(planned(SHORT, rows[3], *rows[:3])) == [(2, "scale_jump", Severity.WARNING)]

    def test_outside_the_usual(self):
        series = (known(2, "A2", "A2", "Assessments in time", usual=["80", "82", "81", "82", "80"]),)
        found = planned(SHORT, ["A2", "Q2 2018/19", "60"], series=series)
        assert self.said(found) == [(2, "outside_usual", Severity.WARNING)]

    def test_an_illustrative_figure_would_lose_its_mark(self):
        head = [*SHORT, "illustrative"]
        found = planned(head, ["A2", "Q2 2018/19", "60", "illustrative"])
        assert self.said(found) == [(2, "illustrative", Severity.WARNING)]

    def test_nothing_is_said_of_what_does_not_change(self):
        head = [*SHORT, "illustrative"]
        found = planned(head, ["A2", "Q2 2018/19", "60", "illustrative"], holding={A2: held(60)})
        assert (kinds(found), found.issues) == (["unchanged"], ())


class TestDigest:
    ROWS = (a2("80"), ["A4", "", "Q2 2018/19", "74"])

    def digest(self, *rows, **more):
        return planned(HEAD, *(rows or self.ROWS), **more).digest

    def test_the_same_plan_has_the_same(self):
        assert self.digest() == self.digest()
        assert len(self.digest()) == 64

    def test_any_other_has_another(self):
        others = [
            self.digest(),
            self.digest(*self.ROWS[:1]),
            self.digest(a2("80.5"), self.ROWS[1]),
            self.digest(a2("80", "", "", "provisional"), self.ROWS[1]),
            self.digest(a2("80", "", "", "", "A note"), self.ROWS[1]),
            self.digest(holding={A2: held(70)}),
            self.digest(holding={A2: held(70, version=2)}),
            self.digest(holding={A2: held(80)}),
            self.digest(places={Q2: Place("Closed.")}),
            self.digest(holding={A2: held(70)}, places={Q2: Place(needs_reason=True)}),
            self.digest(answers={"date_order": "day_first"}),
        ]
        assert len(set(others)) == len(others)

    def test_another_file_has_another(self):
        found, known_series = book(HEAD, *self.ROWS), CONTRACT
        mapping = guess(found, known_series)
        digests = {
            plan(found, mapping, known=known_series, held={}, places=Anywhere(), source=source).digest
            for source in ("a", "b")
        }
        assert len(digests) == 2


class TestWhatCannotBePlanned:
    def plan(self, mapping, found=None):
        file = found or book(HEAD, a2("80"))
        return plan(file, mapping, known=CONTRACT, held={}, places=Anywhere(), source="")

    def test_a_mapping_that_lacks_something(self):
        found = self.plan(Mapping("", 1, Layout.LONG, {}))
        assert (found.items, found.issues, found.refused) == ((), (), frozenset())
        assert found.told[0] == "Choose the column that names the measure or the series."

    def test_open_data(self):
        found = self.plan(Mapping("", 1, Layout.TIDY, {}))
        assert [(one.code, one.remedy) for one in found.issues] == [(RowCode.TIDY_LAYOUT, "Import it as benchmarks.")]

    @pytest.mark.parametrize("change", [{"sheet": "Gone"}, {"header_row": 99}])
    def test_a_mapping_of_another_file(self, change):
        mapping = replace(guess(book(HEAD, a2("80")), CONTRACT), **change)
        assert self.plan(mapping).items == ()

    def test_what_the_file_tells_comes_first(self):
        file = replace(book(HEAD, a2("80"), a2("")), told=("One sheet is hidden.",))
        found = self.plan(guess(file, CONTRACT), file)
        assert found.told == ("One sheet is hidden.", "Left out, without a value or a status: 1 row.")

    def test_an_empty_book(self):
        assert self.plan(guess(Book(()), CONTRACT), Book(())).items == ()


def test_items_stand_in_the_order_of_the_file():
    rows = [a2("80"), ["E1", "", "Q2 2018/19", "20"], ["A4", "", "Q2 2018/19", "74"]]
    found = planned(HEAD, *rows, holding={(5, Q2): held(20, origin=DERIVED)})
    assert [(item.row, item.kind) for item in found.items] == [(2, Kind.NEW), (3, Kind.UNCHANGED), (4, Kind.NEW)]


@pytest.mark.parametrize("code", RowCode)
def test_every_code_is_explained(code):
    assert f"| `{code.value}` |" in (ROOT / "docs" / "imports.md").read_text(encoding="utf-8")


def calls(count: int) -> int:
    """How many function calls it takes to plan so many rows, all of them for other keys."""
    series = [known(number, f"M{number}", f"M{number}", f"Series {number}") for number in range(count // 10)]
    quarters = [Q2.shift(-back) for back in range(10)]
    rows = [
        [one.code, one.code, quarter.label, "", str(100 + back), "1000", "final", "A note"]
        for one in series
        for back, quarter in enumerate(quarters)
    ]
    file = book(HEAD, *rows)
    mapping = guess(file, series)
    profile = Profile()
    found = profile.runcall(plan, file, mapping, known=series, held={}, places=Anywhere(), source="")
    assert len(found.items) == count
    return sum(each.callcount for each in profile.getstats())


def test_the_work_grows_as_the_rows_do():
    few, many = calls(200), calls(800)
    assert many < 4.2 * few


def test_nor_does_one_series_or_one_key_in_all_rows_make_it_longer():
    series = [known(1, "A2", "A2", "Assessments in time", first_quarter=Quarter(1950, 1))]

    def work(rows):
        file = book(SHORT, *rows)
        mapping = guess(file, series)
        profile = Profile()
        profile.runcall(plan, file, mapping, known=series, held={}, places=Anywhere(), source="")
        return sum(each.callcount for each in profile.getstats())

    def of_one_series(count):
        return [["A2", Q2.shift(-back).label, "80"] for back in range(count)]

    assert work(of_one_series(240)) < 4.2 * work(of_one_series(60))
    assert work([["A2", Q2.label, "80"]] * 800) < 4.4 * work([["A2", Q2.label, "80"]] * 200)
