"""Charts that the tests of measures.charts draw."""

from datetime import date
from decimal import Decimal

from measures.charts.description import Break, Chart, Line, Point, Step, build

ENDS = ((6, 30), (9, 30), (12, 31), (3, 31))


def quarter_point(number: int, value: str | None, **marks) -> Point:
    """The `number`th quarter counted from Q1 2015/16 as 0, a percentage."""
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
