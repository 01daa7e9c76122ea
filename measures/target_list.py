"""The targets of one series as a page shows them: what is in force, what waits, the whole history, and what a change
does to the ratings that this viewer may see."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from accounts.models import AuditEntry, Contract, User
from accounts.roles import Party
from accounts.viewer import Viewer

from .models import Observation, Series, Target
from .quarters import Quarter
from .readings import Aim, Reading, Scale, in_force
from .rights import ANSWER_TARGET, RETRACT_TARGET, RIGHTS
from .scorecard import HISTORY, reading_of, scale_of
from .target_changes import REFUSE_WITHDRAWAL, RETRACT_WITHDRAWAL
from .target_effects import Ask, Effect, always, answer, bound_text, effects, until_next
from .target_entries import Ground, Shown, TargetEntry, withdrawal_problem, without
from .target_rows import aim_of, is_in_force, shown_of, waiting_party
from .terms import Basis, PeriodKind


@dataclass(frozen=True)
class Step:
    """One thing that was done about a target: "Proposed", by whom, when and why."""

    words: str
    who: str
    at: datetime.datetime
    reason: str


@dataclass(frozen=True)
class Bound:
    """ "90%" and the letter of its mark; both empty where none is set."""

    text: str
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """One row of the history. `withdrawable` where its withdrawal may be proposed; else `why_not` may say why."""

    id: int
    quarter: Quarter
    target: Bound
    tolerance: Bound
    state: str
    is_now: bool
    counts: bool
    steps: tuple[Step, ...]
    withdrawable: bool = False
    why_not: str = ""


@dataclass(frozen=True)
class Waiting:
    """What waits for an answer: `asks` and `answers` are short names, `shown` is what the answer repeats."""

    line: Line
    ask: Ask
    party: Party
    step: Step
    shown: Shown
    asks: str
    answers: str
    may_answer: bool
    may_take_back: bool

    @property
    def fields(self) -> dict[str, str]:
        """Hidden in the form of the answer."""
        return self.shown.fields

    @property
    def is_withdrawal(self) -> bool:
        return self.ask is Ask.WITHDRAWN


@dataclass(frozen=True)
class Compared:
    """The ratings that stand beside other ones, the latest quarter first."""

    ask: Ask
    effects: tuple[Effect, ...]
    answer: str

    @property
    def rows(self) -> list[tuple[Effect, str]]:
        return [(effect, effect.words(self.ask)) for effect in reversed(self.effects)]


@dataclass(frozen=True)
class TargetList:
    """`lines` the latest quarter first. `now` is in force in `quarter`, `before` was until then: that of today, or the
    first of a series that `is_to_come`, or the last of one that ended."""

    series: Series
    scale: Scale
    quarter: Quarter
    is_to_come: bool
    aims: tuple[Aim, ...]
    fixed: frozenset[Quarter]
    lines: tuple[Line, ...]
    waiting: Waiting | None

    @property
    def now(self) -> Aim | None:
        return in_force(self.aims, self.quarter)

    @property
    def before(self) -> Aim | None:
        now = self.now
        return in_force(self.aims, now.from_quarter.previous) if now else None

    @property
    def sentence(self) -> str:
        """ "In Q3 2018/19 the target is 22%, the tolerance 28%, in force since Q2 2015/16."."""
        now = self.now
        if now is None or now.target is None:
            when = f"{'will be' if self.is_to_come else 'is'} in force in {self.quarter.label}"
            return f"No target {when}: values are not rated."
        tolerance = bound_text(now, "tolerance", self.scale)
        bound = f"the tolerance {tolerance}" if tolerance else "with no tolerance"
        target = bound_text(now, "target", self.scale)
        if self.is_to_come:
            return f"It starts with {self.quarter.label}: the target is {target} then, {bound}."
        return f"In {self.quarter.label} the target is {target}, {bound}, in force since {now.from_quarter.label}."


def build(
    viewer: Viewer,
    series: Series,
    rows: Sequence[Target],
    ground: Ground,
    today: Quarter,
    gone: Mapping[int, Sequence[Step]],
) -> TargetList:
    """`rows` are every target of the series as `target_rows.rows_of` gives them, `gone` as `came_to_nothing` does."""
    quarter = max(min(today, ground.last) if ground.last else today, ground.first)
    is_to_come = quarter > today
    now = None if is_to_come else in_force(ground.aims, quarter)
    asked = any(waiting_party(row) for row in rows)
    lines = {
        row.pk: _line(row, viewer, scale_of(series), now, min(quarter, today), gone.get(row.pk, ())) for row in rows
    }
    for row in rows:
        if is_in_force(row) and not asked:
            why_not = withdrawal_problem(aim_of(row), ground)
            lines[row.pk] = replace(lines[row.pk], withdrawable=not why_not, why_not=why_not)
    waiting = next((_waiting(row, lines[row.pk], viewer) for row in rows if waiting_party(row)), None)
    return TargetList(
        series=series,
        scale=scale_of(series),
        quarter=quarter,
        is_to_come=is_to_come,
        aims=ground.aims,
        fixed=frozenset(ground.fixed),
        lines=tuple(lines[row.pk] for row in reversed(rows)),
        waiting=waiting,
    )


def proposed(found: TargetList, readings: Sequence[Reading], entry: TargetEntry) -> Compared:
    """What another target from a quarter on does, and what it would have done before."""
    aim = Aim(entry.from_quarter, entry.target, entry.tolerance, Basis.CONTRACT, Basis.CONTRACT, entry.reason)
    last = until_next(found.aims, entry.from_quarter)
    shown = readings[-HISTORY:]
    rated = effects(
        shown, found.scale, found.aims, always(aim, shown), first=aim.from_quarter, last=last, fixed=found.fixed
    )
    return Compared(Ask.PROPOSED, rated, answer(rated, Ask.PROPOSED))


def withdrawn(found: TargetList, readings: Sequence[Reading], quarter: Quarter) -> Compared:
    """What the quarters that a target rates are rated without it."""
    last = until_next(found.aims, quarter)
    shown = [each for each in readings if quarter <= each.quarter and (last is None or each.quarter <= last)]
    others = without(found.aims, quarter)
    rated = effects(shown, found.scale, found.aims, others, first=quarter, last=last, fixed=found.fixed)
    return Compared(Ask.WITHDRAWN, rated, answer(rated, Ask.WITHDRAWN))


def before(found: TargetList, readings: Sequence[Reading]) -> Compared | None:
    """What the quarters that the target in force rates would have been under the one before; None without either."""
    if found.now is None or found.before is None:
        return None
    shown = [each for each in readings if found.now.from_quarter <= each.quarter]
    others = always(found.before, shown)
    rated = effects(shown, found.scale, found.aims, others, first=found.now.from_quarter)
    return Compared(Ask.BEFORE, rated, answer(rated, Ask.BEFORE)) if rated else None


def compared(found: TargetList, readings: Sequence[Reading], entry: TargetEntry | None) -> Compared | None:
    """The comparison that belongs on the page now: what is typed, what waits, else the last change."""
    if entry is not None:
        return proposed(found, readings, entry)
    if found.waiting is None:
        return before(found, readings)
    quarter = found.waiting.line.quarter
    if found.waiting.is_withdrawal:
        return withdrawn(found, readings, quarter)
    shown = found.waiting.shown
    return proposed(found, readings, TargetEntry(quarter, shown.target, shown.tolerance, ""))


def readings_of(series: Series, visible: frozenset[Quarter]) -> list[Reading]:
    """Every quarter's figure that the viewer may see, oldest first; one query."""
    rows = Observation.objects.filter(series=series, period_kind=PeriodKind.QUARTER, is_current=True)
    return [reading for reading in map(reading_of, rows.order_by("start")) if reading.quarter in visible]


