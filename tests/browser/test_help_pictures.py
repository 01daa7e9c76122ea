"""The help pages say what is so: each button and link that they name is found, in the order of the work, by its role
and name, by the person whom the page is for. The same way takes their pictures:

PERFMON_SHOTS=1 python -m pytest tests/browser/test_help_pictures.py
"""

import base64
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from perfmon.setup.place import ROOT

from . import files, steps
from .steps import CONTRACT, Q1, Q2, Q3, Q4, SignIn

pytestmark = pytest.mark.browser

TAKING = os.environ.get("PERFMON_SHOTS") == "1"
FOLDER = ROOT / "static" / "img" / "help"
SIZE = {"width": 1000, "height": 640}
LARGEST_BYTES = 80_000
TARGETS = f"{CONTRACT}/measures/b8/targets/"
B8 = f"{Q2}/m/b8/"


@dataclass(frozen=True)
class Stop:
    """A page on somebody's way: what the help tells them to press there. `before` changes the data, `then` the page;
    `picture` names the one that is taken here."""

    path: str
    presses: tuple[str, ...]
    before: Callable[[SignIn], None] | None = None
    then: Callable[[Page], None] | None = None
    picture: str = ""


@dataclass(frozen=True)
class Way:
    """`user` as the demonstration names them, `address` of the help page."""

    user: str
    address: str
    stops: tuple[Stop, ...] = field(default=())


def propose(user: str) -> Callable[[SignIn], None]:
    """A director or officer proposes a target that the other side has to answer."""

    def go(as_role: SignIn) -> None:
        page = as_role(user)
        page.goto(TARGETS)
        page.get_by_label("From which quarter on").select_option("2019-Q1")
        page.locator("[name=target]").fill("88")
        page.locator("[name=tolerance]").fill("84")
        page.locator("[name=reason]").fill("Courts list fewer days, and both sides expect that to last.")
        page.get_by_role("button", name="Propose to").click()
        expect(page.get_by_role("button", name="Propose to")).to_have_count(0)
        page.context.close()

    return go


def to_a_person(page: Page) -> None:
    page.get_by_role("link", name="Olivia Marsh").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Olivia Marsh")


WAYS = [
    Way(
        "officer",
        "officer",
        (
            Stop("/", ("Open",)),
            Stop(Q4 + "/", ("Open",)),
            Stop(f"{Q3}/", ("Accept values", "Send values back"), before=steps.submit, picture="officer-check"),
            Stop(
                B8,
                ("Save", "History", "Release to", "Remove it from the areas", "Record an event", "Targets"),
                picture="officer-response",
            ),
            Stop(B8, ("Add a benchmark", "Import")),
            Stop(f"{Q2}/", ("Read the commentary",)),
            Stop(TARGETS, ("Show what it changes", "Propose to")),
        ),
    ),
    Way(
        "analyst",
        "analyst",
        (
            Stop(f"{Q2}/", ("Enter values",)),
            Stop(f"{Q3}/entry/", ("Keys and pasting", "Notes", "Submit values"), picture="analyst-entry"),
            Stop(files.IMPORT, ("Import", "Excel template", "Read the file")),
            Stop(files.IMPORT, (), then=files.send, picture="analyst-import"),
            Stop(f"{Q3}/submit/", ("Look through the values first", "Submit values")),
            Stop(B8, ("Release", "Withdraw")),
            Stop(f"{Q1}/m/fo1/", ("Correct this value",)),
        ),
    ),
    Way(
        "council-director",
        "commissioners-director",
        (
            Stop(
                f"{Q2}/",
                ("Off target", "By concern", "Table", "Read the commentary"),
                picture="commissioners-director-scorecard",
            ),
            Stop(B8, ("Record an event", "Targets")),
            Stop(TARGETS, ("Show what it changes", "Propose to")),
            Stop("/", ("Agree or refuse",), before=propose("trust-director")),
            Stop(TARGETS, ("Agree to this target", "Refuse"), picture="commissioners-director-target"),
            Stop(f"{Q2}/", ("People",)),
        ),
    ),
    Way(
        "trust-director",
        "providers-director",
        (
            Stop(f"{Q2}/", ("Values", "Off target", "By concern", "Read the commentary")),
            Stop(B8, ("Record an event", "Targets"), picture="providers-director-measure"),
            Stop(TARGETS, ("Show what it changes", "Propose to")),
            Stop("/", ("Agree or refuse",), before=propose("officer"), picture="providers-director-home"),
            Stop(TARGETS, ("Agree to this target", "Refuse")),
        ),
    ),
    Way(
        "administrator",
        "administrator",
        (
            Stop("/", ("Set-up", "Import past quarters or old papers")),
            Stop("/set-up/", ("Make a contract", "From a workbook", "People")),
            Stop(
                f"{CONTRACT}/set-up/",
                ("Set up measures", "Change the settings", "Add the committee’s days"),
                picture="administrator-set-up",
            ),
            Stop(f"{CONTRACT}/set-up/measures/", ("Add a measure", "Change the order")),
            Stop(
                f"{CONTRACT}/people/",
                ("Invite somebody", "Change role", "Take off"),
                picture="administrator-people",
            ),
            Stop(files.IMPORT, ("Read the file",)),
            Stop("/set-up/people/", ("Deactivate",), then=to_a_person),
        ),
    ),
]


