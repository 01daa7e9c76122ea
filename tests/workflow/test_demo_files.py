"""What the demonstration holds beside its figures, and a reader that explains what is wrong."""

import os
import re
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from measures.quarters import Quarter
from workflow.demo_files import FOLDER, read

DATA = read()
SERIES = DATA.series
LAST = Quarter(2018, 2)
QUARTERS = [LAST.shift(-back) for back in range(12, -1, -1)]


# The contract, its people and its cycles


def test_contract_names_both_parties():
    contract = DATA.contract
    assert (contract.title, contract.slug) == ("Children's services", "childrens-services")
    assert (contract.commissioner.name, contract.commissioner.short_name) == (
        "Doncaster Council",
        "DMBC",
    )
    assert (contract.provider.name, contract.provider.short_name) == (
        "Doncaster Children's Services Trust",
        "DCST",
    )


def test_one_person_per_role():
    assert [(person.role, person.party, person.email) for person in DATA.people] == [
        ("officer", "commissioner", "officer@dmbc.example"),
        ("analyst", "provider", "analyst@dcst.example"),
        ("director", "commissioner", "director@dmbc.example"),
        ("director", "provider", "director@dcst.example"),
        ("administrator", None, "admin@perfmon.example"),
    ]


def test_cycles_are_twelve_past_one_in_commentary_and_one_open():
    assert [cycle.quarter for cycle in DATA.cycles] == [q.code for q in [*QUARTERS, LAST.next]]
    assert [cycle.state for cycle in DATA.cycles] == ["past"] * 12 + ["commentary", "open"]


def test_areas_for_improvement():
    assert [(area.quarter, area.measure) for area in DATA.areas] == [
        ("2018-Q2", "A1"),
        ("2018-Q2", "B8"),
        ("2018-Q2", "E1"),
        ("2018-Q2", "E34/35"),
    ]


# The measures


def test_measures_in_the_order_of_the_page():
    assert [(m.position, m.code, m.slug, m.kind, m.section) for m in DATA.measures] == [
        (1, "A1", "a1", "contractual", "Referral, assessment and visits"),
        (2, "A2", "a2", "contractual", "Referral, assessment and visits"),
        (3, "A3", "a3", "contractual", "Referral, assessment and visits"),
        (4, "A4", "a4", "contractual", "Referral, assessment and visits"),
        (5, "A8", "a8", "contractual", "Referral, assessment and visits"),
        (6, "B8", "b8", "contractual", "Care proceedings"),
        (7, "B13", "b13", "contractual", "Education, employment and training"),
        (8, "FO1", "fo1", "contractual", "Education, employment and training"),
        (9, "E1", "e1", "volumetric", "Demand"),
        (10, "E34/35", "e34-35", "volumetric", "Demand"),
        (11, "E18/19", "e18-19", "volumetric", "Demand"),
    ]


def test_series_of_each_measure_with_role_derivation_and_frequency():
    assert {m.code: [(s.code, s.role, s.derivation, s.frequency) for s in m.series] for m in DATA.measures} == {
        "A1": [("A1", "headline", "pooled_ratio", "month")],
        "A2": [("A2", "headline", "entered", "quarter")],
        "A3": [("A3", "headline", "entered", "quarter")],
        "A4": [
            ("A4", "headline", "entered", "quarter"),
            ("CiC", "subgroup", "snapshot_end", "month"),
            ("CPP", "subgroup", "snapshot_end", "month"),
            ("DUAL", "subgroup", "snapshot_end", "month"),
            ("CiN", "subgroup", "snapshot_end", "month"),
        ],
        "A8": [("A8", "headline", "entered", "quarter")],
        "B8": [("B8", "headline", "snapshot_end", "month")],
        "B13": [("B13", "headline", "entered", "quarter")],
        "FO1": [("FO1", "headline", "entered", "quarter")],
        "E1": [("E1", "headline", "mean_of_months", "month")],
        "E34/35": [
            ("E34", "headline", "mean_of_months", "month"),
            ("E35", "pair", "entered", "quarter"),
        ],
        "E18/19": [
            ("E18", "headline", "mean_of_months", "month"),
            ("E19", "pair", "entered", "quarter"),
        ],
    }


