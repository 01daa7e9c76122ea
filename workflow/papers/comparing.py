"""A paper against what its contract holds: what is new, what is there already, what differs, what is left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from accounts.models import Contract
from accounts.roles import Party
from commentary.sanitising import TooLarge, clean
from measures.entries import Bounds, Entry, problems
from measures.holding import bounds_of
from measures.imports.issues import Issue
from measures.models import Measure, Series
from measures.numbers import Unit, exact, round_half_up, value_text
from measures.quarters import Quarter
from measures.rating import Polarity, check_target
from measures.readings import Aim
from measures.scorecard import reading_of, scale_of
from measures.terms import Kind, SeriesRole

from . import holding, suggesting
from .blocks import Blocks, markup
from .holding import Holding
from .plans import LONGEST, AimPlan, Choice, MeasurePlan, PaperPlan, Stand, TextPlan, ValuePlan
from .shapes import COMMENT, MEASURE, RESPONSE, Paper, PaperCode, PaperMeasure, PaperValue, refused

COLUMNS = {Party.COMMISSIONER: RESPONSE, Party.PROVIDER: COMMENT}
LATER = "Enter it afterwards, or correct the paper and choose it again."
AREAS = "The paper lists as areas for improvement: {}. That choice is not brought in."


def compare(paper: Paper, contract: Contract, quarter: Quarter | None, *, source: str) -> PaperPlan:
    """`source` is the file's hash. Without a quarter everything that is not there as a whole counts as new."""
    held = holding.read(contract, quarter)
    issues = list(paper.issues)
    taken: dict[int, str] = {}
    measures = tuple(_Comparison(paper, one, held, quarter, issues, taken).plan() for one in paper.measures)
    order = {(one.sheet, one.row): place for place, one in enumerate(paper.measures)}
    told = list(paper.told)
    if areas := suggesting.areas_of(paper):
        told.append(AREAS.format("; ".join(areas)))
    issues.sort(key=lambda issue: order.get((issue.sheet, issue.row), -1))
    return PaperPlan(paper, quarter, measures, tuple(issues), tuple(told), source)


def quarter_problem(paper: Paper, quarter: Quarter, limit: Quarter) -> str:
    """Why the paper cannot be brought into this quarter; empty where it can."""
    if quarter >= limit:
        return f"Choose a quarter before {limit.label}: old papers are brought into past quarters only."
    stated = suggesting.numbers_stated(paper)
    if stated and quarter.number not in stated:
        said = " and ".join(f"Q{number}" for number in sorted(stated))
        return f"The paper’s values are those of {said}. Choose such a quarter; {quarter.label} is none."
    return ""


