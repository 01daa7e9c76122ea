"""Quarters, months and years of the financial year, which starts on 1 April."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache

MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

# A financial year must end inside the calendar that `date` can hold.
FIRST_YEAR, LAST_YEAR = 1, date.max.year - 1
# The years of the quarters that may be typed. Those before and after are still far inside the calendar, and inside what
# a file may name, so that what is typed can be brought back from one.
TYPED_YEARS = range(1990, 2100)

LABEL = re.compile(r"Q([1-4]) ([0-9]{4})/([0-9]{2})")
CODE = re.compile(r"([0-9]{4})-Q([1-4])")


def date_words(day: date) -> str:
    """The date as read aloud: "30 September 2018"."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def _financial_year(day: date) -> int:
    return day.year if day.month >= 4 else day.year - 1


def _check_financial_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"The financial year {year} is outside the calendar.")


def _year_label(year: int) -> str:
    return f"{year:04d}/{(year + 1) % 100:02d}"


@dataclass(frozen=True, order=True)
class Quarter:
    """`year` is the start of the financial year: 2018 means 2018/19."""

    year: int
    number: int

    def __post_init__(self) -> None:
        _check_financial_year(self.year)
        if self.number not in (1, 2, 3, 4):
            raise ValueError(f"A quarter is 1, 2, 3 or 4, not {self.number}.")

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """Reads a label ("Q2 2018/19") or a code ("2018-Q2"); else ValueError."""
        text = text.strip()
        if found := CODE.fullmatch(text):
            return cls(int(found[1]), int(found[2]))
        if found := LABEL.fullmatch(text):
            year = int(found[2])
            if int(found[3]) == (year + 1) % 100:
                return cls(year, int(found[1]))
        raise ValueError(f'"{text}" is not a quarter such as "Q2 2018/19".')

    @classmethod
    def containing(cls, day: date) -> "Quarter":
        return _quarter(_financial_year(day), (day.month - 4) % 12 // 3 + 1)

    @cached_property
    def months(self) -> tuple["Month", "Month", "Month"]:
        first = Month(self.year, 4).shift(3 * (self.number - 1))
        return first, first.shift(1), first.shift(2)

    @cached_property
    def start(self) -> date:
        return self.months[0].start

    @cached_property
    def end(self) -> date:
        return self.months[2].end

    @cached_property
    def label(self) -> str:
        return f"Q{self.number} {_year_label(self.year)}"

    @property
    def short(self) -> str:
        """For axis ticks: "Q2 18/19"."""
        return f"Q{self.number} {_year_label(self.year)[2:]}"

    @property
    def code(self) -> str:
        return f"{self.year:04d}-Q{self.number}"

    @property
    def words(self) -> str:
        """The months in words: "July to September 2018"."""
        first, _, last = self.months
        return f"{MONTH_NAMES[first.month - 1]} to {last.label}"

    def shift(self, quarters: int) -> "Quarter":
        """This many quarters later; earlier when negative."""
        year, index = divmod(self.year * 4 + self.number - 1 + quarters, 4)
        return _quarter(year, index + 1)

    @property
    def previous(self) -> "Quarter":
        return self.shift(-1)

    @property
    def next(self) -> "Quarter":
        return self.shift(1)

    @property
    def same_quarter_last_year(self) -> "Quarter":
        return self.shift(-4)


# A page names the same few quarters thousands of times.
@lru_cache(maxsize=1024)
def _quarter(year: int, number: int) -> Quarter:
    return Quarter(year, number)


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month; `year` is the calendar year."""

    year: int
    month: int

    def __post_init__(self) -> None:
        # Building the first day refuses a month that no calendar has.
        date(self.year, self.month, 1)

    @classmethod
    def containing(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @property
    def start(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def end(self) -> date:
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    @property
    def label(self) -> str:
        return f"{MONTH_NAMES[self.month - 1]} {self.year}"

    @property
    def short(self) -> str:
        """For axis ticks: "Sep 18"."""
        return f"{MONTH_NAMES[self.month - 1][:3]} {self.year % 100:02d}"

    @property
    def code(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def shift(self, months: int) -> "Month":
        """This many months later; earlier when negative."""
        year, index = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(year, index + 1)

    @cached_property
    def quarter(self) -> Quarter:
        return Quarter.containing(self.start)


@dataclass(frozen=True, order=True)
class Year:
    """A financial year; `year` is the calendar year in which it starts."""

    year: int

    def __post_init__(self) -> None:
        _check_financial_year(self.year)

    @classmethod
    def containing(cls, day: date) -> "Year":
        return cls(_financial_year(day))

    @property
    def start(self) -> date:
        return date(self.year, 4, 1)

    @property
    def end(self) -> date:
        return date(self.year + 1, 4, 1) - timedelta(days=1)

    @property
    def label(self) -> str:
        """Both years: "2017/18"."""
        return _year_label(self.year)

    @property
    def code(self) -> str:
        return f"{self.year:04d}"
