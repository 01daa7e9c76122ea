"""Setting measures up where quarters are open: panes in the same transaction, and nothing lost."""

import pytest

from accounts.denial import Denied, NotKnown, Stale
from accounts.roles import Party, Who
from commentary.making import make_panes, quarters_with_text
from commentary.models import Pane
from measures.catalogue_definitions import add_definition, correct_definition
from measures.catalogue_held import parts_of
from measures.catalogue_order import rename_section
from measures.catalogue_series import add_another_series, change_series
from measures.catalogue_targets import set_up_target
from measures.models import AreaForImprovement, Definition, Measure, Series, Target
from measures.recording import Invalid
from measures.rights import Act
from measures.states import State
from tests import factories
from tests.factories import NOW
from tests.measures.set_up_desk import FIRST, Q1, Q2, Q3, Q4, SERIES, TARGET, Desk
from workflow import measure_set_up as write

AT_WORK = [State.OPEN, State.SUBMITTED, State.COMMENTARY]
DECIDED = [State.AGREED, State.PUBLISHED]


@pytest.fixture
def desk(db):
    return Desk()


def panes(measure):
    rows = Pane.objects.filter(measure=measure).order_by("cycle__quarter", "party")
    return [(pane.cycle.quarter, pane.party) for pane in rows.select_related("cycle")]


def both(*quarters):
    return [(quarter, str(party)) for quarter in quarters for party in Party]


def draft(measure, cycle):
    Pane.objects.filter(measure=measure, cycle=cycle, party="provider").update(
        draft="<p>A</p>", version=1, saved_at=NOW
    )


def mark(desk, row, cycle):
    AreaForImprovement.objects.create(cycle=cycle, measure=row, reason="Red", by=desk.admin.user, at=NOW)


def change(desk, row, **columns):
    return write.change_measure(**desk.by, measure=row, version=columns.pop("version", row.version), **columns)


def end(desk, row, last, **fields):
    return write.set_last_quarter(**desk.by, measure=row, version=fields.get("version", row.version), last_quarter=last)


def remove(desk, row, seen=None):
    seen = seen or parts_of(row.series.all()).digest
    write.remove_measure(**desk.by, measure=row, version=row.version, seen=seen)


class TestAdd:
    def test_one_act_makes_it_whole(self, desk):
        made = desk.measure("E34/35", target=TARGET, title="Children in need")
        assert (made.slug, made.position, made.contract) == ("e34-35", 1, desk.contract)
        series = made.series.get()
        assert (series.code, series.name, series.role, series.frequency, series.first_quarter) == (
            *("E34/35", "Children in need", "headline"),
            *("quarter", FIRST),
        )
        assert desk.definitions(series) == [(FIRST, "Cases on track.", "")]
        assert series.targets.get().from_quarter == FIRST
        assert [act for act, *_ in desk.acts()] == ["add measure", "add series", "set first target"]

    @pytest.mark.parametrize("state", AT_WORK)
    def test_quarters_at_work_get_its_panes(self, desk, state):
        desk.cycle(Q1, State.PAST)
        desk.cycle(Q2, state)
        desk.cycle(Q3)
        assert panes(desk.measure()) == both(Q2, Q3)
        assert panes(desk.measure("C1", first_quarter=Q3)) == both(Q3)

    @pytest.mark.parametrize("state", DECIDED)
    def test_what_is_agreed_refuses_and_names_the_next(self, desk, state):
        desk.cycle(Q2, state)
        desk.cycle(Q3)
        with pytest.raises(Invalid) as raised:
            desk.measure(first_quarter=Q2)
        assert raised.value.errors == {
            "first_quarter": f"Q2 2018/19 is {state}, and what stands in it does not change. "
            "Begin with Q3 2018/19 or later."
        }
        assert (Measure.objects.count(), Pane.objects.count()) == (0, 0)
        assert panes(desk.measure(first_quarter=Q3)) == both(Q3)

    def test_nothing_of_it_stays_where_a_part_is_refused(self, desk):
        desk.cycle(Q2)
        with pytest.raises(Invalid):
            desk.measure(target=TARGET, series={"polarity": "neutral"})
        counts = [model.objects.count() for model in (Measure, Series, Definition, Target, Pane)]
        assert (counts, desk.acts()) == ([0] * 5, [])

    def test_a_volumetric_one_takes_no_target(self, desk):
        with pytest.raises(Invalid) as raised:
            desk.measure(target=TARGET, kind="volumetric")
        assert raised.value.errors == {
            "target": "A volumetric measure has no target. Leave it empty, or choose another kind of measure."
        }
        assert Measure.objects.count() == 0

    def test_a_code_that_is_in_use_whatever_its_capitals(self, desk):
        desk.measure()
        with pytest.raises(Invalid) as raised:
            desk.measure("b8")
        assert raised.value.errors == {"code": "B8 Proceedings on track has this code already. Choose another."}

    def test_a_free_address_and_the_section_as_it_is_spelt(self, desk):
        desk.measure("E 1")
        made = desk.measure("E.1", section="court WORK")
        other = desk.measure("E-1")
        assert (made.slug, made.section, other.slug, other.position) == ("e-1-2", "Court work", "e-1-3", 3)

    @pytest.mark.parametrize("who", [who for who in Who if who is not Who.ADMINISTRATOR])
    def test_by_an_administrator_alone(self, desk, who):
        desk.by["by"] = desk.people[who]
        with pytest.raises(Denied):
            desk.measure()


