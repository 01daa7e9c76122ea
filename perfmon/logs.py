"""Log lines: JSON for machines, one readable line for people. What a line may hold is decided here alone.

No line holds what people typed, read or signed in with. A message of a library may quote it, so of an exception the log
keeps its class and the places it passed, and its words only where these are known to name things of the program; in
every message e-mail addresses and the secret parts of links are struck out.
"""

from __future__ import annotations

import logging
import re
import sys
import time
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

import structlog

KINDS = ("json", "line")
EMAIL = re.compile(r"[^\s@,;:'\"<>()\[\]]+@[^\s@,;:'\"<>()\[\]]+")
STRUCK_EMAIL, STRUCK = "[e-mail]", "[secret]"
# Web servers name the whole address of a request that they cannot answer, Django the page from which a form came.
ADDRESS = re.compile(r"(https?://[^\s/?#]+)(/[^\s?#]*)")
# gunicorn names the path alone. Not what stands within a word, as in and/or, nor the folders of a file.
PATH = re.compile(r"(?<![\w./~:-])/[^\s?#\"'<>(),;]*[^\s?#\"'<>(),;.]")
QUERY, STRUCK_QUERY = re.compile(r"\?\S+"), "?[query]"
# Signed values hold a colon or an equals sign; keys of links mix capitals and digits, or are long and hexadecimal.
SECRET_PIECE = re.compile(
    r".*[:=].*|(?=.*\d)(?=.*[a-z])(?=.*[A-Z]).{16,}|[0-9a-z]+-[0-9a-z]{6,}-[0-9a-f]{16,}|[0-9a-z]{6,7}-[0-9a-f]{20,}"
    r"|(?=.*\d)[0-9a-f]{24,}|.{81,}"
)
# What these say is about the program or its database server, never about what is kept there.
SPEAKING = {
    *("ImproperlyConfigured", "ImportError", "ModuleNotFoundError", "AttributeError", "NameError"),
    *("TemplateDoesNotExist", "TemplateSyntaxError", "OperationalError", "InterfaceError", "CommandError"),
    *("QueryCanceled", "LockNotAvailable", "AdminShutdown", "DiskFull", "DeadlockDetected", "SoftTimeLimitExceeded"),
}
ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def safe_path(path: str) -> str:
    """A path with the parts struck out that would let somebody in, the keys of links for invitation and reset, or that
    name somebody."""
    pieces = (STRUCK if SECRET_PIECE.fullmatch(piece) else piece for piece in path.split("/"))
    return "/".join(EMAIL.sub(STRUCK_EMAIL, piece) for piece in pieces)


def safe_text(text: str) -> str:
    """A text without e-mail addresses, without the queries of addresses, and without the keys in their paths."""
    text = ADDRESS.sub(lambda found: found[1] + safe_path(found[2]), QUERY.sub(STRUCK_QUERY, text))
    return EMAIL.sub(STRUCK_EMAIL, PATH.sub(lambda found: _safe_places(found[0]), text))


def _safe_places(path: str) -> str:
    """A path of an address or of a file, which only the text around it tells apart: keys hold no dot, as names of files
    and what follows them do."""
    return "/".join(piece if "." in piece else safe_path(piece) for piece in path.split("/"))


def words_of(error: BaseException) -> str:
    """The class of an exception, with the first line of its words if they can hold nothing that was typed."""
    name = type(error).__name__
    if name not in SPEAKING:
        code = getattr(getattr(error, "__cause__", None), "pgcode", None) or getattr(error, "pgcode", None)
        return f"{name} ({code})" if code else name
    return f"{name}: {safe_text(str(error).strip().partition(chr(10))[0])[:300]}"


def chain_of(error: BaseException) -> Iterator[BaseException]:
    """An exception and what led to it, the first cause first."""
    found: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in found:
        found.append(one)
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return reversed(found)


def safe_traceback(info: ExceptionInfo) -> str:
    """As Python prints it, without the words of exceptions that may quote what was typed."""
    parts = []
    for error in chain_of(info[1]):
        frames = "".join(traceback.format_tb(error.__traceback__))
        parts.append(f"Traceback (most recent call last):\n{frames}{words_of(error)}")
    return "\n\n".join(parts)


def _start(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """What every line begins with. Of a record's own extras only `fields` is taken, which perfmon.requests fills."""
    record: logging.LogRecord = event.pop("_record")
    event.pop("_from_structlog", None)
    message = str(event.pop("event"))
    request = getattr(record, "request", None)
    path = getattr(request, "path", "") if record.name.startswith("django") else ""
    if path:
        message = message.replace(path, safe_path(path))
    at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z"
    start = {"time": at, "level": record.levelname, "logger": record.name, "message": safe_text(message)}
    return start | event | getattr(record, "fields", {})


def _exception(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    info = event.pop("exc_info", None)
    event.pop("stack_info", None)
    info = sys.exc_info() if info is True else info
    if info and info[1] is not None:
        event["exception"] = safe_traceback(info)
    return event


def _line(logger: Any, method: str, event: dict[str, Any]) -> str:
    """Time, level, logger, message and the rest as name=value; a traceback on lines of its own."""
    exception = event.pop("exception", "")
    start = " ".join(_one_line(event.pop(name)) for name in ("time", "level", "logger", "message"))
    rest = "".join(f" {name}={_one_line(value)}" for name, value in event.items() if value is not None)
    return start + rest + (f"\n{exception}" if exception else "")


def _one_line(value: object) -> str:
    """So that nobody can write a line of the log by what they ask for."""
    text = str(value)
    return text if text.isprintable() else ascii(text)[1:-1]


def formatter(kind: str = "json") -> logging.Formatter:
    """For logging's dictConfig: {"()": "perfmon.logs.formatter", "kind": "json"}."""
    last = structlog.processors.JSONRenderer(ensure_ascii=True) if kind == "json" else _line
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.contextvars.merge_contextvars], processors=[_start, _exception, last]
    )
