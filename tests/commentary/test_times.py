import datetime

import pytest

from commentary.times import clock, day, moment

NOW = datetime.datetime(2018, 11, 2, 0, 30, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("at", "told", "within"),
    [
        (datetime.datetime(2018, 11, 2, 0, 5, tzinfo=datetime.UTC), "00:05", "at 00:05"),
        (
            datetime.datetime(2018, 11, 1, 23, 59, tzinfo=datetime.UTC),
            "1 November 2018, 23:59",
            "on 1 November 2018, 23:59",
        ),
        (datetime.datetime(2018, 7, 1, 23, 32, tzinfo=datetime.UTC), "2 July 2018, 00:32", "on 2 July 2018, 00:32"),
    ],
)
def test_the_day_is_told_unless_it_is_today(at, told, within):
    assert clock(at, NOW) == told
    assert moment(at, NOW) == within


def test_the_day_is_that_of_the_place():
    assert day(datetime.datetime(2018, 7, 1, 23, 32, tzinfo=datetime.UTC)) == "2 July 2018"
