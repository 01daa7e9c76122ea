"""`<quarter:quarter>` in addresses: "2018-Q2" and nothing else, so that one page has one address."""

from .quarters import Quarter


class QuarterConverter:
    regex = r"[0-9]{4}-Q[1-4]"

    def to_python(self, value: str) -> Quarter:
        return Quarter.parse(value)

    def to_url(self, value: Quarter) -> str:
        return value.code
