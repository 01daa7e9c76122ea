"""Proposing, agreeing, refusing, taking back and withdrawing targets: who may, what is too late, and the record."""

import datetime
from contextlib import contextmanager
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from accounts.denial import Denied, Invalid, NotKnown, Stale, WrongState
from accounts.models import AuditEntry, Membership
from accounts.roles import Party, Who
from measures import scorecard
from measures.models import Series, Target
from measures.rating import Status
from measures.states import State
from measures.target_changes import MOVED, OWN, agree
from measures.target_entries import NO_REASON
from measures.target_rows import shown_of
from tests import factories
from tests.factories import NOW, Q2
from tests.measures.target_desk import LATER, D, Desk

PROPOSERS = [Who.OFFICER, Who.COMMISSIONER_DIRECTOR, Who.PROVIDER_DIRECTOR]
ANSWERS = {Party.COMMISSIONER: Who.PROVIDER_DIRECTOR, Party.PROVIDER: Who.COMMISSIONER_DIRECTOR}
RETRACTS = {Party.COMMISSIONER: (Who.OFFICER, Who.COMMISSIONER_DIRECTOR), Party.PROVIDER: (Who.PROVIDER_DIRECTOR,)}
WAITS = "A proposal waits for B8 already. It must be agreed, refused or taken back first."
ADMINISTRATOR = "Administrators look after people and set-up and see no unpublished figures or drafts."


@pytest.fixture
def desk(db):
    return Desk()


@contextmanager
def refused(desk, kind, sentence=None):
    """And nothing is written, neither a row nor an entry in the audit chain."""
    before = desk.rows(), AuditEntry.objects.count()
    with pytest.raises(kind) as caught:
        yield
    if sentence is not None:
        assert str(caught.value) == sentence
    assert (desk.rows(), AuditEntry.objects.count()) == before


def status_of(desk, quarter=Q2):
    card = scorecard.build(desk.cycle(quarter), desk.people[Who.OFFICER])
    return card.row("b8").status


class TestProposing:
    @pytest.mark.parametrize("who", PROPOSERS)
    def test_by_either_party(self, desk, who):
        made = desk.propose(who)
        row = Target.objects.get(pk=made.pk)
        assert (row.series, row.from_quarter, row.target, row.tolerance) == (desk.series, Q2, 75, 70)
        assert (row.target_basis, row.tolerance_basis, row.reason) == (
            "contract",
            "contract",
            "The contract was varied.",
        )
        assert (row.proposed_by, row.proposed_party, row.proposed_at) == (desk.people[who].user, who.party, NOW)
        assert (row.agreed_at, row.closed_at, row.withdrawal_at) == (None, None, None)
        assert desk.entries() == [
            (
                "propose target",
                desk.people[who].user,
                f"B8 target {row.pk} from 2018-Q2",
                {"from": "2015-Q1", "target": "90", "tolerance": "85"},
                {"from": "2018-Q2", "target": "75", "tolerance": "70"},
                "The contract was varied.",
            )
        ]

    def test_no_rating_changes(self, desk):
        before = status_of(desk)
        desk.propose()
        assert before == status_of(desk) == Status.RED

    @pytest.mark.parametrize(
        ("who", "sentence"),
        [
            (
                Who.ANALYST,
                "Only an officer of DMBC, a director of DMBC or a director of DCST may propose a target, or that one "
                "be withdrawn.",
            ),
            (Who.ADMINISTRATOR, ADMINISTRATOR),
        ],
    )
    def test_not_by_others(self, desk, who, sentence):
        with refused(desk, Denied, sentence):
            desk.propose(who)

    def test_nor_for_another_contract(self, desk):
        row, _ = desk.elsewhere()
        with refused(desk, NotKnown):
            desk.propose(series=row.series)

    def test_one_at_a_time_for_a_series(self, desk):
        desk.propose()
        with refused(desk, WrongState, WAITS):
            desk.propose(Who.PROVIDER_DIRECTOR, target=D(80))
        other = factories.make_series(desk.measure, code="B8a", role="subgroup")
        assert desk.propose(series=other).series == other

    def test_the_database_holds_to_it(self, desk):
        desk.propose()
        with pytest.raises(IntegrityError, match="target_one_proposal|UNIQUE"), transaction.atomic():
            factories.propose_target(desk.series, desk.people[Who.OFFICER], 80)

    def test_what_may_not_be_stored_is_told_by_field(self, desk):
        with refused(desk, Invalid) as _:
            desk.propose(tolerance=D(76), reason=" ")
        with pytest.raises(Invalid) as caught:
            desk.propose(tolerance=D(76), reason=" ")
        assert set(caught.value.errors) == {"tolerance", "reason"}

    @pytest.mark.parametrize("state", [State.PAST, State.AGREED, State.PUBLISHED])
    def test_not_for_a_quarter_that_keeps_its_colour(self, desk, state):
        desk.move(state)
        with pytest.raises(Invalid) as caught:
            desk.propose()
        assert caught.value.errors == {
            "from_quarter": "Old quarters never change colour. The earliest quarter that a new target can start in is "
            "Q3 2018/19."
        }
        assert desk.propose(from_quarter=Q2.next).from_quarter == Q2.next

    @pytest.mark.parametrize("state", [State.OPEN, State.SUBMITTED, State.COMMENTARY])
    def test_a_quarter_that_runs_may_start_it(self, desk, state):
        desk.move(state)
        assert desk.propose().from_quarter == Q2

    def test_the_first_target_of_a_series_that_came_with_none(self, desk):
        bare = factories.make_series(desk.measure, code="B8a", role="subgroup")
        row = desk.agree(desk.propose(series=bare))
        assert desk.entries()[-1][3:5] == (None, {"from": "2018-Q2", "target": "75", "tolerance": "70"})
        assert row.agreed_at == LATER

    def test_the_reason_is_trimmed(self, desk):
        assert desk.propose(reason="  A new law.\n").reason == "A new law."