def found(page: Page, name: str) -> bool:
    """Whether a button, a link or what unfolds has a name that begins so."""
    begins = re.compile(rf"^{re.escape(name)}\b")
    pressed = page.get_by_role("button", name=begins).or_(page.get_by_role("link", name=begins))
    pressed = pressed.or_(page.locator("summary", has_text=begins))
    return pressed.count() > 0


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.address)
def test_what_the_help_says_to_press_is_there(way: Way, as_role, watch):
    page = as_role(way.user, viewport=SIZE)
    missing = []
    for stop in way.stops:
        if stop.before:
            stop.before(as_role)
        assert page.goto(stop.path).status == 200
        if stop.then:
            stop.then(page)
        steps.settle(page)
        missing += [f"{stop.path}: {name}" for name in stop.presses if not found(page, name)]
        if stop.picture and TAKING:
            take(page, stop.picture)
    assert missing == []
    if TAKING:
        return
    page.goto(f"/help/{way.address}/")
    named = page.locator(".press").all_inner_texts()
    assert set(named) == {name for stop in way.stops for name in stop.presses}
    pictures = page.locator("figure img")
    shown = [name.rsplit("/", 1)[1].split(".")[0] for name in pictures.evaluate_all("all => all.map(one => one.src)")]
    assert sorted(shown) == sorted(stop.picture for stop in way.stops if stop.picture)
    assert 0 < len(shown) <= 2
    for picture in pictures.all():
        assert len(picture.get_attribute("alt")) > 40
        picture.scroll_into_view_if_needed()
        page.wait_for_function("one => one.complete && one.naturalWidth === 1000", arg=picture.element_handle())


def take(page: Page, name: str) -> None:
    """Of what stands in the window, as WebP: half as large as PNG, and text stays sharp."""
    page.evaluate("scrollTo(0, 0)")
    page.evaluate("document.activeElement && document.activeElement.blur()")
    page.mouse.move(0, 0)
    page.wait_for_timeout(400)
    session = page.context.new_cdp_session(page)
    taken = session.send("Page.captureScreenshot", {"format": "webp", "quality": 80})
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.webp").write_bytes(base64.b64decode(taken["data"]))


def test_the_pictures_are_small_and_none_is_left_over():
    pictures = {path.stem: path.stat().st_size for path in FOLDER.iterdir()}
    assert set(pictures) == {stop.picture for way in WAYS for stop in way.stops if stop.picture}
    assert {name: size for name, size in pictures.items() if size > LARGEST_BYTES} == {}
