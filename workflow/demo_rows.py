"""The rows of the demonstration data, as ``workflow.demo_files`` reads them.

Quarters are codes such as "2018-Q2" (Q2 2018/19), months such as "2018-09", years such as
"2017" (the financial year 2017/18). Words with a fixed list (role, unit, state) are lower case.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from measures.derivation import value_of
from measures.numbers import Unit


@dataclass(frozen=True)
class DemoOrganisation:
    name: str
    short_name: str


@dataclass(frozen=True)
class DemoContract:
    title: str
    slug: str
    commissioner: DemoOrganisation
    provider: DemoOrganisation


@dataclass(frozen=True)
class DemoPerson:
    """``party`` is None for the administrator alone, who has no membership."""

    name: str
    email: str
    job: str
    role: str
    party: str | None = None


@dataclass(frozen=True)
class DemoCycle:
    """A quarter and the state that the demonstration leaves it in; the app sets the due dates."""

    quarter: str
    state: str


@dataclass(frozen=True)
class DemoArea:
    quarter: str
    measure: str
    reason: str


@dataclass(frozen=True)
class DemoTarget:
    """The bases tell whether a figure stands in the paper ("contract") or is made up."""

    from_quarter: str
    target: Decimal
    tolerance: Decimal
    target_basis: str
    tolerance_basis: str
    reason: str


@dataclass(frozen=True)
class DemoPaperQuarter:
    """A quarter derived from months whose value is nevertheless the paper's own figure.

    ``value`` is as printed, at the series' decimals. ``counts_illustrative``: the numerator
    and denominator derived with it are made up.
    """

    quarter: str
    value: Decimal
    counts_illustrative: bool = False


@dataclass(frozen=True)
class DemoEvent:
    """``by`` is the role of the person who records it; its text says that it is made up."""

    at: date
    kind: str
    text: str
    reason: str
    by: str


@dataclass(frozen=True)
class DemoSeries:
    code: str
    name: str
    role: str
    unit: str
    decimals: int
    polarity: str
    derivation: str
    window: str
    frequency: str
    counted: str
    counted_one: str
    definition: str
    first_quarter: str
    maximum: Decimal | None = None
    paper_quarters: tuple[DemoPaperQuarter, ...] = ()
    targets: tuple[DemoTarget, ...] = ()
    events: tuple[DemoEvent, ...] = ()


@dataclass(frozen=True)
class DemoMeasure:
    code: str
    slug: str
    title: str
    section: str
    kind: str
    position: int
    first_quarter: str
    why_it_matters: str
    owner: str
    source: str
    series: tuple[DemoSeries, ...]


@dataclass(frozen=True)
class DemoObservation:
    """``value`` is None where counts are given or where the status says that none is held."""

    series: str
    period: str
    status: str
    illustrative: bool
    counts_illustrative: bool
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    note: str = ""

    @property
    def result(self) -> Decimal | None:
        """The value; where counts are held, the percentage that they give, to six decimals."""
        if self.numerator is None:
            return self.value
        return value_of(self.numerator, self.denominator, Unit.PERCENT)


@dataclass(frozen=True)
class DemoBenchmark:
    """``statistic`` is given for statistical neighbours alone."""

    series: str
    scope: str
    comparator: str
    year: str
    value: Decimal
    source: str
    edition: str
    method: str
    comparability: str
    statistic: str | None = None
    published_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class DemoText:
    measure: str
    party: str
    quarter: str
    released: bool
    html: str


@dataclass(frozen=True)
class DemoData:
    contract: DemoContract
    people: tuple[DemoPerson, ...]
    cycles: tuple[DemoCycle, ...]
    areas: tuple[DemoArea, ...]
    measures: tuple[DemoMeasure, ...]
    observations: tuple[DemoObservation, ...]
    benchmarks: tuple[DemoBenchmark, ...]
    texts: tuple[DemoText, ...]

    @property
    def series(self) -> dict[str, DemoSeries]:
        """Every series by its code, which is unique in the contract."""
        return {line.code: line for measure in self.measures for line in measure.series}
