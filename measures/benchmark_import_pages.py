"""What the pages of a file of benchmarks show: the preview's sections, the changes of a batch, what undoing does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .benchmark_entries import (
    COMPARABILITY_WORDS,
    BenchmarkEntry,
    as_data,
    comparator_words,
    from_data,
    source_words,
    value_words,
)
from .import_pages import SHOWN, IssueRow, Section, Undoing, ValueRow
from .imports.benchmark_preview import BenchmarkPreview
from .imports.issues import Issue
from .imports.plan import Kind
from .imports.tidy import Choice
from .imports.words import counted
from .models import ImportBatch, ImportChange, Series
from .numbers import Unit

DIFFERS = {"published_on": "day of publication"}
TITLES = {Kind.CHANGED: "Changed", Kind.NEW: "New", Kind.UNCHANGED: "Unchanged"}


def sections(seen: BenchmarkPreview, *, most: int | None = SHOWN) -> list[Section]:
    """Refused, changed, new and unchanged, without those that are empty; of each at most `most` rows."""
    issues = seen.plan.issues
    found = [Section("refused", "Refused", tuple(_issue_row(one) for one in issues[:most]), len(issues))]
    for kind, title in TITLES.items():
        items = seen.plan.of(kind)
        rows = [
            _row(seen.series[item.series], item.entry, item.old and item.old.entry, place=f"Row {item.row}")
            for item in items[:most]
        ]
        found.append(Section(kind.value, title, tuple(rows), len(items)))
    return [section for section in found if section.total]


def _issue_row(issue: Issue) -> IssueRow:
    place = f"{issue.sheet}, row {issue.row}" if issue.sheet else f"Row {issue.row}"
    return IssueRow(place, issue.column, issue.read, issue.why, issue.remedy)


def _row(series: Series, new: BenchmarkEntry, old: BenchmarkEntry | None, *, place: str = "") -> ValueRow:
    before, after = (_value(series, one) if one else "" for one in (old, new))
    if old and _source(old) != _source(new):
        before += f" ({_source(old)})"
    if old and old.value == new.value:
        after += f", other {_differing(old, new)}"
    name = comparator_words(new.comparator, new.statistic)
    return ValueRow(place, series.code, name, new.period.label, before, after)


def _value(series: Series, entry: BenchmarkEntry) -> str:
    return value_words(entry.value, Unit(series.unit), series.decimals)


def _source(entry: BenchmarkEntry) -> str:
    return source_words(entry.source, entry.edition, entry.published_on)


def _differing(old: BenchmarkEntry, new: BenchmarkEntry) -> str:
    """ "edition, method": what of two figures is not the same, in words."""
    before, after = as_data(old), as_data(new)
    return ", ".join(DIFFERS.get(name, name) for name in before if before[name] != after[name])


def origin(choice: Choice) -> str:
    """ "All from DfE, Children in need 2018. Close, not the same.": what is said of every figure of a file."""
    source = source_words(choice.source, choice.edition, choice.published_on)
    return f"All from {source}. {COMPARABILITY_WORDS[choice.comparability]}."


def changed_rows(changes: Iterable[ImportChange]) -> list[ValueRow]:
    """What a confirmed batch wrote, in the order of its rows."""
    return [_row(one.series, from_data(one.new), from_data(one.old) if one.old else None) for one in changes]


def undoing(batch: ImportBatch) -> Undoing:
    """One query. No quarter's state stands in the way, and no reason is asked: benchmarks are public figures."""
    olds = list(ImportChange.objects.filter(batch=batch).values_list("old", flat=True))
    set_back = sum(old is not None for old in olds)
    return Undoing(removed=len(olds) - set_back, set_back=set_back, refusals=(), asks_reason=False)


def answer(counts: Mapping[str, int]) -> str:
    """ "4 new benchmarks, 1 changed, 3 unchanged, 2 rows refused": what the page says first."""
    new, changed, unchanged, refused = (counts[name] for name in ("new", "changed", "unchanged", "refused"))
    parts = [counted(new, "new benchmark") if new else "No new benchmarks"]
    parts += [f"{number:,} {word}" for number, word in ((changed, "changed"), (unchanged, "unchanged")) if number]
    parts += [f"{counted(refused, 'row')} refused"] if refused else []
    return ", ".join(parts)
