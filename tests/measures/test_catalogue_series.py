"""Changing series: what is fixed once figures are held, ends, new ones in their place, and what may be deleted."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import ProtectedError

from accounts.denial import Denied, NotKnown, Stale
from accounts.roles import Who
from measures import catalogue_series as write
from measures.catalogue_definitions import add_definition
from measures.catalogue_held import parts_of
from measures.catalogue_targets import FirstTarget, set_up_target
from measures.models import Series, Target
from measures.recording import Invalid
from measures.states import State
from tests import factories
from tests.factories import NOW
from tests.measures.set_up_desk import FIRST, Q1, Q2, Q3, Q4, SERIES, TARGET, Desk


@pytest.fixture
def desk(db):
    return Desk()


@pytest.fixture
def series(desk):
    return desk.measure().series.get()


def another(desk, measure, **fields):
    columns = {"role": "subgroup", "code": "CiC", "name": "In care", "first_quarter": FIRST, **SERIES, **fields}
    return write.add_another_series(**desk.by, measure=measure, definition="Children in care.", **columns)


def change(desk, series, **columns):
    version = columns.pop("version", series.version)
    return write.change_series(**desk.by, series=series, version=version, **columns)


def errors(raised):
    return raised.value.errors


class TestAdd:
    def test_it_stands_last_with_definition_target_and_frequency(self, desk, series):
        made = another(desk, series.measure, target=TARGET, derivation="mean_of_months")
        assert (made.position, made.frequency, made.role) == (1, "month", "subgroup")
        assert desk.definitions(made) == [(FIRST, "Children in care.", "")]
        target = made.targets.get()
        assert (target.target, target.tolerance, target.from_quarter, target.agreed_at, target.proposed_at) == (
            *(Decimal(90), Decimal(85), FIRST, NOW),
            None,
        )

    def test_not_outside_its_measure(self, desk, series):
        with pytest.raises(Invalid) as raised:
            another(desk, series.measure, first_quarter=FIRST.previous)
        assert errors(raised) == {"first_quarter": "B8 begins in Q1 2017/18: begin then or later."}
        assert Series.objects.count() == 1

    @pytest.mark.parametrize("state", [State.AGREED, State.PUBLISHED])
    def test_not_in_what_was_agreed(self, desk, series, state):
        desk.cycle(Q2, state)
        with pytest.raises(Invalid) as raised:
            another(desk, series.measure, first_quarter=Q2)
        assert errors(raised) == {
            "first_quarter": f"Q2 2018/19 is {state}, and what stands in it does not change. "
            "Begin with Q3 2018/19 or later."
        }
        assert another(desk, series.measure, first_quarter=Q3).first_quarter == Q3

    def test_a_target_that_does_not_fit_leaves_nothing_behind(self, desk, series):
        with pytest.raises(Invalid) as raised:
            another(desk, series.measure, target=FirstTarget(Decimal("80.5"), Decimal(90)))
        assert list(errors(raised)) == ["target", "tolerance"]
        assert (Series.objects.count(), Target.objects.count()) == (1, 0)

    @pytest.mark.parametrize("who", [who for who in Who if who is not Who.ADMINISTRATOR])
    def test_by_an_administrator_alone(self, desk, series, who):
        desk.by["by"] = desk.people[who]
        with pytest.raises(Denied):
            another(desk, series.measure)

    def test_not_in_another_contract(self, desk, series):
        other = factories.make_measure(factories.make_contract("leisure", "Borough", "Leisure"))
        with pytest.raises(NotKnown):
            another(desk, other)


class TestChange:
    def test_names_and_counted_words(self, desk, series):
        made = change(desk, series, name="On track", counted="children")
        assert (made.name, made.counted, made.version) == ("On track", "children", 2)
        assert desk.acts()[-1] == (
            "change series",
            "B8 B8",
            {"name": "Proceedings on track", "counted": "cases"},
            {"name": "On track", "counted": "children"},
        )

    def test_what_is_held_already_writes_nothing(self, desk, series):
        before = len(desk.acts())
        assert change(desk, series, name=series.name).version == 1
        assert len(desk.acts()) == before

    def test_stale(self, desk, series):
        change(desk, series, name="On track")
        with pytest.raises(Stale):
            change(desk, series, name="Mine", version=1)
        assert Series.objects.get().name == "On track"

    @pytest.mark.parametrize(
        ("column", "value"),
        [("unit", "days"), ("decimals", 1), ("polarity", "lower"), ("derivation", "sum"), ("window", "rolling_12m")],
    )
    def test_what_a_figure_is_changes_until_one_is_held(self, desk, series, column, value):
        made = change(desk, series, **{column: value})
        assert getattr(made, column) == value
        desk.figure(series, Q1)
        desk.figure(series, Q2)
        old = SERIES[column]
        with pytest.raises(Invalid) as raised:
            change(desk, made, **{column: old})
        assert list(errors(raised)) == [column]
        assert errors(raised)[column].startswith("Figures are held from Q1 2018/19 to Q2 2018/19: the ")
        assert errors(raised)[column].endswith("stays as it is. Start a new series instead.")
        assert getattr(Series.objects.get(), column) == value

    def test_the_frequency_follows_the_derivation(self, desk, series):
        assert change(desk, series, derivation="sum").frequency == "month"
        series.refresh_from_db()
        assert change(desk, series, derivation="entered").frequency == "quarter"

    def test_a_target_fixes_decimals_and_polarity_too(self, desk):
        series = desk.measure(target=FirstTarget(Decimal("90.5"), Decimal(85)), series={"decimals": 1}).series.get()
        with pytest.raises(Invalid) as raised:
            change(desk, series, decimals=0, polarity="lower")
        assert errors(raised) == {
            "decimals": "The target from Q1 2017/18 does not fit: enter a whole number: the series prints no more, and "
            "what is compared must be what is printed.",
            "polarity": "The tolerance from Q1 2017/18 does not fit: lower is better, so the tolerance cannot be below "
            "the target. Enter a tolerance at or above the target, or mend the target.",
        }

    def test_the_maximum_is_no_lower_than_what_a_past_quarter_holds(self, desk, series):
        desk.figure(series, Q2, 70)
        with pytest.raises(Invalid) as raised:
            change(desk, series, maximum=Decimal(69))
        assert errors(raised) == {"maximum": "70 is held. Enter that or more."}
        assert change(desk, series, maximum=Decimal(70)).maximum == 70

    def test_nor_is_it_where_it_is_left_empty(self, desk):
        series = desk.measure(series={"maximum": Decimal(200)}).series.get()
        desk.figure(series, Q2, 150)
        with pytest.raises(Invalid) as raised:
            change(desk, series, maximum=None)
        assert errors(raised) == {"maximum": "150 is held. Enter that or more."}

    @pytest.mark.parametrize("state", [state for state in State if state is not State.PAST])
    @pytest.mark.parametrize("most", ["69", "70", "99.9"])
    def test_a_figure_that_is_not_past_is_compared_with_nothing(self, desk, series, state, most):
        desk.figure(series, Q1, 10)
        desk.cycle(Q2, state)
        desk.figure(series, Q2, 70)
        with pytest.raises(Invalid) as raised:
            change(desk, series, maximum=Decimal(most))
        assert errors(raised) == {
            "maximum": "The parties have begun in Q2 2018/19: enter no less than before. Start a new series instead."
        }
        assert change(desk, series, maximum=Decimal(120)).maximum == 120

    @pytest.mark.parametrize(
        ("most", "message"),
        [
            ("-1", "Enter 0 or more: this cannot be negative."),
            ("9" * 39, "Enter 999,999,999 or less."),
            ("1000000000", "Enter 999,999,999 or less."),
            ("99.1234567", "Enter at most 6 decimal places."),
        ],
    )
    def test_a_maximum_that_no_figure_could_have(self, desk, series, most, message):
        for write_it in (
            lambda: change(desk, series, maximum=Decimal(most)),
            lambda: another(desk, series.measure, maximum=Decimal(most)),
        ):
            with pytest.raises(Invalid) as raised:
                write_it()
            assert errors(raised) == {"maximum": message}

    def test_nor_one_below_its_target(self, desk):
        series = desk.measure(target=TARGET).series.get()
        with pytest.raises(Invalid) as raised:
            change(desk, series, maximum=Decimal(88))
        assert errors(raised) == {"maximum": "The target from Q1 2017/18 does not fit: enter 88 or less."}

    def test_of_a_quarter_at_work_only_that_it_was_begun(self, desk, series):
        desk.cycle(Q2, State.OPEN)
        desk.figure(series, Q2)
        with pytest.raises(Invalid) as raised:
            change(desk, series, unit="days")
        assert errors(raised) == {
            "unit": "The parties have begun in Q2 2018/19: the unit stays as it is. Start a new series instead."
        }

    def test_a_code_that_runs_beside(self, desk, series):
        made = another(desk, series.measure)
        with pytest.raises(Invalid) as raised:
            change(desk, made, code="B8")
        assert errors(raised) == {"code": "B8 has a series B8 from Q1 2017/18 already."}

    def test_the_headline_stays_one(self, desk, series):
        with pytest.raises(Invalid) as raised:
            change(desk, series, role="pair")
        assert errors(raised) == {"role": "B8 needs a headline. Start a new series instead, or retire the measure."}

    def test_a_later_start_takes_definition_and_target_along(self, desk):
        series = desk.measure(target=TARGET).series.get()
        made = change(desk, series, first_quarter=Q1)
        assert (made.first_quarter, desk.definitions(made)[0][0], made.targets.get().from_quarter) == (Q1, Q1, Q1)
        back = change(desk, made, first_quarter=FIRST)
        assert (back.first_quarter, desk.definitions(back)[0][0], back.targets.get().from_quarter) == (FIRST,) * 3

    def test_no_later_start_past_a_figure(self, desk, series):
        desk.figure(series, Q1)
        with pytest.raises(Invalid) as raised:
            change(desk, series, first_quarter=Q2)
        assert errors(raised) == {"first_quarter": "B8 has figures in Q1 2018/19: begin then or earlier."}
        assert change(desk, series, first_quarter=Q1).first_quarter == Q1

    def test_no_later_start_past_what_was_begun(self, desk, series):
        made = another(desk, series.measure)
        desk.cycle(Q1, State.COMMENTARY)
        desk.figure(made, Q1)
        with pytest.raises(Invalid) as raised:
            change(desk, made, first_quarter=Q2)
        assert errors(raised) == {"first_quarter": "Q1 2018/19 was begun with CiC: begin then or earlier."}

    def test_the_headline_leaves_no_quarter_that_was_opened(self, desk, series):
        desk.cycle(Q1, State.OPEN)
        with pytest.raises(Invalid) as raised:
            change(desk, series, first_quarter=Q2)
        assert errors(raised) == {
            "first_quarter": "Q1 2018/19 was opened with B8, which needs its headline there: begin then or earlier."
        }
        assert change(desk, series, first_quarter=Q1).first_quarter == Q1
        assert change(desk, another(desk, series.measure), first_quarter=Q2).first_quarter == Q2

    def test_an_earlier_start_colours_no_past_quarter(self, desk):
        series = desk.measure(target=TARGET).series.get()
        moved = change(desk, series, first_quarter=Q1)
        desk.cycle(FIRST, State.PAST)
        desk.cycle(Q1.previous, State.PAST)
        desk.cycle(Q1, State.OPEN)
        back = change(desk, moved, first_quarter=FIRST)
        assert (back.first_quarter, back.targets.get().from_quarter) == (FIRST, Q1)


class TestEnd:
    def end(self, desk, series, last, **fields):
        return write.end_series(**desk.by, series=series, version=series.version, last_quarter=last, **fields)

    def test_not_before_its_figures(self, desk, series):
        made = another(desk, series.measure)
        desk.figure(made, Q2)
        with pytest.raises(Invalid) as raised:
            self.end(desk, made, Q1)
        assert errors(raised) == {"last_quarter": "CiC has figures in Q2 2018/19: end then or later."}
        ended = self.end(desk, made, Q2)
        assert (ended.last_quarter, desk.acts()[-1]) == (
            Q2,
            ("end series", "B8 CiC", {"last_quarter": None}, {"last_quarter": "2018-Q2"}),
        )

    def test_the_headline_goes_on_as_long_as_its_measure(self, desk, series):
        with pytest.raises(Invalid) as raised:
            self.end(desk, series, Q4)
        assert errors(raised)["last_quarter"] == (
            "B8 needs a headline. Start a new series instead, or retire the measure."
        )

    def test_nor_before_what_was_begun(self, desk, series):
        made = another(desk, series.measure)
        desk.cycle(Q2, State.SUBMITTED)
        desk.figure(made, Q2)
        with pytest.raises(Invalid) as raised:
            self.end(desk, made, Q1)
        assert errors(raised) == {"last_quarter": "Q2 2018/19 was begun with CiC: end then or later."}

    def test_its_next_headline_leaves_no_gap(self, desk, series):
        ended = TestNew().start(desk, series, last=Q2)
        old = Series.objects.get(pk=series.pk)
        # One quarter earlier, Q2 would have none.
        with pytest.raises(Invalid) as raised:
            self.end(desk, old, Q1)
        assert errors(raised)["last_quarter"].startswith("B8 needs a headline. ")
        assert ended.first_quarter == Q3

    def test_not_while_the_parties_decide_on_its_target(self, desk, series):
        made = another(desk, series.measure, target=TARGET)
        made.targets.update(
            withdrawal_by=desk.admin.user, withdrawal_party="provider", withdrawal_at=NOW, withdrawal_reason="Wrong"
        )
        with pytest.raises(Invalid) as raised:
            self.end(desk, made, Q2)
        assert errors(raised) == {
            "last_quarter": "What was proposed of its target waits for an answer. Let the parties settle it first."
        }

    def test_it_is_taken_back_while_nothing_runs_in_its_place(self, desk, series):
        made = self.end(desk, another(desk, series.measure), Q2)
        assert self.end(desk, made, None).last_quarter is None
        made.refresh_from_db()
        ended = self.end(desk, made, Q2)
        another(desk, series.measure, first_quarter=Q3)
        with pytest.raises(Invalid) as raised:
            self.end(desk, ended, None)
        assert errors(raised) == {"last_quarter": "B8 has a series CiC from Q3 2018/19 already."}

    def test_it_does_not_come_back_into_an_agreed_quarter(self, desk, series):
        made = self.end(desk, another(desk, series.measure), Q2)
        desk.cycle(Q3, State.AGREED)
        with pytest.raises(Invalid) as raised:
            self.end(desk, made, None)
        assert errors(raised)["last_quarter"].startswith("Q3 2018/19 is agreed without CiC. Add a new series")


class TestNew:
    def start(self, desk, series, last=Q2, **fields):
        columns = {"code": "B8", "name": "On track", **SERIES, "unit": "days", "polarity": "lower", **fields}
        return write.start_new_series(
            **desk.by,
            series=series,
            version=series.version,
            last_quarter=last,
            definition="Days from start to end.",
            **columns,
        )

    def test_the_old_one_ends_and_the_new_one_begins_in_the_next_quarter(self, desk, series):
        desk.figure(series, Q2)
        other = another(desk, series.measure)
        made = self.start(desk, series, target=FirstTarget(Decimal(20), Decimal(25)))
        old = Series.objects.get(pk=series.pk)
        assert (old.last_quarter, old.unit, made.first_quarter, made.last_quarter, made.unit) == (
            *(Q2, "percent", Q3),
            *(None, "days"),
        )
        assert (made.role, made.targets.get().target, desk.definitions(made)) == (
            *("headline", Decimal(20)),
            [(Q3, "Days from start to end.", "")],
        )
        order = series.measure.series.order_by("position").values_list("pk", flat=True)
        assert list(order) == [old.pk, made.pk, other.pk]

    def test_both_or_neither(self, desk, series):
        desk.cycle(Q3, State.PUBLISHED)
        with pytest.raises(Invalid) as raised:
            self.start(desk, series)
        assert errors(raised) == {"last_quarter": "Q3 2018/19 is published with B8: end then or later."}
        assert (Series.objects.count(), Series.objects.get().last_quarter) == (1, None)

    def test_not_before_the_figures_of_the_old_one(self, desk, series):
        desk.figure(series, Q3)
        with pytest.raises(Invalid) as raised:
            self.start(desk, series)
        assert errors(raised) == {"last_quarter": "B8 has figures in Q3 2018/19: end then or later."}

    def test_stale(self, desk, series):
        change(desk, series, name="Other")
        with pytest.raises(Stale):
            self.start(desk, series)
        assert Series.objects.count() == 1


class TestNextTarget:
    """What set-up may not set aside when a series takes another's place."""

    SAME = {"unit": "percent", "polarity": "higher"}

    @pytest.fixture
    def series(self, desk):
        return desk.measure(target=TARGET).series.get()

    def start(self, desk, series, target, last=Q2, **fields):
        series.refresh_from_db()
        return TestNew().start(desk, series, last=last, target=target, **{**self.SAME, **fields})

    def refused(self, desk, series, target, **fields):
        with pytest.raises(Invalid) as raised:
            self.start(desk, series, target, **fields)
        assert Series.objects.count() == 1
        return errors(raised)

    KEPT = (
        "Unit, decimals and which way is better stay, and so does the target: 90, tolerance 85. The two parties change "
        "it, on its own page."
    )

    @pytest.mark.parametrize(
        ("target", "fields"),
        [
            (None, ["target"]),
            (TARGET._replace(target=Decimal(91)), ["target"]),
            (TARGET._replace(tolerance=None), ["tolerance"]),
            (TARGET._replace(target_basis="assumed"), ["target_basis"]),
        ],
    )
    def test_while_the_figure_means_the_same_the_target_stays(self, desk, series, target, fields):
        assert self.refused(desk, series, target) == dict.fromkeys(fields, self.KEPT)

    def test_as_it_is_it_goes_along(self, desk, series):
        made = self.start(desk, series, TARGET._replace(reason="Schedule 4"))
        held = made.targets.get()
        assert (held.target, held.tolerance, held.from_quarter, held.reason) == (90, 85, Q3, "Schedule 4")

    @pytest.mark.parametrize("fields", [{"unit": "days"}, {"polarity": "lower"}, {"decimals": 1}])
    def test_with_another_scale_it_is_a_first_one_again(self, desk, series, fields):
        made = self.start(desk, series, FirstTarget(Decimal(20)), **fields)
        assert made.targets.get().target == 20

    def test_where_there_never_was_one_it_is_free(self, desk):
        series = desk.measure().series.get()
        assert self.start(desk, series, FirstTarget(Decimal(20))).targets.get().target == 20

    def test_what_was_withdrawn_does_not_come_back(self, desk, series):
        series.targets.update(
            withdrawal_by=desk.admin.user,
            withdrawal_party="provider",
            withdrawal_at=NOW,
            withdrawal_reason="Wrong",
            withdrawn_by=desk.admin.user,
            withdrawn_at=NOW,
        )
        assert self.refused(desk, series, TARGET) == {"target": self.KEPT.replace("90, tolerance 85", "there is none")}
        assert not self.start(desk, series, None).targets.exists()

    def test_one_that_is_agreed_for_later_is_not_lost(self, desk, series):
        factories.make_target(series, desk.admin.user, 95, 90, Q4)
        message = (
            "A target of B8 begins in Q4 2018/19. End with Q3 2018/19 or later, or let the two parties withdraw it "
            "first."
        )
        for fields in ({}, {"unit": "days"}):
            assert self.refused(desk, series, TARGET, **fields) == {"last_quarter": message}
        made = self.start(desk, series, FirstTarget(Decimal(95), Decimal(90)), last=Q3)
        assert made.targets.get().from_quarter == Q4


