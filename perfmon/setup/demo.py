"""`demo`: from a bare clone to a running program with its demo data."""

import argparse
import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from perfmon.setup import library, serving, venv
from perfmon.setup.console import Problem, run_quietly, say, timed
from perfmon.setup.place import ROOT, SHIPPED_FOLDERS, digest, put_stamp, secret_key, stamped, state_folder

DEMO_DAY = "2018-11-11"
OURS = ("DATABASE_URL", "DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "STATIC_ROOT", "TEST_DB", "DJANGO_SETTINGS_MODULE")


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=port_number, default=8000, help="port to serve on (8000)")
    parser.add_argument("--no-serve", action="store_true", help="set up only")


def port_number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port: give a number from 1 to 65535")
    return int(text)


def run(given: argparse.Namespace) -> int:
    if os.name == "nt":
        raise Problem("The demo's web server does not run on Windows itself. Run it under WSL, or in a container.")
    if not given.no_serve:
        serving.check_port(given.port)
    state = state_folder()
    python = venv.ensure("run")
    env = environment(state)
    build_static(python, env, state)
    log_ins = prepare(python, env)
    if given.no_serve:
        say(log_ins)
        say("Set up. Start it with: python3 -m perfmon demo")
        return 0
    return serve(python, env, given.port, log_ins)


def clean_environment() -> dict[str, str]:
    """This process's environment without the variables that would change what the program does."""
    return {k: v for k, v in os.environ.items() if k not in OURS and not k.startswith("PERFMON_")}


def environment(state: Path) -> dict[str, str]:
    return clean_environment() | {
        "PERFMON_DEMO": "1",
        "PERFMON_TODAY": DEMO_DAY,
        "DATABASE_URL": f"sqlite:///{state / 'demo.sqlite3'}",
        "SECRET_KEY": secret_key(state),
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        # Who made whom, and each request, would bury the list of log-ins.
        "LOG_LEVEL": "WARNING",
    }


def build_font(python: Path, env: Mapping[str, str]) -> None:
    """The page works without its typeface, so a failure here is told and not fatal."""
    try:
        run_quietly([str(python), "-m", "perfmon.fonts"], env)
    except Problem as problem:
        say(f"  The typeface could not be built; pages use the system's own.\n{problem}")


def static_mark(root: Path = ROOT, *, has_npm: bool = False) -> str:
    """Changes with anything that collectstatic would copy or that decides how it does."""
    folders = [root / "static", *(root / app / "static" for app in SHIPPED_FOLDERS)]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    makers = [root / "perfmon" / name for name in ("finders.py", "fonts.py", "settings.py", "storage.py")]
    makers += [root / name for name in library.LOCK]
    extra = f"{venv.lock_mark('run', root)} {has_npm}"
    return digest([*files, *(path for path in makers if path.exists())], extra=extra)


def build_static(python: Path, env: Mapping[str, str], state: Path) -> None:
    stamp, mark = state / "static.stamp", static_mark(has_npm=library.npm(env) is not None)
    if stamped(stamp, mark) and (state / "static" / "staticfiles.json").exists():
        return
    with timed("Building the typeface and the static files"):
        build_font(python, env)
        library.build(env, state)
        run_quietly([str(python), "manage.py", "collectstatic", "--no-input", "--clear", "-v", "0"], env)
    put_stamp(stamp, mark)


def prepare(python: Path, env: Mapping[str, str]) -> str:
    """Bring the demo's database up to date. Returns the list of log-ins that the loader prints."""
    is_old = (ROOT / ".perfmon" / "demo.sqlite3").exists()
    try:
        with timed("Preparing the database and the demo data"):
            return run_quietly([str(python), "-m", "perfmon.start", "--prepare-only"], env).rstrip()
    except Problem as problem:
        if not is_old:
            raise
        raise Problem(
            f"{problem}\nIf the program was updated since the demo was made, "
            "delete .perfmon/demo.sqlite3 (it holds nothing but the demo) and try again."
        ) from None


def serve(python: Path, env: Mapping[str, str], port: int, log_ins: str) -> int:
    address = f"http://127.0.0.1:{port}/"
    signal.signal(signal.SIGTERM, interrupt)
    server = subprocess.Popen(serving.gunicorn(str(python), f"127.0.0.1:{port}", "warning"), env=env)
    try:
        serving.wait_until_up(address.rstrip("/") + serving.HEALTH, lambda: server.poll() is None)
        if log_ins:
            say(f"\n{log_ins}")
        say(f"\nOpen {address} in a browser. Ctrl-C ends it.")
        return server.wait()
    except KeyboardInterrupt:
        say("\nStopped.")
        return 0
    finally:
        stop(server)


def interrupt(*_: object) -> NoReturn:
    """As Ctrl-C does; a process in the background may have been told to ignore that signal itself."""
    raise KeyboardInterrupt


def stop(server: "subprocess.Popen[bytes]") -> None:
    if server.poll() is None:
        server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
