"""The ways in which a text names a quarter, a month, a year or a day. Pure: no Django."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import NoReturn

from ..quarters import MONTH_NAMES, Month, Quarter, Year
from .issues import CALENDAR, DAY_FIRST, Answers, Code, Question, Refused, answer_to

Period = Quarter | Month | Year | datetime.date
Reader = Callable[[re.Match[str], Answers], Period]

FIRST_YEAR, LAST_YEAR = 1900, 2199
LONGEST = 60
WRITE_QUARTER = "Write a quarter as “Q2 2018/19”."
WRITE_PERIOD = "Write a quarter as “Q2 2018/19”, a month as “September 2018”."

DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-") | {"’": "'"})
# Letters and digits of full width, as some keyboards write them, to plain ones.
WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
MONTHS = {
    form: number
    for number, name in enumerate(MONTH_NAMES, start=1)
    for form in {name.lower(), name[:3].lower(), *(["sept"] if number == 9 else [])}
}

# Parts of the patterns below, over text in lower case with single spaces.
MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
QUARTER = r"(?:q|qtr|quarter) ?(?P<quarter>[0-9]{1,2})"
# 2018/19, 2018-19, 2018/2019, 18/19.
SPAN = r"(?:fy ?)?(?P<first>[0-9]{4}|[0-9]{2}) ?[/-] ?(?P<second>[0-9]{4}|[0-9]{2})"
# 201819, as open data writes it.
RUN = r"(?P<first>[0-9]{4})(?P<second>[0-9]{2})"
YEAR = r"(?P<year>[0-9]{4})"
GAP = r"[ ,;:_/-]{0,3}"
TO = r" ?(?:-|to|/) ?"
AFTER_MONTH = r"[ /,'-]{0,2}"
# Midnight is how some programs write a day.
MIDNIGHT = r"(?:[t ]0{1,2}:00(?::00(?:\.0+)?)?z?)?"
TIME = r"[t ][0-9]{1,2}:[0-9]{2}.*"


def folded(text: str) -> str:
    return " ".join(text.translate(DASHES).translate(WIDE).casefold().split())


def read(text: str, answers: Answers, shown: str) -> Period:
    for pattern, reader in PATTERNS:
        if found := pattern.fullmatch(text):
            return reader(found, answers)
    raise unknown(shown)


def read_with(text: str, identifier: str, answers: Answers) -> Period:
    """A year with its kind or quarter beside it."""
    span = re.fullmatch(SPAN, text) or re.fullmatch(RUN, text)
    year = re.fullmatch(YEAR, text)
    if identifier in MONTHS:
        return read(f"{identifier} {text}", answers, f"{text}, {identifier}")
    kind = re.fullmatch(rf"(?P<kind>financial year|calendar year)? ?(?:{QUARTER})?", identifier)
    if kind is None:
        raise Refused(
            Code.OTHER_YEAR,
            f"The period is of the kind “{identifier}”, which is not held here.",
            "Use financial years, their quarters, or months.",
        )
    if span and kind["kind"] != "calendar year":
        first = _span(span)
        return _quarter(first, kind["quarter"]) if kind["quarter"] else Year(first)
    if year and kind["quarter"] and kind["kind"] != "financial year":
        number, start = kind["quarter"], int(year["year"])
        return _calendar(start, number) if kind["kind"] else _by_kind(start, number, answers)
    raise Refused(
        Code.OTHER_YEAR,
        f"“{text}” beside “{identifier}” does not name one financial year or quarter.",
        "Write the year as 201819 beside “Financial year Q2”.",
    )


# What the patterns find


def _span(found: re.Match[str]) -> int:
    """The year in which a span of two starts; Refused when they do not follow each other."""
    first, second = found["first"], found["second"]
    start = int(first) if len(first) == 4 else _century(int(first))
    if len(second) > len(first) or int(second) != (start + 1) % 10 ** len(second):
        raise Refused(
            Code.YEARS_APART,
            f"{first} and {second} are not two years that follow each other.",
            "Write a financial year as 2018/19.",
        )
    return start


def _century(short: int) -> int:
    return 2000 + short if short < 70 else 1900 + short


def _quarter(start: int, number: str) -> Quarter:
    return Quarter(_year(start), _number(number))


def _number(text: str) -> int:
    if text not in ("1", "2", "3", "4"):
        raise Refused(Code.QUARTER_NUMBER, f"There is no quarter {text}.", "Quarters are Q1 to Q4.")
    return int(text)


def _calendar(year: int, number: str) -> Quarter:
    return Month(_year(year), 3 * _number(number)).quarter


def _by_kind(year: int, number: str, answers: Answers) -> Quarter:
    _year(year), _number(number)
    is_calendar = answer_to(Question.YEAR_KIND, answers) == CALENDAR
    return _calendar(year, number) if is_calendar else _quarter(year, number)


def _year(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(Code.FAR_YEAR, f"The year {year} is too far away.", "Check the year.")
    return year


def within(day: datetime.date) -> datetime.date:
    _year(day.year)
    return day


def _month(year: int, number: int) -> Month:
    return Month(_year(year), number)


def _four_digits(text: str) -> int:
    return int(text) if len(text) == 4 else _century(int(text))


def _name(text: str) -> int:
    return MONTHS[text.rstrip(".")]


def _read_span_quarter(found: re.Match[str], answers: Answers) -> Quarter:
    return _quarter(_span(found), found["quarter"])


def _read_code(found: re.Match[str], answers: Answers) -> Quarter:
    return _quarter(int(found["year"]), found["quarter"])


def _read_year_quarter(found: re.Match[str], answers: Answers) -> Quarter:
    return _by_kind(int(found["year"]), found["quarter"], answers)


def _read_months(found: re.Match[str], answers: Answers) -> Quarter:
    """“Jul-Sep 2018”: three months that make a quarter. A financial year may follow them too."""
    first, last = _name(found["from"]), _name(found["till"])
    if (last - first) % 12 != 2 or first % 3 != 1:
        raise Refused(
            Code.MONTHS_APART,
            f"{MONTH_NAMES[first - 1]} to {MONTH_NAMES[last - 1]} is not a quarter.",
            "Quarters start in April, July, October and January.",
        )
    return _named_month(found, last).quarter


def _named_month(found: re.Match[str], number: int) -> Month:
    if found["first"]:
        start = _span(found)
        return _month(start if number >= 4 else start + 1, number)
    return _month(_four_digits(found["year"]), number)


def _read_two_months(found: re.Match[str], answers: Answers) -> Quarter:
    """“July 2018 to September 2018”."""
    if found["year"] != found["other"]:
        raise Refused(Code.MONTHS_APART, "The months are of different years.", WRITE_QUARTER)
    first, last = _name(found["from"]), _name(found["till"])
    if last - first != 2 or first % 3 != 1:
        raise Refused(Code.MONTHS_APART, "The months do not make a quarter.", WRITE_QUARTER)
    return _month(_four_digits(found["year"]), last).quarter


def _read_month(found: re.Match[str], answers: Answers) -> Month:
    return _named_month(found, _name(found["month"]))


def _read_month_number(found: re.Match[str], answers: Answers) -> Month:
    number = int(found["month"])
    if not 1 <= number <= 12:
        raise Refused(Code.NO_SUCH_DAY, f"There is no month {number}.", WRITE_PERIOD)
    return _month(int(found["year"]), number)


def _read_span_alone(found: re.Match[str], answers: Answers) -> Month:
    """“2018/19” is a year; “2018-09” a month; “2008-09” could be either."""
    first, second = found["first"], found["second"]
    is_month = re.fullmatch(r"[0-9]{4}[/-](?:0[1-9]|1[0-2])", found[0]) is not None
    if is_month and int(second) == (int(first) + 1) % 100:
        raise Refused(
            Code.YEAR_OR_MONTH,
            f"“{found[0]}” may be the year {first}/{second} or {MONTH_NAMES[int(second) - 1]} {first}.",
            WRITE_PERIOD,
        )
    if is_month:
        return _month(int(first), int(second))
    _span(found)
    raise year_alone(found[0])


def _read_run_alone(found: re.Match[str], answers: Answers) -> NoReturn:
    if int(found["second"]) == (int(found["first"]) + 1) % 100:
        raise year_alone(f"{found['first']}/{found['second']}")
    raise unknown(found[0])


def _read_year_alone(found: re.Match[str], answers: Answers) -> NoReturn:
    raise year_alone(found["year"])


def _read_quarter_alone(found: re.Match[str], answers: Answers) -> NoReturn:
    if number := found.groupdict().get("quarter"):
        _number(number)
    raise Refused(Code.NO_YEAR, "The period says no year.", WRITE_PERIOD)


def _read_iso_day(found: re.Match[str], answers: Answers) -> datetime.date:
    return _day(int(found["year"]), int(found["month"]), int(found["day"]), found[0])


def _read_named_day(found: re.Match[str], answers: Answers) -> datetime.date:
    return _day(_four_digits(found["year"]), _name(found["month"]), int(found["day"]), found[0])


def _read_numeric_day(found: re.Match[str], answers: Answers) -> datetime.date:
    """“30/09/2018” can be read in one way, “01/02/2018” in two; an answer holds for the whole file."""
    year, (one, two) = int(found["year"]), (int(found["one"]), int(found["two"]))
    day_first, month_first = _maybe_day(year, two, one), _maybe_day(year, one, two)
    readings = {day for day in (day_first, month_first) if day is not None}
    if not readings:
        raise _no_such_day(found[0])
    if day_first == month_first or (len(readings) == 1 and Question.DATE_ORDER not in answers):
        return within(readings.pop())
    chosen = day_first if answer_to(Question.DATE_ORDER, answers) == DAY_FIRST else month_first
    if chosen is None:
        raise Refused(
            Code.DAY_ORDER,
            f"“{found[0]}” is no day in the order that was answered for this file.",
            "Write all days in the same order, or as 2018-09-30.",
        )
    return within(chosen)


def _maybe_day(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _day(year: int, month: int, day: int, shown: str) -> datetime.date:
    found = _maybe_day(year, month, day)
    if found is None:
        raise _no_such_day(shown)
    return within(found)


def _read_short_day(found: re.Match[str], answers: Answers) -> NoReturn:
    raise Refused(Code.SHORT_YEAR, f"“{found[0]}” gives the year in two digits.", "Write the year in full: 30/09/2018.")


def _read_time(found: re.Match[str], answers: Answers) -> NoReturn:
    raise Refused(Code.TIME_OF_DAY, f"“{found[0]}” says a time of day as well.", "Write the day alone, or its period.")


# Refusals


def unknown(shown: str) -> Refused:
    return Refused(Code.NOT_A_PERIOD, f"“{shown[:LONGEST]}” is not a period.", WRITE_PERIOD)


def year_alone(shown: str) -> Refused:
    return Refused(Code.YEAR_ALONE, f"“{shown}” says a year, not a quarter.", WRITE_PERIOD)


def _no_such_day(shown: str) -> Refused:
    return Refused(Code.NO_SUCH_DAY, f"There is no day {shown}.", "Check the day and the month.")


ENDING = rf"(?:{SPAN}|(?P<year>[0-9]{{4}}|[0-9]{{2}}))"
SEPARATED = r"(?P<one>[0-9]{1,2})(?P<mark>[/.-])(?P<two>[0-9]{1,2})(?P=mark)"
# The first that fits the whole text reads it.
WAYS: list[tuple[str, Reader]] = [
    (rf"{QUARTER}(?: of)?{GAP}(?:{SPAN})", _read_span_quarter),
    (rf"(?:{SPAN}){GAP}{QUARTER}", _read_span_quarter),
    (rf"{RUN}{GAP}{QUARTER}", _read_span_quarter),
    (rf"{QUARTER}{GAP}{RUN}", _read_span_quarter),
    (rf"{YEAR}-q(?P<quarter>[0-9])", _read_code),
    (rf"{YEAR}{GAP}{QUARTER}", _read_year_quarter),
    (rf"{QUARTER}(?: of)?{GAP}{YEAR}", _read_year_quarter),
    (rf"(?P<from>{MONTH}){TO}(?P<till>{MONTH}){AFTER_MONTH}{ENDING}", _read_months),
    (
        rf"(?P<from>{MONTH}){AFTER_MONTH}{YEAR}{TO}(?P<till>{MONTH}){AFTER_MONTH}(?P<other>[0-9]{{4}})",
        _read_two_months,
    ),
    (rf"(?P<month>{MONTH}){AFTER_MONTH}{ENDING}", _read_month),
    (rf"{YEAR}{AFTER_MONTH}(?P<month>{MONTH})(?P<first>)(?P<second>)", _read_month),
    (rf"{YEAR}(?P<mark>[/.-])(?P<month>[0-9]{{1,2}})(?P=mark)(?P<day>[0-9]{{1,2}}){MIDNIGHT}", _read_iso_day),
    (rf"{SEPARATED}{YEAR}{MIDNIGHT}", _read_numeric_day),
    (rf"{SEPARATED}[0-9]{{2}}{MIDNIGHT}", _read_short_day),
    (
        rf"(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?{AFTER_MONTH}(?P<month>{MONTH}){AFTER_MONTH}"
        r"(?P<year>[0-9]{4}|[0-9]{2})",
        _read_named_day,
    ),
    (rf"(?P<month>{MONTH}) (?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?,? {YEAR}", _read_named_day),
    (rf"(?P<month>[0-9]{{1,2}})[/.-]{YEAR}", _read_month_number),
    (SPAN, _read_span_alone),
    (RUN, _read_run_alone),
    (rf"(?:fy ?)?{YEAR}", _read_year_alone),
    (QUARTER, _read_quarter_alone),
    (rf"{MONTH}(?:{TO}{MONTH})?", _read_quarter_alone),
    (rf"(?:[0-9]{{1,4}}[/.-]){{2}}[0-9]{{1,4}}{TIME}", _read_time),
]
PATTERNS = [(re.compile(pattern), reader) for pattern, reader in WAYS]
