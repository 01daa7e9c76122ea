"""The program as it runs in production, with the demo's data, for one test process: gunicorn, hashed static files,
DEBUG off, a SQLite file of its own."""

import fcntl
import http.cookiejar
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from accounts.demo import DEMO_ACCOUNTS
from perfmon.setup import serving
from perfmon.setup.demo import DEMO_DAY, clean_environment
from perfmon.setup.place import ROOT

SIGN_IN, ONE_CLICK = "/accounts/sign-in/", "/accounts/demo-sign-in/"
FRESH_SECONDS = 10 * 60
ROLES = tuple(account.key for account in DEMO_ACCOUNTS)


def environment(folder: Path, database: Path) -> dict[str, str]:
    return clean_environment() | {
        "PERFMON_DEMO": "1",
        "PERFMON_TODAY": DEMO_DAY,
        "DATABASE_URL": f"sqlite:///{database}",
        "STATIC_ROOT": str(folder / "static"),
        "SECRET_KEY": "for-browser-tests-only-" + "0123456789abcdefghijklmnopqrstuvwxyz",
        "ALLOWED_HOSTS": "127.0.0.1",
    }


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One test process at a time."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def prepare(folder: Path) -> Path:
    """The demo's database, and beside it the static files; made once for all test processes."""
    template, done = folder / "template.sqlite3", folder / "done"
    with alone(folder):
        if not done.exists():
            env = environment(folder, template)
            steps = (["-m", "perfmon.start", "--prepare-only"], ["manage.py", "collectstatic", "--no-input", "-v", "0"])
            running = [
                subprocess.Popen([sys.executable, *step], cwd=ROOT, env=env, stdout=subprocess.PIPE) for step in steps
            ]
            for step, one in zip(steps, running, strict=True):
                one.communicate()
                assert one.returncode == 0, step
            done.touch()
    return template


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A running program and the way back to the demo's data as they were loaded. Everybody has signed in once:
    `sessions` by role, so that a test need not go through the page."""

    def __init__(self, folder: Path, template: Path) -> None:
        self.template = folder / f"{os.getpid()}-signed-in.sqlite3"
        self.database = folder / f"{os.getpid()}.sqlite3"
        self.database.write_bytes(template.read_bytes())
        bind = f"127.0.0.1:{free_port()}"
        self.url = f"http://{bind}"
        self.log = folder / f"{os.getpid()}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                serving.gunicorn(sys.executable, bind, "warning"),
                cwd=ROOT,
                env=environment(template.parent, self.database),
                stderr=log,
            )
        try:
            serving.wait_until_up(self.url + serving.HEALTH, lambda: self.process.poll() is None, seconds=60)
            self._sign_everybody_in()
        except OSError:
            self.stop()
            raise

    def _sign_everybody_in(self) -> None:
        self.sessions = {role: self._sign_in(role) for role in ROLES}
        self.signed_in = time.monotonic()
        with closing(sqlite3.connect(self.database)) as database, closing(sqlite3.connect(self.template)) as kept:
            database.backup(kept)

    def _sign_in(self, role: str) -> str:
        """By one click, as on the page."""
        jar = http.cookiejar.CookieJar()
        opener = build_opener(HTTPCookieProcessor(jar))
        opener.open(self.url + SIGN_IN).close()
        token = next(cookie.value for cookie in jar if cookie.name == "csrftoken")
        opener.open(self.url + ONE_CLICK, urlencode({"csrfmiddlewaretoken": token, "account": role}).encode()).close()
        return next(cookie.value for cookie in jar if cookie.name == "sessionid")

    def reset(self) -> None:
        """Overwritten page by page inside the file, as another writer would: the server's connections stay good."""
        with (
            closing(sqlite3.connect(self.template)) as template,
            closing(sqlite3.connect(self.database, timeout=20)) as database,
        ):
            template.backup(database)
        # A session that is not used ends after half an hour.
        if time.monotonic() - self.signed_in > FRESH_SECONDS:
            self._sign_everybody_in()

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
