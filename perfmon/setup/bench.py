"""`bench`: how long the heavy steps take on this machine, with generated data, over the loopback alone."""

import argparse
import json
import re
import secrets
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from perfmon.setup import demo, serving, venv
from perfmon.setup.console import Problem, run_quietly, say, timed
from perfmon.setup.place import state_folder

# Seconds that an import of 5,000 rows may take from the click to the page, each of its two steps.
LIMIT = 3.0
# Of a scorecard of 200 measures and 40 quarters: seconds of processor time, by how its series are held, and kilobytes
# as they are sent.
SCORECARD_LIMITS = {"200": 0.15, "200-monthly": 0.35}
KILOBYTES = 30
REPEATS = 5
DIGEST = re.compile(r'name="digest" value="([^"]+)"')


class Answer(NamedTuple):
    """`place` is where the answer comes from, after redirects."""

    place: str
    text: str
    seconds: float


class Figure(NamedTuple):
    """`limit` is what the number must stay under."""

    what: str
    number: float
    limit: float | None = None
    unit: str = "s"

    @property
    def is_over(self) -> bool:
        return self.limit is not None and self.number >= self.limit

    @property
    def line(self) -> str:
        verdict = (
            "" if self.limit is None else f"   {'OVER' if self.is_over else 'within'} {self.limit:.3g} {self.unit}"
        )
        return f"  {self.what:<44} {self.number:6.2f} {self.unit:<2}{verdict}".rstrip()


def options(parser: argparse.ArgumentParser) -> None:
    """None of its own."""


def run(given: argparse.Namespace) -> int:
    state = state_folder()
    python = venv.ensure("run")
    env = demo.environment(state)
    demo.build_static(python, env, state)
    with tempfile.TemporaryDirectory(prefix="perfmon-bench-") as folder:
        env["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        with timed("Generating data"):
            run_quietly([str(python), "-m", "perfmon.start", "--prepare-only"], env)
            facts = in_shell(python, env, f"from perfmon.bench_rows import make; make({folder!r})")
            in_shell(python, env, "from perfmon.bench_scorecards import make; make()")
        figures = measured(python, env, facts)
        # In a process of its own, which has not made the data.
        figures += scorecards(in_shell(python, env, "from perfmon.bench_scorecards import measure; measure()"))
    say("\nOn this machine")
    for figure in figures:
        say(figure.line)
    return 1 if any(figure.is_over for figure in figures) else 0


def in_shell(python: Path, env: Mapping[str, str], code: str) -> Any:
    """What the code prints as JSON in its last line; None where it prints nothing."""
    printed = run_quietly([str(python), "manage.py", "shell", "--no-imports", "-c", code], env).splitlines()
    return json.loads(printed[-1]) if printed else None


def measured(python: Path, env: Mapping[str, str], facts: Mapping[str, Any]) -> list[Figure]:
    bind = f"127.0.0.1:{free_port()}"
    server = subprocess.Popen(serving.gunicorn(str(python), bind, "warning"), env=env)
    try:
        serving.wait_until_up(f"http://{bind}{serving.HEALTH}", lambda: server.poll() is None, seconds=60)
        return [*imports(bind, facts), *pages(bind, facts)]
    finally:
        demo.stop(server)


def imports(bind: str, facts: Mapping[str, Any]) -> list[Figure]:
    """Each file from its upload to the preview, and from its confirmation to the batch."""
    browser, found = Browser(bind, facts["sessions"]["bench"], facts["token"]), []
    for one in facts["imports"]:
        address, path = f"/c/{one['contract']}/import/", Path(one["file"])
        seen = browser.upload(address, path)
        digest = DIGEST.search(seen.text)
        if digest is None:
            raise Problem(
                f"The generated file {path.name} was not understood: {seen.place} came instead of its preview."
            )
        done = browser.post(seen.place, {"digest": digest[1]})
        if not re.fullmatch(re.escape(address) + r"\d+/", done.place):
            raise Problem(f"The generated file {path.name} was not imported.")
        rows = f"{facts['rows']:,} rows of {one['format']}"
        found += [
            Figure(f"{rows}, upload to preview", seen.seconds, LIMIT),
            Figure(f"{rows}, confirm", done.seconds, LIMIT),
        ]
    return found


def pages(bind: str, facts: Mapping[str, Any]) -> list[Figure]:
    """The median of a few: the first ones wait for modules and templates."""
    browser = Browser(bind, facts["sessions"]["demo"], facts["token"])
    base = f"/c/{facts['contract']}/"
    addresses = {"scorecard page": f"{base}2018-Q2/", "entry page": f"{base}2018-Q3/entry/"}
    found = []
    for what, address in addresses.items():
        times = sorted(browser.get(address).seconds for _ in range(REPEATS))
        found.append(Figure(what, times[REPEATS // 2]))
    return found


def scorecards(sizes: list[dict[str, Any]]) -> list[Figure]:
    """Of each size the processor time and the bytes; of the large one also the time for each measure, which the small
    one, whose page costs the same around it, must not fall under."""
    found, by_name = [], {one["name"]: one for one in sizes}
    for name, one in by_name.items():
        what = f"scorecard of {one['measures']}{' monthly' if name.endswith('monthly') else ''}"
        limit = SCORECARD_LIMITS.get(name)
        found += [
            Figure(f"{what}, processor time", one["seconds"], limit),
            Figure(f"{what}, compressed", one["bytes"] / 1000, KILOBYTES if limit else None, "kB"),
        ]
    small, large = (1000 * by_name[name]["seconds"] / by_name[name]["measures"] for name in ("11", "200"))
    return [*found, Figure("a measure of 200, against one of 11", large, small, "ms")]


class Browser:
    """Somebody signed in, who follows redirects."""

    def __init__(self, bind: str, session: str, token: str) -> None:
        self.base = f"http://{bind}"
        self.headers = {"Cookie": f"sessionid={session}; csrftoken={token}", "X-CSRFToken": token}
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def get(self, address: str) -> Answer:
        return self._ask(address, None, {})

    def post(self, address: str, fields: Mapping[str, str]) -> Answer:
        body = urllib.parse.urlencode(fields).encode()
        return self._ask(address, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def upload(self, address: str, path: Path) -> Answer:
        mark = secrets.token_hex(16)
        head = f'Content-Disposition: form-data; name="file"; filename="{path.name}"'
        start = f"--{mark}\r\n{head}\r\nContent-Type: application/octet-stream\r\n\r\n".encode()
        body = start + path.read_bytes() + f"\r\n--{mark}--\r\n".encode()
        return self._ask(address, body, {"Content-Type": f"multipart/form-data; boundary={mark}"})

    def _ask(self, address: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        request = urllib.request.Request(self.base + address, data=body, headers={**self.headers, **headers})
        begun = time.monotonic()
        try:
            with self.opener.open(request, timeout=120) as reply:
                text, place = reply.read().decode(), reply.url.removeprefix(self.base)
        except urllib.error.HTTPError as error:
            with error:
                raise Problem(f"{address} answered {error.code}.") from None
        return Answer(place, text, time.monotonic() - begun)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