def test_units_and_polarities():
    percentages = {code for code, series in SERIES.items() if series.unit == "percent"}
    assert percentages == set(SERIES) - {"E1", "E34", "E35", "E18", "E19"}
    assert {SERIES[code].maximum for code in percentages} == {Decimal(100)}
    assert {code: SERIES[code].unit for code in set(SERIES) - percentages} == {
        "E1": "count",
        "E34": "count",
        "E35": "rate_per_10000",
        "E18": "count",
        "E19": "rate_per_10000",
    }
    assert {code for code, s in SERIES.items() if s.polarity == "lower"} == {"A1"}
    assert {code for code, s in SERIES.items() if s.polarity == "neutral"} == (set(SERIES) - percentages)


def test_targets_and_where_they_come_from():
    real, made_up = "contract", "illustrative"
    assert {
        code: [(t.from_quarter, t.target, t.tolerance, t.target_basis, t.tolerance_basis) for t in series.targets]
        for code, series in SERIES.items()
        if series.targets
    } == {
        "A1": [("2015-Q2", 22, 28, real, real)],
        "A2": [
            ("2015-Q2", 85, 75, made_up, made_up),
            ("2017-Q1", 90, 80, made_up, made_up),
        ],
        "A3": [("2015-Q2", 95, 85, made_up, made_up)],
        "A4": [("2015-Q2", 80, 75, real, made_up)],
        "A8": [("2015-Q2", 95, 90, made_up, made_up)],
        "B8": [("2015-Q2", 90, 85, real, made_up)],
        "B13": [("2015-Q2", 45, 40, made_up, made_up)],
        "FO1": [("2015-Q2", 90, 80, real, made_up)],
    }


# Benchmarks and texts


def test_benchmarks_of_2018():
    comparators = [
        ("national", "England", None),
        ("regional", "Yorkshire and The Humber", None),
        ("statistical_neighbours", "Statistical neighbours", "mean"),
        ("other", "Doncaster", None),
    ]
    values = {code: [b for b in DATA.benchmarks if b.series == code] for code in SERIES}
    assert {code: [str(b.value) for b in rows] for code, rows in values.items() if rows} == {
        "A1": ["21.9", "22.9", "20.5", "25.5"],
        "E19": ["64", "71", "90.0", "86"],
        "E35": ["345.4", "367.4", "423.2", "451.4"],
    }
    assert all([(b.scope, b.comparator, b.statistic) for b in values[c]] == comparators for c in ("A1", "E19", "E35"))
    assert {(b.year, b.source, b.edition, b.published_on) for b in DATA.benchmarks} == {
        ("2017", "DfE", "LAIT file of 2026", None)
    }
    assert {(b.series, b.comparability) for b in DATA.benchmarks} == {
        ("A1", "close"),
        ("E19", "close"),
        ("E35", "close"),
    }
    assert [b.comparator for b in DATA.benchmarks if "341.0" in b.note] == ["England"]


def test_events_are_made_up_and_say_so():
    events = [(code, event) for code, series in SERIES.items() for event in series.events]
    assert [(code, event.at, event.kind, event.by) for code, event in events] == [
        ("B8", date(2018, 4, 16), "note", "analyst")
    ]
    assert [event.text for _, event in events if not event.text.endswith("(illustrative)")] == []


def test_which_texts_are_released():
    assert {(t.party, t.measure): t.released for t in DATA.texts} == {
        ("commissioner", "A1"): True,
        ("commissioner", "FO1"): True,
        ("commissioner", "E1"): True,
        ("commissioner", "E18/19"): True,
        ("commissioner", "B8"): False,
        ("commissioner", "A4"): False,
        ("commissioner", "E34/35"): False,
        ("provider", "A1"): True,
        ("provider", "A4"): True,
        ("provider", "B8"): True,
        ("provider", "FO1"): True,
        ("provider", "A8"): False,
    }
    assert {text.quarter for text in DATA.texts} == {"2018-Q2"}


