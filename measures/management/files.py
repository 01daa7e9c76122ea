"""What the commands that bring in a file have in common."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.denial import Denied
from accounts.viewer import Viewer
from measures.imports import batches, preview
from measures.imports.cells import Unreadable
from measures.imports.kinds import safe_name
from measures.imports.reading import MOST_ROWS
from measures.models import ImportBatch
from measures.terms import BatchState
from measures.writing import Invalid


class FileCommand(BaseCommand):
    """Reads the file and tells what is refused as other commands do; `bring_in` is what a command does with it."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--contract", required=True, metavar="SLUG", help="as in the contract's addresses")
        parser.add_argument("--dry-run", action="store_true", help="show what would be brought in, and store nothing")

    def handle(self, *args, **options) -> None:
        path: Path = options["file"]
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        try:
            self.bring_in(safe_name(path.name), content, options)
        except (Unreadable, Denied) as refused:
            raise CommandError(refused.sentence) from refused
        except Invalid as invalid:
            raise CommandError(" ".join(invalid.errors.values())) from invalid

    def bring_in(self, name: str, content: bytes, options: dict) -> None:
        # Each command brings its own; one without would be noticed at its first run.
        raise NotImplementedError


@contextmanager
def uploaded(
    *, by: Viewer, name: str, content: bytes, now: datetime.datetime, most_rows: int | None = MOST_ROWS
) -> Iterator[ImportBatch]:
    """A batch that waits, to be confirmed inside. What still waits afterwards goes, whatever stopped it: nobody will
    come back for it."""
    batch = batches.upload(by=by, name=name, content=content, now=now, most_rows=most_rows)
    try:
        yield batch
    finally:
        if preview.batches_of(by).filter(pk=batch.pk, state=BatchState.UPLOADED).exists():
            batches.discard(by=by, batch=batch)
