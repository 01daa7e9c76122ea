from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.imports.cells import Cell
from measures.imports.issues import Code, NeedsAnswer, Question, Refused
from measures.imports.periods import is_period, period_for, read_period
from measures.quarters import MONTH_NAMES, Month, Quarter, Year
from measures.terms import Frequency

Q2 = Quarter(2018, 2)
SEPTEMBER = Month(2018, 9)
LAST_DAY = date(2018, 9, 30)
QUARTERS = st.builds(Quarter, st.integers(1900, 2198), st.integers(1, 4))
DAY_FIRST, MONTH_FIRST = ({Question.DATE_ORDER: each} for each in ("day_first", "month_first"))


def read(text, answers=None, **more):
    return read_period(Cell(text), answers or {}, **more)


def refusal(text, answers=None, **more) -> Code:
    with pytest.raises(Refused) as raised:
        read(text, answers, **more)
    assert raised.value.why.endswith(".")
    assert raised.value.remedy.endswith(".")
    return raised.value.code


@pytest.mark.parametrize("text", [
    "Q2 2018/19", "2018/19 Q2", "2018-19 Q2", "2018-Q2", "2018-19;Q2", "2018/2019 Q2", "Q2 2018/2019", "q2 2018/19",
    "Q2, 2018/19", "Q2-2018/19", "Q2 of 2018/19", "Quarter 2 2018/19", "Qtr 2, 2018-19", "2018/19 Quarter 2", "2018-q2",
    "201819 Q2", "201819;Q2", "Q2 201819", "FY2018/19 Q2", "FY 2018/19 Q2", "Q2 18/19", "Q2\u00a02018/19",
    "Ｑ２　２０１８／１９", "Q2 2018–19", "Q2  2018 / 19", "Jul-Sep 2018", "Jul–Sep 2018", "jul - sep 2018",
    "July to September 2018", "JULY TO SEPTEMBER 2018", "Jul-Sep 18", "Jul-Sep 2018/19", "July/September 2018",
    "Jul 2018 - Sep 2018", "July 2018 to September 2018", "Jul. - Sept. 2018",
])  # fmt: skip
def test_a_quarter(text):
    assert read(text) == Q2
    assert is_period(Cell(text))


@pytest.mark.parametrize(("text", "found"), [
    ("2018-19;Q1", Quarter(2018, 1)), ("Q4 2018/19", Quarter(2018, 4)), ("Q1 1999/00", Quarter(1999, 1)),
    ("Q1 99/00", Quarter(1999, 1)), ("Q3 2099/00", Quarter(2099, 3)), ("Jan-Mar 2019", Quarter(2018, 4)),
    ("Jan-Mar 2018/19", Quarter(2018, 4)), ("Oct to Dec 2018", Quarter(2018, 3)), ("Apr-Jun 2018", Quarter(2018, 1)),
])  # fmt: skip
def test_other_quarters(text, found):
    assert read(text) == found


@pytest.mark.parametrize("text", [
    "Sep 2018", "September 2018", "Sept 2018", "SEPTEMBER 2018", "Sep-18", "Sep 18", "Sep '18", "Sep. 2018", "Sep/2018",
    "2018 Sep", "2018-Sep", "2018-09", "2018/09", "09/2018", "9/2018", "09-2018", "09.2018", "September 2018/19",
    "September\u202f2018", "Ｓｅｐ ２０１８",
])  # fmt: skip
def test_a_month(text):
    assert read(text) == SEPTEMBER


def test_a_month_of_a_financial_year():
    assert read("January 2018/19") == Month(2019, 1)


@pytest.mark.parametrize("text", [
    "2018-09-30", "2018/09/30", "2018.9.30", "2018-09-30T00:00:00", "2018-09-30 00:00", "2018-09-30T00:00:00.000Z",
    "30/09/2018", "30.09.2018", "30-9-2018", "09/30/2018", "30/09/2018 00:00:00", "30 September 2018", "30 Sep 2018",
    "30-Sep-2018", "30-Sep-18", "30th September 2018", "30 sept 18", "September 30, 2018", "Sep 30th, 2018",
])  # fmt: skip
def test_a_day(text):
    assert read(text) == LAST_DAY


