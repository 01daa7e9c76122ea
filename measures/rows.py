"""The scorecard as frozen dataclasses: what pages, charts, paper and API render. Pure: no Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from .derivation import Derivation
from .numbers import round_half_up
from .quarters import Quarter
from .rating import Rating, Status, rate
from .readings import Aim, Reading, Scale, in_force
from .states import State
from .stats.chance import SMALL
from .stats.spc import Assurance, Variation, Xmr
from .stats.suitability import Process, process
from .terms import Frequency, Kind, SeriesRole, Window
from .track import Track
from .travel import Run, Travel, successive, travel


@dataclass(frozen=True)
class SeriesRow:
    """One series in one quarter. `history` holds every quarter of the chart, oldest first, this one last."""

    id: int
    code: str
    name: str
    role: SeriesRole
    scale: Scale
    derivation: str
    frequency: Frequency
    window: str
    first_quarter: Quarter
    history: tuple[Reading, ...]
    aims: tuple[Aim, ...]
    # The quarters from which a new definition or method counts: nothing is compared across one.
    breaks: tuple[Quarter, ...] = ()
    # The days from which process limits are computed anew.
    restarts: tuple[date, ...] = ()
    track: Track = Track()
    # Fewer people or cases than this are a small cohort, as the contract has it.
    small_cohort: int = SMALL

    @property
    def now(self) -> Reading:
        return self.history[-1]

    @property
    def before(self) -> Reading:
        """The quarter before, which the direction of travel is measured from."""
        return self.history[-2]

    @property
    def aim(self) -> Aim | None:
        return self.aim_in(self.now.quarter)

    def aim_in(self, quarter: Quarter) -> Aim | None:
        return in_force(self.aims, quarter)

    @property
    def gap(self) -> Decimal | None:
        """Value minus target, both as printed, as a reader would subtract them; None where either is missing."""
        if self.now.value is None or self.aim is None or self.aim.target is None:
            return None
        decimals = self.scale.decimals
        return round_half_up(self.now.value, decimals) - round_half_up(self.aim.target, decimals)

    @cached_property
    def rating(self) -> Rating:
        return self.rating_of(self.now)

    def rating_of(self, reading: Reading) -> Rating:
        """Rated against the target in force in the reading's own quarter."""
        aim = self.aim_in(reading.quarter)
        return rate(
            reading.value,
            aim.target if aim else None,
            aim.tolerance if aim else None,
            self.scale.polarity,
            self.scale.decimals,
        )

    @cached_property
    def travel(self) -> Travel | None:
        """Against the quarter before; None across a new definition."""
        if self.now.quarter in self.breaks:
            return None
        return travel(
            self.now.value,
            self.before.value,
            polarity=self.scale.polarity,
            unit=self.scale.unit,
            decimals=self.scale.decimals,
        )

    @cached_property
    def process(self) -> Process:
        return self.process_with(screen=False)

    def process_with(self, *, screen: bool) -> Process:
        """Process limits and signals of the track, or why there are none. `screen` as `spc.xmr` has it."""
        return process(
            self.track.values,
            window=Window(self.window),
            polarity=self.scale.polarity,
            target=self.aim.target if self.aim and self.targets_hold_for(self.track.frequency) else None,
            screen=screen,
            starts=self.track.starts(self.restarts),
        )

    @property
    def variation(self) -> Variation | None:
        """What the process limits say of this quarter; None without them, or where its own last value is not held."""
        return self._verdict.variation if self._verdict else None

    @property
    def assurance(self) -> Assurance | None:
        """Whether the process meets its target, as of this quarter; None as `variation` is, and without a target."""
        return self._verdict.assurance if self._verdict else None

    @cached_property
    def _verdict(self) -> Xmr | None:
        found = self.process.xmr
        is_now = found is not None and self.track.period(found.latest).end == self.now.quarter.end
        return found if is_now else None

    def aim_for(self, reading: Reading) -> Aim | None:
        """What the reading is held against: nothing for a month of a sum."""
        is_quarter = isinstance(reading.period, Quarter)
        holds = self.targets_hold_for(Frequency.QUARTER if is_quarter else Frequency.MONTH)
        return self.aim_in(reading.quarter) if holds else None

    def targets_hold_for(self, frequency: Frequency) -> bool:
        """A target is for a quarter; a month of a sum is a part of one."""
        return frequency is Frequency.QUARTER or self.derivation != Derivation.SUM

    @property
    def run(self) -> Run:
        """How many quarters in a row the value moved the same way, up to this one, as printed, under one definition."""
        since = max((i for i, reading in enumerate(self.history) if reading.quarter in self.breaks), default=0)
        values = [reading.value for reading in self.history[since:]]
        return successive(values, self.scale.polarity, self.scale.decimals)

    @property
    def run_is_illustrative(self) -> bool:
        """Whether any of the earlier values that the run compares is illustrative."""
        return any(reading.illustrative for reading in self.history[-1 - self.run.moves : -1])


@dataclass(frozen=True)
class MeasureRow:
    id: int
    code: str
    slug: str
    title: str
    section: str
    kind: Kind
    why_it_matters: str
    owner: str
    source: str
    area_reason: str | None
    headline: SeriesRow | None
    pairs: tuple[SeriesRow, ...]
    subgroups: tuple[SeriesRow, ...]

    @property
    def is_area(self) -> bool:
        return self.area_reason is not None

    @property
    def is_volumetric(self) -> bool:
        return self.kind is Kind.VOLUMETRIC

    @property
    def status(self) -> Status:
        return self.headline.rating.status if self.headline else Status.NONE

    @property
    def series(self) -> tuple[SeriesRow, ...]:
        return (*((self.headline,) if self.headline else ()), *self.pairs, *self.subgroups)


@dataclass(frozen=True)
class Scorecard:
    """`visible` are the quarters whose figures this viewer may see; no other figure is in the rows."""

    quarter: Quarter
    state: State
    visible: frozenset[Quarter]
    rows: tuple[MeasureRow, ...]

    @property
    def figures_visible(self) -> bool:
        return self.quarter in self.visible

    @property
    def counts(self) -> dict[Status, int]:
        """How many measures are green, amber, red and (missed ones among them) not rated."""
        found = dict.fromkeys(COUNTED, 0)
        for row in self.rows:
            found[counted_as(row.status)] += 1
        return found

    def row(self, slug: str) -> MeasureRow | None:
        return next((row for row in self.rows if row.slug == slug), None)


COUNTED = (Status.RED, Status.AMBER, Status.GREEN, Status.NONE)


def counted_as(status: Status) -> Status:
    return Status.NONE if status is Status.MISSED else status
