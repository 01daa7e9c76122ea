"""Fixtures of all tests: rows shared by a module, and the browser: the one in BROWSER_PATH, else the system's, else
Playwright's own."""

import os

import hypothesis
import pytest
from django.db import transaction

from perfmon.setup import browser

pytest_plugins = ["tests.sites"]

# No test of the ordinary run is timed: a busy machine proves nothing about the code.
hypothesis.settings.register_profile("perfmon", deadline=None)
hypothesis.settings.load_profile("perfmon")

# Playwright keeps an event loop in the test's thread, which Django would take for a view's.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    path = os.environ.get("BROWSER_PATH") or browser.on_path(os.environ)
    # Chromium refuses its sandbox to root.
    is_root = getattr(os, "geteuid", lambda: 1)() == 0
    args = [*browser_type_launch_args.get("args", []), *(["--no-sandbox"] if is_root else [])]
    return {**browser_type_launch_args, "args": args, **({"executable_path": path} if path else {})}


@pytest.fixture(scope="module")
def module_rows(django_db_setup, django_db_blocker):
    """A transaction around one module's tests. Rows made in it are shared: each test rolls back to them, and they go
    with the module. Such a module is marked `xdist_group`, so that its tests stay on one worker."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def demo(module_rows):
    """The demonstration contract, loaded once for a module."""
    # Models cannot be imported before Django is set up.
    from tests import demonstration

    return demonstration.load()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what opens a database: the rest ran on SQLite, and would do the same again."""
    if os.environ.get("TEST_DB") != "postgres":
        return
    opening = [item for item in items if _opens_a_database(item)]
    kept = set(opening)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = opening


def _opens_a_database(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("django_db") or {"db", "module_rows"} & set(item.fixturenames))
