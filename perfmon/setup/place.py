"""Where things lie, and stamps that say whether a step must be done again."""

import hashlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from perfmon.setup.console import Problem

ROOT = Path(__file__).resolve().parent.parent.parent
SHIPPED_FOLDERS = ("accounts", "commentary", "measures", "perfmon", "workflow")


def state_folder(root: Path = ROOT) -> Path:
    """The ignored folder that holds the demo's database, key, static files and stamps."""
    folder = root / ".perfmon"
    try:
        folder.mkdir(exist_ok=True)
        probe = folder / "write-test"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        raise Problem(
            f"Cannot write to {folder} ({error.strerror}). "
            "Copy the project to a folder you may write to, or free some disk space, and try again."
        ) from None
    return folder


def digest(files: Iterable[Path], extra: str = "") -> str:
    """One hash over the names and contents of `files`, in any order, and over `extra`."""
    total = hashlib.sha256(extra.encode())
    for path in sorted(files):
        total.update(str(path).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def stamped(stamp: Path, mark: str) -> bool:
    try:
        return stamp.read_text(encoding="ascii") == mark
    except (OSError, UnicodeDecodeError):
        return False


def put_stamp(stamp: Path, mark: str) -> None:
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(mark, encoding="ascii")


def secret_key(folder: Path) -> str:
    """The demo's own key: made once, readable by its owner only."""
    path = folder / "demo-secret-key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(handle, "w", encoding="ascii") as out:
        key = os.urandom(48).hex()
        out.write(key)
    return key


def python_words() -> str:
    return "Python {}.{}.{}".format(*sys.version_info[:3])