class TestChange:
    def test_what_differs_is_audited_with_old_and_new(self, desk):
        made = change(desk, desk.measure(), title="On track", code="B9", kind="local")
        assert (made.title, made.code, made.kind, made.version) == ("On track", "B9", "local", 2)
        assert desk.acts()[-1] == (
            *("change measure", "B8"),
            {"title": "Proceedings on track", "code": "B8", "kind": "contractual"},
            {"title": "On track", "code": "B9", "kind": "local"},
        )

    def test_what_is_held_already_and_stale(self, desk):
        row = desk.measure()
        assert change(desk, row, title=row.title).version == 1
        change(desk, row, title="On track")
        with pytest.raises(Stale):
            change(desk, row, title="Mine")
        assert Measure.objects.get().title == "On track"

    def test_the_address_is_fixed_once_a_quarter_has_it(self, desk):
        row = change(desk, desk.measure(), slug="proceedings")
        assert row.slug == "proceedings"
        desk.cycle(Q2, State.PAST)
        with pytest.raises(Invalid) as raised:
            change(desk, row, slug="b8")
        assert raised.value.errors == {"slug": "Q2 2018/19 has this address already, and links to it stay good."}

    @pytest.mark.parametrize("state", [State.PAST, *DECIDED])
    def test_the_kind_is_fixed_once_colours_hang_on_it(self, desk, state):
        desk.cycle(Q1, state)
        row = desk.measure(first_quarter=Q2)
        Measure.objects.update(first_quarter=Q1)
        for kind in ("volumetric", "local"):
            with pytest.raises(Invalid) as raised:
                change(desk, row, kind=kind)
            assert raised.value.errors == {
                "kind": f"Q1 2018/19 is {State(state).during}, and its colour there hangs on the kind."
            }
        assert Measure.objects.get().kind == "contractual"

    def test_until_then_it_changes(self, desk):
        desk.cycle(Q1, State.PUBLISHED)
        desk.cycle(Q2, State.COMMENTARY)
        assert change(desk, desk.measure(first_quarter=Q2), kind="volumetric").kind == "volumetric"

    def test_what_has_a_target_is_not_made_volumetric(self, desk):
        row = desk.measure(target=TARGET)
        with pytest.raises(Invalid) as raised:
            change(desk, row, kind="volumetric")
        assert raised.value.errors == {"kind": "B8 has a target, which a volumetric measure has not."}
        assert change(desk, row, kind="local").kind == "local"

    def test_another_measures_code_or_address(self, desk):
        desk.measure()
        row = desk.measure("C1")
        with pytest.raises(Invalid) as raised:
            change(desk, row, code="b8", slug="b8")
        assert raised.value.errors == {
            "code": "B8 Proceedings on track has this code already. Choose another.",
            "slug": "B8 Proceedings on track has this address already. Choose another.",
        }

    def test_an_earlier_start_makes_panes_and_takes_series_along(self, desk):
        desk.cycle(Q1, State.COMMENTARY)
        desk.cycle(Q2)
        row = desk.measure(first_quarter=Q3, target=TARGET)
        assert panes(row) == []
        made = change(desk, row, first_quarter=FIRST)
        series = made.series.get()
        assert (made.first_quarter, series.first_quarter, series.targets.get().from_quarter) == (FIRST,) * 3
        assert desk.definitions(series)[0][0] == FIRST
        assert panes(made) == both(Q1, Q2)

    @pytest.mark.parametrize("state", DECIDED)
    def test_no_earlier_start_into_what_was_agreed(self, desk, state):
        desk.cycle(Q2, state)
        row = desk.measure(first_quarter=Q3)
        with pytest.raises(Invalid) as raised:
            change(desk, row, first_quarter=Q1)
        assert raised.value.errors["first_quarter"].startswith(f"Q2 2018/19 is {state}, ")
        assert row.series.get().first_quarter == Q3

    @pytest.mark.parametrize("state", AT_WORK)
    def test_no_earlier_start_without_its_headline(self, desk, state):
        row = desk.measure(first_quarter=Q3)
        [series] = row.series.all()
        change_series(**desk.by, series=series, version=1, first_quarter=Q4)
        desk.cycle(Q2, state)
        desk.cycle(Q1, State.PAST)
        row.refresh_from_db()
        with pytest.raises(Invalid) as raised:
            change(desk, row, first_quarter=Q1)
        assert raised.value.errors == {
            "first_quarter": "B8 would have no headline in Q2 2018/19: "
            "let one of its series begin with it, in Q3 2018/19, first."
        }
        assert panes(row) == []
        series.refresh_from_db()
        change_series(**desk.by, series=series, version=series.version, first_quarter=Q3)
        assert panes(change(desk, row, first_quarter=Q1)) == both(Q2)
        assert row.series.get().first_quarter == Q1

    def test_an_earlier_start_of_one_that_never_had_a_headline(self, desk):
        desk.cycle(Q2)
        row = factories.make_measure(desk.contract, first_quarter=Q3)
        assert panes(change(desk, row, first_quarter=Q2)) == both(Q2)

    def test_a_later_start_loses_nothing(self, desk):
        row = desk.measure()
        desk.figure(row.series.get(), Q1)
        with pytest.raises(Invalid) as raised:
            change(desk, row, first_quarter=Q2)
        assert raised.value.errors == {"first_quarter": "B8 has figures in Q1 2018/19: begin then or earlier."}
        assert change(desk, row, first_quarter=Q1).series.get().first_quarter == Q1

    def test_a_later_start_leaves_no_opened_quarter(self, desk):
        desk.cycle(Q1)
        row = desk.measure()
        with pytest.raises(Invalid) as raised:
            change(desk, row, first_quarter=Q2)
        assert raised.value.errors == {"first_quarter": "Q1 2018/19 was opened with B8: begin then or earlier."}

    def test_of_another_contract(self, desk):
        other = factories.make_measure(factories.make_contract("leisure", "Borough", "Leisure"))
        for act in (change, lambda desk, row: end(desk, row, Q2), remove):
            with pytest.raises(NotKnown):
                act(desk, other)


