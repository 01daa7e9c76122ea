"""The words in which set-up asks what a measure and its series are. Pure: no Django."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .derivation import Derivation
from .numbers import Unit
from .quarters import Quarter
from .rating import Polarity
from .terms import Basis, Frequency, Kind, SeriesRole, Window

KIND_WORDS: Mapping[Kind, str] = {
    Kind.CONTRACTUAL: "Contractual: held against a target",
    Kind.VOLUMETRIC: "Volumetric: no target, it explains the others",
    Kind.LOCAL: "Local: agreed by both parties for themselves",
}
ROLE_WORDS: Mapping[SeriesRole, str] = {
    SeriesRole.HEADLINE: "Headline: carries the rating",
    SeriesRole.PAIR: "Pair: stands beside the headline, as a rate beside a number",
    SeriesRole.SUBGROUP: "Subgroup: a part of the headline",
}
UNIT_NAMES: Mapping[Unit, str] = {
    Unit.PERCENT: "Percentage",
    Unit.COUNT: "Number",
    Unit.RATE: "Rate per 10,000",
    Unit.DAYS: "Days",
}
POLARITY_NAMES: Mapping[Polarity, str] = {
    Polarity.HIGHER: "Higher is better",
    Polarity.LOWER: "Lower is better",
    Polarity.NEUTRAL: "Neither way is better: it is not rated",
}
# One question for derivation and frequency: a quarter that is not typed comes from its months.
DERIVATION_NAMES: Mapping[Derivation, str] = {
    Derivation.ENTERED: "Typed once a quarter, as it stands",
    Derivation.SUM: "Typed each month: the quarter is the sum of its months",
    Derivation.MEAN_OF_MONTHS: "Typed each month: the quarter is the mean of its months",
    Derivation.SNAPSHOT_END: "Typed each month: the quarter is the figure at the end of its last month",
    Derivation.POOLED_RATIO: "Typed each month as two counts: the quarter is all cases of its months together",
}
WINDOW_NAMES: Mapping[Window, str] = {
    Window.PERIOD: "The month or quarter itself",
    Window.ROLLING_12M: "The 12 months up to its end",
    Window.YEAR_TO_DATE: "The financial year up to its end",
}
BASIS_NAMES: Mapping[Basis, str] = {
    Basis.CONTRACT: "The contract",
    Basis.ASSUMED: "Assumed: nothing is written down",
    Basis.ILLUSTRATIVE: "Illustrative: made up for a demonstration",
}
# Behind a target or a tolerance that does not come from the contract.
BASIS_NOTES: Mapping[Basis, str] = {
    Basis.CONTRACT: "",
    Basis.ASSUMED: " (assumed)",
    Basis.ILLUSTRATIVE: " (illustrative)",
}
FIELD_NAMES: Mapping[str, str] = {
    "role": "Role",
    "unit": "Unit",
    "decimals": "Decimals",
    "polarity": "Which way is better",
    "derivation": "How the quarter’s figure is made",
    "window": "What one figure covers",
}
# Of a text without a limit of its own, on pages and in workbooks: more than anybody reads, less than a cell holds.
LONGEST_TEXT = 10_000
VOLUMETRIC = "A volumetric measure has no target. Leave it empty, or choose another kind of measure."
ORDINALS = {1: "first", 2: "second", 3: "third"}


def frequency_of(derivation: str) -> Frequency:
    return Frequency.QUARTER if derivation == Derivation.ENTERED else Frequency.MONTH


def short(words: str) -> str:
    """A choice without what explains it: "Contractual"."""
    return words.partition(":")[0]


def lower_first(words: str) -> str:
    return words[:1].lower() + words[1:]


def listed(words: Sequence[str]) -> str:
    """ "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 event", "2 events"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def possessive(name: str) -> str:
    """ "DMBC’s", "Northford Homes’"."""
    return f"{name}’" if name[-1:].lower() == "s" else f"{name}’s"


def span_words(first: Quarter, last: Quarter) -> str:
    """ "in Q1 2018/19", "from Q1 2018/19 to Q3 2018/19"."""
    return f"in {first.label}" if first == last else f"from {first.label} to {last.label}"