def test_texts_use_the_editor_s_tags_and_the_commissioner_s_headings():
    for text in DATA.texts:
        tags = set(re.findall(r"</?([^>]*)>", text.html))
        assert tags <= {"p", "h3", "ul", "li", "strong"}, (text.measure, text.party)
        headings = re.findall(r"<h3>(.*?)</h3>", text.html)
        wanted = ["The story behind the data", "What is happening next"]
        assert headings == (wanted if text.party == "commissioner" else [])


@pytest.mark.parametrize(
    ("measure", "party", "claims"),
    [
        ("A4", "provider", ["74%, now 1% below tolerance", "70%", "80%", "83%", "76%", "66%"]),
        ("B8", "provider", ["147 of 210", "163", "an increase of 28%", "195", "154", "22 weeks"]),
        ("FO1", "commissioner", ["third successive quarterly decline"]),
        ("FO1", "provider", ["increase of 10%", "16 of the 19", "11%", "only 4% below"]),
        ("E1", "commissioner", ["9.8% of the total average", "131 enquiries", "23.3% (20% in Q2)"]),
    ],
)
def test_texts_keep_the_claims_of_the_paper(measure, party, claims):
    (html,) = [t.html for t in DATA.texts if (t.measure, t.party) == (measure, party)]
    assert [claim for claim in claims if claim not in html] == []


def words(text):
    return re.findall(r"[a-z0-9]+", re.sub(r"<[^>]*>", " ", text).lower())


def runs(text, length=8):
    found = words(text)
    return {" ".join(found[i : i + length]) for i in range(len(found) - length + 1)}


def test_no_sentence_of_the_paper_is_copied():
    """Compares only where PERFMON_SEED_REPORT names the paper's text, which is not ours to ship."""
    paper = os.environ.get("PERFMON_SEED_REPORT")
    if not paper:
        print("Not compared: set PERFMON_SEED_REPORT to the path of the paper's text.")
        return
    theirs = runs(Path(paper).read_text(encoding="utf-8"))
    assert len(theirs) > 1000
    ours = [path.read_text(encoding="utf-8") for path in sorted(FOLDER.iterdir())]
    assert [sorted(runs(text) & theirs) for text in ours] == [[], [], [], [], []]


