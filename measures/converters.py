"""Quarters and months in addresses, written in one way alone, so that one page has one address."""

from .quarters import Month, Quarter


class QuarterConverter:
    """ "2018-Q2" and nothing else."""

    regex = r"[0-9]{4}-Q[1-4]"

    def to_python(self, value: str) -> Quarter:
        return Quarter.parse(value)

    def to_url(self, value: Quarter) -> str:
        return value.code


class PeriodConverter:
    """A quarter or a month: "2018-Q2" or "2018-08"."""

    regex = r"[0-9]{4}-(?:Q[1-4]|0[1-9]|1[0-2])"

    def to_python(self, value: str) -> Quarter | Month:
        if "Q" in value:
            return Quarter.parse(value)
        year, _, month = value.partition("-")
        return Month(int(year), int(month))

    def to_url(self, value: Quarter | Month) -> str:
        return value.code