@dataclass
class _Comparison:
    """One measure on its way to a plan; issues found go to the list that all share."""

    paper: Paper
    printed: PaperMeasure
    held: Holding
    quarter: Quarter | None
    issues: list[Issue]
    # Measures held here, by id, with the code of the row that brings something to them.
    taken: dict[int, str]
    measure: Measure | None = None
    starts_earlier: bool = False
    is_left: bool = field(default=False)

    def plan(self) -> MeasurePlan:
        self._find()
        values = () if self.is_left else self._values()
        asks = self._asks(values)
        return MeasurePlan(
            printed=self.printed,
            measure=self.measure,
            starts_earlier=self.starts_earlier,
            values=values,
            aim=None if self.is_left else self._aim(values),
            texts={} if self.is_left else self._texts(),
            asks=asks,
            offered=self._offered(),
            is_left=self.is_left,
        )

    def _refuse(self, code: PaperCode, read: str, why: str, remedy: str = LATER, column: int = MEASURE) -> None:
        heading = self.paper.header[column]
        self.issues.append(refused(code, self.printed, heading, read=read, why=why, remedy=remedy))

    def _find(self) -> None:
        """The measure of this code, or the one that holds the series of these codes."""
        self.measure = self.held.measures.get(self.printed.code.casefold())
        if self.measure is None:
            owners = self.held.measure_of_series(self.printed.codes)
            if len(owners) > 1:
                names = " and ".join(owner.code for owner in owners)
                self.is_left = True
                self._refuse(
                    PaperCode.SEVERAL_MEASURES,
                    self.printed.code,
                    f"Its codes belong to {names} here, and the paper holds them in one row.",
                    "Split the row in the file and choose it again.",
                )
            self.measure = owners[0] if len(owners) == 1 else None
        if self.measure is None:
            return
        first = self.taken.setdefault(self.measure.pk, self.printed.code)
        if first != self.printed.code:
            self.is_left = True
            self._refuse(
                PaperCode.SEVERAL_MEASURES,
                self.printed.code,
                f"This row and that of {first} are one measure here, {self.measure.code}, with one text of each.",
                "Join the two rows in the file and choose it again.",
            )
        if self.quarter is None:
            return
        if self.measure.last_quarter and self.measure.last_quarter < self.quarter:
            self.is_left = True
            ended = self.measure.last_quarter.label
            self._refuse(PaperCode.NO_SERIES, self.printed.code, f"{self.measure.code} ended in {ended}.")
        self.starts_earlier = self.quarter < self.measure.first_quarter

    # Values

    def _values(self) -> tuple[ValuePlan, ...]:
        printed = self.printed
        if self._is_other_quarter():
            said = f"The paper gives a value for {printed.quarter} here, not for {self.quarter.label}."
            self._refuse(PaperCode.OTHER_QUARTER, printed.quarter, said)
        found = []
        for place, code in enumerate(printed.codes):
            value = printed.values[place] if printed.values else None
            unit = value.unit if value else printed.aim_unit if place == 0 else None
            if unit is None:
                continue
            decimals = max(value.decimals if value else 0, printed.aim_decimals if place == 0 else 0)
            series, may_go = self._series(place, code, unit)
            plan = ValuePlan(code, unit, decimals, series, value, Stand.LEFT, _text(value))
            found.append(self._stand(plan, may_go) if value else plan)
        return tuple(found)

    def _is_other_quarter(self) -> bool:
        label = self.printed.quarter
        if self.quarter is None or not label:
            return False
        named = suggesting.quarters_in(label)
        return self.quarter not in named if named else int(label[1]) != self.quarter.number

    def _series(self, place: int, code: str, unit: Unit) -> tuple[Series | None, bool]:
        """The series that takes the value, and whether a value may go there: it may not where there is a series that
        does not fit. None to be made."""
        rows = self.held.series[self.measure.pk] if self.measure else []
        rows = [
            one for one in rows if self.quarter is None or one.last_quarter is None or one.last_quarter >= self.quarter
        ]
        role = SeriesRole.PAIR if place else SeriesRole.HEADLINE
        by_code = [one for one in rows if one.code.casefold() == code.casefold()]
        by_unit = [one for one in rows if one.role == role and one.unit == unit]
        series = next(iter(by_code or by_unit), None)
        if series is None and role is SeriesRole.HEADLINE and any(one.role == role for one in rows):
            series = next(one for one in rows if one.role == role)
        if series is None:
            return None, True
        if series.unit != unit:
            held, said = _words(series.unit), _words(unit)
            why = f"{series.code} is held in another unit ({held}) than the paper prints ({said})."
            self._refuse(PaperCode.NO_SERIES, code, why)
            return series, False
        return series, True

    def _stand(self, plan: ValuePlan, may_go: bool) -> ValuePlan:
        """The plan with its stand decided; LEFT where it cannot go."""
        if not may_go or self._is_other_quarter() or plan.value is None:
            return plan
        row = self.held.observations.get(plan.series.pk) if plan.series else None
        if row is not None:
            text = reading_of(row).text(scale_of(plan.series))
            same = row.value is not None and round_half_up(row.value, plan.value.decimals) == plan.value.number
            return _with(plan, Stand.HELD if same else Stand.DIFFERENT, text)
        if plan.series and plan.series.is_derived:
            self._refuse(
                PaperCode.MONTHLY_SERIES,
                plan.printed,
                f"{plan.series.code} is held by months, and its quarters are derived from them.",
                "Import its months instead.",
            )
            return plan
        bounds = bounds_of(plan.series) if plan.series else Bounds(plan.unit, None, plan.decimals)
        if wrong := problems(entry_of(plan.value), bounds):
            self._refuse(PaperCode.VALUE_REFUSED, plan.printed, next(iter(wrong.values())))
            return plan
        return _with(plan, Stand.NEW)

    # Target and tolerance

    def _aim(self, values: tuple[ValuePlan, ...]) -> AimPlan | None:
        target, tolerance = self.printed.target, self.printed.tolerance
        if target is None:
            return None
        headline = next((one for one in values if one.code == self.printed.codes[0]), None)
        unit = headline.unit if headline else self.printed.aim_unit or Unit.COUNT
        printed = _aim_text(target, tolerance, unit, self.printed.aim_decimals)
        left = AimPlan(target, tolerance, Stand.LEFT, printed)
        kind = Kind(self.measure.kind) if self.measure else self.printed.kind
        if kind is Kind.VOLUMETRIC:
            why = "A target stands beside a volumetric measure, which is held against none."
            self._refuse(PaperCode.TARGET_OF_VOLUMETRIC, printed, why)
            return left
        series = headline.series if headline else None
        taken = Unit(series.unit) if series else unit
        if headline is None or unit is not taken or (self.printed.aim_unit or unit) is not unit:
            why = (
                "The target is not in the unit of its series." if headline else "There is no series that it belongs to."
            )
            self._refuse(PaperCode.TARGET_REFUSED, printed, why)
            return left
        aim = self.held.aims.get(series.pk) if series else None
        if aim and aim.target is not None:
            # A tolerance that the paper does not print says nothing against the one held.
            same = aim.target == target and tolerance in (None, aim.tolerance)
            return AimPlan(target, tolerance, Stand.HELD if same else Stand.DIFFERENT, printed, _held_aim(aim, series))
        if series and (why := _why_no_aim(series, target, tolerance)):
            self._refuse(PaperCode.TARGET_REFUSED, printed, why)
            return left
        if series and self.quarter and (opened := holding.opened_by_target(series, self.quarter)):
            why = f"It would come into force in {opened.label} as well, which was opened without a target."
            self._refuse(PaperCode.TARGET_REFUSED, printed, why)
            return left
        return AimPlan(target, tolerance, Stand.NEW, printed)

    # Texts

    def _texts(self) -> dict[Party, TextPlan]:
        found = {}
        for party, blocks in ((Party.COMMISSIONER, self.printed.response), (Party.PROVIDER, self.printed.comment)):
            if blocks and (plan := self._text(party, blocks)):
                found[party] = plan
        return found

    def _text(self, party: Party, blocks: Blocks) -> TextPlan | None:
        try:
            html = clean(markup(blocks))
        except TooLarge as error:
            self._refuse(PaperCode.TEXT_TOO_LONG, "", error.sentence, "Shorten it in the file.", column=COLUMNS[party])
            return None
        if not html:
            return None
        held = self.held.panes.get((self.measure.pk, party)) if self.measure else None
        if held is None:
            return TextPlan(html, Stand.NEW)
        return TextPlan(html, Stand.HELD if held == html else Stand.DIFFERENT, held)

    # What a person must say

    def _asks(self, values: tuple[ValuePlan, ...]) -> tuple[str, ...]:
        printed = self.printed
        if self.is_left:
            return ()
        needs_headline = bool(values) and values[0].series is None
        if self.measure:
            return ("polarity",) if needs_headline and self.measure.kind != Kind.VOLUMETRIC else ()
        is_rated = printed.kind is not Kind.VOLUMETRIC
        wanted = {
            "title": not printed.title or len(printed.title) > LONGEST["title"],
            "kind": printed.kind is None,
            "section": is_rated,
            "polarity": is_rated and needs_headline,
        }
        return tuple(name for name, is_wanted in wanted.items() if is_wanted)

    def _offered(self) -> Choice:
        return Choice(
            title=suggesting.title_of(self.printed, self.paper),
            section=suggesting.section_of(self.printed, self.paper),
            kind=self.printed.kind,
            polarity=suggesting.polarity_of(self.printed),
        )


