"""Backups as files: their names, their seal, and which of them there are.

A backup is a zip file whose comment, its last 64 bytes, is the SHA-256 of all bytes before: whatever is cut off or
altered shows.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import re
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

MANIFEST = "manifest.json"
FORMAT = 1
SEAL = 64
NAME = re.compile(r"perfmon-(\d{8}T\d{6})Z(?:-(\d+))?\.backup")
# Nobody is signed in by a backup, and the counts of failed sign-ins start anew.
LEFT_OUT = ("django_session", "cache")
PARTIAL = ".partial"
# What was left by one that was killed.
STALE = datetime.timedelta(days=1)
PIECE = 1024 * 1024


class Refused(Exception):
    """Nothing was written or brought back. The words say why, and what to do."""


class Spoilt(Exception):
    """A file that is no whole backup. The words say what is wrong, for the operator."""


class Backup(NamedTuple):
    path: Path
    made_at: datetime.datetime
    # 0, and more for those of the same second.
    number: int = 0


def found(folder: Path) -> list[Backup]:
    """The backups of a folder by their names, the latest first."""
    held = []
    for path in folder.iterdir() if folder.is_dir() else ():
        if match := NAME.fullmatch(path.name):
            at = datetime.datetime.strptime(match[1], "%Y%m%dT%H%M%S").replace(tzinfo=datetime.UTC)
            held.append(Backup(path, at, int(match[2] or 0)))
    return sorted(held, key=lambda one: (one.made_at, one.number), reverse=True)


def newest(folder: Path) -> Backup | None:
    return next(iter(found(folder)), None)


def thin_out(folder: Path, keep: int) -> list[Path]:
    """Delete all but the `keep` latest backups; returns what went."""
    gone = [one.path for one in found(folder)[keep:]]
    for path in gone:
        path.unlink()
    return gone


@contextmanager
def written(
    folder: Path, now: datetime.datetime, check: Callable[[Path], object]
) -> Iterator[tuple[zipfile.ZipFile, Path]]:
    """(a zip file to fill, the name that it will have). The name appears when all is on the disk and `check`, which
    reads the file again, finds nothing wrong; or not at all."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    final = _free_name(folder, now)
    with scratch(folder) as partial:
        with partial.open("w+b") as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                yield archive, final
                archive.comment = b"0" * SEAL
            out.seek(0)
            seal = _digest(out, out.seek(0, os.SEEK_END) - SEAL)
            out.seek(-SEAL, os.SEEK_END)
            out.write(seal.encode())
            out.flush()
            os.fsync(out.fileno())
        check(partial)
        partial.rename(final)
        try:
            sync_folder(folder)
        except OSError:
            final.unlink(missing_ok=True)
            raise


def _free_name(folder: Path, now: datetime.datetime) -> Path:
    stamp = now.astimezone(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")
    names = [f"perfmon-{stamp}.backup", *(f"perfmon-{stamp}-{number}.backup" for number in range(1, 100))]
    return next(folder / name for name in names if not (folder / name).exists())


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """An empty file that only its owner reads, and that goes when it is done with. What killed ones left goes now."""
    _sweep(folder)
    handle, name = tempfile.mkstemp(prefix=".perfmon-", suffix=PARTIAL, dir=folder)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        # SQLite puts its journals beside it.
        for ending in ("", "-journal", "-wal", "-shm"):
            Path(name + ending).unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    for path in folder.glob(f".perfmon-*{PARTIAL}*"):
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > STALE.total_seconds():
                path.unlink()


def sync_folder(folder: Path) -> None:
    """So that a name outlives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _digest(file: BinaryIO, length: int) -> str:
    file.seek(0)
    total, left = hashlib.sha256(), length
    while left and (piece := file.read(min(PIECE, left))):
        total.update(piece)
        left -= len(piece)
    return total.hexdigest()


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, Any]]]:
    """(the zip file, its manifest). Spoilt where a byte is missing or another than was written."""
    with ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("rb"))
            archive, manifest = _whole(file)
        except OSError as error:
            raise Spoilt(f"{path.name} cannot be read: {error.strerror}.") from None
        except (zipfile.BadZipFile, KeyError, ValueError):
            raise Spoilt(f"{path.name} is cut short, altered, or no backup of perfmon. Take another one.") from None
        stack.enter_context(archive)
        yield archive, manifest


def _whole(file: BinaryIO) -> tuple[zipfile.ZipFile, dict[str, Any]]:
    length = file.seek(0, os.SEEK_END) - SEAL
    if length <= 0 or _digest(file, length).encode() != file.read(SEAL):
        raise ValueError
    archive = zipfile.ZipFile(file)
    manifest = json.loads(archive.read(MANIFEST))
    if manifest["format"] != FORMAT:
        raise Spoilt(f"This backup was written by perfmon {manifest['program']}. Restore it with that version.")
    return archive, manifest
