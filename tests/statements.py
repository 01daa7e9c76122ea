"""Something else that happens in the middle of a request: in the one connection of a test, between two statements."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def just_before(words: str, act: Callable[[], object]) -> Iterator[None]:
    """`act` once, before the first statement that holds these words. What it does inside a transaction that is rolled
    back goes with it: "SAVEPOINT" stands for the moment before one begins."""

    def execute(run, sql, params, many, context):
        if words in sql and not done:
            done.append(sql)
            act()
        return run(sql, params, many, context)

    done: list[str] = []
    with connection.execute_wrapper(execute):
        yield
    assert done, f"no statement held {words}"