class TestRetire:
    def test_with_a_quarter_and_back_again(self, desk):
        row = desk.measure()
        retired = end(desk, row, Q2)
        assert (retired.last_quarter, desk.acts()[-1]) == (
            Q2,
            ("retire measure", "B8", {"last_quarter": None}, {"last_quarter": "2018-Q2"}),
        )
        desk.cycle(Q3)
        back = end(desk, retired, None)
        assert (back.last_quarter, panes(back)) == (None, both(Q3))
        assert desk.acts()[-1][0] == "take back retirement of measure"

    def test_not_before_a_quarter_that_holds_figures(self, desk):
        row = desk.measure()
        desk.figure(row.series.get(), Q1)
        desk.figure(row.series.get(), Q2)
        with pytest.raises(Invalid) as raised:
            end(desk, row, Q1)
        assert raised.value.errors == {
            "last_quarter": "B8 has figures in Q2 2018/19: retire it with Q2 2018/19 or later."
        }

    def test_not_before_a_past_quarter_that_holds_texts(self, desk):
        cycle, row = desk.cycle(Q2, State.PAST), desk.measure()
        make_panes(by=desk.admin, act=Act.SET_UP, cycles=[cycle], measures=[row])
        draft(row, cycle)
        with pytest.raises(Invalid) as raised:
            end(desk, row, Q1)
        assert raised.value.errors == {
            "last_quarter": "B8 has texts in Q2 2018/19: retire it with Q2 2018/19 or later."
        }

    def test_not_before_a_quarter_that_was_opened_with_it(self, desk):
        desk.cycle(Q2)
        row = desk.measure()
        draft(row, row.contract.cycles.get())
        with pytest.raises(Invalid) as raised:
            end(desk, row, Q1)
        # That there is a draft is known to its own party alone.
        assert raised.value.errors == {
            "last_quarter": "B8 is in Q2 2018/19, which was opened with it: retire it with Q2 2018/19 or later."
        }
        assert end(desk, row, Q2).last_quarter == Q2

    def test_it_does_not_come_back_into_what_was_agreed_without_it(self, desk):
        row = end(desk, desk.measure(), Q2)
        desk.cycle(Q3, State.PUBLISHED)
        for last in (None, Q4):
            with pytest.raises(Invalid) as raised:
                end(desk, row, last)
            assert raised.value.errors == {
                "last_quarter": "Q3 2018/19 is published without B8. Add a new measure from Q4 2018/19 instead."
            }

    def test_it_does_not_come_back_without_its_headline(self, desk):
        row = end(desk, desk.measure(), Q2)
        Series.objects.update(last_quarter=Q2)
        desk.cycle(Q3)
        with pytest.raises(Invalid) as raised:
            end(desk, row, None)
        assert raised.value.errors == {
            "last_quarter": "B8 would have no headline in Q3 2018/19: let its series go on first."
        }

    def test_stale(self, desk):
        row = desk.measure()
        end(desk, row, Q2)
        with pytest.raises(Stale):
            end(desk, row, None, version=1)


