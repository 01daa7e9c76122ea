"""Finds a browser for the tests, or gets one."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from perfmon.setup.console import Problem, run_quietly, say, timed

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "msedge", "chrome")
PLAYWRIGHTS = (
    "from playwright.sync_api import sync_playwright\nwith sync_playwright() as p: print(p.chromium.executable_path)"
)


def find(python: Path, env: Mapping[str, str], *, may_install: bool) -> str:
    """The path of a Chromium, Chrome or Edge. Raises Problem when none can be had.

    In turn: BROWSER_PATH, the usual names on PATH, the one Playwright keeps, Debian's package.
    """
    given = env.get("BROWSER_PATH", "")
    if given:
        if os.access(given, os.X_OK) and os.path.isfile(given):
            return given
        raise Problem(f"BROWSER_PATH names {given}, which is not a program. Correct it or leave it out.")
    found = on_path(env) or playwrights_own(python, env)
    if not found and may_install:
        install(env)
        found = on_path(env)
    if not found:
        raise Problem(no_browser_words(python))
    return found


def no_browser_words(python: Path) -> str:
    return (
        "No browser for the tests. Install Chromium, Chrome or Edge, or name one in BROWSER_PATH, "
        f"or run: {python} -m playwright install chromium"
    )


def on_path(env: Mapping[str, str]) -> str | None:
    folders = env.get("PATH", "")
    return next((path for name in NAMES if (path := shutil.which(name, path=folders))), None)


def playwrights_own(python: Path, env: Mapping[str, str]) -> str | None:
    try:
        asked = subprocess.run(
            [str(python), "-c", PLAYWRIGHTS], env=env, capture_output=True, text=True, check=False, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    path = asked.stdout.strip()
    return path if asked.returncode == 0 and path and os.path.isfile(path) else None


def can_install(env: Mapping[str, str]) -> bool:
    is_root = getattr(os, "geteuid", lambda: 1)() == 0
    return is_root and shutil.which("apt-get", path=env.get("PATH", "")) is not None


def install(env: Mapping[str, str]) -> None:
    """Debian's chromium package, where we may. Says so and returns when it cannot be had."""
    if not can_install(env):
        return
    quiet = {**env, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        with timed("No browser found; installing Debian's chromium package"):
            run_quietly(["apt-get", "update"], quiet)
            run_quietly(["apt-get", "install", "-y", "--no-install-recommends", "chromium"], quiet)
    except Problem as problem:
        say(str(problem))
