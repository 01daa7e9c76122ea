"""People who ask again and again while something is done to the program, and what became of every one of their asks."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.ourserver import Answer, Person, Site


@dataclass
class Ask:
    """One request: what it was to write, and what came of it. `status` is 0 where no answer came."""

    token: str
    begun: float
    status: int = 0
    seconds: float = 0
    text: str = ""
    refused: bool = False


@dataclass
class Traffic:
    """`act` asks once with a token of its own and returns the answer."""

    site: Site
    act: Callable[[Person, str], Answer]
    people: list[str]
    asks: list[Ask] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def one(self, person: Person, token: str) -> Ask:
        ask = Ask(token, time.monotonic())
        try:
            answer = self.act(person, token)
            ask.status, ask.text = answer.status, answer.text
        except ConnectionRefusedError:
            ask.refused = True
        except (OSError, http.client.HTTPException):
            ask.status = 0
        ask.seconds = time.monotonic() - ask.begun
        return ask

    def work(self, name: str, number: int) -> None:
        person, count = self.site.person(name), 0
        while not self.stop.is_set():
            self.asks.append(self.one(person, f"ask-{number}-{count}"))
            count += 1
            time.sleep(0.01)

    @contextmanager
    def running(self) -> Iterator[None]:
        with ThreadPoolExecutor(len(self.people)) as pool:
            works = [pool.submit(self.work, name, number) for number, name in enumerate(self.people)]
            try:
                yield
            finally:
                self.stop.set()
            for work in works:
                work.result()

    def wait(self, condition: Callable[[list[Ask]], bool]) -> None:
        """Until the asks that end from now on fulfil it."""
        known, end = len(self.asks), time.monotonic() + 90
        while not condition(self.asks[known:]):
            assert time.monotonic() < end, self.statuses()
            time.sleep(0.05)

    def wait_for(self, status: int, number: int = 1) -> None:
        """Until so many more were answered so."""
        self.wait(lambda asks: sum(ask.status == status for ask in asks) >= number)

    def statuses(self) -> Counter[int]:
        """Of the asks that somebody took; 0 for those without an answer."""
        return Counter(ask.status for ask in self.asks if not ask.refused)

    def acknowledged(self) -> set[str]:
        return {ask.token for ask in self.asks if ask.status == 302}


def recorded(measure: str) -> Callable[[Person, str], Answer]:
    """An act that writes: an event with the token for its text, and its entry in the audit chain."""

    def record(person: Person, token: str) -> Answer:
        page = f"/c/{person.site.facts['contract']}/2018-Q2/m/{measure}/events/"
        return person.post(page, kind="note", day="2018-08-14", text=token, reason="Under load.")

    return record


def held(site: Site) -> Counter[str]:
    """Tokens of the events that the database holds; twice where one was written twice."""
    return Counter(text for (text,) in site.rows("SELECT text FROM measures_seriesevent") if text.startswith("ask-"))


def seconds_until_well(site: Site, path: str = "/healthz", patience: float = 60) -> float:
    begun = time.monotonic()
    person = site.person("officer 0")
    while time.monotonic() - begun < patience:
        try:
            if person.get(path).status == 200:
                return time.monotonic() - begun
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.1)
    raise AssertionError(f"not well after {patience} seconds: {site.log.read_text()[-3000:]}")
