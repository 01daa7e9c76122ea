"""What somebody else does in the middle of a write, so that a race has one outcome in a test."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from django.db import connection


def meanwhile(act: Callable[[], object], *, savepoint: int = 2) -> AbstractContextManager:
    """`act` runs once, before the second savepoint: a write function opens the first, and the one around the statement
    that another's row may refuse."""
    seen = 0

    def execute(run, sql, parameters, many, context):
        nonlocal seen
        if sql.startswith("SAVEPOINT"):
            seen += 1
            if seen == savepoint:
                act()
        return run(sql, parameters, many, context)

    return connection.execute_wrapper(execute)