def test_a_date_cell():
    assert read_period(Cell("2018-09-30", day=LAST_DAY), {}) == LAST_DAY
    assert read_period(Cell("September 2018", day=LAST_DAY), {}) == SEPTEMBER


@pytest.mark.parametrize(("text", "code"), [
    ("", Code.NO_PERIOD), ("Total", Code.NOT_A_PERIOD), ("E1", Code.NOT_A_PERIOD), ("43373", Code.NOT_A_PERIOD),
    ("201809", Code.NOT_A_PERIOD), ("18-Sep", Code.NOT_A_PERIOD), ("Q2 2018/19¹", Code.NOT_A_PERIOD),
    ("٢٠١٨", Code.NOT_A_PERIOD), ("Q2 2018/19 and Q3", Code.NOT_A_PERIOD), ("x" * 100, Code.NOT_A_PERIOD),
    ("2018", Code.YEAR_ALONE), ("2018/19", Code.YEAR_ALONE), ("2018-19", Code.YEAR_ALONE), ("201819", Code.YEAR_ALONE),
    ("18/19", Code.YEAR_ALONE), ("FY2018/19", Code.YEAR_ALONE), ("FY2008-09", Code.YEAR_ALONE),
    ("2018-2019", Code.YEAR_ALONE),
    ("Q2", Code.NO_YEAR), ("Quarter 2", Code.NO_YEAR), ("September", Code.NO_YEAR), ("Jul-Sep", Code.NO_YEAR),
    ("2017/19", Code.YEARS_APART), ("Q2 2017/19", Code.YEARS_APART), ("Q2 2018/18", Code.YEARS_APART),
    ("09/18", Code.YEARS_APART), ("2018/17", Code.YEARS_APART), ("Q2 18/2019", Code.YEARS_APART),
    ("2008-09", Code.YEAR_OR_MONTH), ("2011/12", Code.YEAR_OR_MONTH), ("30/09/18", Code.SHORT_YEAR),
    ("Q5", Code.QUARTER_NUMBER), ("Q5 2018/19", Code.QUARTER_NUMBER), ("Q0 2018/19", Code.QUARTER_NUMBER),
    ("2018-Q5", Code.QUARTER_NUMBER), ("Q12 2018/19", Code.QUARTER_NUMBER), ("Q5 2018", Code.QUARTER_NUMBER),
    ("Jun-Aug 2018", Code.MONTHS_APART), ("Jul-Aug 2018", Code.MONTHS_APART), ("Dec-Feb 2018", Code.MONTHS_APART),
    ("Apr 2018 to Mar 2019", Code.MONTHS_APART), ("Jul 2018 to Sep 2019", Code.MONTHS_APART),
    ("31/02/2018", Code.NO_SUCH_DAY), ("2018-02-31", Code.NO_SUCH_DAY), ("31 September 2018", Code.NO_SUCH_DAY),
    ("13/13/2018", Code.NO_SUCH_DAY), ("00/00/2018", Code.NO_SUCH_DAY), ("13/2018", Code.NO_SUCH_DAY),
    ("29 February 2018", Code.NO_SUCH_DAY), ("2018-09-30 14:30", Code.TIME_OF_DAY),
    ("30/09/2018 9:00 am", Code.TIME_OF_DAY),
    ("Q2 1818/19", Code.FAR_YEAR), ("September 2300", Code.FAR_YEAR), ("0001-01-01", Code.FAR_YEAR),
])  # fmt: skip
def test_what_is_refused(text, code):
    assert refusal(text) == code
    assert not is_period(Cell(text))


@pytest.mark.parametrize(("cell", "code"), [
    (Cell("#N/A", error="#N/A"), Code.SPREADSHEET_ERROR), (Cell(merged=True), Code.MERGED),
    (Cell("Q2 2018/19", merged=True), Code.MERGED), (Cell("2018%", percent=True), Code.NOT_A_PERIOD),
    (Cell("2018"), Code.YEAR_ALONE), (Cell("1818-01-01", day=date(1818, 1, 1)), Code.FAR_YEAR),
])  # fmt: skip
def test_cells_that_are_refused(cell, code):
    with pytest.raises(Refused) as raised:
        read_period(cell, {})
    assert raised.value.code == code


