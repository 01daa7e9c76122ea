"""What bringing a paper in would do, and what a person must say first. Nothing here reads or writes rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from accounts.roles import Party
from measures.imports.issues import Issue, Severity
from measures.imports.words import paper_counts
from measures.models import Measure, Series
from measures.numbers import Unit
from measures.quarters import Quarter
from measures.rating import Polarity, check_target
from measures.terms import Kind

from .shapes import Paper, PaperMeasure, PaperValue

LONGEST = {"title": 200, "section": 80}
UNIT_NAMES = {Unit.COUNT: "Number", Unit.RATE: "Rate per 10,000", Unit.PERCENT: "Percentage", Unit.DAYS: "Days"}


class Stand(StrEnum):
    """Against what is held: added, there already, there with another content, or left out for an issue."""

    NEW = "new"
    HELD = "held"
    DIFFERENT = "different"
    LEFT = "left"


@dataclass(frozen=True)
class ValuePlan:
    """One series of the measure: `series` is the row that takes the value, None where one is made. `held` is what
    stands there now, as printed."""

    code: str
    unit: Unit
    decimals: int
    series: Series | None
    value: PaperValue | None
    stand: Stand
    printed: str = ""
    held: str = ""


@dataclass(frozen=True)
class AimPlan:
    target: Decimal
    tolerance: Decimal | None
    stand: Stand
    printed: str
    held: str = ""


@dataclass(frozen=True)
class TextPlan:
    """`html` as it would be held, cleaned; `held` what stands there now."""

    html: str
    stand: Stand
    held: str = ""


@dataclass(frozen=True)
class MeasurePlan:
    """`measure` None: it is made. `asks` are the things that a person must say, each a field of `Choice`; `offered`
    what the paper lets one suppose."""

    printed: PaperMeasure
    measure: Measure | None
    starts_earlier: bool
    values: tuple[ValuePlan, ...]
    aim: AimPlan | None
    texts: Mapping[Party, TextPlan]
    asks: tuple[str, ...]
    offered: Choice
    is_left: bool = False

    @property
    def code(self) -> str:
        return self.measure.code if self.measure else self.printed.code

    @property
    def stands(self) -> list[Stand]:
        """Of everything that the paper prints of it."""
        aims = [self.aim.stand] if self.aim else []
        return [*(one.stand for one in self.values), *aims, *(one.stand for one in self.texts.values())]


@dataclass(frozen=True)
class Choice:
    """What a person says of one measure."""

    title: str = ""
    section: str = ""
    kind: Kind | None = None
    polarity: Polarity | None = None


@dataclass(frozen=True)
class Choices:
    """By the measure's code as printed. `digest` is that of the preview that was seen; "" for none."""

    quarter: Quarter
    measures: Mapping[str, Choice] = field(default_factory=dict)
    digest: str = ""


@dataclass(frozen=True)
class PaperPlan:
    """`quarter` None: not chosen yet, so nothing could be compared."""

    paper: Paper
    quarter: Quarter | None
    measures: tuple[MeasurePlan, ...]
    issues: tuple[Issue, ...]
    told: tuple[str, ...]
    source: str

    @property
    def left_out(self) -> tuple[Issue, ...]:
        return tuple(issue for issue in self.issues if issue.severity is Severity.REFUSED)

    @property
    def counts(self) -> dict[str, int]:
        """As a batch keeps them: what is new (values as "new"), then the stands of values, targets and texts."""
        stands = [stand for one in self.measures for stand in one.stands]
        values = [each.stand for one in self.measures for each in one.values]
        return {
            "measures": sum(one.measure is None and not one.is_left for one in self.measures),
            "new": values.count(Stand.NEW),
            "targets": sum(one.aim is not None and one.aim.stand is Stand.NEW for one in self.measures),
            "texts": sum(text.stand is Stand.NEW for one in self.measures for text in one.texts.values()),
            "unchanged": stands.count(Stand.HELD),
            "different": stands.count(Stand.DIFFERENT),
            "refused": len(self.left_out),
        }

    @property
    def answer(self) -> str:
        """ "7 new measures, 9 values, 4 targets, 12 texts": what would be brought in."""
        words = paper_counts(self.counts)
        return words[0].upper() + words[1:]

    @property
    def beside(self) -> str:
        """What is held already, as a sentence or two; empty where nothing is."""
        held, different = self.counts["unchanged"], self.counts["different"]
        found = [f"{held} held already."] if held else []
        if different:
            found.append(f"{different} {'differs' if different == 1 else 'differ'} from what is held, which stays.")
        return " ".join(found)

    @property
    def brings_nothing(self) -> bool:
        counts = self.counts
        return not any(counts[name] for name in ("measures", "new", "targets", "texts"))

    @property
    def digest(self) -> str:
        """Names exactly this plan: it changes with the file, the quarter and what is held."""
        facts: list[object] = [self.source, self.quarter.code if self.quarter else ""]
        for one in self.measures:
            facts.append([one.code, one.measure.pk if one.measure else 0, one.starts_earlier])
            facts += [[each.code, each.series.pk if each.series else 0, each.stand, each.held] for each in one.values]
            facts += [[one.aim.stand, one.aim.held]] if one.aim else []
            facts += [[party, text.stand, text.held] for party, text in one.texts.items()]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def lacking(plan: PaperPlan, choices: Mapping[str, Choice]) -> dict[tuple[str, str], str]:
    """(code, field) to what is missing or cannot be, as a sentence; empty when the paper can be brought in."""
    found = {}
    for one in plan.measures:
        choice = choices.get(one.printed.code, Choice())
        for name in one.asks:
            if sentence := _lacking(one, name, choice):
                found[one.printed.code, name] = sentence
    return found


def wanted(one: MeasurePlan, name: str) -> str:
    """What to say where nothing was said."""
    return _lacking(one, name, Choice())


def _lacking(one: MeasurePlan, name: str, choice: Choice) -> str:
    code, said = one.code, getattr(choice, name)
    if name in LONGEST:
        if not said.strip():
            return f"Give {code} a {name}."
        too_long = len(said.strip()) - LONGEST[name]
        return f"Shorten the {name} of {code} by {too_long} characters." if too_long > 0 else ""
    if name == "kind":
        return "" if said else f"Choose of which kind {code} is."
    return _polarity(one, choice)


def _polarity(one: MeasurePlan, choice: Choice) -> str:
    kind = one.printed.kind or choice.kind
    if kind is Kind.VOLUMETRIC:
        return ""
    if choice.polarity is None:
        return f"Choose for {one.code} which way is better."
    if one.aim is None or one.aim.stand is not Stand.NEW:
        return ""
    if choice.polarity is Polarity.NEUTRAL:
        return f"{one.code} has a target, so one way must be better: choose which."
    try:
        check_target(one.aim.target, one.aim.tolerance, choice.polarity)
    except ValueError as error:
        return f"{one.code}: {error}"
    return ""
