"""`test`: every check, then every test on SQLite and on PostgreSQL, then the tests in a browser."""

import argparse
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

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

# pytest's exit code for "tests ran, and some failed"; every other means that the run itself went wrong.
SOME_FAILED = 1
# More failures than this are no accident, and are not looked at twice.
SECOND_LOOK = 3

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
        if not passes(pytest, arguments, env | more, state / "pytest" / title.replace(" ", "-")):
            failed.append(title)
    if failed:
        print(f"Failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def passes(pytest: Sequence[str], arguments: Sequence[str], env: Mapping[str, str], cache: Path) -> bool:
    """Run the tests two at a time. A few that fail are run once more, alone and in the open.

    Tests that start servers and browsers share the machine with each other; one that fails only beside others is
    told as unsteady and does not fail the run, one that fails twice does.
    """
    shutil.rmtree(cache, ignore_errors=True)  # Failures of an earlier run would be counted with these.
    kept = ("-o", f"cache_dir={cache}")
    code = run_aloud([*pytest, "-n", "2", "--dist", "loadgroup", *kept, *arguments], env)
    if code != SOME_FAILED:
        return code == 0
    told = cache / "v" / "cache" / "lastfailed"
    failures = sorted(json.loads(told.read_text())) if told.exists() else []
    if not 0 < len(failures) <= SECOND_LOOK:
        return False
    say(f"\n{len(failures)} failed beside others. Alone:")
    if run_aloud([*pytest, "-p", "no:cacheprovider", "-p", "no:cov", *failures], env):
        return False
    say("Unsteady, to be mended (failed beside others, passed alone): " + ", ".join(failures))
    return True
