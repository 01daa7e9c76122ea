"""Our own program under gunicorn, against a database of its own, and the people who talk to it over HTTP.

For tests of what only several processes can do to one another. They cannot use Django's live server, whose clean-up
the triggers of the immutable tables refuse.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from threading import Barrier
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import psycopg2

from perfmon.setup import serving
from perfmon.setup.place import ROOT
from tests.browser.server import free_port

FORM = "application/x-www-form-urlencoded"


class Answer(NamedTuple):
    status: int
    text: str
    location: str

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.text)


class Site:
    """The running program. `answers` collects the status of every answer that anybody got."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.environment = dict(environment)
        self.answers: list[int] = []
        self.facts = json.loads(self._shell("from tests.race_rows import make; make(4, 10)").splitlines()[-1])
        self.bind = f"127.0.0.1:{free_port()}"
        self.log = folder / "server.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                serving.gunicorn(sys.executable, self.bind, "info"), cwd=ROOT, env=self.environment, stderr=log
            )
        serving.wait_until_up(
            f"http://{self.bind}{serving.HEALTH}", lambda: self.process.poll() is None, seconds=90, host="127.0.0.1"
        )

    def _shell(self, code: str) -> str:
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True
        ).stdout

    def person(self, name: str) -> Person:
        return Person(self, self.facts["sessions"][name])

    def rows(self, sql: str) -> list[tuple]:
        """Read from beside the program, through the database's own driver."""
        kind, _, place = self.environment["DATABASE_URL"].partition(":///")
        if kind == "sqlite":
            with closing(sqlite3.connect(place, timeout=20)) as connection:
                return connection.execute(sql).fetchall()
        with closing(psycopg2.connect(self.environment["DATABASE_URL"])) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def booted(self) -> list[int]:
        """Process ids of all workers so far, from the server's log."""
        return [int(pid) for pid in re.findall(r"Booting worker with pid: (\d+)", self.log.read_text())]

    def alive(self) -> list[int]:
        """Process ids of the workers that have not ended, from the server's log."""
        text = self.log.read_text()
        ended = {int(pid) for pid in re.findall(r"(?:exiting \(pid: |Worker \(pid: ?)(\d+)", text)}
        return [pid for pid in self.booted() if pid not in ended]

    def kill_a_worker(self) -> None:
        """As if the machine had failed: nothing is finished, nothing is tidied up."""
        os.kill(self.alive()[0], signal.SIGKILL)

    def kill_every_worker(self) -> None:
        for pid in self.alive():
            os.kill(pid, signal.SIGKILL)

    def wait_for_worker(self, number: int) -> None:
        """Until `number` workers have been started in all."""
        end = time.monotonic() + 60
        while len(self.booted()) < number:
            assert time.monotonic() < end, "gunicorn did not start another worker"
            time.sleep(0.05)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Person:
    """Somebody signed in. Each request has a connection of its own; redirects are not followed."""

    def __init__(self, site: Site, session: str) -> None:
        self.site = site
        token = site.facts["token"]
        self.headers = {"Cookie": f"sessionid={session}; csrftoken={token}", "X-CSRFToken": token}

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, b"", None)

    def post(self, path: str, barrier: Barrier | None = None, **fields: object) -> Answer:
        """`barrier` holds the last byte back until all are there, so that the program works on all at once.

        OSError or HTTPException when no answer comes.
        """
        return self._ask("POST", path, urlencode({"sent": "1", **fields}).encode(), barrier)

    def upload(self, path: str, name: str, content: bytes) -> Answer:
        """Send one file as a browser would."""
        mark = "-" * 20 + "a-file"
        head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'
        body = f"--{mark}\r\n{head}".encode() + content + f"\r\n--{mark}--\r\n".encode()
        return self._ask("POST", path, body, None, f"multipart/form-data; boundary={mark}")

    def post_and_leave(self, path: str, **fields: object) -> None:
        """Ask, and hang up before the answer comes."""
        with closing(self._send("POST", path, urlencode(fields).encode(), None)):
            pass

    def _ask(self, method: str, path: str, body: bytes, barrier: Barrier | None, kind: str = FORM) -> Answer:
        with closing(self._send(method, path, body, barrier, kind)) as connection:
            reply = connection.getresponse()
            location = urlsplit(reply.headers.get("Location", "")).path
            answer = Answer(reply.status, reply.read().decode(), location)
        self.site.answers.append(answer.status)
        return answer

    def _send(
        self, method: str, path: str, body: bytes, barrier: Barrier | None, kind: str = FORM
    ) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(self.site.bind, timeout=60)
        form = {"Content-Type": kind, "Content-Length": str(len(body))} if body else {}
        connection.putrequest(method, path)
        for name, value in {**self.headers, **form, "Connection": "close"}.items():
            connection.putheader(name, value)
        connection.endheaders()
        if body:
            connection.send(body[:-1])
            if barrier:
                barrier.wait(timeout=60)
            connection.send(body[-1:])
        return connection
