"""The menu of a contract, in a quarter and outside of one."""

import pytest
from django.test import Client

from accounts.roles import Who
from measures.states import State
from tests import factories
from tests.factories import Q2
from tests.markup import parse

BASE = "/c/childrens-services/"
ENTRY = f"{BASE}2018-Q2/entry/"


@pytest.fixture
def people(db):
    contract = factories.make_contract()
    people = factories.make_members(contract)
    factories.make_cycle(contract, Q2.previous)
    factories.in_state(factories.make_cycle(contract, Q2), State.OPEN)
    return people


def menu(people, who, path):
    client = Client()
    client.force_login(people[who].user)
    nav = parse(client.get(path).text).one("nav", aria_label="Main")
    return {link.text: link.attrs["href"] for link in nav.all("a")}


@pytest.mark.parametrize("path", ["import/", "benchmarks/"])
@pytest.mark.parametrize(("who", "label"), [(Who.ANALYST, "Enter values"), (Who.PROVIDER_DIRECTOR, "Values")])
def test_the_open_quarter_s_values_are_in_the_menu_everywhere(people, who, label, path):
    found = menu(people, who, f"{BASE}{path}")
    assert list(found)[:3] == ["Scorecard", label, "Measures"]
    assert found[label] == ENTRY


def test_the_latest_of_two(people):
    factories.in_state(factories.make_cycle(people[Who.ANALYST].contract, Q2.next), State.OPEN)
    assert menu(people, Who.ANALYST, f"{BASE}import/")["Enter values"] == f"{BASE}2018-Q3/entry/"


def test_not_where_no_quarter_is_open_nor_for_the_other_party(people):
    assert list(menu(people, Who.OFFICER, f"{BASE}import/")) == [
        "Scorecard",
        "Measures",
        "Benchmarks",
        "Import",
        "People",
    ]
    factories.in_state(people[Who.ANALYST].contract.cycles.get(quarter=Q2), State.SUBMITTED)
    assert list(menu(people, Who.ANALYST, f"{BASE}import/")) == [
        "Scorecard",
        "Measures",
        "Benchmarks",
        "Import",
        "People",
    ]


def test_within_a_quarter_it_is_that_quarter_s(people):
    assert menu(people, Who.ANALYST, f"{BASE}2018-Q1/")["Enter values"] == f"{BASE}2018-Q1/entry/"
