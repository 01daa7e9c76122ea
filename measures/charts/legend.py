"""The key under a chart: what its shapes and strokes mean, only those that it shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from measures.charts.marking import OUTLINES, look
from measures.charts.parts import CONCERN, IMPROVEMENT, NEUTRAL, Chart, Mark, Point
from measures.charts.phrases import KIND_WORDS, SIGNAL_WORDS, mark_text
from measures.charts.shapes import Dot, Flag
from measures.charts.svg import STROKE_CLASSES, badge_markup, dots_markup

SIGNAL_KEYS = {
    IMPROVEMENT: "signal of improvement",
    CONCERN: "signal of concern",
    NEUTRAL: "signal of change, neither better nor worse",
}
STROKE_KEYS = {"trial": "trial limits, from few points", "whisker": "95% interval"}
LIMITS = "process limits and mean"
ILLUSTRATIVE = "[i] illustrative: made for this demonstration"
WIDTH, HEIGHT = 24, 16
MIDDLE = (WIDTH / 2, HEIGHT / 2)
OPENING = (
    f'<svg xmlns="http://www.w3.org/2000/svg" class="chart key" viewBox="0 0 {WIDTH} {HEIGHT}" '
    f'width="{WIDTH}" height="{HEIGHT}" font-size="10" aria-hidden="true">'
)


@dataclass(frozen=True)
class Key:
    """`svg` is a swatch, hidden from screen readers; `words` say what it stands for."""

    svg: str
    words: str


def keys(chart: Chart) -> tuple[Key, ...]:
    """Signals first, then kinds of point, of line and of mark; empty where all is plain."""
    held = [point for point in chart.points if point.value is not None]
    found = [
        Key(_dot(signal=kind), words) for kind, words in SIGNAL_KEYS.items() if any(p.signal == kind for p in held)
    ]
    if any(point.provisional for point in held):
        found.append(Key(_dot(provisional=True), "provisional"))
    if any(point.illustrative for point in held):
        found.append(Key(_dot(illustrative=True), ILLUSTRATIVE))
    if chart.limits:
        trial = all(part.trial for part in chart.limits)
        found.append(Key(_limits(trial=trial), STROKE_KEYS["trial"] if trial else LIMITS))
        if not trial and any(part.trial for part in chart.limits):
            found.append(Key(_limits(trial=True), STROKE_KEYS["trial"]))
    if _has_whisker(held):
        found.append(Key(_lines("whisker", "M12 1V15M8.5 1H15.5M8.5 15H15.5"), STROKE_KEYS["whisker"]))
    return tuple(found)


def _has_whisker(held: Iterable[Point]) -> bool:
    return any(point.low is not None and point.high is not None for point in held)


def mark_keys(chart: Chart) -> tuple[tuple[Key, Mark], ...]:
    """The marks in their order, each with its badge and what kind of mark it is."""
    return tuple((Key(_mark(mark), KIND_WORDS[mark.kind]), mark) for mark in chart.marks)


def shape_words(chart: Chart) -> str:
    """The key in one line, for a picture that leaves the page: "Star: improvement. Dashed: illustrative"."""
    held = [point for point in chart.points if point.value is not None]
    found = [
        f"{OUTLINES[kind].capitalize()}: {word}"
        for kind, word in SIGNAL_WORDS.items()
        if any(point.signal == kind for point in held)
    ]
    found += ["Dotted: provisional"] if any(point.provisional for point in held) else []
    found += ["Dashed: illustrative"] if any(point.illustrative for point in held) else []
    if any(not part.trial for part in chart.limits):
        found.append(f"Lines with shade between: {LIMITS}")
    if any(part.trial for part in chart.limits):
        found.append(f"Dotted lines: {STROKE_KEYS['trial']}")
    if _has_whisker(held):
        found.append(f"Bars: {STROKE_KEYS['whisker']}")
    return ". ".join(found)


def mark_words(chart: Chart) -> list[str]:
    """A row for each mark: "1, new definition, 1 April 2017: Counts all children"."""
    return [mark_text(mark) for mark in chart.marks]


def _dot(signal: str = "", provisional: bool = False, illustrative: bool = False) -> str:
    point = Point(date.min, "", "", Decimal(0), signal=signal, provisional=provisional, illustrative=illustrative)
    dot = Dot(point, *MIDDLE, look(point, latest=False), last=False)
    return f"{OPENING}{dots_markup([dot])}</svg>"


def _mark(mark: Mark) -> str:
    return f"{OPENING}{badge_markup(Flag(mark, *MIDDLE))}{_number(mark.number)}</svg>"


def _number(number: int) -> str:
    x, y = MIDDLE
    return f'<text class="num" x="{x:g}" y="{y + 3.6:g}" text-anchor="middle">{number}</text>'


def _limits(trial: bool) -> str:
    edges, mean = ("trial", "trial-mean") if trial else ("limit", "mean")
    ground = "" if trial else f'<rect class="area" x="0" y="2" width="{WIDTH}" height="12"/>'
    return (
        f'{OPENING}{ground}<path class="{STROKE_CLASSES[edges]}" d="M0 2H{WIDTH}M0 14H{WIDTH}"/>'
        f'<path class="{STROKE_CLASSES[mean]}" d="M0 8H{WIDTH}"/></svg>'
    )


def _lines(kind: str, words: str) -> str:
    return f'{OPENING}<path class="{STROKE_CLASSES[kind]}" d="{words}"/></svg>'