def came_to_nothing(contract: Contract, rows: Iterable[Target]) -> dict[int, list[Step]]:
    """Withdrawals that were refused or taken back, by target: the audit chain alone knows of them. One query."""
    agreed = [row.pk for row in rows if row.agreed_at]
    acts = {REFUSE_WITHDRAWAL: "Withdrawal refused", RETRACT_WITHDRAWAL: "Withdrawal taken back"}
    entries = AuditEntry.objects.filter(contract=contract, act__in=acts, old__id__in=agreed)
    found: dict[int, list[Step]] = {}
    for entry in entries.select_related("by").order_by("number"):
        old, party = entry.old, Party(entry.old["party"])
        at = datetime.datetime.fromisoformat(old["at"])
        asked = Step("Withdrawal proposed", _named(old["by"], contract, party), at, old["reason"])
        by = party.other if entry.act == REFUSE_WITHDRAWAL else party
        told = Step(acts[entry.act], _named(entry.by.name, contract, by), entry.at, entry.reason)
        found.setdefault(old["id"], []).extend([asked, told])
    return found


def _line(row: Target, viewer: Viewer, scale: Scale, now: Aim | None, today: Quarter, gone: Iterable[Step]) -> Line:
    aim = aim_of(row)
    in_force_now = is_in_force(row) and now is not None and row.from_quarter == now.from_quarter
    return Line(
        id=row.pk,
        quarter=row.from_quarter,
        target=_bound(aim, "target", aim.target_mark, scale),
        tolerance=_bound(aim, "tolerance", aim.tolerance_mark, scale),
        state=_state(row, now, today),
        is_now=in_force_now,
        counts=is_in_force(row),
        steps=_steps(row, viewer.contract, gone),
    )


