"""`test`: every check, then every test on SQLite and on PostgreSQL, then the tests in a browser."""

import argparse
import sys

from perfmon.setup import browser, check, demo, library, venv
from perfmon.setup.console import run_aloud, say
from perfmon.setup.place import state_folder

COVERED = "Tests on SQLite"
# (title, pytest's arguments, environment). The browser comes last: its summary closes the run.
PARTS: tuple[tuple[str, tuple[str, ...], dict[str, str]], ...] = (
    (COVERED, ("-m", "not browser"), {}),
    ("Tests on PostgreSQL", ("-m", "not browser and not deployment"), {"TEST_DB": "postgres"}),
    ("Tests in a browser", ("-m", "browser"), {}),
)

# Measuring the lines doubles the time of the tests.
COVERAGE = ("--cov", "--cov-report=term", "--cov-fail-under=95")


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--full", action="store_true", help="the same tests at full size, and coverage (takes long)")
    parser.epilog = "Anything else is given to pytest, which then runs once with it."


def run(given: argparse.Namespace) -> int:
    state = state_folder()
    python = venv.ensure("test")
    env = demo.clean_environment() | {"PERFMON_TEST": "1"}
    if given.full:
        env["PERFMON_TEST_FULL"] = "1"
    env["BROWSER_PATH"] = browser.find(python, env, may_install=True)
    pytest = [str(python), "-m", "pytest"]
    if given.rest:
        return run_aloud([*pytest, *given.rest], env)
    failed = check.failures(python, state)
    demo.build_font(python, env)
    library.build(env, state)
    for title, arguments, more in PARTS:
        if given.full and title == COVERED:
            arguments += COVERAGE
        if failed:
            say(f"\nFailed so far: {', '.join(failed)}")
        say(f"\n{title}")
        if run_aloud([*pytest, "-n", "2", "--dist", "loadgroup", *arguments], env | more):
            failed.append(title)
    if failed:
        print(f"Failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0
