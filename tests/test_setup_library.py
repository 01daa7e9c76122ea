"""The small chart library: locked without a place, fetched where npm is there, and done without where it is not."""

import json
import re
import time

import pytest

from perfmon.finders import package_file
from perfmon.setup import demo, library
from perfmon.setup.place import ROOT

# Stands in for npm: notes how it was called and installs a file whose content is its own first argument.
NPM = """#!/bin/sh
echo "$@" >> "$CALLS"
mkdir -p node_modules/plotly.js-basic-dist-min
cp package-lock.json node_modules/plotly.js-basic-dist-min/plotly-basic.min.js
"""
FAILING = """#!/bin/sh
echo "npm error code ENOTFOUND" >&2
echo "npm error syscall getaddrinfo" >&2
exit 1
"""
# What it starts goes on after it, as a wrapper's npm would.
SLOW = """#!/bin/sh
sleep 60 &
echo $! > "$CALLS"
wait
"""
FIRST, SECOND = '{"lock": 1}', '{"lock": 2}'


@pytest.fixture
def machine(tmp_path):
    """(build, put, calls, built): run it, put a program in npm's place, what npm was called with, the file."""
    root, state, programs, calls = (tmp_path / name for name in ("root", "state", "programs", "calls"))
    for folder in (root, state, programs):
        folder.mkdir()
    (root / "package.json").write_text("{}")
    (root / "package-lock.json").write_text(FIRST)
    env = {"PATH": f"{programs}:/usr/bin:/bin", "CALLS": str(calls)}

    class Machine:
        built = state / "build" / "static" / "vendor" / "plotly.min.js"
        lock = root / "package-lock.json"

        def put(self, script):
            (programs / "npm").write_text(script)
            (programs / "npm").chmod(0o755)

        def build(self, seconds=30, path=None):
            library.build({**env, "PATH": path or env["PATH"]}, state, root, seconds)

        @property
        def calls(self):
            return calls.read_text().splitlines() if calls.exists() else []

    return Machine()


def test_fetched_once_without_running_scripts(machine, capsys):
    machine.put(NPM)
    machine.build()
    assert machine.built.read_text() == FIRST
    machine.build()
    assert machine.calls == ["ci --ignore-scripts --no-audit --no-fund --loglevel=error"]
    machine.lock.write_text(SECOND)
    machine.build()
    assert machine.built.read_text() == SECOND
    assert len(machine.calls) == 2
    assert capsys.readouterr().out == ""


def test_without_npm_one_line_says_what_is_used_instead(machine, tmp_path, capsys):
    machine.build(path=str(tmp_path / "nowhere"))
    assert capsys.readouterr().out == (
        "  npm is not installed. Charts use the larger library of the Python package "
        "(1.2 MB instead of 0.4 MB, loaded after the page).\n"
    )
    assert not machine.built.exists()


def test_what_was_fetched_stays_when_npm_goes(machine, tmp_path, capsys):
    machine.put(NPM)
    machine.build()
    machine.build(path=str(tmp_path / "nowhere"))
    assert machine.built.read_text() == FIRST
    assert capsys.readouterr().out == ""


def test_a_failure_is_told_in_one_line_and_leaves_no_older_version(machine, capsys):
    machine.put(NPM)
    machine.build()
    machine.put(FAILING)
    machine.lock.write_text(SECOND)
    machine.build()
    out = capsys.readouterr().out
    assert out.startswith("  npm could not fetch the chart library (npm error code ENOTFOUND). Charts use the larger")
    assert out.count("\n") == 1
    assert not machine.built.exists()
    machine.put(NPM)
    machine.build()
    assert machine.built.read_text() == SECOND


def test_npm_that_brings_no_file_is_a_failure(machine, capsys):
    machine.put("#!/bin/sh\n")
    machine.build()
    assert capsys.readouterr().out.startswith("  The chart library could not be fetched (No such file or directory).")


def test_npm_that_hangs_is_ended_with_what_it_started(machine, capsys):
    machine.put(SLOW)
    begun = time.monotonic()
    machine.build(seconds=4)
    assert time.monotonic() - begun < 20
    assert capsys.readouterr().out.startswith("  npm took longer than 4 seconds. Charts use")
    [started] = machine.calls
    # A signal is sent in no time; the process ends when the machine gets round to it.
    given_up = time.monotonic() + 40
    while running(int(started)):
        assert time.monotonic() < given_up
        time.sleep(0.1)


def running(process):
    """Whether a process is there and is more than a record of its end. It would sleep for 60 s by itself."""
    try:
        with open(f"/proc/{process}/stat") as told:
            return told.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_static_files_are_built_again_when_npm_comes_or_the_lock_changes(tmp_path):
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "run.txt").write_text("")
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "package-lock.json").write_text(FIRST)
    before = demo.static_mark(tmp_path, has_npm=False)
    assert demo.static_mark(tmp_path, has_npm=True) != before
    (tmp_path / "package-lock.json").write_text(SECOND)
    assert demo.static_mark(tmp_path, has_npm=False) != before


PACKAGE = json.loads((ROOT / "package.json").read_text())
LOCK = json.loads((ROOT / "package-lock.json").read_text())


def test_the_lock_names_one_package_by_hash_and_no_place():
    assert set(LOCK["packages"]) == {"", "node_modules/plotly.js-basic-dist-min"}
    entry = LOCK["packages"]["node_modules/plotly.js-basic-dist-min"]
    assert entry["version"] == PACKAGE["dependencies"]["plotly.js-basic-dist-min"]
    assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", entry["integrity"])
    for name in ("package.json", "package-lock.json", ".npmrc"):
        text = (ROOT / name).read_text()
        assert not re.search(r"resolved\"|https?:|registry=|_auth|file:", text), name
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text().splitlines()


def test_it_is_the_version_that_the_python_package_carries():
    head = package_file("plotly", "package_data/plotly.min.js").read_text(encoding="utf-8")[:100]
    assert re.search(r"plotly\.js v(\S+)", head)[1] == PACKAGE["dependencies"]["plotly.js-basic-dist-min"]


def test_the_image_puts_it_where_it_is_looked_for():
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    first, image = re.split(r"^FROM python:.*$", text, flags=re.MULTILINE)
    assert "COPY package.json package-lock.json ./" in first
    assert "RUN npm ci --ignore-scripts" in first
    source, target = re.search(r"^COPY --from=charts (\S+) +(\S+)$", image, re.MULTILINE).groups()
    assert source == f"/charts/{library.SOURCE.as_posix()}"
    assert target == f".perfmon/build/{library.BUILT.as_posix()}"
    assert image.index("COPY --from=charts") < image.index("collectstatic")
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {"!package.json", "!package-lock.json"} <= set(ignored)
