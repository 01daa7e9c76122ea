"""How far the set-up of a contract is, in words, in a fixed number of queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, User
from accounts.roles import Who
from measures.contract_progress import progress
from measures.models import Target
from measures.quarters import Quarter
from measures.states import State
from tests import factories
from tests.factories import NOW, Q2

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract():
    return factories.make_contract()


def step(contract, key):
    return next(step for step in progress(contract).steps if step.key == key)


def test_the_steps_of_a_contract_just_made(contract):
    found = progress(contract)
    assert [(one.key, one.is_done) for one in found.steps] == [
        ("organisations", True), ("contract", True), ("measures", False), ("people", False), ("opening", False),
    ]  # fmt: skip
    assert (found.done, found.next.key, found.is_complete) == (2, "measures", False)
    assert found.steps[0].sentence == "DCST in full to DMBC in full."
    assert found.steps[1].sentence == ("Values are due 31 days after a quarter’s end, commentary 47 days after.")
    assert found.steps[2].sentence == "None yet. Add them by hand, or bring them all in from a workbook."


class TestMeasures:
    def test_complete(self, contract):
        series = factories.make_series(factories.make_measure(contract))
        factories.make_target(series, factories.make_user("Ada"), 90)
        assert (step(contract, "measures").is_done, step(contract, "measures").sentence) == (True, "1 measure.")

    def test_a_target_that_was_withdrawn_is_none(self, contract):
        series, by = factories.make_series(factories.make_measure(contract, "A1")), factories.make_user("Ada")
        row = factories.make_target(series, by, 90)
        other = factories.make_user("Bo")
        asked = {"withdrawal_by": by, "withdrawal_party": "commissioner", "withdrawal_at": NOW}
        gone = {"withdrawal_reason": "Wrong.", "withdrawn_by": other, "withdrawn_at": NOW}
        Target.objects.filter(pk=row.pk).update(**asked, **gone)
        found = step(contract, "measures")
        assert found.sentence == "1 measure. Without a target, and so without a rating: A1."

    def test_a_count_is_not_rated_and_needs_no_target(self, contract):
        factories.make_series(factories.make_measure(contract), polarity="neutral", unit="count")
        assert step(contract, "measures").sentence == "1 measure."

    def test_without_a_target_they_work_without_a_rating(self, contract):
        for code in ("A1", "A2"):
            factories.make_series(factories.make_measure(contract, code))
        found = step(contract, "measures")
        assert (found.is_done, found.sentence) == (
            True, "2 measures. Without a target, and so without a rating: A1, A2.",
        )  # fmt: skip

    def test_without_a_series_they_do_not(self, contract):
        for number in range(1, 8):
            factories.make_measure(contract, f"A{number}")
        factories.make_series(factories.make_measure(contract, "B1"), polarity="neutral")
        found = step(contract, "measures")
        assert (found.is_done, found.sentence) == (
            False, "8 measures. Without a series: A1, A2, A3, A4, A5 and 2 more.",
        )  # fmt: skip

    def test_a_pair_or_a_series_that_ended_does_not_count(self, contract):
        measure = factories.make_measure(contract)
        factories.make_series(measure, code="E1", role="pair")
        factories.make_series(measure, last_quarter=Q2)
        assert step(contract, "measures").sentence == "1 measure. Without a series: B8."

    def test_a_retired_measure_needs_nothing(self, contract):
        factories.make_measure(contract, "A1", last_quarter=Q2)
        factories.make_series(factories.make_measure(contract, "A2", last_quarter=Q2))
        found = step(contract, "measures")
        assert (found.is_done, found.sentence) == (True, "2 measures.")

    def test_nor_is_a_volumetric_one_rated(self, contract):
        factories.make_series(factories.make_measure(contract, kind="volumetric"))
        assert step(contract, "measures").sentence == "1 measure."

    def test_a_target_that_was_only_proposed_does_not_count(self, contract):
        series = factories.make_series(factories.make_measure(contract))
        target = factories.make_target(series, factories.make_user("Ada"), 90)
        type(target).objects.update(
            agreed_at=None, proposed_party="provider", proposed_at=target.agreed_at, reason="Why"
        )
        assert "Without a target" in step(contract, "measures").sentence


class TestPeople:
    def test_each_role(self, contract):
        factories.make_members(contract)
        assert (step(contract, "people").is_done, step(contract, "people").sentence) == (
            True, "4 people. Each role is filled.",
        )  # fmt: skip

    @pytest.mark.parametrize(("who", "words"), [
        (Who.OFFICER, "an officer of DMBC"),
        (Who.ANALYST, "an analyst of DCST"),
        (Who.COMMISSIONER_DIRECTOR, "a director of DMBC"),
        (Who.PROVIDER_DIRECTOR, "a director of DCST"),
    ])  # fmt: skip
    def test_who_is_missing(self, contract, who, words):
        user = factories.make_members(contract)[who].user
        User.objects.filter(pk=user.pk).update(is_active=False)
        found = step(contract, "people")
        assert (found.is_done, found.sentence) == (False, f"3 people. Still missing: {words}.")

    def test_one_and_none(self, contract):
        assert step(contract, "people").sentence.startswith("Nobody yet. Still missing: an officer of DMBC, an analyst")
        factories.make_members(contract)
        Membership.objects.exclude(role="officer").delete()
        assert step(contract, "people").sentence.startswith("1 person. Still missing: an analyst of DCST, ")

    def test_who_was_invited_and_has_not_come_yet(self, contract):
        people = factories.make_members(contract)
        for who in (Who.OFFICER, Who.ANALYST):
            user = people[who].user
            user.set_unusable_password()
            user.save()
        User.objects.filter(pk=people[Who.ANALYST].user.pk).update(last_login=NOW)
        assert step(contract, "people").sentence == (
            "4 people. Each role is filled. Invited, and not signed in yet: Officer of childrens-services."
        )
        assert step(contract, "people").is_done


class TestOpening:
    def test_what_comes_first(self, contract):
        assert step(contract, "opening").sentence == (
            "An officer of DMBC opens it from their start page. The measures and people above come first."
        )
        factories.make_members(contract)
        factories.make_series(factories.make_measure(contract))
        assert step(contract, "opening").sentence == "An officer of DMBC opens it from their start page."

    def test_the_first_that_was_opened(self, contract):
        factories.make_cycle(contract, Quarter.parse("Q4 2017/18"), State.PAST)
        assert not progress(contract).is_complete
        factories.make_cycle(contract, Q2, State.OPEN)
        factories.make_cycle(contract, Q2.previous, State.PUBLISHED)
        found = progress(contract)
        assert (found.is_complete, found.first, found.steps[-1].sentence) == (
            True, Q2.previous, "Q1 2018/19 was the first to be opened.",
        )  # fmt: skip


@pytest.mark.parametrize("count", [1, 3])
def test_the_queries(contract, count):
    for number in range(count):
        measure = factories.make_measure(contract, f"A{number}")
        for each in range(count):
            factories.make_series(measure, code=f"S{each}", role="subgroup")
        factories.make_cycle(contract, Q2.shift(number), State.PAST)
    factories.make_members(contract)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        progress(contract)
    assert len(queries) == 3
