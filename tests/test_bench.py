"""What `python3 -m perfmon bench` prints and when it fails; the measuring itself is its own proof."""

import pytest

from perfmon.setup.bench import KILOBYTES, SCORECARD_LIMITS, Figure, scorecards


def sizes(**changed):
    """Small enough, each of them."""
    found = {
        "11": {"measures": 11, "seconds": 0.011, "bytes": 5000},
        "200": {"measures": 200, "seconds": 0.14, "bytes": 29_000},
        "200-monthly": {"measures": 200, "seconds": 0.34, "bytes": 29_500},
    }
    for name, fields in changed.items():
        found[name.replace("_", "-").removeprefix("of-")].update(fields)
    return [{"name": name, **fields} for name, fields in found.items()]


class TestFigure:
    @pytest.mark.parametrize(
        ("number", "limit", "is_over"), [(2.9, 3.0, False), (3.0, 3.0, True), (3.1, 3.0, True), (99.0, None, False)]
    )
    def test_a_limit_is_what_the_number_stays_under(self, number, limit, is_over):
        assert Figure("page", number, limit).is_over is is_over

    def test_the_line(self):
        assert Figure("scorecard page", 0.123).line.split() == ["scorecard", "page", "0.12", "s"]
        assert Figure("page", 2.5, 3.0).line.endswith("2.50 s    within 3 s")
        assert Figure("page", 31.0, 30, "kB").line.endswith("31.00 kB   OVER 30 kB")


class TestScorecards:
    def test_time_size_and_time_for_each_measure(self):
        found = scorecards(sizes())
        assert [(each.what, round(each.number, 3), each.limit, each.unit) for each in found] == [
            ("scorecard of 11, processor time", 0.011, None, "s"),
            ("scorecard of 11, compressed", 5.0, None, "kB"),
            ("scorecard of 200, processor time", 0.14, 0.15, "s"),
            ("scorecard of 200, compressed", 29.0, 30, "kB"),
            ("scorecard of 200 monthly, processor time", 0.34, 0.35, "s"),
            ("scorecard of 200 monthly, compressed", 29.5, 30, "kB"),
            ("a measure of 200, against one of 11", 0.7, pytest.approx(1.0), "ms"),
        ]
        assert [each for each in found if each.is_over] == []

    def test_the_limits(self):
        assert (SCORECARD_LIMITS, KILOBYTES) == ({"200": 0.15, "200-monthly": 0.35}, 30)

    @pytest.mark.parametrize(
        ("changed", "over"),
        [
            ({"of_200": {"seconds": 0.16}}, ["scorecard of 200, processor time"]),
            ({"of_200": {"bytes": 30_000}}, ["scorecard of 200, compressed"]),
            ({"of_200_monthly": {"seconds": 0.35}}, ["scorecard of 200 monthly, processor time"]),
            ({"of_200_monthly": {"bytes": 31_000}}, ["scorecard of 200 monthly, compressed"]),
            ({"of_11": {"seconds": 0.007}}, ["a measure of 200, against one of 11"]),
        ],
    )
    def test_each_limit_is_told_alone(self, changed, over):
        assert [each.what for each in scorecards(sizes(**changed)) if each.is_over] == over
