from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.quarters import Month, Quarter, Year, date_words

QUARTERS = st.builds(Quarter, st.integers(1, 9998), st.integers(1, 4))
DATES = st.dates(date(2, 1, 1), date(9998, 12, 31))


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2018, 3, 31), "Q4 2017/18"),
        (date(2018, 4, 1), "Q1 2018/19"),
        (date(2018, 9, 30), "Q2 2018/19"),
        (date(2018, 10, 1), "Q3 2018/19"),
        (date(2019, 1, 1), "Q4 2018/19"),
        (date(1999, 12, 31), "Q3 1999/00"),
    ],
)
def test_quarter_containing_a_date(day, label):
    assert Quarter.containing(day).label == label


@pytest.mark.parametrize(
    ("number", "start", "end", "words"),
    [
        (1, date(2018, 4, 1), date(2018, 6, 30), "April to June 2018"),
        (2, date(2018, 7, 1), date(2018, 9, 30), "July to September 2018"),
        (3, date(2018, 10, 1), date(2018, 12, 31), "October to December 2018"),
        (4, date(2019, 1, 1), date(2019, 3, 31), "January to March 2019"),
    ],
)
def test_quarter_range_and_words(number, start, end, words):
    quarter = Quarter(2018, number)
    assert (quarter.start, quarter.end, quarter.words) == (start, end, words)


def test_quarter_names():
    quarter = Quarter(2018, 2)
    assert (quarter.label, quarter.short, quarter.code) == ("Q2 2018/19", "Q2 18/19", "2018-Q2")
    assert [month.label for month in quarter.months] == ["July 2018", "August 2018", "September 2018"]


def test_quarter_neighbours():
    quarter = Quarter(2018, 1)
    assert quarter.previous == Quarter(2017, 4)
    assert quarter.next == Quarter(2018, 2)
    assert quarter.same_quarter_last_year == Quarter(2017, 1)


def test_quarters_are_ordered_and_hashable():
    assert sorted([Quarter(2018, 1), Quarter(2017, 4), Quarter(2018, 2)]) == [
        Quarter(2017, 4),
        Quarter(2018, 1),
        Quarter(2018, 2),
    ]
    assert len({Quarter(2018, 1), Quarter.parse("2018-Q1")}) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Q2",
        "Q2 2018",
        "Q2 2018/20",
        "Q2 2018/18",
        "Q0 2018/19",
        "Q5 2018/19",
        "2018-Q5",
        "2018-Q0",
        "18-Q2",
        "0000-Q1",
        "9999-Q1",
        "Q2 ２018/19",
        "Q2 2018/19\nQ3 2018/19",
        "2018/19 Q2",
    ],
)
def test_parse_refuses(text):
    with pytest.raises(ValueError, match="quarter|calendar"):
        Quarter.parse(text)


@pytest.mark.parametrize(("year", "number"), [(2018, 0), (2018, 5), (0, 1), (9999, 1)])
def test_quarter_outside_the_calendar_is_refused(year, number):
    with pytest.raises(ValueError, match="quarter|calendar"):
        Quarter(year, number)


def test_parse_ignores_space_around():
    assert Quarter.parse(" Q2 2018/19 ") == Quarter(2018, 2)


@given(QUARTERS)
def test_label_code_and_dates_lead_back_to_the_quarter(quarter):
    assert Quarter.parse(quarter.label) == quarter
    assert Quarter.parse(quarter.code) == quarter
    assert Quarter.containing(quarter.start) == quarter
    assert Quarter.containing(quarter.end) == quarter
    assert [month.quarter for month in quarter.months] == [quarter] * 3


@given(DATES)
def test_every_date_lies_in_its_quarter_month_and_year(day):
    for period in (Quarter.containing(day), Month.containing(day), Year.containing(day)):
        assert period.start <= day <= period.end


@given(st.builds(Quarter, st.integers(1900, 2100), st.integers(1, 4)), st.integers(-400, 400))
def test_shift_there_and_back(quarter, steps):
    assert quarter.shift(steps).shift(-steps) == quarter
    assert (quarter.shift(steps) > quarter) == (steps > 0)


@given(st.builds(Quarter, st.integers(1, 9997), st.integers(1, 4)))
def test_quarters_leave_no_day_between(quarter):
    assert quarter.end + timedelta(days=1) == quarter.next.start


@pytest.mark.parametrize(
    ("month", "start", "end", "label", "short", "code", "quarter"),
    [
        (Month(2018, 9), date(2018, 9, 1), date(2018, 9, 30), "September 2018", "Sep 18", "2018-09", "Q2 2018/19"),
        (Month(2020, 2), date(2020, 2, 1), date(2020, 2, 29), "February 2020", "Feb 20", "2020-02", "Q4 2019/20"),
        (Month(2000, 3), date(2000, 3, 1), date(2000, 3, 31), "March 2000", "Mar 00", "2000-03", "Q4 1999/00"),
    ],
)
def test_month(month, start, end, label, short, code, quarter):
    assert (month.start, month.end) == (start, end)
    assert (month.label, month.short, month.code) == (label, short, code)
    assert month.quarter.label == quarter
    assert Month.containing(end) == month


def test_month_shift_over_the_new_year():
    assert Month(2018, 12).shift(1) == Month(2019, 1)
    assert Month(2018, 1).shift(-1) == Month(2017, 12)
    assert Month(2018, 6).shift(-18) == Month(2016, 12)


@pytest.mark.parametrize("month", [0, 13])
def test_month_that_no_calendar_has_is_refused(month):
    with pytest.raises(ValueError, match="month"):
        Month(2018, month)


def test_year():
    year = Year(2017)
    assert (year.start, year.end) == (date(2017, 4, 1), date(2018, 3, 31))
    assert (year.label, year.code) == ("2017/18", "2017")
    assert Year.containing(date(2018, 3, 31)) == year
    assert Year.containing(date(2018, 4, 1)) == Year(2018)
    assert Year(1999).label == "1999/00"


def test_year_outside_the_calendar_is_refused():
    with pytest.raises(ValueError, match="calendar"):
        Year(9999)


def test_date_words():
    assert date_words(date(2018, 9, 30)) == "30 September 2018"
    assert date_words(date(2019, 1, 2)) == "2 January 2019"
