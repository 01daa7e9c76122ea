"""A quarter in a column: what goes in comes out, and what is no quarter is refused in words."""

import datetime

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from measures.fields import QuarterField
from measures.models import Measure, Target
from measures.quarters import Quarter
from tests import factories
from tests.factories import Q2

FIELD = QuarterField()


@pytest.fixture
def measure(db):
    return factories.make_measure(factories.make_contract(), first_quarter=Q2)


def test_it_comes_back_as_a_quarter(measure):
    assert Measure.objects.get().first_quarter == Q2
    assert Measure.objects.get().last_quarter is None
    assert list(Measure.objects.values_list("first_quarter", flat=True)) == [Q2]


def test_the_column_holds_its_first_day(measure):
    with connection.cursor() as cursor:
        cursor.execute("SELECT first_quarter, last_quarter FROM measures_measure")
        [(first, last)] = cursor.fetchall()
    assert (str(first), last) == ("2018-07-01", None)


@pytest.mark.parametrize(
    "given_as", [Q2, "Q2 2018/19", "2018-Q2", datetime.date(2018, 7, 1), datetime.date(2018, 9, 30)]
)
def test_what_may_be_looked_up(measure, given_as):
    assert Measure.objects.filter(first_quarter=given_as).exists()
    assert Measure.objects.filter(first_quarter__in=[given_as]).exists()
    assert not Measure.objects.exclude(first_quarter=given_as).exists()


@pytest.mark.parametrize(
    ("lookup", "found"),
    [
        ({"first_quarter__lte": Q2}, True),
        ({"first_quarter__lt": Q2}, False),
        ({"first_quarter__gt": Q2.previous}, True),
        ({"first_quarter__gte": Q2.next}, False),
        ({"first_quarter__range": (Q2.previous, Q2.next)}, True),
        ({"first_quarter": Q2.next}, False),
        ({"last_quarter__isnull": True}, True),
        ({"last_quarter": Q2}, False),
    ],
)
def test_lookups(measure, lookup, found):
    assert Measure.objects.filter(**lookup).exists() is found


def test_order_is_that_of_time(db):
    contract = factories.make_contract()
    series = factories.make_series(factories.make_measure(contract))
    by = factories.make_user("Somebody")
    quarters = [Quarter(2018, 4), Quarter(2017, 1), Quarter(2018, 1)]
    for quarter in quarters:
        factories.make_target(series, by, 90, from_quarter=quarter)
    assert list(Target.objects.order_by("from_quarter").values_list("from_quarter", flat=True)) == sorted(quarters)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("Q5 2018/19", "is not a quarter such as"),
        ("2018-07-01", "is not a quarter such as"),
        ("", "is not a quarter such as"),
        (20182, "20182 is not a quarter. Write it as “Q2 2018/19”."),
        (True, "True is not a quarter. Write it as “Q2 2018/19”."),
    ],
)
def test_what_is_no_quarter(value, message):
    with pytest.raises(ValidationError, match=message):
        FIELD.to_python(value)


def test_a_wrong_lookup_fails_loudly(measure):
    with pytest.raises(ValidationError):
        Measure.objects.filter(first_quarter="next year").exists()


def test_nothing_stays_nothing():
    assert FIELD.to_python(None) is None
    assert FIELD.get_prep_value(None) is None
    assert FIELD.from_db_value(None, None, connection) is None


@given(st.integers(1900, 2200), st.integers(1, 4))
def test_round_trip(year, number):
    quarter = Quarter(year, number)
    prepared = FIELD.get_prep_value(quarter)
    assert FIELD.from_db_value(prepared, None, connection) == quarter
    assert [FIELD.to_python(one) for one in (quarter, quarter.label, quarter.code, prepared)] == [quarter] * 4


def test_a_fixture_holds_its_code_and_reads_it(measure):
    text = serializers.serialize("json", [measure])
    assert '"first_quarter": "2018-Q2", "last_quarter": null' in text
    [read] = serializers.deserialize("json", text)
    assert (read.object.first_quarter, read.object.last_quarter) == (Q2, None)


def test_as_text(measure):
    columns = {field.name: field for field in Measure._meta.fields}
    assert columns["first_quarter"].value_to_string(measure) == "2018-Q2"
    assert columns["last_quarter"].value_to_string(measure) == ""