class TestAgreeing:
    @pytest.mark.parametrize("who", PROPOSERS)
    def test_by_a_director_of_the_other_party(self, desk, who):
        proposal = desk.propose(who)
        answers = ANSWERS[who.party]
        row = desk.agree(proposal, answers)
        assert (row.agreed_by, row.agreed_at) == (desk.people[answers].user, LATER)
        act, by, about, old, new, reason = desk.entries()[-1]
        assert (act, by, about) == (
            "agree target",
            desk.people[answers].user,
            f"B8 target {row.pk} from 2018-Q2",
        )
        assert (old["target"], new["target"], reason) == ("90", "75", "The contract was varied.")

    @pytest.mark.parametrize("proposer", PROPOSERS)
    @pytest.mark.parametrize("who", Who)
    def test_by_nobody_else(self, desk, proposer, who):
        proposal = desk.propose(proposer)
        if who is ANSWERS[proposer.party]:
            assert desk.agree(proposal, who).agreed_at == LATER
            return
        with refused(desk, Denied):
            desk.agree(proposal, who)

    def test_the_sentence_says_who(self, desk):
        proposal = desk.propose()
        with refused(
            desk, Denied, "Only a director of DCST may agree or refuse what the commissioner proposes about a target."
        ):
            desk.agree(proposal, Who.COMMISSIONER_DIRECTOR)

    def test_not_by_who_proposed_it_from_the_other_side(self, desk):
        """Somebody who changed sides in between."""
        proposal = desk.propose(Who.COMMISSIONER_DIRECTOR)
        person = desk.people[Who.COMMISSIONER_DIRECTOR].user
        Membership.objects.filter(user=person).update(party=Party.PROVIDER)
        moved = replace(desk.people[Who.PROVIDER_DIRECTOR], user=person)
        with refused(desk, Denied, OWN):
            agree(by=moved, target=proposal, shown=shown_of(proposal), now=LATER)

    def test_colours_change_from_its_quarter_on_alone(self, desk):
        before = [status_of(desk, Q2.shift(-back)) for back in range(4, -1, -1)]
        desk.agreed()
        after = [status_of(desk, Q2.shift(-back)) for back in range(4, -1, -1)]
        assert before == [Status.RED, Status.RED, Status.AMBER, Status.GREEN, Status.RED]
        assert after == [Status.RED, Status.RED, Status.AMBER, Status.GREEN, Status.AMBER]

    @pytest.mark.parametrize(
        "changes",
        [
            {"target": D(76)},
            {"tolerance": None},
            {"from_quarter": Q2.next},
            {"at": NOW + datetime.timedelta(microseconds=1)},
        ],
    )
    def test_what_was_shown_is_what_is_agreed(self, desk, changes):
        proposal = desk.propose()
        with refused(desk, Stale, MOVED):
            desk.agree(proposal, shown=replace(shown_of(proposal), **changes))

    def test_nothing_shown(self, desk):
        proposal = desk.propose()
        with refused(desk, Stale, MOVED):
            desk.agree(proposal, shown=None)

    def test_a_proposal_that_took_the_place_of_another_is_not_agreed_by_mistake(self, desk):
        first = desk.propose()
        desk.take_back(first)
        desk.propose(target=D(60), tolerance=D(50))
        with refused(desk, Stale, MOVED):
            desk.agree(first)

    @pytest.mark.parametrize("answer", ["agree", "refuse", "take_back"])
    @pytest.mark.parametrize("after", ["agree", "refuse", "take_back"])
    def test_the_second_answer_is_told(self, desk, answer, after):
        proposal = desk.propose()
        getattr(desk, answer)(proposal)
        with refused(desk, Stale, MOVED):
            getattr(desk, after)(proposal)

    @pytest.mark.parametrize("state", [State.PAST, State.AGREED, State.PUBLISHED])
    def test_too_late_once_the_quarter_is_agreed(self, desk, state):
        proposal = desk.propose()
        desk.move(state)
        with refused(
            desk,
            WrongState,
            "Old quarters never change colour. The earliest quarter that a new target can start in is Q3 2018/19. This "
            "proposal can be agreed no more: refuse it, or let it be taken back.",
        ):
            desk.agree(proposal)
        assert desk.refuse(proposal).closed_at == LATER

    def test_too_late_once_set_up_changed_what_it_fits(self, desk):
        proposal = desk.propose()
        Series.objects.filter(pk=desk.series.pk).update(polarity="lower")
        with refused(desk, WrongState):
            desk.agree(proposal)

    def test_too_late_where_another_target_starts_there(self, desk):
        proposal = desk.propose()
        factories.make_target(desk.series, desk.people[Who.ADMINISTRATOR].user, 60, 50, Q2)
        with refused(desk, WrongState):
            desk.agree(proposal)

    def test_of_another_contract(self, desk):
        row, _ = desk.elsewhere()
        with refused(desk, NotKnown):
            desk.agree(row)

    def test_a_first_target_waits_for_nobody(self, desk):
        with refused(desk, Stale, MOVED):
            desk.agree(desk.first, shown=shown_of(desk.first))


