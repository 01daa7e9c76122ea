"""What importing a waiting file of benchmarks would do if it were confirmed now."""

from __future__ import annotations

import datetime
from collections.abc import Mapping as Dict
from dataclasses import dataclass, replace

from django.utils import timezone

from accounts.viewer import Viewer

from ..benchmarks import entry_of, key_of
from ..holding import bounds_of
from ..models import Benchmark, ImportBatch, Series
from . import preview, tidy
from .cells import Book
from .issues import Asked
from .mapping import Mapping
from .reading import MOST_ROWS
from .refused import RefusedRows, refused_rows
from .tidy import BenchmarkPlan, Choice, HeldBenchmark, Key
from .tidy_file import TidyFile, tidy_file


@dataclass(frozen=True)
class BenchmarkPreview:
    """One batch read and compared with what is held at this moment. `series` are all of the contract, by id."""

    batch: ImportBatch
    book: Book
    mapping: Mapping
    file: TidyFile
    choice: Choice
    series: Dict[int, Series]
    plan: BenchmarkPlan

    @property
    def counts(self) -> dict[str, int]:
        return preview.counts_of(self.plan)

    @property
    def answered(self) -> list[Asked]:
        """The questions that have their answer, so that it can be changed."""
        if not self.mapping.answers:
            return []
        asked = _plan(self, {}, {}, today=datetime.date.max).asked
        return [one for one in asked if one.question in self.mapping.answers]


def build(
    batch: ImportBatch, viewer: Viewer, *, now: datetime.datetime, most_rows: int | None = MOST_ROWS
) -> BenchmarkPreview:
    """The file read again and compared with what is held: three queries."""
    book = preview.book_of(batch, most_rows=most_rows)
    return compared(batch, book, viewer, now=now)


def compared(batch: ImportBatch, book: Book, viewer: Viewer, *, now: datetime.datetime) -> BenchmarkPreview:
    """Two queries."""
    mapping = Mapping.from_json(batch.mapping)
    order = ("measure__position", "measure__code", "position", "code", "first_quarter")
    series = Series.objects.filter(measure__contract=viewer.contract).select_related("measure").order_by(*order)
    bare = BenchmarkPreview(
        batch=batch,
        book=book,
        mapping=mapping,
        file=tidy_file(book, mapping.sheet, mapping.header_row),
        choice=Choice.from_json(mapping.tidy),
        series={one.pk: one for one in series},
        plan=BenchmarkPlan((), (), (), (), frozenset(), (), ""),
    )
    plan = _plan(bare, mapping.answers, _held(viewer), today=timezone.localdate(now))
    return replace(bare, plan=replace(plan, told=(*book.told, *plan.told)))


def _plan(seen: BenchmarkPreview, answers: Dict, held: Dict[Key, HeldBenchmark], *, today) -> BenchmarkPlan:
    bounds = {number: bounds_of(one) for number, one in seen.series.items()}
    return tidy.plan(
        seen.file, seen.choice, bounds=bounds, held=held, answers=answers, today=today, source=seen.batch.sha256
    )


def _held(viewer: Viewer) -> dict[Key, HeldBenchmark]:
    rows = Benchmark.objects.filter(series__measure__contract=viewer.contract)
    return {
        key_of(row.series_id, row.comparator, row.period): HeldBenchmark(entry_of(row), row.version) for row in rows
    }


def first_choice(book: Book, mapping: Mapping) -> Mapping:
    """What is chosen when a file comes in: as in the last file of this shape, else what it suggests by itself. Edition
    and day are of the one file alone."""
    if mapping.tidy:
        kept = Choice.from_json(mapping.tidy)
        return replace(mapping, tidy=replace(kept, edition="", published_on=None).as_json())
    guess = tidy.guess(tidy_file(book, mapping.sheet, mapping.header_row))
    return replace(mapping, tidy=guess.as_json())


def refused_of(batch: ImportBatch, viewer: Viewer, *, now: datetime.datetime) -> RefusedRows:
    """The rows that a waiting file would leave out."""
    seen = build(batch, viewer, now=now)
    return refused_rows(seen.book, seen.mapping, seen.plan)
