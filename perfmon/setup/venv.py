"""The virtual environment in `.venv`, filled from a hash-locked file."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from perfmon.setup.console import Problem, run_quietly, say, timed
from perfmon.setup.place import ROOT, digest, put_stamp, stamped

# The test file holds everything the run file holds, at the same versions.
INCLUDES = {"run": ("run",), "test": ("test", "run")}


def interpreter(root: Path = ROOT) -> Path:
    folder = root / ".venv"
    return folder / "Scripts" / "python.exe" if os.name == "nt" else folder / "bin" / "python"


def lock_file(name: str, root: Path = ROOT) -> Path:
    return root / "requirements" / f"{name}.txt"


def stamp_file(name: str, root: Path = ROOT) -> Path:
    return root / ".venv" / f"perfmon-{name}.stamp"


def lock_mark(name: str, root: Path = ROOT) -> str:
    """Changes with the lock file and with the Python that the environment was made for."""
    return digest([lock_file(name, root)], extra=str(sys.version_info[:2]))


def is_ready(name: str, root: Path = ROOT) -> bool:
    return works(interpreter(root)) and stamped(stamp_file(name, root), lock_mark(name, root))


def works(python: Path, code: str = "") -> bool:
    if not python.exists():
        return False
    try:
        return subprocess.run([str(python), "-c", code], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def missing_venv_words() -> str:
    return (
        "Python's venv module is missing, so no virtual environment can be made. "
        "On Debian or Ubuntu: apt install python3-venv"
    )


def ensure(name: str, root: Path = ROOT) -> Path:
    """Make `.venv` hold what requirements/`name`.txt lists and return its Python. Quick when it does already."""
    python = interpreter(root)
    if is_ready(name, root):
        return python
    uv = shutil.which("uv")
    same = f"import sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    if not works(python, same):
        create(root, uv)
    with timed(f"Installing the packages of requirements/{name}.txt (the first time takes a minute)"):
        install(python, lock_file(name, root), uv)
    for included in INCLUDES[name]:
        put_stamp(stamp_file(included, root), lock_mark(included, root))
    return python


def create(root: Path, uv: str | None) -> None:
    folder = root / ".venv"
    with timed("Making a virtual environment in .venv"):
        if all(importlib.util.find_spec(part) for part in ("venv", "ensurepip")):
            run_quietly([sys.executable, "-m", "venv", "--clear", str(folder)])
        elif uv:
            run_quietly([uv, "venv", "--clear", "--python", sys.executable, str(folder)])
        else:
            raise Problem(missing_venv_words())


def install(python: Path, lock: Path, uv: str | None) -> None:
    if uv:
        try:
            run_quietly([uv, "pip", "install", "--python", str(python), "--require-hashes", "-r", str(lock)])
            return
        except Problem as problem:
            # uv does not read pip's configuration, where a council may name its package mirror.
            if not works(python, "import pip"):
                raise
            say(f"  uv could not install; trying pip. {str(problem).splitlines()[-1].strip()}")
    if not works(python, "import pip"):
        run_quietly([str(python), "-m", "ensurepip"])
    pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    run_quietly([*pip, "--require-hashes", "-r", str(lock)])
