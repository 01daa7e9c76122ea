import pytest

from accounts.roles import Party
from measures.entries import Status as Held
from measures.states import State
from measures.terms import Kind, SeriesRole
from measures.travel import Direction
from tests.markup import parse
from tests.rows import Q2, aim, card, measure, rated, reading, series
from workflow.tiles import ARROWS, Cell, Marked, PartyMark, tiles

NAMES = {Party.COMMISSIONER: "DMBC", Party.PROVIDER: "DCST"}


def address(slug):
    return f"/m/{slug}/"


def tile(row, *, visible=True, released=None):
    [found] = tiles(
        card(row, visible=visible, state=State.COMMENTARY if visible else State.OPEN), released or {}, NAMES, address
    )
    return found


def of(*values, kind=Kind.CONTRACTUAL, pairs=(), visible=True, **fields):
    return tile(measure("B8", series(*values, **fields), kind=kind, pairs=pairs), visible=visible)


def test_b8_as_the_paper_has_it():
    made = of(78, 70, aims=[aim(90, 85, tolerance_basis="illustrative")], now={"counts": (147, 210)})
    assert (made.status, made.word, made.number, made.unit, made.absent, made.marks) == (
        "red",
        "Off target",
        "70",
        "%",
        "",
        (),
    )
    assert made.target == Marked("target 90%", (), "90%")
    assert made.tolerance == Marked("tolerance 85%", ("i",), "85%")
    assert (made.direction, made.arrow) == ("worsened", "down")
    assert made.travel == Marked("8 points worse than Q1 2018/19")
    assert (made.cohort, made.beside) == ("147 of 210", ())


class TestWord:
    @pytest.mark.parametrize(
        ("value", "tolerance", "word"),
        [
            (95, 85, "On target"),
            (87, 85, "Within tolerance"),
            (70, 85, "Off target"),
            (70, None, "Not on target, tolerance not set"),
            (None, 85, "Not rated"),
        ],
    )
    def test_the_rating(self, value, tolerance, word):
        assert tile(rated("B8", value, tolerance=tolerance)).word == word

    def test_volumetric_ones_have_their_own_word_whether_seen_or_not(self):
        row = rated("E1", 70, kind=Kind.VOLUMETRIC, polarity="neutral")
        assert tile(row).word == tile(row, visible=False).word == "Volumetric"

    def test_hidden_figures_are_not_submitted_ones(self):
        made = tile(rated("B8", None), visible=False)
        assert (made.word, made.absent, made.number) == ("Not submitted", "Not submitted yet", "")


class TestValue:
    @pytest.mark.parametrize(
        ("unit", "value", "number", "words"),
        [
            ("percent", 70, "70", "%"),
            ("count", 1898, "1,898", ""),
            ("rate_per_10000", 396, "396", " per 10,000"),
            ("days", 22, "22", " days"),
        ],
    )
    def test_the_number_and_its_unit(self, unit, value, number, words):
        made = of(value, unit=unit)
        assert (made.number, made.unit) == (number, words)

    @pytest.mark.parametrize(
        ("status", "words"),
        [(Held.NOT_AVAILABLE, "Not available [x]"), (Held.SUPPRESSED, "Suppressed [c]"), (None, "No value yet")],
    )
    def test_a_missing_one_says_why(self, status, words):
        made = of(now={"status": status})
        assert (made.absent, made.number, made.marks) == (words, "", ())

    def test_marks(self):
        assert of(70, now={"illustrative": True, "revised": True}).marks == ("i", "r")

    def test_illustrative_counts_are_not_shown(self):
        assert of(27, now={"counts": (346, 1281), "counts_illustrative": True}).cohort == ""

    @pytest.mark.parametrize("aims", [[], [aim(None)]])
    def test_without_target(self, aims):
        made = of(70, aims=aims)
        assert (made.target, made.tolerance) == (None, None)

    def test_without_tolerance(self):
        made = of(70, aims=[aim(90, target_basis="illustrative")])
        assert (made.target, made.tolerance) == (Marked("target 90%", ("i",), "90%"), None)


class TestBeside:
    RATE = series(396, unit="rate_per_10000", role=SeriesRole.PAIR, polarity="neutral")

    def test_a_count_names_what_is_counted(self):
        assert of(589, unit="count", counted="children").beside == (Marked("children"),)
        assert of(589, unit="count", counted="").beside == ()

    def test_a_mean_says_so(self):
        made = of(1898, unit="count", counted="contacts a month", derivation="mean_of_months")
        assert made.beside == (Marked("contacts a month, mean of the months"),)

    def test_with_a_pair_the_line_is_full(self):
        made = of(1677, unit="count", counted="children", derivation="mean_of_months", pairs=(self.RATE,))
        assert made.beside == (Marked("children"), Marked("396 per 10,000"))

    def test_a_pair_beside_a_percentage(self):
        assert of(70, pairs=(self.RATE,)).beside == (Marked("396 per 10,000"),)

    def test_a_pair_s_own_marks_and_reasons(self):
        illustrative = series(402, unit="rate_per_10000", now={"illustrative": True})
        missing = series(unit="rate_per_10000", now={"status": Held.NOT_AVAILABLE})
        assert of(70, pairs=(illustrative, missing)).beside == (
            Marked("402 per 10,000", ("i",)),
            Marked("Not available [x]"),
        )

    def test_a_pair_with_nothing_held_is_left_out(self):
        assert of(70, pairs=(series(),)).beside == ()