class TestFirstTarget:
    def set(self, desk, series, target, tolerance=None, **fields):
        columns = FirstTarget(Decimal(target), tolerance and Decimal(tolerance))._asdict()
        return set_up_target(**desk.by, series=series, **{"from_quarter": FIRST, **columns, **fields})

    def test_of_a_series_without_one_alone(self, desk, series):
        assert self.set(desk, series, 90, 85).target == 90
        with pytest.raises(Invalid) as raised:
            self.set(desk, series, 95, from_quarter=Q2)
        assert errors(raised) == {"target": "B8 has a target already. The two parties change it, on its own page."}
        assert Target.objects.count() == 1

    def test_each_field_says_what_to_do(self, desk, series):
        with pytest.raises(Invalid) as raised:
            self.set(desk, series, "90.5", "95", from_quarter=FIRST.previous)
        assert errors(raised) == {
            "target": "Enter a whole number: the series prints no more, and what is compared must be what is printed.",
            "tolerance": "Higher is better, so the tolerance cannot be above the target. Enter a tolerance at or below "
            "the target, or mend the target.",
            "from_quarter": "B8 begins in Q1 2017/18: begin then or later.",
        }

    def test_not_where_it_would_colour_what_was_agreed(self, desk, series):
        desk.cycle(Q1, State.PUBLISHED)
        with pytest.raises(Invalid) as raised:
            self.set(desk, series, 90)
        assert errors(raised)["from_quarter"].startswith("Q1 2018/19 is published, ")
        assert self.set(desk, series, 90, from_quarter=Q2).from_quarter == Q2

    def test_nor_a_past_quarter_once_one_was_opened(self, desk, series):
        desk.cycle(Q1, State.PAST)
        desk.cycle(Q2, State.OPEN)
        with pytest.raises(Invalid) as raised:
            self.set(desk, series, 90)
        assert errors(raised) == {
            "from_quarter": "Q1 2018/19 is a past quarter, and what stands in it does not change. "
            "Begin with Q2 2018/19 or later."
        }
        assert self.set(desk, series, 90, from_quarter=Q2).from_quarter == Q2

    def test_while_none_was_opened_past_quarters_are_free(self, desk, series):
        desk.figure(series, Q1)
        assert self.set(desk, series, 90).from_quarter == FIRST

    def test_one_that_comes_with_its_series_begins_after_them(self, desk, series):
        desk.cycle(Q1, State.PAST)
        desk.cycle(Q2, State.OPEN)
        made = another(desk, series.measure, target=TARGET)
        assert (made.first_quarter, made.targets.get().from_quarter) == (FIRST, Q2)

    @pytest.mark.parametrize("end", ["withdrawn", "closed"])
    def test_it_does_not_come_back_after_the_parties_dealt_with_one(self, desk, series, end):
        row = factories.propose_target(series, desk.people[Who.OFFICER], 90, 85)
        if end == "closed":
            done = {"closed_by": desk.admin.user, "closed_at": NOW, "closed_reason": "No"}
        else:
            row.agreed_by, row.agreed_at = desk.people[Who.PROVIDER_DIRECTOR].user, NOW
            row.save()
            done = {f"{name}_by": desk.admin.user for name in ("withdrawal", "withdrawn")}
            done |= {"withdrawal_at": NOW, "withdrawn_at": NOW, "withdrawal_party": "provider"}
            done |= {"withdrawal_reason": "Wrong"}
        Target.objects.filter(pk=row.pk).update(**done)
        with pytest.raises(Invalid) as raised:
            self.set(desk, series, 90)
        assert errors(raised) == {
            "target": "The two parties have dealt with a target of B8 before: they set the next, on its own page."
        }

    @pytest.mark.parametrize(
        ("target", "tolerance", "found"),
        [
            ("-5", None, {"target": "Enter 0 or more: this cannot be negative."}),
            ("500", "85", {"target": "Enter 100 or less."}),
            ("9" * 39, "9" * 39, dict.fromkeys(["target", "tolerance"], "Enter 100 or less.")),
        ],
    )
    def test_within_the_range_of_a_figure(self, desk, series, target, tolerance, found):
        with pytest.raises(Invalid) as raised:
            self.set(desk, series, target, tolerance)
        assert errors(raised) == found

    def test_a_volumetric_measure_takes_none(self, desk):
        series = desk.measure(kind="volumetric").series.get()
        for write_it in (lambda: self.set(desk, series, 90), lambda: another(desk, series.measure, target=TARGET)):
            with pytest.raises(Invalid) as raised:
                write_it()
            assert errors(raised) == {
                "target": "A volumetric measure has no target. Leave it empty, or choose another kind of measure."
            }
        assert Target.objects.count() == 0

    def test_not_after_its_end(self, desk, series):
        made = TestEnd().end(desk, another(desk, series.measure), Q2)
        with pytest.raises(Invalid) as raised:
            self.set(desk, made, 90, from_quarter=Q3)
        assert errors(raised) == {"from_quarter": "CiC ends in Q2 2018/19: begin then or earlier."}