# The reader


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (
            "contract.toml",
            'role = "officer"',
            'role = "boss"',
            "contract.toml, people 1, key role: 'boss' is not allowed. "
            "Use one of: officer, analyst, director, administrator.",
        ),
        (
            "contract.toml",
            'short_name = "DMBC"',
            'shortname = "DMBC"',
            "contract.toml, contract, commissioner, key shortname: unknown. Use one of: name, short_name.",
        ),
        (
            "measures.toml",
            "tolerance = 28",
            "tolerance = 20",
            "measures.toml, series A1, target from 2015-Q2: Where lower is better, "
            "the tolerance cannot be below the target. Correct one.",
        ),
        (
            "measures.toml",
            'code = "CPP"',
            'code = "CiC"',
            "measures.toml, series CiC: given twice. Remove one.",
        ),
        (
            "measures.toml",
            'slug = "a1"\n',
            "",
            "measures.toml, measures 1, key slug: missing. Add it.",
        ),
        (
            "observations.csv",
            "A1,2015-07,,107,441",
            "A9,2015-07,,107,441",
            "observations.csv, series A9: unknown. Add it to measures.toml.",
        ),
        (
            "observations.csv",
            "A1,2015-07,,107,441",
            "A1,2015-07,,many,441",
            "observations.csv, line 2, key numerator: 'many' is not a number of zero or more. Write it like 22.5.",
        ),
        (
            "observations.csv",
            "A1,2015-07,,107,441",
            "A1,2015-Q2,,107,441",
            "observations.csv, A1 2015-Q2: the series is by month. Give a month.",
        ),
        (
            "observations.csv",
            "A1,2015-07,,107,441",
            "A1,2015-07,,107,",
            "observations.csv, A1 2015-07, key denominator: Enter the denominator as well, or leave both empty.",
        ),
        (
            "observations.csv",
            "A1,2015-07,,107,441",
            "A1,2015-08,,107,441",
            "observations.csv, ('A1', '2015-08'): given twice. Remove one.",
        ),
        (
            "observations.csv",
            "A1,2015-07,,107,441",
            "A1,2015-07,107,441",
            "observations.csv, line 2: not as many cells as the header. Check the commas.",
        ),
        (
            "observations.csv",
            "A1,2015-07,,107,441,final,true,false",
            "A1,2015-07,,107,441,final,yes,false",
            "observations.csv, line 2, key illustrative: 'yes' is neither true nor false. Write true or false.",
        ),
        (
            "benchmarks.csv",
            "A1,national,England,,",
            "A1,national,England,mean,",
            "benchmarks.csv, A1 England 2017: mean or median is for statistical neighbours, and for them alone. "
            "Correct one.",
        ),
        (
            "benchmarks.csv",
            "Statistical neighbours,mean,",
            "Statistical neighbours,,",
            "benchmarks.csv, A1 Statistical neighbours 2017: mean or median is for statistical neighbours, and for "
            "them alone. Correct one.",
        ),
        (
            "benchmarks.csv",
            "LAIT file of 2026,,",
            "LAIT file of 2026,6/12/2018,",
            "benchmarks.csv, line 2, key published_on: '6/12/2018' is not a day. Write it like 2018-12-06.",
        ),
        (
            "benchmarks.csv",
            "A1,national,",
            "A1,world,",
            "benchmarks.csv, line 2, key scope: 'world' is not allowed. Use one of: national, regional, "
            "statistical_neighbours, other.",
        ),
        (
            "measures.toml",
            "fewer days a week (illustrative)",
            "fewer days a week",
            "measures.toml, series B8, event at 2018-04-16: it is made up. End its text with (illustrative).",
        ),
        (
            "measures.toml",
            'kind = "note"',
            'kind = "party"',
            "measures.toml, measures 6, series 1, events 1, key kind: 'party' is not allowed. "
            "Use one of: note, break, rebase.",
        ),
        (
            "measures.toml",
            'by = "analyst"',
            'by = "administrator"',
            "measures.toml, measures 6, series 1, events 1, key by: 'administrator' is not allowed. "
            "Use one of: officer, analyst.",
        ),
        (
            "texts.toml",
            'measure = "A8"',
            'measure = "A7"',
            "texts.toml, measure A7: unknown. Add it to measures.toml.",
        ),
    ],
)
def test_reader_names_the_place_and_the_remedy(tmp_path, name, old, new, message):
    folder = shutil.copytree(FOLDER, tmp_path / "demo")
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        read(folder)


def test_reader_names_the_line_of_a_mistake_in_toml(tmp_path):
    folder = shutil.copytree(FOLDER, tmp_path / "demo")
    (folder / "texts.toml").write_text("[[texts]]\nmeasure = A1\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"^texts\.toml: Invalid value \(at line 2, column 11\)"):
        read(folder)


def test_reader_says_which_file_is_missing(tmp_path):
    folder = shutil.copytree(FOLDER, tmp_path / "demo")
    (folder / "benchmarks.csv").unlink()
    message = f"benchmarks.csv: not found. Put it into {folder}."
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        read(folder)


def test_the_day_of_publication_is_read(tmp_path):
    folder = shutil.copytree(FOLDER, tmp_path / "demo")
    path = folder / "benchmarks.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("LAIT file of 2026,,", "LAIT file of 2026,2026-01-31,", 1), encoding="utf-8")
    assert [b.published_on for b in read(folder).benchmarks][:2] == [date(2026, 1, 31), None]
