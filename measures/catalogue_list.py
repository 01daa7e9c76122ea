"""Every measure of a contract, what it measures and what it is held against, for people who look one up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from accounts.models import Contract

from .models import Definition, Measure, Series, Target
from .quarters import Quarter
from .readings import Aim, in_force
from .scorecard import scale_of
from .set_up_words import KIND_WORDS, POLARITY_NAMES, UNIT_NAMES, lower_first, short
from .target_effects import bound_text
from .target_list import Bound
from .target_rows import aims_of_rows
from .terms import Kind, SeriesRole

RETIRED = "Retired"
# What "one line" of a definition may hold.
LONGEST_LINE = 160


@dataclass(frozen=True)
class CatalogueLine:
    """One measure. What depends on a series is its headline's, and empty without one."""

    code: str
    slug: str
    title: str
    section: str
    kind: str
    what: str
    unit: str
    polarity: str
    target: Bound
    tolerance: Bound
    owner: str
    source: str
    first: Quarter
    last: Quarter | None
    series: tuple[str, ...]
    is_retired: bool
    is_to_come: bool

    @property
    def heading(self) -> str:
        return RETIRED if self.is_retired else self.section

    def holds(self, words: Sequence[str]) -> bool:
        """Whether every word stands somewhere in what is said of the measure."""
        texts = (self.code, self.title, self.section, self.kind, self.what, self.owner, self.source, *self.series)
        said = " ".join(texts).casefold()
        return all(word in said for word in words)


def build(contract: Contract, now: Quarter) -> list[CatalogueLine]:
    """In the order of the paper, section by section, those that ended last. Four queries, however many there are."""
    measures = list(Measure.objects.filter(contract=contract).order_by("position", "code"))
    series: dict[int, list[Series]] = {}
    for one in Series.objects.filter(measure__contract=contract).order_by("position", "first_quarter"):
        series.setdefault(one.measure_id, []).append(one)
    texts: dict[int, list[Definition]] = {}
    for text in Definition.objects.filter(series__measure__contract=contract).order_by("from_quarter"):
        texts.setdefault(text.series_id, []).append(text)
    rows: dict[int, list[Target]] = {}
    for row in Target.objects.filter(series__measure__contract=contract, agreed_at__isnull=False).order_by(
        "from_quarter"
    ):
        rows.setdefault(row.series_id, []).append(row)
    lines = [_line(one, series.get(one.pk, []), texts, rows, now) for one in measures]
    sections = list(dict.fromkeys(line.section for line in lines))
    return sorted(lines, key=lambda line: (line.is_retired, 0 if line.is_retired else sections.index(line.section)))


def searched(lines: Iterable[CatalogueLine], text: str) -> list[CatalogueLine]:
    words = text.casefold().split()
    return [line for line in lines if line.holds(words)]


def by_heading(lines: Iterable[CatalogueLine]) -> list[tuple[str, list[CatalogueLine]]]:
    return [(heading, list(some)) for heading, some in groupby(lines, key=lambda line: line.heading)]


def answer(lines: Sequence[CatalogueLine]) -> str:
    """ "15 measures in 4 sections, 1 of them retired."; empty without any."""
    if not lines:
        return ""
    many = "1 measure" if len(lines) == 1 else f"{len(lines)} measures"
    sections = len({line.section for line in lines})
    retired = sum(line.is_retired for line in lines)
    gone = f", {retired} of them retired" if retired and len(lines) > 1 else ", retired" if retired else ""
    return f"{many} in {sections} section{'' if sections == 1 else 's'}{gone}."


def _line(
    measure: Measure,
    every: list[Series],
    texts: Mapping[int, list[Definition]],
    rows: Mapping[int, list[Target]],
    now: Quarter,
) -> CatalogueLine:
    quarter = within(measure, now)
    headline = headline_of(every, quarter)
    quarter = within(headline, quarter) if headline else quarter
    aim: Aim | None = in_force(aims_of_rows(rows.get(headline.pk, [])), quarter) if headline else None
    text = definition_at(texts.get(headline.pk, []), quarter) if headline else None
    return CatalogueLine(
        code=measure.code,
        slug=measure.slug,
        title=measure.title,
        section=measure.section,
        kind=short(KIND_WORDS[Kind(measure.kind)]),
        what=first_sentence(text.text) if text else "",
        unit=UNIT_NAMES[headline.unit] if headline else "",
        polarity=lower_first(short(POLARITY_NAMES[headline.polarity])) if headline else "",
        target=_bound(aim, "target", headline),
        tolerance=_bound(aim, "tolerance", headline),
        owner=measure.owner,
        source=measure.source,
        first=measure.first_quarter,
        last=measure.last_quarter,
        series=tuple(f"{one.code} {one.name}" for one in every),
        is_retired=measure.last_quarter is not None and measure.last_quarter < now,
        is_to_come=measure.first_quarter > now,
    )


def _bound(aim: Aim | None, name: str, series: Series | None) -> Bound:
    if aim is None or series is None:
        return Bound("")
    text, mark = bound_text(aim, name, scale_of(series)), getattr(aim, f"{name}_mark")
    return Bound(text, (mark,) if text and mark else ())


def within(spanning: Measure | Series, quarter: Quarter) -> Quarter:
    """The nearest quarter of its own: what one to come begins with, and what one that ended had."""
    begun = max(quarter, spanning.first_quarter)
    return min(begun, spanning.last_quarter) if spanning.last_quarter else begun


def definition_at(oldest_first: Sequence[Definition], quarter: Quarter) -> Definition | None:
    """The one that counts in the quarter, else the first there is."""
    begun = [each for each in oldest_first if each.from_quarter <= quarter]
    return next(iter(begun[-1:] or oldest_first[:1]), None)


def headline_of(every: Iterable[Series], quarter: Quarter) -> Series | None:
    """The one that carries the rating in the quarter; else the latest that did, or the first that will."""
    headlines = sorted((one for one in every if one.role == SeriesRole.HEADLINE), key=lambda one: one.first_quarter)
    begun = [one for one in headlines if one.first_quarter <= quarter]
    running = [one for one in begun if one.covers(quarter)]
    return next(iter(running or begun[-1:] or headlines), None)


def first_sentence(text: str) -> str:
    """What stands before the first full stop, cut at a word where that is long."""
    sentence = text.partition(". ")[0].partition("\n")[0].strip()
    if len(sentence) <= LONGEST_LINE:
        return sentence if not sentence or sentence.endswith(".") else f"{sentence}."
    return f"{sentence[:LONGEST_LINE].rpartition(' ')[0]} …"