def entry_of(value: PaperValue) -> Entry:
    """The counts where they are printed, else the value alone."""
    if value.numerator is not None:
        return Entry(None, value.numerator, value.denominator)
    return Entry(value.number)


def _with(plan: ValuePlan, stand: Stand, held: str = "") -> ValuePlan:
    return ValuePlan(plan.code, plan.unit, plan.decimals, plan.series, plan.value, stand, plan.printed, held)


def _text(value: PaperValue | None) -> str:
    if value is None:
        return ""
    text = value_text(value.number, value.unit, value.decimals)
    return text if value.numerator is None else f"{text} ({value.numerator} of {value.denominator})"


def _aim_text(target: Decimal, tolerance: Decimal | None, unit: Unit, decimals: int) -> str:
    text = f"target {value_text(target, unit, decimals)}"
    return text if tolerance is None else f"{text}, tolerance {value_text(tolerance, unit, decimals)}"


def _held_aim(aim: Aim, series: Series) -> str:
    return _aim_text(aim.target, aim.tolerance, Unit(series.unit), series.decimals)


def _why_no_aim(series: Series, target: Decimal, tolerance: Decimal | None) -> str:
    """Why a series that is held cannot take this target; empty where it can."""
    if series.polarity == Polarity.NEUTRAL:
        return f"Of {series.code} neither way is better, so it is held against no target."
    for number in (target, tolerance):
        if number is not None and exact(number) != round_half_up(number, series.decimals):
            return f"{series.code} is printed with fewer decimals than its target."
    try:
        check_target(target, tolerance, Polarity(series.polarity))
    except ValueError as error:
        return str(error)
    return ""


def _words(unit: str) -> str:
    return unit.replace("_", " ")
