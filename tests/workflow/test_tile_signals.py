"""What the statistics say on a tile: a signal, whether chance could decide; and where the tile leads."""

from dataclasses import replace

import pytest

from measures.quarters import Month
from measures.stats.spc import Assurance, Variation
from measures.stats.words import TELL_WORDS
from measures.terms import Frequency
from measures.track import place_of, track_of
from tests.rows import Q2, aim, card, measure, series
from workflow.tiles import ASSURED, SIGNALS, Signal, signal_of, tiles

MONTH, QUARTER = Frequency.MONTH, Frequency.QUARTER
HIGH, LOW = 84, 80
EVERYDAY = [HIGH if index % 2 else LOW for index in range(28)]


def track(values, last=Q2, **fields):
    """Quarters, the last of them this one."""
    place = place_of(last.start, QUARTER)
    return track_of({}, {place - back: float(v) for back, v in enumerate(reversed(values))}, **fields)


def row(values=EVERYDAY, last=Q2, made=None, illustrative=False, **fields):
    return series(70, track=made or track(values, last, illustrative=illustrative), **fields)


def tile(one, slug="b8"):
    [found] = tiles(card(measure(slug.upper(), one)), {}, {}, lambda slug: f"/m/{slug}/")
    return found


class TestSignal:
    @pytest.mark.parametrize(
        ("values", "polarity", "kind", "icon", "text"),
        [
            (EVERYDAY, "higher", "common", "wave", "Everyday variation"),
            ([*EVERYDAY, 120], "higher", "improvement", "signal-high", "Signal of improvement"),
            ([*EVERYDAY, 40], "lower", "improvement", "signal-low", "Signal of improvement"),
            ([*EVERYDAY, 120], "lower", "concern", "signal-high", "Signal of concern"),
            ([*EVERYDAY, 40], "higher", "concern", "signal-low", "Signal of concern"),
            ([*EVERYDAY, 120], "neutral", "neutral", "signal-high", "Signal of a rise"),
            ([*EVERYDAY, 40], "neutral", "neutral", "signal-low", "Signal of a fall"),
        ],
    )
    def test_kind_shape_and_words(self, values, polarity, kind, icon, text):
        assert tile(row(values, polarity=polarity)).signal == Signal(kind, icon, text)

    def test_every_verdict_has_its_words(self):
        assert set(SIGNALS) == set(Variation)
        assert set(ASSURED) == set(Assurance)

    @pytest.mark.parametrize(
        ("target", "words"),
        [(60, "meets the target reliably"), (99, "usually misses the target"), (82, "meets the target at times")],
    )
    def test_how_the_process_stands_to_its_target(self, target, words):
        assert tile(row(aims=[aim(target)])).signal.text == f"Everyday variation, {words}"

    def test_a_sum_of_months_has_no_target_of_a_month(self):
        place = place_of(Month(2018, 9).start, MONTH)
        made = track_of({place - back: float(value) for back, value in enumerate(EVERYDAY)}, {})
        told = {"made": made, "aims": [aim(60)], "frequency": MONTH}
        of_a_mean = signal_of(row(**told, derivation="mean_of_months"))
        assert of_a_mean.text == "Everyday variation, meets the target reliably"
        assert signal_of(row(**told, derivation="sum")).text == "Everyday variation"

    def test_illustrative_values_mark_it(self):
        assert signal_of(row(illustrative=True)).marks == ("i",)
        assert signal_of(row()).marks == ()

    @pytest.mark.parametrize("count", [0, 7, 12])
    def test_none_with_too_few_values(self, count):
        assert tile(row(EVERYDAY[:count])).signal is None
        assert tile(row(EVERYDAY[:13])).signal is not None

    def test_none_where_the_last_value_is_not_of_this_quarter(self):
        assert tile(row(last=Q2.previous)).signal is None

    def test_none_for_windows_that_overlap(self):
        assert tile(row(window="rolling_12m")).signal is None

    def test_none_since_a_restart_with_too_few(self):
        assert signal_of(row(restarts=(Q2.shift(-11).start,))) is None
        assert signal_of(row(restarts=(Q2.shift(-12).start,))) == signal_of(row())

    def test_of_a_month_only_if_it_is_the_quarters_last(self):
        for last, is_told in ((Month(2018, 9), True), (Month(2018, 8), False)):
            place = place_of(last.start, MONTH)
            made = track_of({place - back: float(value) for back, value in enumerate(EVERYDAY)}, {})
            assert (signal_of(row(made=made)) is not None) is is_told


class TestTell:
    def tell(self, value, counts, **fields):
        return tile(series(value, aims=[aim(90, 85)], now={"counts": counts, **fields})).tell

    @pytest.mark.parametrize(
        ("value", "counts", "kind"),
        [(70, (147, 210), "clear"), (88, (88, 100), "could_be_chance"), (75, (3, 4), "too_few")],
    )
    def test_whether_chance_could_decide(self, value, counts, kind):
        assert self.tell(value, counts) == TELL_WORDS[kind]

    def test_nothing_without_counts_that_are_shown(self):
        assert self.tell(70, (147, 210), counts_illustrative=True) == ""
        assert self.tell(70, (None, None)) == ""

    def test_nothing_without_target(self):
        assert tile(series(70, now={"counts": (147, 210)})).tell == ""


class TestAddress:
    def test_made_from_the_slug(self):
        assert tile(row(), "a1").url == "/m/a1/"

    def test_also_of_a_measure_without_headline(self):
        assert tile(None, "f").url == "/m/f/"
        assert (tile(None, "f").signal, tile(None, "f").tell) == (None, "")


def test_a_tile_says_what_its_own_row_says():
    found = tiles(
        card(measure("A", row()), measure("B", replace(row([*EVERYDAY, 40]), id=2))), {}, {}, lambda slug: slug
    )
    assert [one.signal.kind for one in found] == ["common", "concern"]
    assert [one.url for one in found] == ["a", "b"]