def _bound(aim: Aim, name: str, mark: str, scale: Scale) -> Bound:
    text = bound_text(aim, name, scale)
    return Bound(text, (mark,) if text and mark else ())


def _state(row: Target, now: Aim | None, today: Quarter) -> str:
    if row.closed_at:
        return "Refused" if row.closed_reason else "Taken back"
    if row.agreed_at is None:
        return "Waits for an answer"
    if row.withdrawn_at:
        return "Withdrawn"
    if row.withdrawal_at:
        return "To be withdrawn, waits for an answer"
    if row.from_quarter > today:
        return f"Agreed, starts in {row.from_quarter.label}"
    return "In force" if now and row.from_quarter == now.from_quarter else "Replaced"


def _steps(row: Target, contract: Contract, gone: Iterable[Step]) -> tuple[Step, ...]:
    if not row.proposed_party:
        found = [Step("Came with set-up", row.proposed_by.name, row.agreed_at, row.reason)]
    else:
        party = Party(row.proposed_party)
        found = [Step("Proposed", _who(row.proposed_by, contract, party), row.proposed_at, row.reason)]
        if row.agreed_at:
            found.append(Step("Agreed", _who(row.agreed_by, contract, party.other), row.agreed_at, ""))
        if row.closed_at:
            words, by = ("Refused", party.other) if row.closed_reason else ("Taken back", party)
            found.append(Step(words, _who(row.closed_by, contract, by), row.closed_at, row.closed_reason))
    found += gone
    if row.withdrawal_at:
        asked = Party(row.withdrawal_party)
        who = _who(row.withdrawal_by, contract, asked)
        found.append(Step("Withdrawal proposed", who, row.withdrawal_at, row.withdrawal_reason))
        if row.withdrawn_at:
            found.append(Step("Withdrawn", _who(row.withdrawn_by, contract, asked.other), row.withdrawn_at, ""))
    return tuple(found)


def _who(user: User, contract: Contract, party: Party) -> str:
    return _named(user.name, contract, party)


def _named(name: str, contract: Contract, party: Party) -> str:
    return f"{name}, {contract.organisation(party).short_name}"


def _waiting(row: Target, line: Line, viewer: Viewer) -> Waiting:
    party = waiting_party(row)
    proposer = row.withdrawal_by_id if row.agreed_at else row.proposed_by_id
    is_own = proposer == viewer.user.pk
    return Waiting(
        line=line,
        ask=Ask.WITHDRAWN if row.agreed_at else Ask.PROPOSED,
        party=party,
        step=line.steps[-1],
        shown=shown_of(row),
        asks=viewer.contract.organisation(party).short_name,
        answers=viewer.contract.organisation(party.other).short_name,
        may_answer=viewer.who in RIGHTS[ANSWER_TARGET[party]] and not is_own,
        may_take_back=viewer.who in RIGHTS[RETRACT_TARGET[party]],
    )