@pytest.mark.parametrize(("text", "question"), [
    ("Q2 2018", Question.YEAR_KIND), ("2018 Q2", Question.YEAR_KIND), ("2018Q2", Question.YEAR_KIND),
    ("Quarter 2, 2018", Question.YEAR_KIND), ("01/02/2018", Question.DATE_ORDER), ("1.2.2018", Question.DATE_ORDER),
    ("12-11-2018", Question.DATE_ORDER),
])  # fmt: skip
def test_what_is_asked(text, question):
    with pytest.raises(NeedsAnswer) as raised:
        read(text)
    assert raised.value.question is question
    assert is_period(Cell(text))


def test_with_the_answer_it_is_read():
    assert read("Q2 2018", {Question.YEAR_KIND: "financial"}) == Q2
    assert read("Q2 2018", {Question.YEAR_KIND: "calendar"}) == Quarter(2018, 1)
    assert read("Q1 2018", {Question.YEAR_KIND: "calendar"}) == Quarter(2017, 4)
    # Our own code names the financial year whatever was answered.
    assert read("2018-Q2", {Question.YEAR_KIND: "calendar"}) == Q2
    assert read("01/02/2018", DAY_FIRST) == date(2018, 2, 1)
    assert read("01/02/2018", MONTH_FIRST) == date(2018, 1, 2)
    assert read("03/03/2018") == date(2018, 3, 3)
    assert read("2018-02-01", MONTH_FIRST) == date(2018, 2, 1)


def test_an_answer_holds_for_the_whole_file():
    assert read("30/09/2018", DAY_FIRST) == LAST_DAY
    assert refusal("30/09/2018", MONTH_FIRST) == Code.DAY_ORDER
    assert refusal("09/30/2018", DAY_FIRST) == Code.DAY_ORDER


@pytest.mark.parametrize(("text", "identifier", "found"), [
    ("201819", "Financial year Q2", Q2), ("2018-19", "Quarter 2", Q2), ("2018/19", "Q2", Q2),
    ("2018/19", "FINANCIAL YEAR Q2", Q2),
    ("2018", "Calendar year Q3", Q2), ("2018", "September", SEPTEMBER), ("2018/19", "September", SEPTEMBER),
    ("2018/19", "January", Month(2019, 1)), ("201819", "Financial year", Year(2018)), ("Q2 2018/19", " ", Q2),
])  # fmt: skip
def test_a_period_in_two_cells(text, identifier, found):
    assert read(text, identifier=identifier) == found


def test_a_period_in_two_cells_that_is_asked_about():
    with pytest.raises(NeedsAnswer):
        read("2018", identifier="Q2")
    assert read("2018", {Question.YEAR_KIND: "calendar"}, identifier="Q2") == Quarter(2018, 1)


@pytest.mark.parametrize(("text", "identifier", "code"), [
    ("201819", "Academic year", Code.OTHER_YEAR), ("2018", "Reporting year", Code.OTHER_YEAR),
    ("2018", "Week 12", Code.OTHER_YEAR),
    ("2018", "Financial year Q2", Code.OTHER_YEAR), ("201819", "Calendar year Q2", Code.OTHER_YEAR),
    ("2018", "Financial year", Code.OTHER_YEAR), ("201720", "Financial year Q2", Code.YEARS_APART),
    ("201819", "Financial year Q5", Code.QUARTER_NUMBER), ("Total", "Financial year Q2", Code.OTHER_YEAR),
])  # fmt: skip
def test_two_cells_that_name_no_period(text, identifier, code):
    assert refusal(text, identifier=identifier) == code