class TestRemove:
    def test_what_nothing_hangs_on_goes_with_its_empty_panes(self, desk):
        desk.cycle(Q2)
        row = desk.measure(target=TARGET)
        remove(desk, row)
        counts = [model.objects.count() for model in (Measure, Series, Definition, Target, Pane)]
        assert counts == [0] * 5
        assert desk.acts()[-1][:3] == (
            *("remove measure", "B8"),
            {"title": "Proceedings on track", "section": "Court work"},
        )

    @pytest.mark.parametrize(
        ("hang", "words"),
        [
            (lambda desk, row, cycle: desk.figure(row.series.get(), Q1), "figures in Q1 2018/19 of B8"),
            (lambda desk, row, cycle: factories.make_benchmark(row.series.get()), "1 benchmark of B8"),
            (
                lambda desk, row, cycle: factories.make_event(row.series.get(), Q2.start, desk.admin.user),
                "1 event of B8",
            ),
            (
                lambda desk, row, cycle: [mark(desk, row, desk.cycle(each, State.PAST)) for each in (Q1.previous, Q1)],
                "2 marks as an area for improvement",
            ),
            # Of a quarter at work it shows neither whether there is a figure nor whether there is a draft or a mark.
            (lambda desk, row, cycle: mark(desk, row, cycle), "what the parties have begun in Q2 2018/19"),
            (
                lambda desk, row, cycle: mark(desk, row, desk.cycle(Q1, State.PAST)) or mark(desk, row, cycle),
                "1 mark as an area for improvement and what the parties have begun in Q2 2018/19",
            ),
            (lambda desk, row, cycle: draft(row, cycle), "what the parties have begun in Q2 2018/19"),
            (lambda desk, row, cycle: desk.figure(row.series.get(), Q2), "what the parties have begun in Q2 2018/19"),
        ],
    )
    def test_what_something_hangs_on_stays(self, desk, hang, words):
        cycle, row = desk.cycle(Q2), desk.measure()
        hang(desk, row, cycle)
        with pytest.raises(Invalid) as raised:
            remove(desk, row)
        assert str(raised.value) == f"B8 holds {words}. Retire it instead: what it holds stays on record."
        assert (Measure.objects.count(), len(panes(row))) == (1, 2)

    @pytest.mark.parametrize(
        "work",
        [
            lambda desk, series: add_another_series(
                **desk.by,
                measure=series.measure,
                definition="Those in care.",
                **SERIES,
                code="CiC",
                name="In care",
                role="subgroup",
                first_quarter=FIRST,
            ),
            lambda desk, series: change_series(**desk.by, series=series, version=1, name="On track"),
            lambda desk, series: set_up_target(**desk.by, series=series, from_quarter=FIRST, **TARGET._asdict()),
            lambda desk, series: add_definition(
                **desk.by, series=series, from_quarter=Q2, text="Cases closed.", reason="New guidance"
            ),
            lambda desk, series: correct_definition(
                **desk.by, definition=series.definitions.get(), version=1, text="Cases, all.", reason=""
            ),
        ],
    )
    def test_what_a_colleague_just_did_does_not_go_along(self, desk, work):
        row = desk.measure()
        seen = parts_of(row.series.all()).digest
        work(desk, row.series.get())
        assert Measure.objects.get().version == row.version
        with pytest.raises(Stale):
            remove(desk, row, seen)
        assert Measure.objects.count() == 1
        remove(desk, row)
        assert (Measure.objects.count(), Series.objects.count()) == (0, 0)

    @pytest.mark.parametrize("state", DECIDED)
    def test_what_stands_in_an_agreed_quarter_stays(self, desk, state):
        row = desk.measure()
        mark(desk, row, desk.cycle(Q2, state))
        desk.figure(row.series.get(), Q2)
        with pytest.raises(Invalid) as raised:
            remove(desk, row)
        # Nor whether there are figures or marks.
        assert str(raised.value) == (
            "B8 holds its place in what was agreed in Q2 2018/19. Retire it instead: what it holds stays on record."
        )