class TestTravel:
    @pytest.mark.parametrize(
        ("values", "polarity", "text", "arrow"),
        [
            ((78, 70), "higher", "8 points worse than Q1 2018/19", "down"),
            ((70, 78), "higher", "8 points better than Q1 2018/19", "up"),
            ((70, 78), "lower", "8 points worse than Q1 2018/19", "down"),
            ((70, 78), "neutral", "8 points higher than Q1 2018/19", "higher"),
            ((78, 70), "neutral", "8 points lower than Q1 2018/19", "lower"),
            ((70, 70), "higher", "No change from Q1 2018/19", "level"),
            ((None, 70), "higher", "No value for Q1 2018/19 to compare with", ""),
            ((70, None), "higher", "", ""),
        ],
    )
    def test_the_reference_is_named(self, values, polarity, text, arrow):
        made = of(*values, polarity=polarity)
        assert (made.travel.text, made.arrow) == (text, arrow)

    def test_every_direction_has_its_icon(self):
        assert set(ARROWS) == set(Direction)

    def test_across_a_new_definition_nothing_is_compared(self):
        made = of(78, 70, breaks=(Q2,))
        assert (made.travel, made.direction, made.arrow) == (Marked("New definition: not compared"), "", "")
        assert of(78, 70, breaks=(Q2.previous,)).direction == "worsened"

    def test_an_illustrative_reference_is_marked(self):
        before = reading(78, Q2.previous, illustrative=True)
        row = series(70, aims=[aim(90)])
        row = type(row)(**{**row.__dict__, "history": (*row.history[:-2], before, row.now)})
        assert tile(measure("B8", row)).travel == Marked("8 points worse than Q1 2018/19", ("i",))


class TestStrip:
    def test_eight_quarters_oldest_first(self):
        made = of(None, 95, 87, 70, 70, None, 60, 95, aims=[aim(90, 85)])
        assert made.strip == (
            Cell("Q3 2016/17", "", "no value"),
            Cell("Q4 2016/17", "green", "on target"),
            Cell("Q1 2017/18", "amber", "within tolerance"),
            Cell("Q2 2017/18", "red", "off target"),
            Cell("Q3 2017/18", "red", "off target"),
            Cell("Q4 2017/18", "", "no value"),
            Cell("Q1 2018/19", "red", "off target"),
            Cell("Q2 2018/19", "green", "on target"),
        )

    def test_a_missed_target_without_tolerance(self):
        assert of(70, aims=[aim(90)]).strip[-1] == Cell("Q2 2018/19", "missed", "not on target, tolerance not set")

    def test_a_value_without_target_is_not_rated(self):
        assert of(70).strip[-1] == Cell("Q2 2018/19", "", "not rated")

    def test_volumetric_ones_have_none(self):
        assert of(70, kind=Kind.VOLUMETRIC).strip == ()

    def test_illustrative_quarters_of_the_strip_are_marked_once(self):
        assert of(70, now={"illustrative": True}).strip_marks == ("i",)
        assert of(70).strip_marks == ()


class TestSpark:
    def test_the_values_with_their_target(self):
        drawn = parse(str(of(78, 70, aims=[aim(90, 85)]).spark)).one("svg")
        assert drawn.attrs["aria-hidden"] == "true"
        assert len(drawn.all("polyline")) == 1

    def test_nothing_held_draws_nothing(self):
        assert of().spark == ""

    def test_neutral_series_have_no_target_to_draw(self):
        held = {"aims": [aim(90, 85)]}
        assert of(78, 70, polarity="neutral", **held).spark == of(78, 70, polarity="neutral").spark
        assert of(78, 70, **held).spark != of(78, 70).spark

    def test_it_begins_with_the_series(self):
        begun = {"first_quarter": Q2.previous}
        assert of(10, 78, 70, **begun).spark == of(78, 70, **begun).spark


class TestParties:
    ROW = rated("B8", 70)

    def test_released_or_not(self):
        made = tile(self.ROW, released={self.ROW.id: {Party.PROVIDER: True, Party.COMMISSIONER: False}})
        assert made.parties == (PartyMark("DMBC", False), PartyMark("DCST", True))

    def test_a_measure_without_panes(self):
        assert tile(self.ROW, released={-1: {Party.PROVIDER: True}}).parties == ()


def test_a_measure_without_headline():
    made = tile(measure("F", pairs=(series(1),)), released={measure("F").id: {Party.PROVIDER: True}})
    assert (made.status, made.word, made.absent, made.number) == ("none", "No series", "No series in this quarter", "")
    assert (made.target, made.tolerance, made.strip, made.travel, made.arrow) == (None, None, (), Marked(""), "")
    assert made.parties == (PartyMark("DCST", True),)


def test_one_tile_a_measure_in_the_order_of_the_card():
    assert [one.row.code for one in tiles(card(rated("Z", 1), rated("A", 1), measure("F")), {}, NAMES, address)] == [
        "Z",
        "A",
        "F",
    ]
