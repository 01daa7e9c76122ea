"""How much may be sent to an address, and what becomes of the rest: decided before anything of a body is read."""

from __future__ import annotations

import time

from django.conf import settings
from django.http import HttpRequest, UnreadablePostError
from django.urls import Resolver404, resolve

from .policy import page_of

PIECE = 64 * 1024
# A browser shows an answer only when all that it sends has been taken. Of what is refused this much is, and so long.
MOST_DISCARDED = 32 * 1024 * 1024
LONGEST_SECONDS = 60


def announced(request: HttpRequest) -> int:
    """Bytes of the body; 0 where none are announced, since Django then reads none."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def is_large(request: HttpRequest) -> bool:
    """Whether the body is larger than that of any page that takes no file."""
    return announced(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def takes_files(request: HttpRequest) -> bool:
    """Whether the address is one to which people send files."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return False
    return request.method == "POST" and page_of(match.view_name).files


def discard(request: HttpRequest) -> None:
    """Take in what nobody will read, so that the sender sees the answer. What is larger or slower than the limits is
    left to the web server, which closes the connection."""
    end, taken = time.monotonic() + LONGEST_SECONDS, 0
    try:
        while taken < MOST_DISCARDED and time.monotonic() < end and (piece := request.read(PIECE)):
            taken += len(piece)
    except UnreadablePostError:
        # The sender is gone, and with them whoever would read the answer.
        return
