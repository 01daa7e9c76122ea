"""Times of saves and releases in words."""

import datetime

from django.utils import timezone

from measures.quarters import date_words


def clock(at: datetime.datetime, now: datetime.datetime) -> str:
    """ "14:32" on the day of `now`, "2 November 2018, 14:32" on any other day."""
    hour = f"{timezone.localtime(at):%H:%M}"
    return hour if _is_same_day(at, now) else f"{day(at)}, {hour}"


def moment(at: datetime.datetime, now: datetime.datetime) -> str:
    """The same within a sentence: "at 14:32" or "on 2 November 2018, 14:32"."""
    return f"{'at' if _is_same_day(at, now) else 'on'} {clock(at, now)}"


def day(at: datetime.datetime) -> str:
    return date_words(timezone.localdate(at))


def _is_same_day(at: datetime.datetime, now: datetime.datetime) -> bool:
    return timezone.localdate(at) == timezone.localdate(now)
