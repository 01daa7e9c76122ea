"""Tests that drive the running program in a browser. Each begins with the demo's data as they were loaded."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .desk import Store, open_desk
from .server import Server, prepare

# A policy that blocks something says so in the console too; this says what, where and since when.
BLOCKED = """addEventListener("securitypolicyviolation", event => console.error(
  `policy ${event.violatedDirective} blocked ${event.blockedURI} in ${event.sourceFile}:${event.lineNumber}`))"""


# What is waited for comes in a moment, unless the machine is busy: then it only takes longer.
expect.set_options(timeout=15_000)


class Watch:
    """What the browser complains of. `expect` names what a test brings about on purpose."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.expected: list[str] = []

    def expect(self, *patterns: str) -> None:
        self.expected += patterns

    @property
    def unexpected(self) -> list[str]:
        return [note for note in self.notes if not any(re.search(pattern, note) for pattern in self.expected)]

    def over(self, context: BrowserContext) -> None:
        context.add_init_script(BLOCKED)
        context.on("console", lambda message: self.notes.append(f"console {message.type}: {message.text}"))
        context.on("weberror", lambda error: self.notes.append(f"script: {error.error}"))
        context.on("requestfailed", self._failed)
        context.on("response", self._answered)

    def _failed(self, request) -> None:
        # So end requests that a new page cuts short, and downloads.
        if request.failure != "net::ERR_ABORTED":
            self.notes.append(f"request: {request.method} {request.url} {request.failure}")

    def _answered(self, response) -> None:
        if response.status >= 500:
            self.notes.append(f"answer: {response.status} {response.url}")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Server]:
    base = tmp_path_factory.getbasetemp()
    # Under xdist each process has a folder below the one they share.
    folder = (base if worker_id == "master" else base.parent) / "site"
    folder.mkdir(exist_ok=True)
    server = Server(folder, prepare(folder))
    yield server
    server.stop()


@pytest.fixture
def site(server: Server) -> str:
    """Address of the running program, with the demo's data untouched."""
    server.reset()
    return server.url


@pytest.fixture
def watch() -> Iterator[Watch]:
    watch = Watch()
    yield watch
    assert watch.unexpected == []


@pytest.fixture
def visitor(site: str, watch: Watch, new_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """A page in a fresh context, nobody signed in. Takes the options of a Playwright context."""

    def open_page(**options) -> Page:
        size = {"width": 1440, "height": 900}
        context = new_context(**{"base_url": site, "locale": "en-GB", "viewport": size, **options})
        context.set_default_timeout(15_000)
        watch.over(context)
        return context.new_page()

    return open_page


@pytest.fixture
def as_role(server: Server, visitor: Callable[..., Page]) -> Callable[..., Page]:
    """The landing page of an officer, analyst, council-director, trust-director or administrator who has signed in."""

    def sign_in(role: str, **options) -> Page:
        page = visitor(**options)
        page.context.add_cookies(
            [{"name": "sessionid", "value": server.sessions[role], "url": server.url, "httpOnly": True}]
        )
        page.goto("/")
        return page

    return sign_in


@pytest.fixture
def store(server: Server, site: str) -> Store:
    return Store(server.database)


@pytest.fixture
def desk(as_role: Callable[..., Page]) -> Page:
    """The officer at one pane, the editor there."""
    return open_desk(as_role("officer"))
