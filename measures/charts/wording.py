"""A chart in words: its text alternative, and a sentence for each point.

Everything that a sighted reader sees is said, and nothing else; which side of a target is the
good one is not judged beyond whether it was met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from measures.charts.parts import Chart, Line, Point, Step, drawn_limits
from measures.charts.phrases import (
    KIND_WORDS,
    SIGNAL_WORDS,
    SYMBOL_WORDS,
    aim_of,
    are,
    cohort_text,
    figure_text,
    have,
    limit_texts,
    listed,
    mark_text,
    points_words,
    printed,
    spans,
)
from measures.numbers import number_text


def summary(subject: str, chart: Chart) -> str:
    """The whole chart, the movement first; what it does not hold is not mentioned."""
    sentences = [
        f"{_movement(subject, chart.points)}{_aim_now(chart)}.",
        *_extremes(chart),
        *_earlier_aims(chart),
        *_met(chart),
        *_interval(chart),
        *_limits(chart),
        *_signals(chart),
        *_marks(chart),
        *_benchmarks(chart),
        *_gaps(chart),
        *_kinds(chart),
    ]
    if chart.axis.note:
        sentences.append(f"The {chart.axis.note}.")
    return " ".join(sentences)


def walk(chart: Chart) -> tuple[str, ...]:
    """One sentence for each point, gaps too: "Q1 2018/19: 74%, 14 of 19, below target 90%, illustrative"."""
    return tuple(f"{label}: {', '.join(rows)}" for label, *rows in (rows_of(point, chart) for point in chart.points))


def rows_of(point: Point, chart: Chart) -> list[str]:
    """The period, then what the chart says of its point, one thing after another."""
    if point.value is None:
        why = f"{SYMBOL_WORDS.get(point.symbol, '')} {point.symbol}".strip()
        rows = ["no value", why] if why else ["no value yet"]
    else:
        rows = [point.text, cohort_text(point), _against(point, chart), _interval_of(point, chart)]
        if point.signal:
            rows.append(": ".join(t for t in (f"signal of {SIGNAL_WORDS[point.signal]}", point.signal_text) if t))
        rows += ["provisional" if point.provisional else "", "illustrative" if point.illustrative else ""]
    return [point.label, *(row for row in [*rows, *_begun(point, chart)] if row)]


def _against(point: Point, chart: Chart) -> str:
    """ "below target 90% (off target)": the side is a fact, the rating in brackets the contract's."""
    step = aim_of(point, chart)
    side = ""
    if step and step.target is not None and step.target_text:
        value = printed(point)
        word = "at" if value == step.target else "below" if value < step.target else "above"
        side = f"{word} {step.target_text}"
    rating = (point.rating or "").lower()
    return f"{side} ({rating})" if side and rating else side or rating


def _interval_of(point: Point, chart: Chart) -> str:
    if point.low is None or point.high is None:
        return ""
    return f"95% interval {number_text(point.low, 1)} to {figure_text(point.high, chart, 1)}"


def _begun(point: Point, chart: Chart) -> list[str]:
    """The marks since the point before: what one passes on the way."""
    before = [other.at for other in chart.points if other.at < point.at]
    since = max(before) if before else None
    passed = [mark for mark in chart.marks if mark.at <= point.at and (since is None or mark.at > since)]
    return [f"mark {mark.number}: {mark.text or KIND_WORDS[mark.kind]}" for mark in passed]


# Sentences of the summary


def _held(chart: Chart) -> list[Point]:
    return [point for point in chart.points if point.value is not None]


def _movement(subject: str, points: Sequence[Point]) -> str:
    held = [point for point in points if point.value is not None]
    if not held:
        return f"{subject} has no values from {points[0].label} to {points[-1].label}"
    first, last = held[0], held[-1]
    if first is last:
        return f"{subject} was {last.text} in {last.label}"
    if first.text == last.text:
        return f"{subject} was {last.text} in both {first.label} and {last.label}"
    verb = "rose" if (first.value or 0) < (last.value or 0) else "fell"
    return f"{subject} {verb} from {first.text} in {first.label} to {last.text} in {last.label}"


def _aim_now(chart: Chart) -> str:
    words = _aim_words(chart.steps[-1]) if chart.steps and chart.steps[-1].end >= chart.points[-1].at else ""
    return f"; {words}" if words else ""


def _aim_words(step: Step) -> str:
    return ", ".join(text for text in (step.target_text, step.tolerance_text) if text)


def _earlier_aims(chart: Chart) -> list[str]:
    """Targets that are no longer in force, each up to its last period shown."""
    found = []
    for step in chart.steps:
        under = [point for point in chart.points if step.start <= point.at <= step.end]
        if under and step.end < chart.points[-1].at and _aim_words(step):
            found.append(f"Up to {under[-1].label}: {_aim_words(step)}.")
    return found


def _extremes(chart: Chart) -> list[str]:
    """Said from three values on: with two the movement has named both."""
    held = _held(chart)
    values = [point.value for point in held if point.value is not None]
    if len(held) < 3 or len({point.text for point in held}) == 1:
        return []
    highest, lowest = (held[values.index(end(values))].text for end in (max, min))
    return [f"Highest {highest} in {_where(highest, chart)}, lowest {lowest} in {_where(lowest, chart)}."]


def _where(text: str, chart: Chart) -> str:
    found = [point for point in _held(chart) if point.text == text]
    if len(found) > 3:
        return f"{len(found)} {chart.frequency}s, last in {found[-1].label}"
    return listed(point.label for point in found)


