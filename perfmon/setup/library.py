"""The chart library in its small form, a third of what the Python package carries, where npm is there to fetch it.

It is locked by version and hash in package-lock.json. Pages work with either form, so nothing here stops a set-up.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from perfmon.setup.console import COMMAND_LETTERS, say, shorten
from perfmon.setup.place import ROOT, digest, put_stamp, stamped

LOCK = ("package.json", "package-lock.json")
# Inside what npm installs, and inside the build folder, where perfmon/finders.py looks.
SOURCE = Path("node_modules", "plotly.js-basic-dist-min", "plotly-basic.min.js")
BUILT = Path("static", "vendor", "plotly.min.js")
INSTEAD = "Charts use the larger library of the Python package (1.2 MB instead of 0.4 MB, loaded after the page)."
CLEAN_INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
SECONDS = 60


def npm(env: Mapping[str, str]) -> str | None:
    return shutil.which("npm", path=env.get("PATH", ""))


def lock_mark(root: Path = ROOT) -> str:
    return digest(root / name for name in LOCK)


def build(env: Mapping[str, str], state: Path, root: Path = ROOT, seconds: float = SECONDS) -> None:
    """Fetch the library unless it is there already. Says so in a line where it cannot be had, and goes on."""
    built = Path(env.get("BUILD_DIR") or state / "build") / BUILT
    stamp, mark = built.with_name("plotly.stamp"), lock_mark(root)
    if built.is_file() and stamped(stamp, mark):
        return
    # One of another version must not be served for this one.
    built.unlink(missing_ok=True)
    why = fetch(env, state / "npm", built, root, seconds)
    if why:
        say(f"  {why} {INSTEAD}")
    else:
        put_stamp(stamp, mark)


def fetch(env: Mapping[str, str], folder: Path, built: Path, root: Path, seconds: float) -> str:
    """Install into `folder` and put the one file at `built`. Returns why that failed; nothing when it did not."""
    program = npm(env)
    if program is None:
        return "npm is not installed."
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in LOCK:
            shutil.copyfile(root / name, folder / name)
        why = run([program, *CLEAN_INSTALL], env, folder, seconds)
        if why:
            return why
        built.parent.mkdir(parents=True, exist_ok=True)
        partial = built.with_name(built.name + ".part")
        shutil.copyfile(folder / SOURCE, partial)
        os.replace(partial, built)
    except OSError as error:
        return f"The chart library could not be fetched ({error.strerror or error})."
    return ""


def run(command: Sequence[str], env: Mapping[str, str], folder: Path, seconds: float) -> str:
    """Run npm in `folder`. Returns why it failed. After `seconds` it is ended, with whatever it started."""
    log = folder / "npm.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=folder, env=dict(env), stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
        )
    try:
        code = process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return f"npm took longer than {seconds:g} seconds."
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if code == 0:
        return ""
    said = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return f"npm could not fetch the chart library ({shorten((said or [f'exit code {code}'])[0], COMMAND_LETTERS)})."
