"""The figures printed in a measure's own cell: codes, values, target and tolerance. Pure: no Django."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from measures.numbers import Unit, round_half_up

from .shapes import PaperValue

_CODE = r"[A-Z]{1,3}[0-9]{1,3}[a-z]?"
_MORE = r"(?:[A-Z]{1,3})?[0-9]{1,3}[a-z]?"
_CODES = re.compile(
    rf"(?!Q[1-4]\b)({_CODE})"
    rf"(?:((?:\s*(?:,|/|&|\band\b)\s*{_MORE}\b)+)|(?:-|\s+to\s+)((?:[A-Z]{{1,3}})?[0-9]{{1,3}})\b)?"
    r"(?=$|[\s:.,)–-])"
)
MOST_CODES = 6
_DIGITS = re.compile(r"([A-Z]{1,3})([0-9]{1,3})")

YEARS = r"20\d\d\s?[/-]\s?(?:20)?\d\d"
LABEL = rf"Q[1-4](?:\s+{YEARS})?"
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_SIGN = r"(?:\s?%|\s+per\s?cent\b)?"
# Without a colon only before a figure that looks like one: "on target 26 weeks" is a title.
_BARE = r"(?=[(≥≤<>]?\s*\d[\d.,]*\s?(?:%|$))"
# Where something begins that can hold a figure.
KEY = re.compile(
    rf"\b(?:(?P<quarter>{LABEL})(?:\s+(?:average|mean|total|figure))?\s*[=:]"
    rf"|(?P<target>Target)\s*(?:[:=]|{_BARE})"
    rf"|(?P<tolerance>Tolerance)\s*(?:[:=]|{_BARE}))",
    re.IGNORECASE,
)
_LABEL_AT_END = re.compile(rf"\(?\s?({LABEL})(?:\s+(?:average|mean|total|figure))?\s?\)?$", re.IGNORECASE)
_FIGURES_AT_END = re.compile(
    rf"(?<![\d.,])(?:\(\s?)?{_NUMBER}{_SIGN}(?:(?:\s?/\s?|\s){_NUMBER}{_SIGN})*(?:\s?\))?\s?$", re.IGNORECASE
)
# Figures that stand before their quarter are few.
_REACH = 60
_UNITS = re.compile(r"(?P<percent>%|per\s?cent)|(?P<rate>per\s+10,?000)|(?P<days>days?)", re.IGNORECASE)
_ONE = re.compile(rf"({_NUMBER})\s*(%|per\s?cent\b|per\s+10,?000\b|days?\b)?", re.IGNORECASE)
_WITH_COUNTS = re.compile(
    rf"({_NUMBER})\s*(%|per\s?cent)\s*\(\s*({_NUMBER})\s*(?:/|of(?:\s+the)?|out\s+of)\s*({_NUMBER})\s*\)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(rf"({_NUMBER})({_SIGN})", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}(?:\s\d{3})+")
_NONE = re.compile(r"(?:n/?a|none|not set|tbc|-|–)?", re.IGNORECASE)


@dataclass(frozen=True)
class Printed:
    """One number as printed."""

    number: Decimal
    decimals: int
    unit: Unit | None


class Unclear(ValueError):
    """The text does not say one figure; `why` is a sentence, `spaced` where digits may belong together."""

    def __init__(self, why: str, *, spaced: bool = False) -> None:
        super().__init__(why)
        self.why, self.spaced = why, spaced


def codes_at_start(line: str) -> tuple[tuple[str, ...], str]:
    """The codes that a line begins with, and the rest of it; no codes where it begins otherwise.

    "E34 and 35" and "E34/35" are E34 and E35; "E34-36" and "E34 to E36" are three. Q1 to Q4 are quarters, not codes.
    """
    found = _CODES.match(line)
    if not found:
        return (), line
    first, others, last = found.groups()
    prefix = first.rstrip("0123456789abcdefghijklmnopqrstuvwxyz")
    codes = [first]
    for digits in re.findall(_MORE, (others or "").replace("and", " ")):
        codes.append(digits if digits[0].isalpha() else prefix + digits)
    if last:
        codes = _range(first, last if last[0].isalpha() else prefix + last)
    if not codes or len(set(codes)) < len(codes) or len(codes) > MOST_CODES:
        return (first,), line[len(first) :].lstrip(" :.)–-")
    return tuple(codes), line[found.end() :].lstrip(" :.)–-")


def _range(first: str, last: str) -> list[str]:
    one, other = _DIGITS.fullmatch(first), _DIGITS.fullmatch(last)
    if not one or not other or one[1] != other[1] or not 0 < int(other[2]) - int(one[2]) < MOST_CODES:
        return []
    return [f"{one[1]}{number}" for number in range(int(one[2]), int(other[2]) + 1)]


@dataclass(frozen=True)
class Trailing:
    """Figures that stand before their quarter at the end of a text, and where they start."""

    start: int
    figures: str
    quarter: str


def trailing(text: str) -> Trailing | None:
    """ "1677 396 (Q2 average)", "(589 / 89) Q2 Average"."""
    text = text.rstrip()
    label = _LABEL_AT_END.search(text, max(0, len(text) - _REACH))
    if not label:
        return None
    before = text[: label.start()]
    figures = _FIGURES_AT_END.search(before, max(0, len(before) - _REACH))
    return Trailing(figures.start(), figures[0].strip(), label[1]) if figures else None


def one_figure(text: str) -> Printed:
    """ "27%", "22 days", "1,898", "45 per 10,000". Unclear for anything else, a range among it."""
    found = _ONE.fullmatch(text.strip(" .;,()"))
    if not found:
        raise Unclear("It is not one figure.")
    return _printed(found[1], found[2] or "")


def is_none(text: str) -> bool:
    """ "n/a", "TBC" and the like: said on purpose that there is none."""
    return _NONE.fullmatch(text.strip(" .;,()")) is not None


def _printed(number: str, unit: str) -> Printed:
    value = Decimal(number.replace(",", ""))
    found = _UNITS.fullmatch(unit.strip())
    units = {"percent": Unit.PERCENT, "rate": Unit.RATE, "days": Unit.DAYS}
    return Printed(value, len(number.partition(".")[2]), units[found.lastgroup or ""] if found else None)


def values_of(text: str, codes: int) -> tuple[tuple[PaperValue, ...], bool]:
    """The values printed for a measure of so many codes, and whether the counts beside one disagree with it, in which
    case they are left out.

    Two numbers under two codes are a count and its rate per 10,000, unless they carry their units. Unclear where the
    figures are not as many as the codes, or may be read in two ways.
    """
    text = text.strip(" .;,")
    if codes == 1 and (found := _WITH_COUNTS.fullmatch(text.strip())):
        return _with_counts(*found.groups())
    if codes == 1:
        return (_value(_only(text)),), False
    bare = text.strip(" ()")
    numbers = _BETWEEN.findall(bare)
    if re.sub(r"[\s/]+", "", _BETWEEN.sub("", bare)):
        raise Unclear("It holds more than figures.")
    if len(numbers) != codes:
        raise Unclear(f"{codes} figures are expected, one for each code, and {len(numbers)} stand there.")
    if codes != 2:
        raise Unclear("Of three figures and more it is not certain what each of them is.")
    if "/" not in bare and _GROUPED.fullmatch(bare):
        raise Unclear("The digits may be one number or two.", spaced=True)
    return _pair([_printed(number, sign) for number, sign in numbers]), False


def _only(text: str) -> Printed:
    if _GROUPED.fullmatch(text.strip("() ")):
        raise Unclear("The digits may be one number or two.", spaced=True)
    try:
        return one_figure(text)
    except Unclear:
        if len(re.findall(_NUMBER, text)) > 1:
            raise Unclear("One figure is expected, for the one code, and more stand there.") from None
        raise


def _value(one: Printed) -> PaperValue:
    return PaperValue(one.number, one.unit or Unit.COUNT, one.decimals)


def _pair(numbers: list[Printed]) -> tuple[PaperValue, ...]:
    first, second = numbers
    return _value(first), PaperValue(second.number, second.unit or Unit.RATE, second.decimals)


def _with_counts(number: str, sign: str, numerator: str, denominator: str) -> tuple[tuple[PaperValue, ...], bool]:
    one = _printed(number, sign)
    x, n = (Decimal(text.replace(",", "")) for text in (numerator, denominator))
    if n == 0 or x > n or round_half_up(100 * x / n, one.decimals) != one.number:
        return (_value(one),), True
    return (PaperValue(one.number, Unit.PERCENT, one.decimals, x, n),), False
