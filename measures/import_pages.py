"""What the import pages show: the preview's sections, the changes of a batch, what undoing it would do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts.viewer import Viewer

from .entries import held_value
from .holding import bounds_of, quarter_of
from .imports.issues import Issue, Severity
from .imports.plan import Item, Kind, Known, Plan
from .imports.words import Figures, counted, figure_text, with_note
from .models import Cycle, ImportBatch, ImportChange, period_of
from .policies import editing_act, is_draft, refusal
from .rights import Act
from .states import State

SHOWN = 200


@dataclass(frozen=True)
class ValueRow:
    """One value in words. `place` is where it stands in the file; empty on the page of a batch. The preview has its
    notes apart, to be set below the figures."""

    place: str
    code: str
    name: str
    period: str
    old: str
    new: str
    old_note: str = ""
    new_note: str = ""
    needs_reason: bool = False

    @property
    def words(self) -> str:
        """ "70% becomes 71%, note: counted again", for the command."""
        old, new = (with_note(*each) for each in ((self.old, self.old_note), (self.new, self.new_note)))
        return f"{old} becomes {new}" if old and old != new else new


@dataclass(frozen=True)
class IssueRow:
    place: str
    column: str
    read: str
    why: str
    remedy: str


@dataclass(frozen=True)
class Section:
    """Rows of one kind; `total` of them, of which the page shows the first."""

    key: str
    title: str
    rows: tuple
    total: int

    @property
    def more(self) -> str:
        """What of it is not on the page."""
        rest = self.total - len(self.rows)
        return f"The first {len(self.rows)} of {self.total:,} are shown; {rest:,} more are alike." if rest else ""


def sections(plan: Plan, known: Sequence[Known], *, most: int | None = SHOWN) -> list[Section]:
    """Refused, warned of, changed, new and unchanged, without those that are empty; of each at most `most` rows."""
    by_id = {one.id: one for one in known}
    severities = {"refused": ("Refused", Severity.REFUSED), "warned": ("To check", Severity.WARNING)}
    found = []
    for key, (title, severity) in severities.items():
        issues = [issue for issue in plan.issues if issue.severity is severity]
        total = len(issues) + sum(count for (of, *_), count in plan.unlisted.items() if of is severity)
        found.append(Section(key, title, tuple(_issue_row(one) for one in issues[:most]), total))
    titles = {Kind.CHANGED: "Changed", Kind.NEW: "New", Kind.UNCHANGED: "Unchanged"}
    for kind, title in titles.items():
        items = plan.of(kind)
        rows = tuple(_value_row(item, by_id[item.series]) for item in items[:most])
        found.append(Section(kind.value, title, rows, len(items)))
    return [section for section in found if section.total]


def _place(sheet: str, row: int) -> str:
    return f"{sheet}, row {row}" if sheet else f"Row {row}"


def _issue_row(issue: Issue) -> IssueRow:
    return IssueRow(_place(issue.sheet, issue.row), issue.column, issue.read, issue.why, issue.remedy)


def _value_row(item: Item, known: Known) -> ValueRow:
    old, entry = item.old, item.entry
    # A note is shown where it is what changes, or comes with a first value.
    is_noted = entry.note != (old.note if old else "")
    return ValueRow(
        place=_place(item.sheet, item.row),
        code=known.code,
        name=known.name,
        period=item.period.label,
        old=figure_text(old.value, old, known.bounds) if old else "",
        new=figure_text(held_value(entry, known.bounds), entry, known.bounds),
        old_note=old.note if old and is_noted else "",
        new_note=entry.note if is_noted else "",
        needs_reason=item.needs_reason,
    )


def changed_rows(changes: Iterable[ImportChange]) -> list[ValueRow]:
    """What a confirmed batch wrote, in the order of its rows."""
    return [_changed_row(change) for change in changes]


def _changed_row(change: ImportChange) -> ValueRow:
    series, bounds = change.series, bounds_of(change.series)
    old, new = (Figures.of(each) if each else None for each in (change.old, change.new))
    is_noted = new.note != (old.note if old else "")
    after = with_note(figure_text(new.value, new, bounds), new.note if is_noted else "")
    before = with_note(figure_text(old.value, old, bounds), old.note if is_noted else "") if old else ""
    return ValueRow("", series.code, series.name, change.period.label, before, after)


@dataclass(frozen=True)
class Undoing:
    """What undoing a batch would do now. `refusals` are the sentences of quarters that take no changes."""

    removed: int
    set_back: int
    refusals: tuple[str, ...]
    asks_reason: bool

    @property
    def words(self) -> str:
        """ "36 values go, and 2 are set back to what was held before."."""
        gone = f"{counted(self.removed, 'value')} {'goes' if self.removed == 1 else 'go'}" if self.removed else ""
        back = f"{counted(self.set_back, 'value')} {'is' if self.set_back == 1 else 'are'} set back to what was held"
        return f"{' and '.join(filter(None, [gone, back if self.set_back else ''])) or 'No value goes'}."


def undoing(viewer: Viewer, batch: ImportBatch) -> Undoing:
    """Two queries."""
    cycles = {cycle.quarter: cycle for cycle in Cycle.objects.filter(contract=viewer.contract)}
    touched = [
        (quarter_of(period_of(kind, start)), old is not None)
        for kind, start, old in ImportChange.objects.filter(batch=batch).values_list("period_kind", "start", "old")
    ]
    sentences = [_refusal(viewer, cycles[quarter], is_change) for quarter, is_change in sorted(set(touched))]
    quarters = {quarter for quarter, _ in touched}
    set_back = sum(is_change for _, is_change in touched)
    return Undoing(
        removed=len(touched) - set_back,
        set_back=set_back,
        refusals=tuple(dict.fromkeys(filter(None, sentences))),
        asks_reason=not all(is_draft(cycles[quarter]) for quarter in quarters),
    )


def _refusal(viewer: Viewer, cycle: Cycle, is_change: bool) -> str:
    is_first = cycle.state == State.PAST and not is_change
    return refusal(Act.LOAD_HISTORY if is_first else editing_act(cycle), viewer, cycle)
