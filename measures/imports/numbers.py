"""Reading a figure, or the symbol that stands in its place, from a cell of a file. Pure: no Django.

Unlike a typed figure (`measures.figures`), one in a file may carry a symbol, use another decimal mark, or be a share
of 1; what has two readings is asked about once for the whole file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from ..entries import PLACES, Status
from ..figures import EXPONENT, GROUPED, LONGEST, PLAIN
from ..numbers import Unit, round_half_up
from .cells import Cell
from .issues import COMMA, TIMES_100, Answers, Code, NeedsAnswer, Question, Refused, answer_to

# As the departments and statisticians write them, with and without brackets.
STATUSES = {"x": Status.NOT_AVAILABLE, "z": Status.NOT_APPLICABLE, "c": Status.SUPPRESSED}
OTHER_SYMBOLS = frozenset({"k", "low", "u", ":"})
WORDS = frozenset({"-", "–", "—", "..", "...", "*", "n/a", "na", "n.a.", "none", "nil", "null", "blank", "tbc", "?"})
# Marks behind a figure: provisional, and revised, which the program marks itself.
MARKED = re.compile(r"(?P<figure>.*[0-9%])\s*(?P<marks>(?:\[[a-z]+\]\s*)+)", re.IGNORECASE)
MARK = re.compile(r"\[([a-z]+)\]")
PROVISIONAL, REVISED = "p", "r"

# Spaces that programs put between thousands; an ordinary one may as well stand between two figures.
THIN = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\N{FIGURE SPACE}"
SPACED = re.compile(rf"-?[1-9][0-9]{{0,2}}(?:[{THIN}][0-9]{{3}})+(?:[.,][0-9]+)?")
# 27,5 and 0,852 and 1.234,5: a comma before decimals, full stops between thousands.
WITH_COMMA = re.compile(r"-?(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,[0-9]+)?")

# A share of 1 may exceed 1 a little.
MOST_SHARE = Decimal(2)
CHOOSE_SYMBOL = "Write [x] for not available, [z] for not applicable, or [c] for suppressed at source."
WRITE_NUMBER = "Write a number in digits, such as 1,898."


@dataclass(frozen=True)
class Figure:
    """`number` is None for an empty cell and for a symbol that says why there is none. `status` is None unless the
    cell says one. `rounded`: a spreadsheet's quotient, cut to the decimals that can be held. `share`: it stands in the
    file as a share of 1."""

    number: Decimal | None
    status: Status | None = None
    rounded: bool = False
    share: bool = False


def read_figure(cell: Cell, unit: Unit, answers: Answers, *, field: str = "value") -> Figure:
    """The figure in the unit of its series: 27 for a cell of percentages that prints 27%. `field` is “value”,
    “numerator” or “denominator”. Raises Refused, or NeedsAnswer where two readings are left."""
    if cell.error:
        raise Refused(
            Code.SPREADSHEET_ERROR, f"The {field} is {cell.error}.", "Mend the cell, or write the figure plainly."
        )
    if cell.merged:
        raise Refused(
            Code.MERGED,
            f"The {field} is part of a merged range, so it is not certain which rows it stands for.",
            "Unmerge it and fill in each cell.",
        )
    if cell.day is not None:
        raise Refused(
            Code.DATE_FOR_FIGURE,
            f"The {field} is a date ({cell.text}); spreadsheets make one of what looks like it.",
            "Format the cell as a number and type the figure again.",
        )
    is_percentage = unit is Unit.PERCENT and field == "value"
    if cell.number is not None:
        return _of_number(cell, cell.number, is_percentage, answers)
    return _of_text(cell.text, is_percentage, answers, field)


def is_figure(cell: Cell) -> bool:
    """Whether the cell holds a number of whatever unit, be it that a question has to be answered first."""
    try:
        return read_figure(cell, Unit.PERCENT, {}).number is not None
    except NeedsAnswer:
        return True
    except Refused:
        return False


def read_symbol(text: str) -> str:
    """The symbol of open data that the text is, without brackets ("c", "x", "z", "k", "low", "u", ":"); "" for any
    other text."""
    symbol = _bare(text)
    return symbol if symbol in STATUSES or symbol in OTHER_SYMBOLS else ""


def _bare(text: str) -> str:
    text = text.strip().casefold()
    return text[1:-1].strip() if text.startswith("[") and text.endswith("]") else text


# Number cells of a spreadsheet


def _of_number(cell: Cell, number: Decimal, is_percentage: bool, answers: Answers) -> Figure:
    is_share = is_percentage and not cell.percent and _is_share(number, answers)
    if cell.percent:
        if not is_percentage:
            raise _per_cent(cell.text)
        number = number * 100
    elif is_share:
        number = number * 100
    if is_percentage and number < 0:
        raise _negative(cell.text)
    # What was computed has as many decimals as a spreadsheet can hold; our own quotients are held with as many as this.
    if int(number.as_tuple().exponent) >= -PLACES:
        return Figure(number, share=is_share)
    return Figure(round_half_up(number, PLACES), rounded=True, share=is_share)


def _is_share(number: Decimal, answers: Answers) -> bool:
    """Whether a number without a percent sign is a share of 1. 0 and 1 alone raise no question. Where a file has
    shares, 85 can only be 85%, and 1.05 may be 105% as well as 1.05%."""
    if 0 < number < 1:
        return answer_to(Question.SHARES, answers) == TIMES_100
    if answers.get(Question.SHARES) != TIMES_100 or number > MOST_SHARE:
        return False
    if number > 1:
        raise mixed_shares(number)
    return True


def mixed_shares(number: Decimal) -> Refused:
    of_share, as_it_is = f"{(number * 100).normalize():f}%", f"{number:f}%"
    return Refused(
        Code.MIXED_SHARES,
        f"{number:f} may be the share {of_share} or the percentage {as_it_is}, and this file has shares of 1.",
        f"Write {of_share} or {as_it_is}, with the sign.",
    )


# Text


def _of_text(text: str, is_percentage: bool, answers: Answers, field: str) -> Figure:
    text = text.strip()
    if not text:
        return Figure(None)
    if (symbol := _bare(text)) in STATUSES:
        return Figure(None, STATUSES[symbol])
    if symbol in OTHER_SYMBOLS or symbol in WORDS:
        raise Refused(Code.SYMBOL, f"The {field} is “{text}”, which is not a figure.", CHOOSE_SYMBOL)
    if len(text) > LONGEST:
        raise Refused(Code.NOT_A_NUMBER, f"The {field} is {len(text):,} characters long.", WRITE_NUMBER)
    figure, status = _without_marks(text)
    has_sign = figure.endswith("%")
    if has_sign:
        figure = figure[:-1].rstrip()
        if not is_percentage:
            raise _per_cent(text)
    number = _number(figure.replace("\N{MINUS SIGN}", "-"), text, answers)
    if is_percentage:
        if number < 0:
            raise _negative(text)
        if not has_sign and _is_share(number, answers):
            return Figure(number * 100, status, share=True)
    return Figure(number, status)


def _without_marks(text: str) -> tuple[str, Status | None]:
    """“74 [p]” to the figure and its status."""
    found = MARKED.fullmatch(text)
    if not found:
        return text, None
    marks = {mark.casefold() for mark in MARK.findall(found["marks"].casefold())}
    if marks - {PROVISIONAL, REVISED}:
        raise Refused(
            Code.SYMBOL,
            f"“{text}” has a mark that figures do not carry here.",
            "Only [p] for provisional may follow a figure. Put anything else in the note.",
        )
    return found["figure"], Status.PROVISIONAL if PROVISIONAL in marks else None


def _number(figure: str, shown: str, answers: Answers) -> Decimal:
    if SPACED.fullmatch(figure):
        figure = re.sub(f"[{THIN}]", "", figure)
    mark = answers.get(Question.DECIMAL_MARK)
    if mark == COMMA:
        if WITH_COMMA.fullmatch(figure):
            return Decimal(figure.replace(".", "").replace(",", "."))
    elif PLAIN.fullmatch(figure) or GROUPED.fullmatch(figure):
        return Decimal(figure.replace(",", ""))
    elif WITH_COMMA.fullmatch(figure) and mark is None:
        raise NeedsAnswer(Question.DECIMAL_MARK)
    raise _complaint(figure, shown, is_comma=mark == COMMA)


def _complaint(figure: str, shown: str, *, is_comma: bool) -> Refused:
    """Why a text is no figure."""
    says = f"“{shown}” is not a number."
    if is_comma and (PLAIN.fullmatch(figure) or GROUPED.fullmatch(figure)):
        return Refused(
            Code.MIXED_MARKS, f"“{shown}” has a full stop before its decimals, and this file has commas.", WRITE_NUMBER
        )
    if EXPONENT.fullmatch(figure):
        return Refused(Code.EXPONENT, says, "Write the number in full, without an exponent.")
    if any(sign.isdecimal() and not sign.isascii() for sign in figure):
        return Refused(Code.OTHER_DIGITS, says, "Use the digits 0 to 9.")
    if re.fullmatch(r"-?[0-9.,]+(?:\s+[0-9.,]+)+", figure):
        return Refused(
            Code.SPACES, says, "Take out the space inside the number, or give each figure a cell of its own."
        )
    if re.fullmatch(r"-?[0-9.,]*,[0-9.,]*", figure):
        return Refused(Code.COMMAS, says, "Put commas only between thousands, as in 1,898.")
    return Refused(Code.NOT_A_NUMBER, says, WRITE_NUMBER)


def _per_cent(shown: str) -> Refused:
    return Refused(
        Code.PERCENT_SIGN, f"“{shown}” is a percentage, and this figure is none.", "Take out the % sign or its format."
    )


def _negative(shown: str) -> Refused:
    return Refused(
        Code.NEGATIVE_PERCENTAGE, f"“{shown}” is a negative percentage.", "Check the figure: a value is 0% or more."
    )
