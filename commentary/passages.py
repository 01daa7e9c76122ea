"""What the privacy screen finds, and the plain text that it looks at. Pure: no Django."""

from __future__ import annotations

import html as entities
import re
from dataclasses import dataclass
from enum import StrEnum

from .unseen import without_unseen


class Kind(StrEnum):
    NAME = "name"
    INITIALS = "initials"
    BIRTH = "birth"
    NHS = "nhs"
    UPN = "upn"
    CASE = "case"
    ADDRESS = "address"
    CONTACT = "contact"


WHY = {
    Kind.NAME: "Together they can point to one child.",
    Kind.INITIALS: "Together they can point to one child for anybody who knows the family.",
    Kind.BIRTH: "It can point to one child, even without a name.",
    Kind.NHS: "It belongs to one person, and many records can be searched by it.",
    Kind.UPN: "It belongs to one pupil, and school records can be searched by it.",
    Kind.CASE: "Whoever can search the case system finds the child by it.",
    Kind.ADDRESS: "It can point to one family.",
    Kind.CONTACT: "It belongs to one person, unlike the number or mailbox of a service.",
}


WORDS = {
    Kind.NAME: "A name with an age or a date of birth",
    Kind.INITIALS: "Initials with an age or a date of birth",
    Kind.BIRTH: "A date of birth",
    Kind.NHS: "An NHS number",
    Kind.UPN: "A unique pupil number",
    Kind.CASE: "The number of a case or a person",
    Kind.ADDRESS: "An address or a postcode",
    Kind.CONTACT: "A mobile number or a private e-mail address",
}


@dataclass(frozen=True)
class Passage:
    """`start` and `end` count characters of plain(html); `quote` is what stands between them."""

    kind: Kind
    quote: str
    start: int
    end: int

    @property
    def words(self) -> str:
        return WORDS[self.kind]

    @property
    def why(self) -> str:
        """Why it may tell who a child is, in a sentence."""
        return WHY[self.kind]


@dataclass(frozen=True)
class Found:
    """A stretch of the plain text, before overlaps are settled."""

    kind: Kind
    start: int
    end: int


_BLOCK = re.compile(r"</?(?:p|h[1-6]|ul|ol|li|br|div|table|tr|td|th|blockquote)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&#?[0-9a-z]{1,32};", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")
# Word writes hyphens that do not break, and dashes where one types a hyphen.
_HYPHENS = re.compile(r"[\u2010\u2011]")
_DASH = "[\u2012-\u2014\u2212]"
_DASHES = re.compile(
    rf"(?<=[0-9]){_DASH}(?=[0-9])|(?<=[0-9] ){_DASH}(?= [0-9])"
    rf"|(?<=\w){_DASH}(?=(?:year|yr|month|week|old)s?\b)",
    re.IGNORECASE,
)


def plain(html: str) -> str:
    """The words of a text: blocks as lines, spaces of any kind as one space, nothing that cannot be seen."""
    lines = _TAG.sub("", _BLOCK.sub("\n", html))
    words = without_unseen(_ENTITY.sub(lambda found: entities.unescape(found.group()), lines))
    return _LINES.sub("\n", _SPACES.sub(" ", words)).strip()


def searchable(text: str) -> str:
    """The same with a plain hyphen for what stands for one, each character in its place."""
    return _DASHES.sub("-", _HYPHENS.sub("-", text))
