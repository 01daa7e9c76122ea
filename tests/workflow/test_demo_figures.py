"""The demonstration's figures: what the paper states comes out of them, and what it does not is marked."""

from decimal import Decimal

import pytest

from measures.derivation import Derivation, Part, derive
from measures.numbers import Unit, round_half_up
from measures.quarters import Quarter
from measures.rating import Polarity, rate
from workflow.demo_files import read

DATA = read()
SERIES = DATA.series
HELD = {(row.series, row.period): row for row in DATA.observations}
LAST = Quarter(2018, 2)
QUARTERS = [LAST.shift(-back) for back in range(12, -1, -1)]
MONTHLY = {"A1", "CiC", "CPP", "DUAL", "CiN", "B8", "E1", "E34", "E18"}


def months_of(quarter):
    return [month.code for month in quarter.months]


def half_year(first, last):
    return [f"{first[:5]}{month:02d}" for month in range(int(first[5:]), int(last[5:]) + 1)]


def quarter_of(code, quarter):
    """Value, numerator and denominator of the quarter as the product holds them."""
    series = SERIES[code]
    if series.frequency == "quarter":
        row = HELD[code, quarter.code]
        return row.result, row.numerator, row.denominator
    rows = [HELD[code, month] for month in months_of(quarter)]
    parts = [Part(row.result, row.numerator, row.denominator) for row in rows]
    derived = derive(Derivation(series.derivation), parts, Unit(series.unit))
    return derived.value, derived.numerator, derived.denominator


def printed(code, quarter):
    value = quarter_of(code, quarter)[0]
    return None if value is None else int(round_half_up(value, SERIES[code].decimals))


def quarter(code):
    return Quarter.parse(code)


def mean_cases(months):
    return sum(HELD["B8", month].denominator for month in months) / len(months)


def test_three_of_eight_rated_measures_are_on_target():
    ratings = {}
    for code, series in SERIES.items():
        if series.targets:
            target, value = series.targets[-1], quarter_of(code, LAST)[0]
            polarity = Polarity(series.polarity)
            rating = rate(value, target.target, target.tolerance, polarity, series.decimals)
            ratings[code] = str(rating.status)
    assert ratings == {
        "A1": "amber",
        "A2": "green",
        "A3": "green",
        "A4": "red",
        "A8": "amber",
        "B8": "red",
        "B13": "green",
        "FO1": "amber",
    }


def test_every_series_covers_every_period_and_no_other():
    expected = {
        (code, period)
        for code in SERIES
        for q in QUARTERS
        for period in (months_of(q) if code in MONTHLY else [q.code])
    }
    assert set(HELD) == expected | {("E1", "2018-10"), ("B8", "2018-10")}
    assert len(HELD) == len(DATA.observations)


def test_what_is_not_illustrative():
    assert {key for key, row in HELD.items() if not row.illustrative} == {
        ("A2", "2018-Q2"),
        ("A3", "2018-Q2"),
        ("A4", "2018-Q1"),
        ("A4", "2018-Q2"),
        ("CiC", "2018-09"),
        ("CPP", "2018-09"),
        ("DUAL", "2018-09"),
        ("CiN", "2018-09"),
        ("A8", "2018-Q2"),
        ("B8", "2018-09"),
        ("FO1", "2017-Q4"),
        ("FO1", "2018-Q1"),
        ("FO1", "2018-Q2"),
        ("E35", "2018-Q2"),
        ("E19", "2018-Q2"),
    }
    assert {key for key, row in HELD.items() if row.counts_illustrative} == set()


def test_derived_quarters_of_the_paper_come_out_of_the_months():
    claimed = {
        (code, entry.quarter): (entry.value, entry.counts_illustrative)
        for code, series in SERIES.items()
        for entry in series.paper_quarters
    }
    assert claimed == {
        ("A1", "2018-Q2"): (27, True),
        ("CiC", "2018-Q2"): (80, False),
        ("CPP", "2018-Q2"): (83, False),
        ("DUAL", "2018-Q2"): (76, False),
        ("CiN", "2018-Q2"): (66, False),
        ("B8", "2018-Q2"): (70, False),
        ("E1", "2018-Q2"): (1898, False),
        ("E34", "2018-Q2"): (1677, False),
        ("E18", "2018-Q2"): (589, False),
    }
    for (code, period), (value, _) in claimed.items():
        assert printed(code, quarter(period)) == value


def test_figures_of_the_paper_that_are_entered():
    assert {code: printed(code, LAST) for code in ("A2", "A3", "A4", "A8", "E35", "E19")} == {
        "A2": 91,
        "A3": 100,
        "A4": 74,
        "A8": 94,
        "E35": 396,
        "E19": 89,
    }