@pytest.mark.parametrize(("found", "frequency", "period"), [
    (Q2, Frequency.QUARTER, Q2), (SEPTEMBER, Frequency.MONTH, SEPTEMBER), (LAST_DAY, Frequency.QUARTER, Q2),
    (LAST_DAY, Frequency.MONTH, SEPTEMBER), (date(2018, 7, 1), Frequency.QUARTER, Q2),
    (date(2018, 9, 1), Frequency.MONTH, SEPTEMBER), (date(2019, 3, 31), Frequency.QUARTER, Quarter(2018, 4)),
    (date(2016, 2, 29), Frequency.MONTH, Month(2016, 2)),
])  # fmt: skip
def test_the_period_of_a_series(found, frequency, period):
    assert period_for(found, frequency) == period


@pytest.mark.parametrize(("found", "frequency", "code"), [
    (Q2, Frequency.MONTH, Code.PERIOD_TOO_LONG), (SEPTEMBER, Frequency.QUARTER, Code.PERIOD_TOO_SHORT),
    (Year(2018), Frequency.QUARTER, Code.YEAR_ALONE), (Year(2018), Frequency.MONTH, Code.YEAR_ALONE),
    (date(2018, 9, 1), Frequency.QUARTER, Code.MID_PERIOD), (date(2018, 8, 31), Frequency.QUARTER, Code.MID_PERIOD),
    (date(2018, 9, 15), Frequency.MONTH, Code.MID_PERIOD), (date(2018, 9, 29), Frequency.QUARTER, Code.MID_PERIOD),
])  # fmt: skip
def test_a_period_that_does_not_fit(found, frequency, code):
    with pytest.raises(Refused) as raised:
        period_for(found, frequency)
    assert raised.value.code == code


def renderings(quarter: Quarter) -> list[str]:
    start, second = quarter.year, (quarter.year + 1) % 100
    first, _, last = quarter.months
    names = [MONTH_NAMES[each.month - 1] for each in (first, last)]
    return [
        *(quarter.label, quarter.code, quarter.words, f"{start}/{second:02d} Q{quarter.number}"),
        *(f"{start}-{second:02d} q{quarter.number}", f"{start}-{second:02d};Q{quarter.number}"),
        *(f"{start}{second:02d} Q{quarter.number}", f"{start}/{start + 1} Quarter {quarter.number}"),
        *(f"{names[0][:3]}-{names[1][:3]} {last.year}", f"{names[0]} {last.year} to {names[1]} {last.year}"),
    ]


@given(QUARTERS, st.data())
def test_every_rendering_of_a_quarter_reads_back(quarter, data):
    assert read(data.draw(st.sampled_from(renderings(quarter)))) == quarter


@given(QUARTERS)
def test_the_first_and_last_day_of_a_quarter_stand_for_it(quarter):
    for day in (quarter.start, quarter.end):
        assert period_for(read(day.isoformat()), Frequency.QUARTER) == quarter
        assert period_for(read(f"{day:%d %B} {day.year:04d}"), Frequency.QUARTER) == quarter
    with pytest.raises(Refused):
        period_for(quarter.start + timedelta(days=1), Frequency.QUARTER)


@given(st.builds(Month, st.integers(1900, 2199), st.integers(1, 12)))
def test_every_month_reads_back(month):
    assert read(month.label) == read(f"{month.month:02d}/{month.year}") == month


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.booleans())
def test_every_day_reads_back_in_the_order_answered(day, day_first):
    text = f"{day.day}/{day.month}/{day.year}" if day_first else f"{day.month}/{day.day}/{day.year}"
    assert read(text, DAY_FIRST if day_first else MONTH_FIRST) == day


PIECES = st.lists(
    st.sampled_from([*"0123456789/-.,; :'", "Q", "q2", "2018", "19", "Sep", "to", "FY", "quarter", "st", "T", "\u00a0"])
).map("".join)


@given(st.text() | PIECES, st.text(max_size=20) | st.just("") | PIECES, st.sampled_from([{}, DAY_FIRST, MONTH_FIRST]))
def test_any_text_is_read_asked_about_or_refused(text, identifier, answers):
    try:
        found = read_period(Cell(text.strip()), answers, identifier=identifier)
    except (Refused, NeedsAnswer):
        return
    for frequency in Frequency:
        try:
            period_for(found, frequency)
        except Refused:
            continue
