"""Charts that the tests of measures.charts draw."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from measures.charts.description import Break, Chart, Limits, Line, Mark, Point, Step, build
from measures.quarters import Month

ENDS = ((6, 30), (9, 30), (12, 31), (3, 31))


def quarter_point(number: int, value: str | None, **marks) -> Point:
    """The `number`th quarter counted from Q1 2015/16 as 0, a percentage; without a value not available."""
    if value is None:
        marks.setdefault("symbol", "[x]")
    years, quarter = divmod(number, 4)
    start = 2015 + years
    month, day = ENDS[quarter]
    name = f"{start % 100}/{(start + 1) % 100}"
    return Point(
        at=date(start + (quarter == 3), month, day),
        label=f"Q{quarter + 1} 20{name}",
        short=f"Q{quarter + 1} {name}",
        value=None if value is None else Decimal(value),
        text="" if value is None else f"{value}%",
        **marks,
    )


def quarters(values: list[str | None], first: int = 1, **marks) -> list[Point]:
    return [quarter_point(first + i, value, **marks) for i, value in enumerate(values)]


def step(target: str | None, tolerance: str | None, start=date(2015, 4, 1), end=date(2030, 3, 31)) -> Step:
    return Step(
        start,
        end,
        None if target is None else Decimal(target),
        None if tolerance is None else Decimal(tolerance),
        "" if target is None else f"target {target}%",
        "" if tolerance is None else f"tolerance {tolerance}%",
    )


def neighbours(*pairs: tuple[str, str]) -> list[Line]:
    return [Line(name, date(2017, 4, 1), date(2018, 3, 31), Decimal(value), f"{value}%") for name, value in pairs]


def trend(points: list[Point], unit: str = "percent", **parts) -> Chart:
    return build(title="Trend", subject="B8", unit=unit, frequency="quarter", points=points, **parts)


def b8() -> Chart:
    """Thirteen quarters from 90% to 70%, the last one real."""
    values = ["90", "91", "92", "89", "90", "91", "88", "86", "84", "80", "78", "78"]
    last = quarter_point(13, "70", numerator=147, denominator=210, rating="Off target")
    return trend([*quarters(values, illustrative=True), last], steps=[step("90", "85")])


def fo1() -> Chart:
    """Gaps, a provisional point, a target that changes and a new definition."""
    values = ["84", "86", None, "80", None, None, "74", "70", "73", "73", "74"]
    points = [*quarters(values), quarter_point(12, "74", provisional=True), quarter_point(13, "84")]
    steps = [step("85", "75", end=date(2017, 3, 31)), step("90", "80", start=date(2017, 4, 1))]
    return trend(points, steps=steps, breaks=[Break(date(2017, 4, 1), "Counts all children")])


def a1() -> Chart:
    """Lower is better, with four benchmarks close together."""
    values = ["24", "25", "26", "24", "25", "26", "25", "26", "24", "26", "25", "26", "27"]
    lines = neighbours(
        ("Doncaster", "25.5"), ("Yorkshire and The Humber", "22.9"), ("England", "21.9"), ("Neighbours", "20.5")
    )
    return trend(quarters(values), steps=[step("22", "28")], benchmarks=lines)


def limits(start: date, end: date, mean: str, lower: str, upper: str, trial: bool = False, sign: str = "%") -> Limits:
    numbers = [Decimal(mean), Decimal(lower), Decimal(upper)]
    return Limits(start, end, *numbers, trial, *(f"{number}{sign}" for number in (mean, lower, upper)))


def signals() -> Chart:
    """Limits, signals of both kinds, an interval, benchmarks with a comparability and an event."""
    values = ["90", "91", "92", "89", "90", "91", "88", "86", "84", "80", "78", "78"]
    points = quarters(values)
    points[2] = replace(points[2], signal="improvement", signal_text="seven above the mean")
    for index in (9, 10, 11):
        points[index] = replace(points[index], signal="concern", signal_text="seven below the mean")
    last = quarter_point(
        13,
        "70",
        numerator=147,
        denominator=210,
        rating="Off target",
        low=Decimal("63.49"),
        high=Decimal("75.79"),
        signal="concern",
        signal_text="below the lower limit",
    )
    year = (date(2017, 4, 1), date(2018, 3, 31))
    lines = [
        Line("England", *year, Decimal(82), "82%", comparability="close"),
        Line("Statistical neighbours (mean)", *year, Decimal(79), "79%", comparability="same"),
    ]
    return trend(
        [*points, last],
        steps=[step("90", "85")],
        benchmarks=lines,
        limits=[limits(date(2015, 4, 1), date(2018, 9, 30), "85.2", "76.4", "94.1")],
        marks=[Mark(date(2017, 11, 3), "note", "Legal team restructure agreed")],
    )


def month_point(number: int, value: str | None, **marks) -> Point:
    """The `number`th month counted from October 2015 as 0, a percentage."""
    month = Month(2015, 10).shift(number)
    held = None if value is None else Decimal(value)
    return Point(month.end, month.label, month.short, held, "" if value is None else f"{value}%", **marks)


MONTHS = "75 75 83 71 79 71 84 81 85 78 - 79 77 81 75 79 83 80 78 89 80 78 66 64 65 65 72 66 67 68 72 65 64 73 62 65"


def months() -> Chart:
    """Thirty-six months with everything: two segments, one of them a trial, five marks, a gap, every kind of point."""
    points = [month_point(i, None if value == "-" else value) for i, value in enumerate(MONTHS.split())]
    for index in range(5):
        points[index] = replace(points[index], illustrative=True)
    for index in (22, 23, 24, 25):
        points[index] = replace(points[index], signal="concern", signal_text="below the lower limit")
    for index in (33, 35):
        points[index] = replace(points[index], signal="improvement", signal_text="above the upper limit")
    points[34] = replace(points[34], provisional=True)
    return build(
        title="B8 months",
        subject="B8",
        unit="percent",
        frequency="month",
        points=points,
        polarity="higher",
        steps=[step("90", "85", end=date(2017, 3, 31)), step("80", "75", start=date(2017, 4, 1))],
        limits=[
            limits(date(2015, 10, 1), date(2017, 11, 30), "80.1", "68.2", "92.0"),
            limits(date(2017, 12, 1), date(2018, 9, 30), "66.4", "57.1", "75.6", trial=True),
        ],
        marks=[
            Mark(date(2017, 12, 1), "rebase", "New service model"),
            Mark(date(2016, 4, 1), "break", "Counts all children"),
            Mark(date(2017, 11, 3), "note", "Restructure"),
            Mark(date(2017, 11, 20), "note", "Inspection by the regulator"),
            Mark(date(2018, 5, 9), "note", "New court"),
        ],
    )


def cohort() -> Chart:
    """A small cohort: whiskers, and an upper limit above 100%."""
    rows = ("75 53 89", "74 51 88", "85 64 95", "95 75 99", "72 49 88", "63 41 81", "80 58 92", "79 57 91")
    points = []
    for index, row in enumerate(rows):
        value, low, high = row.split()
        points.append(quarter_point(6 + index, value, low=Decimal(low), high=Decimal(high)))
    return trend(
        points,
        steps=[step("90", "80")],
        limits=[limits(date(2016, 7, 1), date(2018, 9, 30), "77.9", "52.1", "108.3")],
    )


def contacts() -> Chart:
    """A volumetric count with neutral signals."""
    points = []
    for index, value in enumerate((1502, 1540, 1480, 1610, 1700, 1690, 1720, 1650, 1800, 1850, 1790, 1820, 1898)):
        point = replace(quarter_point(index + 1, "1"), value=Decimal(value), text=f"{value:,}")
        points.append(replace(point, signal="neutral", signal_text="seven above the mean") if index > 7 else point)
    return build(
        title="Contacts",
        subject="Contacts",
        unit="count",
        frequency="quarter",
        points=points,
        polarity="neutral",
        limits=[limits(date(2015, 7, 1), date(2018, 9, 30), "1696", "1502", "1890", sign="")],
    )


EVERY = {"b8": b8, "fo1": fo1, "a1": a1, "signals": signals, "months": months, "cohort": cohort, "contacts": contacts}
