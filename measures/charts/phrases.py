"""What the sentences about a chart are put together from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation

from measures.charts.parts import BREAK, CONCERN, IMPROVEMENT, NEUTRAL, NOTE, REBASE, Chart, Limits, Mark, Point, Step
from measures.numbers import MINUS, Unit, value_text
from measures.quarters import date_words

KIND_WORDS = {NOTE: "event", BREAK: "new definition", REBASE: "limits computed anew"}
SIGNAL_WORDS = {IMPROVEMENT: "improvement", CONCERN: "concern", NEUTRAL: "change"}
SYMBOL_WORDS = {"[x]": "not available", "[c]": "suppressed", "[z]": "not applicable"}


def cohort_text(point: Point) -> str:
    """ "147 of 210", or nothing where the two counts are not both held."""
    if point.numerator is None or point.denominator is None:
        return ""
    return f"{_count(point.numerator)} of {_count(point.denominator)}"


def _count(number: Decimal | int) -> str:
    plain = f"{Decimal(number):,f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def aim_of(point: Point, chart: Chart) -> Step | None:
    return next((step for step in chart.steps if step.start <= point.at <= step.end), None)


def printed(point: Point) -> Decimal:
    """The value as printed, which is what the contract compares."""
    number = point.text.split(" ")[0].rstrip("%").replace(",", "").replace(MINUS, "-")
    try:
        return Decimal(number)
    except InvalidOperation:
        return point.value or Decimal(0)


def limit_texts(part: Limits, chart: Chart) -> tuple[str, str, str]:
    """Mean, lower and upper limit as printed."""
    given = ((part.mean_text, part.mean), (part.lower_text, part.lower), (part.upper_text, part.upper))
    mean, lower, upper = (text or figure_text(value, chart, 1) for text, value in given)
    return mean, lower, upper


def mark_text(mark: Mark) -> str:
    """ "1, new definition, 1 April 2017: Counts all children"."""
    kind, text = KIND_WORDS[mark.kind], mark.text.rstrip(".")
    named = f"{mark.number}, {kind}, {date_words(mark.at)}"
    return named if not text or text.lower() == kind else f"{named}: {text}"


def spans(chosen: Sequence[Point], chart: Chart) -> str:
    """Periods by name, three and more in a row as "Q2 2017/18 to Q4 2017/18"."""
    runs: list[list[Point]] = []
    order = {point.at: index for index, point in enumerate(chart.points)}
    for point in chosen:
        if runs and order[point.at] == order[runs[-1][-1].at] + 1:
            runs[-1].append(point)
        else:
            runs.append([point])
    names: list[str] = []
    for run in runs:
        names += [f"{run[0].label} to {run[-1].label}"] if len(run) > 2 else [point.label for point in run]
    return listed(names)


def listed(names: Iterable[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def figure_text(value: Decimal, chart: Chart, decimals: int) -> str:
    return value_text(value, Unit(chart.unit), decimals)


def points_words(number: int) -> str:
    return "1 point" if number == 1 else f"{number} points"


def have(number: int) -> str:
    return "has" if number == 1 else "have"


def are(number: int) -> str:
    return "is" if number == 1 else "are"
