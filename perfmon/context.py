"""What every template may read. Settings only: no queries."""

from __future__ import annotations

import datetime
from functools import cache

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest

FONT = "css/font.css"


@cache
def has_font() -> bool:
    """Whether set-up has built the typeface; without it the system's own face is used."""
    return finders.find(FONT) is not None or staticfiles_storage.exists(FONT)


def site(request: HttpRequest) -> dict[str, bool | datetime.date | None]:
    return {"demo": settings.DEMO, "counted_from": settings.TODAY, "font_css": has_font()}
