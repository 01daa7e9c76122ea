"""`check`: style, types, import order, migrations, production settings and sizes. Needs no browser."""

import argparse
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from perfmon.setup import demo, sizes, venv
from perfmon.setup.console import Problem, run_quietly, say
from perfmon.setup.place import ROOT, state_folder


def options(parser: argparse.ArgumentParser) -> None:
    """None of its own."""


def run(given: argparse.Namespace) -> int:
    failed = failures(venv.ensure("test"), state_folder())
    if failed:
        print(f"\nFailed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def production(state: Path) -> dict[str, str]:
    """An environment like a council's own server, with nothing real in it."""
    return demo.clean_environment() | {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "perfmon.example",
        "BEHIND_TLS_PROXY": "1",
        "TRUSTED_PROXY_COUNT": "1",
        "EMAIL_URL": "smtp+tls://mail.perfmon.example:587",
        "SERVICE_OPERATOR": "A council",
        "SERVICE_CONTACT": "help@perfmon.example",
        "SERVICE_RETENTION": "As long as the contract runs.",
        "SERVICE_STATEMENT_ON": "2018-11-11",
        "DATABASE_URL": f"sqlite:///{state / 'check.sqlite3'}",
    }


def steps(python: Path, state: Path) -> list[tuple[str, Callable[[], str]]]:
    """(name, what to do). Each raises Problem when it fails and returns what it printed."""
    env = production(state)
    tools = python.parent
    templates = [str(path) for path in sorted((ROOT / "templates").rglob("*.html"))]

    def tool(*command: str) -> Callable[[], str]:
        return lambda: run_quietly(command, env, last=60)

    return [
        ("style", tool(str(tools / "ruff"), "check", "--output-format", "concise", ".")),
        ("format", tool(str(tools / "ruff"), "format", "--check", "--output-format", "concise", ".")),
        ("templates", tool(str(tools / "djade"), "--check", "--target-version", "5.2", *templates)),
        ("types", tool(str(tools / "mypy"))),
        ("import order", tool(str(tools / "lint-imports"), "--no-cache")),
        ("migrations", tool(str(python), "manage.py", "makemigrations", "--check", "--dry-run")),
        ("settings", tool(str(python), "manage.py", "check", "--deploy", "--fail-level", "WARNING")),
        ("sizes", lambda: sizes.report(ROOT)),
    ]


def failures(python: Path, state: Path) -> list[str]:
    """Run every step, say how each went, and return the names of those that failed."""
    failed = []
    say("Checks")
    for name, step in steps(python, state):
        try:
            step()
        except Problem as problem:
            failed.append(f"check of {name}")
            say(f"  {name}: FAILED\n{problem}")
        else:
            say(f"  {name}: passed")
    return failed
