"""Pictures of every page for a person to look at; only where PERFMON_SHOTS names a folder:

PERFMON_SHOTS=/tmp/shots python -m pytest tests/browser/test_screens.py -n 2
"""

import os
from pathlib import Path

import pytest

from .pages import PAGES, Shown

FOLDER = os.environ.get("PERFMON_SHOTS", "")
# With "1" the pictures of the help pages are taken instead, where they belong.
FOLDER = "" if FOLDER == "1" else FOLDER
# Makes pictures to look at and asserts nothing about them, so it runs only when somebody asks for the pictures.
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not FOLDER, reason="PERFMON_SHOTS names no folder")]
LOOKS = [(width, scheme) for width in (1440, 768, 390) for scheme in ("light", "dark")]


@pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.id)
def test_take_pictures(shown: Shown, visitor, as_role, watch):
    watch.expect(r"status of (403|404|409|422) ")
    page = shown.open(visitor, as_role)
    folder = Path(FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.evaluate("scrollTo(0, 0)")
        page.wait_for_timeout(400)
        page.screenshot(path=folder / f"{shown.id}-{width}-{scheme}.png", full_page=True)