class TestRefusingAndTakingBack:
    def test_a_refusal_keeps_its_reason(self, desk):
        row = desk.refuse(desk.propose())
        assert (row.closed_by, row.closed_at, row.closed_reason) == (
            desk.people[Who.PROVIDER_DIRECTOR].user,
            LATER,
            "Not without more staff.",
        )
        assert row.agreed_at is None
        act, by, _, old, new, reason = desk.entries()[-1]
        assert (act, by, new, reason) == ("refuse target", row.closed_by, None, "Not without more staff.")
        assert old == {"from": "2018-Q2", "target": "75", "tolerance": "70"}
        assert status_of(desk) == Status.RED

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_without_a_reason(self, desk, reason):
        proposal = desk.propose()
        with refused(desk, Invalid, NO_REASON):
            desk.refuse(proposal, reason=reason)

    @pytest.mark.parametrize("who", [Who.OFFICER, Who.ANALYST, Who.COMMISSIONER_DIRECTOR, Who.ADMINISTRATOR])
    def test_refused_by_nobody_else(self, desk, who):
        proposal = desk.propose()
        with refused(desk, Denied):
            desk.refuse(proposal, who)

    @pytest.mark.parametrize("proposer", PROPOSERS)
    @pytest.mark.parametrize("who", Who)
    def test_taken_back_by_the_proposers_party(self, desk, proposer, who):
        proposal = desk.propose(proposer)
        if who not in RETRACTS[proposer.party]:
            with refused(desk, Denied):
                desk.take_back(proposal, who)
            return
        row = desk.take_back(proposal, who)
        assert (row.closed_by, row.closed_at, row.closed_reason) == (desk.people[who].user, LATER, "")
        assert desk.entries()[-1][0] == "take back target"

    def test_then_another_may_be_proposed(self, desk):
        desk.refuse(desk.propose())
        desk.take_back(desk.propose())
        assert desk.propose(target=D(80)).closed_at is None