class TestRemove:
    def remove(self, desk, series, seen=None):
        write.remove_series(**desk.by, series=series, seen=seen or parts_of([series]).digest)

    def test_what_nothing_hangs_on(self, desk, series):
        made = another(desk, series.measure, target=TARGET)
        self.remove(desk, made)
        assert list(Series.objects.all()) == [series]
        assert desk.acts()[-1][:3] == ("remove series", "B8 CiC", {"name": "In care", "first_quarter": "2017-Q1"})

    @pytest.mark.parametrize(
        "work",
        [
            lambda desk, made: write.change_series(**desk.by, series=made, version=1, name="Cared for"),
            lambda desk, made: set_up_target(**desk.by, series=made, from_quarter=Q2, **TARGET._asdict()),
            lambda desk, made: add_definition(
                **desk.by, series=made, from_quarter=Q2, text="Others.", reason="New guidance"
            ),
        ],
    )
    def test_what_a_colleague_just_did_does_not_go_along(self, desk, series, work):
        made = another(desk, series.measure)
        seen = parts_of([made]).digest
        work(desk, made)
        with pytest.raises(Stale):
            self.remove(desk, made, seen)
        made.refresh_from_db()
        self.remove(desk, made)
        assert list(Series.objects.all()) == [series]

    def test_the_one_headline_stays(self, desk, series):
        with pytest.raises(Invalid) as raised:
            self.remove(desk, series)
        assert str(raised.value) == (
            "B8 needs a headline. Delete the whole measure instead, where nothing hangs on it."
        )

    @pytest.mark.parametrize(
        ("hang", "words"),
        [
            (lambda desk, made: desk.figure(made, Q2), "figures in Q2 2018/19"),
            (lambda desk, made: factories.make_benchmark(made), "1 benchmark"),
            (lambda desk, made: factories.make_event(made, Q2.start, desk.admin.user), "1 event"),
            (
                lambda desk, made: desk.cycle(Q2, State.OPEN) and desk.figure(made, Q2),
                "what the parties have begun in Q2 2018/19",
            ),
            (lambda desk, made: desk.cycle(Q2, State.AGREED), "its place in what was agreed in Q2 2018/19"),
            (lambda desk, made: desk.cycle(Q2, State.PUBLISHED), "its place in what was agreed in Q2 2018/19"),
            (
                lambda desk, made: made.targets.update(
                    withdrawal_by=desk.admin.user,
                    withdrawal_party="provider",
                    withdrawal_at=NOW,
                    withdrawal_reason="Wrong",
                ),
                "1 change of target between the parties",
            ),
        ],
    )
    def test_what_something_hangs_on_stays(self, desk, series, hang, words):
        made = another(desk, series.measure, target=TARGET)
        hang(desk, made)
        with pytest.raises(Invalid) as raised:
            self.remove(desk, made)
        assert str(raised.value) == f"CiC holds {words}. End it instead: what it holds stays on record."
        assert made.targets.count() == 1
        # The database says the same.
        with pytest.raises(ProtectedError), transaction.atomic():
            made.delete()

    def test_the_headline_of_a_quarter_that_was_opened_stays(self, desk, series):
        made = TestNew().start(desk, series)
        desk.cycle(Q3, State.OPEN)
        with pytest.raises(Invalid) as raised:
            self.remove(desk, made)
        assert str(raised.value) == (
            "Q3 2018/19 was opened with B8, which needs its headline there. Start a new series in its place instead."
        )

    def test_one_that_was_started_by_mistake_goes(self, desk, series):
        self.remove(desk, TestNew().start(desk, series))
        assert Series.objects.get() == series
