"""Words for the person at the keyboard, and commands run on their behalf."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

LAST_LINES = 15
COMMAND_LETTERS = 160


class Problem(Exception):
    """Something the person can put right. Its text says what happened and what to do."""


def say(text: str) -> None:
    print(text, flush=True)


def shown(command: Sequence[str]) -> str:
    """The command as a person would type it from the project folder."""
    here = os.getcwd() + os.sep
    return shorten(" ".join(part.removeprefix(here) for part in command), COMMAND_LETTERS)


@contextmanager
def timed(words: str) -> Iterator[None]:
    """Print `words`, and the seconds they took when it was more than a moment."""
    say(words + " ...")
    begun = time.monotonic()
    yield
    seconds = time.monotonic() - begun
    if seconds >= 2:
        say(f"  done in {seconds:.0f} s")


def shorten(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 4] + " ..."


def run_quietly(command: Sequence[str], env: Mapping[str, str] | None = None, last: int = LAST_LINES) -> str:
    """Run `command` and return what it printed. Raises Problem with its `last` lines when it fails."""
    done = subprocess.run(
        command,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise Problem(failure(command, done.returncode, done.stdout, last))
    return done.stdout


def failure(command: Sequence[str], code: int, output: str, last: int = LAST_LINES) -> str:
    lines = [line for line in output.splitlines() if line.strip()][-last:]
    said = "\n".join("    " + line for line in lines) or "    (it printed nothing)"
    return f"This command failed (exit code {code}):\n  {shown(command)}\nIts last lines:\n{said}"


def run_aloud(command: Sequence[str], env: Mapping[str, str]) -> int:
    """Run `command` with its output on the screen and return its exit code."""
    sys.stdout.flush()
    return subprocess.run(command, env=env, check=False).returncode
