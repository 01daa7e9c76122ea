"""The browser of the tests: the one in BROWSER_PATH, else the system's, else Playwright's own."""

import os

import pytest

from perfmon.setup import browser

# Playwright keeps an event loop in the test's thread, which Django would take for a view's.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    path = os.environ.get("BROWSER_PATH") or browser.on_path(os.environ)
    # Chromium refuses its sandbox to root.
    is_root = getattr(os, "geteuid", lambda: 1)() == 0
    args = [*browser_type_launch_args.get("args", []), *(["--no-sandbox"] if is_root else [])]
    return {**browser_type_launch_args, "args": args, **({"executable_path": path} if path else {})}