class TestPanes:
    def test_only_those_that_are_missing(self, desk):
        cycle, row = desk.cycle(Q2), desk.measure()
        assert make_panes(by=desk.admin, act=Act.SET_UP, cycles=[cycle], measures=[row]) == []
        assert len(panes(row)) == 2
        assert quarters_with_text([row.pk]) == {}
        draft(row, cycle)
        assert quarters_with_text([row.pk]) == {row.pk: {Q2}}

    def test_by_whom_the_act_is_open_to_in_this_contract_alone(self, desk):
        cycle, row = desk.cycle(Q2), factories.make_measure(desk.contract)
        with pytest.raises(Denied):
            make_panes(by=desk.people[Who.ANALYST], act=Act.SET_UP, cycles=[cycle], measures=[row])
        other = factories.make_measure(factories.make_contract("leisure", "Borough", "Leisure"))
        with pytest.raises(NotKnown):
            make_panes(by=desk.admin, act=Act.SET_UP, cycles=[cycle], measures=[other])
        assert Pane.objects.count() == 0


def test_a_section_renamed_meanwhile_is_a_conflict(desk):
    row = desk.measure()
    rename_section(**desk.by, section="Court work", name="Courts")
    with pytest.raises(Stale):
        change(desk, row, section="Court work", title="Mine")
    assert (Measure.objects.get().section, Measure.objects.get().title) == ("Courts", "Proceedings on track")