class TestWithdrawing:
    @pytest.fixture
    def row(self, desk):
        return desk.agreed()

    @pytest.mark.parametrize("who", PROPOSERS)
    def test_in_the_same_two_steps(self, desk, row, who):
        asked = desk.withdraw(row, who)
        assert (asked.withdrawal_by, asked.withdrawal_party, asked.withdrawal_at, asked.withdrawal_reason) == (
            desk.people[who].user,
            who.party,
            LATER,
            "Agreed by mistake.",
        )
        assert (asked.withdrawn_at, status_of(desk)) == (None, Status.AMBER)
        answers = ANSWERS[who.party]
        gone = desk.agree(asked, answers)
        assert (gone.withdrawn_by, gone.withdrawn_at) == (desk.people[answers].user, LATER)
        assert status_of(desk) == Status.RED
        assert [(act, old, new, reason) for act, _, _, old, new, reason in desk.entries()[-2:]] == [
            (
                act,
                {"from": "2018-Q2", "target": "75", "tolerance": "70"},
                {"from": "2015-Q1", "target": "90", "tolerance": "85"},
                "Agreed by mistake.",
            )
            for act in ("propose target withdrawal", "withdraw target")
        ]

    @pytest.mark.parametrize("who", [Who.ANALYST, Who.ADMINISTRATOR])
    def test_asked_by_nobody_else(self, desk, row, who):
        with refused(desk, Denied):
            desk.withdraw(row, who)

    def test_agreed_by_nobody_else(self, desk, row):
        asked = desk.withdraw(row, Who.OFFICER)
        for who in set(Who) - {Who.PROVIDER_DIRECTOR}:
            with refused(desk, Denied):
                desk.agree(asked, who)

    def test_needs_a_reason(self, desk, row):
        with refused(desk, Invalid, NO_REASON):
            desk.withdraw(row, reason=" ")

    def test_not_what_rates_old_quarters(self, desk):
        with refused(
            desk,
            WrongState,
            "Q2 2017/18 to Q1 2018/19 are rated by this target, and old quarters never change colour. Propose a new "
            "target from Q2 2018/19 on instead.",
        ):
            desk.withdraw(desk.first)

    @pytest.mark.parametrize("state", [State.AGREED, State.PUBLISHED])
    def test_not_once_its_quarter_is_agreed_in_between(self, desk, row, state):
        asked = desk.withdraw(row, Who.OFFICER)
        desk.move(state)
        with refused(
            desk,
            WrongState,
            "Q2 2018/19 is rated by this target, and old quarters never change colour. Propose a new target from "
            "Q3 2018/19 on instead.",
        ):
            desk.agree(asked)
        assert desk.take_back(asked).withdrawal_at is None

    def test_a_target_of_set_up_that_rates_nothing_yet(self, desk):
        bare = factories.make_series(desk.measure, code="B8a", role="subgroup")
        row = factories.make_target(bare, desk.people[Who.ADMINISTRATOR].user, 90, 85, Q2)
        assert desk.agree(desk.withdraw(row, Who.OFFICER)).withdrawn_at == LATER

    def test_refused_it_stays_and_the_record_says_so(self, desk, row):
        asked = desk.withdraw(row, Who.OFFICER)
        stays = desk.refuse(asked)
        assert (stays.withdrawal_by, stays.withdrawal_party, stays.withdrawal_at, stays.withdrawal_reason) == (
            None,
            "",
            None,
            "",
        )
        assert (stays.withdrawn_at, stays.closed_at) == (None, None)
        act, by, about, old, new, reason = desk.entries()[-1]
        assert (act, by, about, new, reason) == (
            "refuse to withdraw target",
            desk.people[Who.PROVIDER_DIRECTOR].user,
            f"B8 target {row.pk} from 2018-Q2",
            None,
            "Not without more staff.",
        )
        officer = desk.people[Who.OFFICER].user
        assert old == {
            "id": row.pk,
            "by": officer.name,
            "party": "commissioner",
            "at": LATER.isoformat(),
            "reason": "Agreed by mistake.",
        }

    def test_taken_back_it_stays(self, desk, row):
        stays = desk.take_back(desk.withdraw(row, Who.OFFICER))
        assert (stays.withdrawal_at, stays.withdrawn_at) == (None, None)
        assert desk.entries()[-1][0] == "take back target withdrawal"

    def test_what_waits_is_one_thing(self, desk, row):
        desk.withdraw(row)
        with refused(desk, WrongState, WAITS):
            desk.propose(from_quarter=Q2.next, target=D(80))
        with refused(desk, WrongState, WAITS):
            desk.withdraw(row)

    def test_not_while_a_proposal_waits(self, desk, row):
        desk.propose(from_quarter=Q2.next, target=D(80))
        with refused(desk, WrongState, WAITS):
            desk.withdraw(row)

    def test_an_answer_to_the_proposal_is_none_to_the_withdrawal(self, desk):
        proposal = desk.propose()
        shown = shown_of(proposal)
        row = desk.agree(proposal)
        desk.withdraw(row, Who.OFFICER)
        with refused(desk, Stale, MOVED):
            desk.agree(proposal, shown=shown)

    @pytest.mark.parametrize("how", ["waits", "refused", "withdrawn"])
    def test_not_what_is_not_in_force(self, desk, row, how):
        if how == "withdrawn":
            row = desk.agree(desk.withdraw(row, Who.OFFICER))
        else:
            row = desk.propose(from_quarter=Q2.next, target=D(80))
            row = desk.refuse(row) if how == "refused" else row
        kind = WrongState if how == "waits" else Stale
        with refused(desk, kind):
            desk.withdraw(row)

    def test_its_quarter_is_free_again(self, desk, row):
        desk.agree(desk.withdraw(row, Who.OFFICER))
        assert desk.agreed(target=D(72)).target == 72

    def test_of_another_contract(self, desk):
        row, _ = desk.elsewhere()
        with refused(desk, NotKnown):
            desk.withdraw(row)
