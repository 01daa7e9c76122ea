"""On which days a committee can take a quarter. Pure: no Django."""

from __future__ import annotations

import datetime

from .quarters import Quarter, date_words

# Days after the quarter's end.
LATEST = 366


def is_too_early(quarter: Quarter, on: datetime.date) -> bool:
    return on <= quarter.end


def is_too_late(quarter: Quarter, on: datetime.date) -> bool:
    return (on - quarter.end).days > LATEST


def problem(quarter: Quarter, on: datetime.date) -> str:
    """Why the committee cannot take the quarter on that day; empty where it can."""
    if is_too_early(quarter, on):
        return f"Choose a day after {date_words(quarter.end)}, when {quarter.label} ends."
    if is_too_late(quarter, on):
        return f"Choose a day within a year of {date_words(quarter.end)}, when {quarter.label} ends."
    return ""
