"""What somebody typed into a form that is refused goes back to them, to copy: nothing is lost."""

from __future__ import annotations

import re

from django.http import HttpRequest, RawPostDataException, UnreadablePostError

from . import bodies
from .requests import is_script

NO_TEXT = re.compile("password|^again$|csrf")


def typed_texts(request: HttpRequest) -> list[str]:
    """Texts of the form that somebody may want back: no passwords, no numbers, nothing that the page itself put in.
    Empty for a form with large files, which is not read for this, and for a script, whose page still shows it."""
    if request.method != "POST" or bodies.is_large(request) or is_script(request):
        return []
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
    except (UnreadablePostError, RawPostDataException):
        # The sender went away while sending, or this failure came in the middle of reading.
        return []
    return [value for name, value in fields if " " in value.strip() and not NO_TEXT.search(name)]
