"""The scorecard's tiles and its table, on the demonstration."""

import pytest

from tests.scorecard_reading import chips, code_of, groups, page, tile

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("scorecard-tiles")]

AREAS = ["A1", "B8", "E1", "E34/35"]
SECTIONS = [
    ("Areas for improvement", AREAS),
    ("Referral, assessment and visits", ["A2", "A3", "A4", "A8"]),
    ("Education, employment and training", ["B13", "FO1"]),
    ("Volumetric", ["E18/19"]),
]


class TestTiles:
    def test_b8(self, demo):
        found = tile(page(), "B8")
        assert found.one("h3").text == "Care proceedings on track to complete within 26 weeks"
        assert found.one("b").text == "70 %"
        text = found.text
        assert text.startswith("Off target B8")
        assert "Target 90% tolerance 85% [i]" in text
        assert "8 points worse than Q1 2018/19 [i]" in text
        assert "147 of 210" in text

    def test_a_rating_is_a_word_and_a_shape(self, demo):
        for one in page().all("article"):
            badge = one.all("span", class_="rag")[0]
            assert badge.text in ("Off target", "Within tolerance", "On target", "Volumetric")
            assert badge.one("svg").attrs["aria-hidden"] == "true"
            assert badge.one("svg").all("path") + badge.one("svg").all("circle")

    def test_the_strip_says_each_quarter_in_words(self, demo):
        cells = tile(page(), "B8").one("ul").all("li")
        assert [cell.text for cell in cells] == [
            "Q3 2016/17: on target",
            "Q4 2016/17: on target",
            "Q1 2017/18: within tolerance",
            "Q2 2017/18: within tolerance",
            "Q3 2017/18: off target",
            "Q4 2017/18: off target",
            "Q1 2018/19: off target",
            "Q2 2018/19: off target",
        ]
        assert all(len(cell.all("svg")) == 1 for cell in cells)

    def test_a_gap_in_the_strip_has_no_shape(self, demo):
        [gap] = [cell for cell in tile(page(), "B13").one("ul").all("li") if cell.text == "Q4 2016/17: no value"]
        assert gap.all("svg") == []

    @pytest.mark.parametrize(
        ("code", "value", "target"),
        [
            # The paper prints A1's value, target and tolerance; of B13 nothing.
            ("A1", "27 %", "Target 22% tolerance 28%"),
            ("B13", "47 % [i]", "Target 45% [i] tolerance 40% [i]"),
            ("A4", "74 %", "Target 80% tolerance 75% [i]"),
            ("A2", "91 %", "Target 90% [i] tolerance 80% [i]"),
        ],
    )
    def test_what_is_illustrative_is_marked(self, demo, code, value, target):
        found = tile(page(), code)
        assert (found.one("b").text, found.one("p", class_="targets").text) == (value, target)
        for mark in found.all("abbr"):
            assert (mark.text, mark.attrs["title"]) == ("[i]", "illustrative")

    def test_the_illustrative_counts_of_a1_are_nowhere(self, demo):
        assert "346" not in tile(page(), "A1").text
        assert tile(page(), "A1").all("span", class_="cohort") == []

    def test_pairs_and_what_is_counted(self, demo):
        found = page()
        assert "1,677" in tile(found, "E34/35").text
        assert "children · 396 per 10,000" in tile(found, "E34/35").text
        assert "contacts a month, mean of the months" in tile(found, "E1").text

    def test_volumetric_ones_are_neither_better_nor_worse(self, demo):
        found = page()
        for code, text in [("E1", "2.0% higher than"), ("E34/35", "1.6% lower than"), ("E18/19", "2.6% higher than")]:
            assert text in tile(found, code).text
            assert tile(found, code).all("ul") == []

    @pytest.mark.parametrize("key", ["officer", "analyst"])
    def test_released_marks_are_the_same_for_both(self, demo, key):
        found = page(key=key)
        marks = {code: tile(found, code).one("footer").text for code in ("A1", "A4", "A8", "FO1")}
        assert marks == {
            "A1": "DMBC : released DCST : released",
            "A4": "DMBC : not yet released DCST : released",
            "A8": "DMBC : not yet released DCST : not yet released",
            "FO1": "DMBC : released DCST : released",
        }

    def test_no_draft_shows_on_it(self, demo):
        text = page(key="analyst").text
        assert "legal team" not in text
        assert "gap lies in recording" not in text

    def test_headings_do_not_jump(self, demo):
        levels = [int(node.tag[1]) for node in page().walk() if node.tag in ("h1", "h2", "h3", "h4")]
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))


class TestTable:
    COLUMNS = [
        *("Measure", "Rating", "Value", "Of", "Target", "Tolerance", "Change", "Signal"),
        *("Last eight quarters", "Released"),
    ]

    def test_its_columns(self, demo):
        found = page("?view=table")
        assert [node.text for node in found.one("thead").all("th")] == self.COLUMNS
        assert all(node.attrs["scope"] == "col" for node in found.one("thead").all("th"))
        assert found.all("article") == []

    def test_the_same_groups_as_the_tiles(self, demo):
        assert groups(page("?view=table")) == SECTIONS

    def test_it_holds_what_the_tiles_hold(self, demo):
        tiles, table = page(), page("?view=table")
        rows = {
            code_of(row.all("th", scope="row")[0].text): row for row in table.all("tr") if row.all("th", scope="row")
        }
        assert len(rows) == 11
        for code, row in rows.items():
            one, cells = tile(tiles, code), [cell.text for cell in row.all("td")]
            rating, value, cohort, target, tolerance, change, signal, strip, released = cells
            assert rating == one.all("span", class_="rag")[0].text
            # The unit may stand beside the number or be left to the series' own words.
            assert one.one("b").text.startswith(value)
            assert cohort == "".join(node.text for node in one.all("span", class_="cohort")).replace(",", "")
            assert signal == "".join(node.text for node in one.all("p", class_="signal"))
            said = [node.text for node in one.all("p", class_="targets")]
            assert said == ([f"Target {target} tolerance {tolerance}"] if target else [])
            assert change in one.text
            if one.all("ul"):
                assert strip.startswith(one.one("ul").text)
            assert released == one.one("footer").text

    def test_a_filter_keeps_the_layout(self, demo):
        assert [href for _, href, _ in chips(page("?view=table"))][0] == "?show=red&view=table"
