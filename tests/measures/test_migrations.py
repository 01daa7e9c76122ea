"""What a migration does to rows that are there already."""

import importlib
import json
import subprocess
import sys
from datetime import date

import pytest
from django.apps import apps
from django.db import connection

from measures.models import Benchmark, ImportBatch, ImportChange, Series
from perfmon.setup.place import ROOT
from tests import factories
from tests.browser import server
from tests.factories import NOW, Q2

step = importlib.import_module("measures.migrations.0003_benchmark_names_and_undo_order")


@pytest.fixture
def series(db):
    return factories.make_series(factories.make_measure(factories.make_contract()))


@pytest.fixture
def without_constraint(series):
    """As before the migration: the transaction of the test brings the constraint back."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX benchmark_once_a_period")


def benchmark(series, comparator, **fields):
    plain = {"period_kind": "year", "start": date(2017, 4, 1), "value": 20, "source": "DfE", "edition": "2018"}
    return Benchmark.objects.create(
        **{"series": series, "comparator": comparator, "comparability": "same", **plain, **fields}
    )


def held():
    return list(Benchmark.objects.order_by("pk").values_list("comparator", "version", "value"))


def test_england_is_national_and_nothing_else(series):
    other = date(2016, 4, 1)
    benchmark(series, "England")
    benchmark(series, "ENGLAND", start=other)
    benchmark(series, "New England")
    benchmark(series, "england", start=date(2015, 4, 1), scope="regional")
    step.set_scopes(apps, None)
    assert list(Benchmark.objects.order_by("pk").values_list("scope", flat=True)) == [
        *("national", "national", "other", "regional"),
    ]


def test_figures_of_one_name_and_period_are_all_kept(series, without_constraint):
    for value, name in enumerate(["England", "england", "ENGLAND", "England (2)", "England (3)", "Wales"], start=20):
        benchmark(series, name, value=value)
    benchmark(series, "england", start=date(2016, 4, 1), value=1)
    step.rename_repeated(apps, None)
    assert held() == [
        ("England", 1, 20),
        ("england (4)", 2, 21),
        ("ENGLAND (5)", 2, 22),
        ("England (2)", 1, 23),
        ("England (3)", 1, 24),
        ("Wales", 1, 25),
        ("england", 1, 1),
    ]


def test_a_long_name_is_cut_for_its_number(series, without_constraint):
    benchmark(series, "A" * 80)
    benchmark(series, "a" * 80)
    step.rename_repeated(apps, None)
    assert [name for name, *_ in held()] == ["A" * 80, "a" * 76 + " (2)"]


@pytest.fixture
def batch(series):
    user = factories.make_user("Analyst")
    return ImportBatch.objects.create(
        contract=series.measure.contract, kind="benchmarks", state="confirmed", by=user, uploaded_at=NOW,
        filename="a.csv", sha256="0" * 64, size=1, confirmed_by=user, confirmed_at=NOW,
    )  # fmt: skip


def test_versions_start_above_all_that_are_known_of(series, batch):
    other = factories.make_series(series.measure, code="B9", role="pair")
    benchmark(series, "England", version=3)
    benchmark(other, "England", version=3)
    batch.changes.create(series=series, period_kind="year", start=date(2017, 4, 1), comparator="X", new={}, version=5)
    # Of a value, which has versions of its own.
    batch.changes.create(series=other, period_kind="quarter", start=Q2.start, new={}, version=9)
    step.start_versions(apps, None)
    assert dict(Series.objects.values_list("code", "last_benchmark_version")) == {"B8": 5, "B9": 3}


def test_what_each_change_took_the_place_of(series, batch):
    for month, old in enumerate([None, {"value": "1"}], start=7):
        start = date(2018, month, 1)
        batch.changes.create(series=series, period_kind="month", start=start, old=old, new={}, version=4)
    step.fill_replaced(apps, None)
    assert list(ImportChange.objects.order_by("start").values_list("replaced", flat=True)) == [0, 3]


def test_on_a_database_with_rows(tmp_path):
    """The statements themselves, there, back and there again."""
    env = server.environment(tmp_path, tmp_path / "rows.sqlite3")
    command = [
        sys.executable,
        "manage.py",
        "shell",
        "--no-imports",
        "-c",
        "from tests.measures import migrating as m; m.run()",
    ]
    ran = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True)
    assert json.loads(ran.stdout.splitlines()[-1]) == {
        "Benchmark": [["England", "national", 4], ["ENGLAND (2)", "national", 5], ["Wales", "other", 4]],
        "Series": [["B8", 5]],
        "ImportChange": [[3, 0], [3, 2]],
    }