def _met(chart: Chart) -> list[str]:
    """How often the printed values met the target in force, and since or until when."""
    compared = [(point, met) for point in _held(chart) if (met := _is_met(point, chart)) is not None]
    count, total = sum(met for _, met in compared), len(compared)
    if not total:
        return []
    if total == 1:
        return [f"The target was {'met' if count else 'not met'}."]
    periods = _compared_words(total, chart)
    the = "the " if total < len(chart.points) else ""
    if count == total:
        return [f"The target was met in {'both' if total == 2 else f'all {total}'} {periods}."]
    if count == 0:
        return [
            f"The target was met in {'neither of the' if total == 2 else f'none of {the}'.strip()} {total} {periods}."
        ]
    return [f"The target was met in {count} of {the}{total} {periods}, {_since(compared)}."]


def _since(compared: Sequence[tuple[Point, bool]]) -> str:
    """ "last in Q3 2016/17", or since when without a miss."""
    missed = [index for index, (_, met) in enumerate(compared) if not met]
    since = compared[missed[-1] + 1 :]
    if len(since) > 1:
        return f"in each since {since[0][0].label}"
    return f"last in {[point for point, met in compared if met][-1].label}"


def _compared_words(total: int, chart: Chart) -> str:
    if total == len(chart.points):
        return f"{chart.frequency}s"
    return f"{chart.frequency}s with a value" + ("" if total == len(_held(chart)) else " and a target")


def _is_met(point: Point, chart: Chart) -> bool | None:
    step = aim_of(point, chart)
    if step is None or step.target is None:
        return None
    higher = chart.polarity == "higher"
    if chart.polarity not in ("higher", "lower"):
        if step.tolerance is None or step.tolerance == step.target or chart.polarity:
            return None
        higher = step.tolerance < step.target
    return printed(point) >= step.target if higher else printed(point) <= step.target


def _interval(chart: Chart) -> list[str]:
    """Of the latest value only: one whisker for each point is more than can be listened to."""
    held = _held(chart)
    words = _interval_of(held[-1], chart) if held else ""
    return [f"The {words.replace('interval', f'interval of {held[-1].label} is', 1)}."] if words else []


def _limits(chart: Chart) -> list[str]:
    several = len(chart.limits) > 1
    found = []
    for part in chart.limits:
        name = "Trial process limits" if part.trial else "Process limits"
        under = [point.label for point in chart.points if part.start <= point.at <= part.end]
        when = f" from {under[0]} to {under[-1]}" if several and under else ""
        mean, lower, upper = limit_texts(part, chart)
        found.append(f"{name}{when}: mean {mean}, from {lower} to {upper}.")
    return found + _cut_limits(chart)


def _cut_limits(chart: Chart) -> list[str]:
    pairs = list(zip(chart.limits, drawn_limits(chart), strict=True))
    found = []
    if any(real.lower != drawn.lower for real, drawn in pairs):
        found.append(
            f"A lower limit below {figure_text(Decimal(0), chart, 0)} is drawn at {figure_text(Decimal(0), chart, 0)}."
        )
    if any(real.upper != drawn.upper for real, drawn in pairs):
        found.append("An upper limit above 100% is drawn at 100%.")
    return found


def _signals(chart: Chart) -> list[str]:
    """Each kind with its periods and reasons; that there is none is said only where limits are drawn."""
    held, found = _held(chart), []
    for kind, word in SIGNAL_WORDS.items():
        chosen = [point for point in held if point.signal == kind]
        if not chosen:
            continue
        reasons = list(dict.fromkeys(point.signal_text for point in chosen))
        where = "; ".join(_for_reason(reason, chosen, chart) for reason in reasons)
        verb = "is a signal" if len(chosen) == 1 else "are signals"
        found.append(f"{len(chosen)} of {points_words(len(held))} {verb} of {word}: {where}.")
    return found or (["No point is a signal."] if chart.limits else [])


def _for_reason(reason: str, chosen: Iterable[Point], chart: Chart) -> str:
    periods = spans([point for point in chosen if point.signal_text == reason], chart)
    return f"{periods} ({reason})" if reason else periods


def _marks(chart: Chart) -> list[str]:
    return [f"Marks: {'; '.join(mark_text(mark) for mark in chart.marks)}."] if chart.marks else []


def _benchmarks(chart: Chart) -> list[str]:
    if not chart.benchmarks:
        return []
    held = _held(chart)
    if not held:
        return [f"Compared with: {listed(_named(line) for line in chart.benchmarks)}."]
    latest = held[-1]
    value = latest.value or Decimal(0)
    sides: tuple[tuple[str, Callable[[Line], bool]], ...] = (
        ("above", lambda line: line.text != latest.text and value > line.value),
        ("the same as", lambda line: line.text == latest.text),
        ("below", lambda line: line.text != latest.text and value < line.value),
    )
    groups = [(word, [_named(line) for line in chart.benchmarks if holds(line)]) for word, holds in sides]
    words = "; ".join(f"{word} {listed(names)}" for word, names in groups if names)
    return [f"{latest.text} in {latest.label} is {words}."]


def _named(line: Line) -> str:
    return f"{line.name} at {line.text}"


def _gaps(chart: Chart) -> list[str]:
    missing = [point for point in chart.points if point.value is None]
    if not missing:
        return []
    where = "" if len(missing) == len(chart.points) else f": {spans(missing, chart)}"
    return [f"{len(missing)} of {len(chart.points)} {chart.frequency}s {have(len(missing))} no value{where}."]


def _kinds(chart: Chart) -> list[str]:
    illustrative = sum(point.illustrative for point in chart.points)
    provisional = [point for point in chart.points if point.provisional]
    total, found = points_words(len(chart.points)), []
    if illustrative:
        found.append(f"{illustrative} of {total} {are(illustrative)} illustrative.")
    if provisional:
        found.append(f"{len(provisional)} of {total} {are(len(provisional))} provisional: {spans(provisional, chart)}.")
    return found
