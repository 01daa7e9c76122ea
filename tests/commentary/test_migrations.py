"""What a migration does to texts that are there already."""

import importlib
import json
import subprocess
import sys

import pytest
from django.apps import apps

from accounts.roles import Party
from commentary import drafting
from commentary.models import Pane, PaneVersion
from measures.states import State
from perfmon.setup.place import ROOT
from tests.browser import server
from tests.factories import NOW

step = importlib.import_module("commentary.migrations.0003_releases_on_record")


@pytest.fixture
def released(place):
    """As before the migration: released by the officer, with a row of the save alone."""
    drafting.save(by=place.officer, pane=place.pane(), text="<p>One</p>", version=0, now=NOW)
    drafting.release(by=place.officer, pane=place.pane(), version=1, now=NOW)
    PaneVersion.objects.filter(kind="released").delete()
    return place


def noted():
    rows = PaneVersion.objects.filter(kind="released").order_by("id")
    return list(rows.values_list("pane__party", "version", "text", "by__name", "at", "is_open"))


ROW = ("commissioner", 1, "<p>One</p>", "Officer of childrens-services", NOW, False)


@pytest.mark.parametrize("state", [state for state in State if state is not State.PAST])
def test_what_is_released_gets_its_row_once(released, state):
    released.move(state)
    for _ in range(2):
        step.note_releases(apps, None)
        assert noted() == [ROW]


def test_a_release_with_a_row_gets_no_other(place):
    drafting.save(by=place.officer, pane=place.pane(), text="<p>One</p>", version=0, now=NOW)
    drafting.release(by=place.officer, pane=place.pane(), version=1, now=NOW)
    step.note_releases(apps, None)
    assert noted() == [ROW]


def test_neither_drafts_nor_texts_that_were_brought_in(released):
    drafting.save(by=released.analyst, pane=released.pane(Party.PROVIDER), text="<p>A</p>", version=0, now=NOW)
    drafting.withdraw(by=released.officer, pane=released.pane(), released_version=1, now=NOW)
    step.note_releases(apps, None)
    assert noted() == []
    Pane.objects.update(released="<p>Old</p>", released_version=1, released_at=NOW, released_by=None)
    step.note_releases(apps, None)
    assert noted() == []


def test_not_in_a_past_quarter(released):
    released.move(State.PAST)
    step.note_releases(apps, None)
    assert noted() == []


def test_on_a_database_with_rows(tmp_path):
    """The statements themselves, there, back and there again."""
    env = server.environment(tmp_path, tmp_path / "rows.sqlite3")
    script = "from tests.commentary import migrating as m; m.run()"
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", script]
    ran = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True)
    assert json.loads(ran.stdout.splitlines()[-1]) == [
        ["commissioner", 1, "saved", "One", "w", False, None, None],
        ["commissioner", 1, "saved", "One", "w", False, None, None],
        ["commissioner", 2, "saved", "Two", "w", True, None, None],
        ["commissioner", 1, "released", "One", "r", False, None, None],
        ["provider", 1, "saved", "One", "w", True, None, None],
    ]