@pytest.mark.parametrize("code", ["E1", "E34", "E18"])
def test_monthly_counts_are_whole_and_their_mean_is_exact(code):
    assert all(HELD[code, month].value % 1 == 0 for q in QUARTERS for month in months_of(q))
    assert quarter_of(code, LAST)[0] == {"E1": 1898, "E34": 1677, "E18": 589}[code]


def test_demand_moves_as_the_texts_say():
    before = LAST.previous
    assert [printed("E1", q) for q in (before, LAST)] == [1861, 1898]
    assert [printed("E34", q) for q in (before, LAST)] == [1704, 1677]
    assert [printed("E18", q) for q in (before, LAST)] == [574, 589]
    assert [printed("E35", q) for q in (before, LAST)] == [402, 396]
    assert [printed("E19", q) for q in (before, LAST)] == [87, 89]


def test_the_pairs_imply_two_populations():
    assert [
        int(round_half_up(10000 * quarter_of(n, LAST)[0] / quarter_of(rate_, LAST)[0], 0))
        for n, rate_ in (("E34", "E35"), ("E18", "E19"))
    ] == [42348, 66180]


def test_a1_rises_slightly_with_fewer_referrals_and_as_many_re_referrals():
    assert [printed("A1", q) for q in (LAST.previous, LAST)] == [26, 27]
    halves = []
    for first, second in (("2017-Q1", "2017-Q2"), ("2018-Q1", "2018-Q2")):
        parts = [quarter_of("A1", quarter(code)) for code in (first, second)]
        halves.append(tuple(sum(part[i] for part in parts) for i in (1, 2)))
    assert halves == [(690, 2760), (690, 2604)]


def test_a1_of_2017_18_agrees_with_the_benchmark_for_doncaster():
    parts = [quarter_of("A1", Quarter(2017, number)) for number in (1, 2, 3, 4)]
    share = 100 * sum(part[1] for part in parts) / sum(part[2] for part in parts)
    assert round_half_up(share, 1) == Decimal("25.5")


def test_a4_is_a_value_without_counts_and_rises_from_70():
    assert {HELD["A4", q.code].numerator for q in QUARTERS} == {None}
    assert [printed("A4", q) for q in (LAST.previous, LAST)] == [70, 74]


def test_a4_subgroups_in_june_and_september():
    assert {code: (printed(code, LAST.previous), printed(code, LAST)) for code in ("CiC", "CPP", "DUAL", "CiN")} == {
        "CiC": (85, 80),
        "CPP": (88, 83),
        "DUAL": (75, 76),
        "CiN": (60, 66),
    }


def test_b8_cases_rise_every_month_over_the_year():
    cases = {period: row.denominator for (code, period), row in HELD.items() if code == "B8"}
    year = [cases[f"2017-{m:02d}"] for m in range(9, 13)]
    year += [cases[f"2018-{m:02d}"] for m in range(1, 10)]
    assert (year[0], year[-1], len(year)) == (163, 210, 13)
    assert all(later > earlier for earlier, later in zip(year, year[1:], strict=False))
    before = [cases[month] for month in half_year("2017-04", "2017-09")]
    assert before == sorted(set(before))


def test_b8_mean_cases_of_both_half_years():
    assert mean_cases(half_year("2018-04", "2018-09")) == 195
    assert mean_cases(half_year("2017-04", "2017-09")) == 154


def test_b8_declines_to_147_of_210():
    assert quarter_of("B8", LAST) == (70, 147, 210)
    assert [printed("B8", q) for q in QUARTERS[-8:]] == [90, 91, 88, 86, 84, 80, 78, 70]


def test_october_is_held_for_e1_and_b8_alone():
    october = [row for (_, period), row in HELD.items() if period == "2018-10"]
    assert [(row.series, row.illustrative) for row in october] == [("B8", True), ("E1", True)]


def test_fo1_counts_of_the_paper():
    assert quarter_of("FO1", quarter("2017-Q4")) == (73, None, None)
    assert quarter_of("FO1", quarter("2018-Q1"))[1:] == (14, 19)
    assert quarter_of("FO1", LAST)[1:] == (16, 19)


def test_fo1_was_good_then_fell_three_times_and_has_risen_twice_since():
    values = [quarter_of("FO1", q)[0] for q in QUARTERS]
    assert all(value >= 90 for value in values[:8])
    assert values[7] > values[8] > values[9] > values[10]
    assert values[10] < values[11] < values[12]
    assert [printed("FO1", q) for q in QUARTERS[7:]] == [91, 87, 81, 73, 74, 84]


def test_one_gap_says_why():
    gaps = [row for row in DATA.observations if row.result is None]
    assert [(row.series, row.period, row.status, bool(row.note)) for row in gaps] == [
        ("B13", "2016-Q4", "not_available", True)
    ]
