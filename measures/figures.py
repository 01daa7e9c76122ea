"""Reading a typed figure. Pure: no Django.

Strict on purpose: what could be read in two ways is asked about, never guessed, and the messages are for the person
at the field.
"""

from __future__ import annotations

import re
from decimal import Decimal

LONGEST = 40

PLAIN = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)")
# "1,898" and "1,234,567.5", but neither "1,89" nor "0,852", which may be meant as a decimal comma.
GROUPED = re.compile(r"-?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
EXPONENT = re.compile(r"[-+]?[0-9.]+[eE][-+]?[0-9]+")
NO_FIGURE = frozenset({"-", "–", "—", "n/a", "na", "n.a.", "none", "nil", "x", "z", "c", "[x]", "[z]", "[c]", "*"})

NOT_A_NUMBER = "Enter a number in digits, such as 1,898."
OTHER_DIGITS = "Use the digits 0 to 9."
COMMAS = "Put commas only between thousands, as in 1,898, and a full stop before decimals."
SPACES = "Take out the space inside the number."
POWERS = "Write the number in full, without an exponent."
STATUS_INSTEAD = "Leave this empty and choose the status that says why there is no value."
PER_CENT = "Take out the % sign: this is not a percentage."


def parse_figure(text: str, *, percent: bool = False) -> Decimal | None:
    """The finite number typed, or None for nothing; with `percent` a % sign may follow it.

    Spaces of any kind around it do not count. Raises ValueError with a message for every other text.
    """
    text = text.strip()
    if len(text) > LONGEST:
        raise ValueError(f"Enter a number: this is {len(text):,} characters long.")
    if text.endswith("%"):
        if not percent:
            raise ValueError(PER_CENT)
        text = text[:-1].rstrip() or "%"
    number = text.replace("\N{MINUS SIGN}", "-")
    if not number:
        return None
    if PLAIN.fullmatch(number) or GROUPED.fullmatch(number):
        return Decimal(number.replace(",", ""))
    raise ValueError(_complaint(number))


def _complaint(text: str) -> str:
    """What to say of a text that is no figure."""
    if text.casefold() in NO_FIGURE:
        return STATUS_INSTEAD
    if EXPONENT.fullmatch(text):
        return POWERS
    if any(sign.isdecimal() and not sign.isascii() for sign in text):
        return OTHER_DIGITS
    if re.fullmatch(r"-?[0-9]+(?:\s+[0-9]+)+(?:\.[0-9]+)?", text):
        return SPACES
    if re.fullmatch(r"-?[0-9.]*,[0-9.,]*", text):
        return COMMAS
    return NOT_A_NUMBER
