"""The demonstration as `load_demo` leaves it: once is enough, figures and marks are those of the paper."""

import datetime
import hashlib
import io
import json
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from accounts.demo import DEMO_ACCOUNTS, PASSWORD
from accounts.models import AuditEntry, Contract, Membership, User
from accounts.roles import Party, Who
from accounts.viewer import viewer_of
from commentary.models import Pane
from measures import scorecard
from measures.models import AreaForImprovement, Benchmark, Cycle, Observation, SeriesEvent, Target
from measures.quarters import Quarter
from measures.states import State
from tests import demonstration
from tests.demonstration import client_of
from tests.factories import NOW, Q2
from workflow import demo_files, demo_loading
from workflow.models import Transition

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]

DATA = demo_files.read()
Q3 = Q2.next
OURS = ("accounts", "measures", "commentary", "workflow")


def load():
    out = io.StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue().splitlines()


def counts():
    models = [model for model in apps.get_models() if model._meta.app_label in OURS]
    return {model._meta.label: model.objects.count() for model in models}


# The command. These tests come before the shared rows are made, or after they are gone: each loads its own.


def test_outside_demo_mode_nothing_is_loaded(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="only in demo mode. Set PERFMON_DEMO=1"):
        load()
    assert set(counts().values()) == {0}


def test_twice_is_the_same_as_once():
    first, after_first = load(), counts()
    chain = list(AuditEntry.objects.values_list("hash", flat=True))
    assert load() == ["The demonstration is there already.", *first[1:]]
    assert first[0] == "Demonstration loaded."
    assert counts() == after_first
    assert list(AuditEntry.objects.values_list("hash", flat=True)) == chain
    assert {label for label, number in after_first.items() if not number} == {
        *("measures.CommitteeDate", "measures.ImportBatch", "measures.ImportChange", "measures.ImportMapping"),
    }


def test_what_people_did_since_stays():
    load()
    cycle = Cycle.objects.get(contract__slug="childrens-services", quarter=Q2)
    Pane.objects.filter(cycle=cycle).update(draft="<p>Since then.</p>", version=9, saved_at=NOW)
    load()
    assert set(Pane.objects.filter(cycle=cycle).values_list("draft", "version")) == {("<p>Since then.</p>", 9)}


def test_the_second_contract_is_added_beside_the_first(demo_of_before):
    first, people = contract_rows("childrens-services"), set(User.objects.values_list("pk", "password"))
    User.objects.filter(is_staff=True).update(name="Somebody else", email="other@example.org")
    assert load()[0] == "Housing repairs was added to the demonstration."
    assert contract_rows("childrens-services") == first
    assert people < set(User.objects.values_list("pk", "password"))
    assert list(Contract.objects.values_list("slug", flat=True)) == [
        "childrens-services",
        "earlier-papers",
        "housing-repairs",
    ]
    entry = AuditEntry.objects.get(contract__slug="housing-repairs", act="create contract")
    assert entry.by.email == "other@example.org"
    assert load()[0] == "The demonstration is there already."


@pytest.fixture
def demo_of_before():
    """A database that was made when there was one contract."""
    return demonstration.load()


def contract_rows(slug):
    chain = AuditEntry.objects.filter(contract__slug=slug).values_list("hash", flat=True)
    return list(chain), Observation.objects.filter(series__measure__contract__slug=slug).count()


def test_the_log_ins_are_printed():
    lines = load()
    assert lines[1] == f"Sign in with one click, or with the password {PASSWORD}:"
    assert [line.split()[-1] for line in lines[2:]] == [account.email for account in DEMO_ACCOUNTS]
    assert all(User.objects.get(email=account.email).check_password(PASSWORD) for account in DEMO_ACCOUNTS)


def test_a_failure_leaves_nothing(monkeypatch):
    monkeypatch.setattr("workflow.demo_loading._texts", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        load()
    assert set(counts().values()) == {0}


def test_a_failure_in_the_second_contract_leaves_nothing_of_the_first(monkeypatch):
    made = demo_loading.load

    def second_fails(data, **others):
        return made(data, **others) if data.contract.slug == "childrens-services" else 1 / 0

    monkeypatch.setattr("workflow.demo_loading.load", second_fails)
    with pytest.raises(ZeroDivisionError):
        load()
    assert set(counts().values()) == {0}


# The contract


def test_the_people(demo):
    members = Membership.objects.filter(contract=demo).values_list("user__email", "party", "role")
    assert set(members) == {
        ("officer@dmbc.example", "commissioner", "officer"),
        ("analyst@dcst.example", "provider", "analyst"),
        ("director@dmbc.example", "commissioner", "director"),
        ("director@dcst.example", "provider", "director"),
    }
    assert list(User.objects.filter(is_staff=True).values_list("email", flat=True)) == ["admin@perfmon.example"]


def test_the_quarters(demo):
    cycles = Cycle.objects.filter(contract=demo).order_by("quarter")
    assert [(cycle.quarter, cycle.state) for cycle in cycles] == [
        *((Q2.shift(back), State.PAST) for back in range(-12, 0)),
        (Q2, State.COMMENTARY),
        (Q3, State.OPEN),
    ]
    q2, q3 = cycles[12], cycles[13]
    assert (q2.values_due, q2.commentary_due) == (datetime.date(2018, 10, 31), datetime.date(2018, 11, 16))
    assert (q2.submitted_once, q3.submitted_once) == (True, False)


def test_the_moves(demo):
    moves = Transition.objects.filter(cycle__contract=demo).order_by("id")
    assert [(move.cycle.quarter.code, move.from_state, move.to_state) for move in moves] == [
        ("2018-Q2", "", "open"),
        ("2018-Q2", "open", "submitted"),
        ("2018-Q2", "submitted", "commentary"),
        ("2018-Q3", "", "open"),
    ]


def test_the_events(demo):
    rows = SeriesEvent.objects.filter(series__measure__contract=demo)
    assert [(row.series.code, row.at, row.kind, row.text, row.by.email) for row in rows] == [
        (
            "B8",
            datetime.date(2018, 4, 16),
            "note",
            "The court hears care cases on fewer days a week (illustrative)",
            "analyst@dcst.example",
        )
    ]
    entry = AuditEntry.objects.get(contract=demo, act="record event")
    assert (entry.object, entry.reason) == ("B8 note 2018-04-16", rows[0].reason)


@pytest.mark.parametrize("quarter", [Q2, Q3], ids=["Q2", "carried over to Q3"])
def test_the_areas_for_improvement(demo, quarter):
    areas = AreaForImprovement.objects.filter(cycle__quarter=quarter).order_by("measure__position")
    assert [area.measure.code for area in areas] == ["A1", "B8", "E1", "E34/35"]


def test_nobody_has_written_of_q3(demo):
    panes = Pane.objects.filter(cycle__quarter=Q3)
    assert set(panes.values_list("draft", "version", "released")) == {("", 0, None)}
    assert panes.count() == 2 * demo.measures.count()


def test_the_texts(demo):
    panes = Pane.objects.filter(cycle__quarter=Q2).exclude(draft="").select_related("measure")
    held = {(pane.measure.code, pane.party): (pane.released is not None) for pane in panes}
    assert held == {(text.measure, text.party): text.released for text in DATA.texts}
    assert {party for _, party in held} == set(Party)


# Figures


@pytest.fixture
def card(demo):
    return card_of("officer@dmbc.example", Q2)


def card_of(email, quarter):
    viewer = viewer_of(User.objects.get(email=email), "childrens-services")
    return scorecard.build(Cycle.objects.get(contract=viewer.contract, quarter=quarter), viewer)


def series_of(card):
    return {series.code: series for row in card.rows for series in row.series}


PAPER = {
    "A1": "27%",
    "A2": "91%",
    "A3": "100%",
    "A4": "74%",
    "CiC": "80%",
    "CPP": "83%",
    "DUAL": "76%",
    "CiN": "66%",
    "A8": "94%",
    "B8": "70%",
    "FO1": "84%",
    "E1": "1,898",
    "E34": "1,677",
    "E35": "396 per 10,000",
    "E18": "589",
    "E19": "89 per 10,000",
}


def test_the_figures_are_those_of_the_paper(card):
    found = {code: series.now.text(series.scale) for code, series in series_of(card).items()}
    assert {code: text.replace("\N{NO-BREAK SPACE}", " ") for code, text in found.items() if code in PAPER} == PAPER
    assert set(found) - set(PAPER) == {"B13"}


def test_the_cohorts_of_the_paper(card):
    found = {
        code: series.now.cohort() for code, series in series_of(card).items() if not series.now.counts_illustrative
    }
    assert {code: text for code, text in found.items() if text} == {
        "B8": "147 of 210",
        "FO1": "16 of 19",
        "B13": "47 of 99",
    }
    assert series_of(card)["A1"].now.counts_illustrative
    assert series_of(card)["FO1"].now.value == Decimal("84.210526")


def test_the_ratings(card):
    assert {row.code: str(row.status) for row in card.rows} == {
        "A1": "amber",
        "A2": "green",
        "A3": "green",
        "A4": "red",
        "A8": "amber",
        "B8": "red",
        "B13": "green",
        "FO1": "amber",
        "E1": "none",
        "E34/35": "none",
        "E18/19": "none",
    }
    assert [(str(status), number) for status, number in card.counts.items()] == [
        ("red", 2),
        ("amber", 3),
        ("green", 3),
        ("none", 3),
    ]


def test_the_counts_on_the_page(demo):
    context = client_of("council-director").get("/c/childrens-services/2018-Q2/").context
    assert [(chip.status, chip.count) for chip in context["chips"]] == [
        ("red", 2),
        ("amber", 3),
        ("green", 3),
        ("none", 3),
    ]


def test_what_the_paper_says_of_earlier_quarters(demo):
    held = {
        (series.code, reading.period.code): reading
        for series in series_of(card_of("officer@dmbc.example", Q2)).values()
        for reading in series.history
    }
    assert held["A4", "2018-Q1"].value == 70
    assert held["FO1", "2018-Q1"].cohort() == "14 of 19"
    assert held["FO1", "2017-Q4"].value.quantize(Decimal(1)) == 73


# Marks: illustrative exactly where the data files say so


def expected_marks():
    """(series, period) -> (illustrative, counts illustrative), worked out from the files alone."""
    typed = {(row.series, row.period): row for row in DATA.observations}
    marks = {key: (row.illustrative, row.counts_illustrative) for key, row in typed.items()}
    for code, series in DATA.series.items():
        if series.frequency != "month":
            continue
        printed = {paper.quarter for paper in series.paper_quarters}
        for quarter in sorted({month_quarter(period) for one, period in typed if one == code}):
            months = [typed.get((code, month.code)) for month in quarter.months]
            used = [row for row in (months[-1:] if series.derivation == "snapshot_end" else months) if row]
            if not used:
                continue
            made_up = any(row.illustrative for row in used)
            has_counts = any(row.numerator is not None for row in used)
            is_printed = quarter.code in printed
            marks[code, quarter.code] = (False, has_counts) if made_up and is_printed else (made_up, False)
    return marks


def month_quarter(code):
    year, month = code.split("-")
    return Quarter.containing(datetime.date(int(year), int(month), 1))


def test_the_marks_of_every_figure_held(demo):
    held = {
        (row.series.code, row.period.code): (row.illustrative, row.counts_illustrative)
        for row in Observation.objects.select_related("series")
    }
    assert held == expected_marks()


def test_one_figure_of_the_quarter_is_made_up(card):
    assert {code for code, series in series_of(card).items() if series.now.illustrative} == {"B13"}


def test_the_marks_of_targets(demo):
    bases = {target.series.code: (target.target_basis, target.tolerance_basis) for target in Target.objects.all()}
    assert bases == {
        "A1": ("contract", "contract"),
        "A2": ("illustrative", "illustrative"),
        "A3": ("illustrative", "illustrative"),
        "A4": ("contract", "illustrative"),
        "A8": ("illustrative", "illustrative"),
        "B8": ("contract", "illustrative"),
        "B13": ("illustrative", "illustrative"),
        "FO1": ("contract", "illustrative"),
    }
    figures = {target.series.code: (target.target, target.tolerance) for target in Target.objects.all()}
    assert figures["A1"] == (22, 28)
    assert {code: figures[code][1] for code in ("A4", "B8", "FO1")} == {"A4": 75, "B8": 85, "FO1": 80}


def test_the_marks_on_the_scorecard(demo):
    """What is marked [i] beside a value, a target or a tolerance of a tile."""
    groups = client_of("council-director").get("/c/childrens-services/2018-Q2/").context["groups"]
    tiles = [tile for group in groups for tile in group.members]
    assert {tile.row.code for tile in tiles if "i" in tile.marks} == {"B13"}
    assert {tile.row.code for tile in tiles if tile.target and "i" in tile.target.marks} == {"A2", "A3", "A8", "B13"}
    assert {tile.row.code for tile in tiles if tile.tolerance and "i" in tile.tolerance.marks} == {
        *("A2", "A3", "A4", "A8", "B8", "B13", "FO1")
    }
    assert {mark for tile in tiles for beside in tile.beside for mark in beside.marks} == set()


def test_the_marks_of_the_series_table(demo):
    """B8 by months: all but September 2018 are made up; by quarters all but Q2 2018/19."""
    client = client_of("officer")
    by_month = client.get("/c/childrens-services/2018-Q2/m/b8/?by=month").context["table"].rows
    assert [row.period for row in by_month if "i" not in row.marks] == ["September 2018"]
    by_quarter = client.get("/c/childrens-services/2018-Q2/m/b8/").context["table"].rows
    marks = expected_marks()
    assert [row.period for row in by_quarter if "i" not in row.marks] == [
        quarter.label for quarter in [Q2.shift(-back) for back in range(13)] if not marks["B8", quarter.code][0]
    ]


def test_the_benchmarks(demo):
    found = {
        (row.series.code, row.comparator): row.value for row in Benchmark.objects.filter(source="DfE", start__year=2017)
    }
    assert {
        code: sorted(value for (one, _), value in found.items() if one == code) for code in ("A1", "E19", "E35")
    } == {
        "A1": [Decimal("20.5"), Decimal("21.9"), Decimal("22.9"), Decimal("25.5")],
        "E19": [64, 71, 86, 90],
        "E35": [Decimal("345.4"), Decimal("367.4"), Decimal("423.2"), Decimal("451.4")],
    }
    assert all(row.edition for row in Benchmark.objects.all())


# Who sees what of it


@pytest.mark.parametrize("key", ["officer", "analyst", "council-director", "trust-director", "administrator"])
def test_everybody_of_the_demonstration_has_a_landing_page(demo, key):
    lines = client_of(key).get("/").context["lines"]
    # Administrators alone know of the empty contract for old papers.
    empty = [[]] if key == "administrator" else []
    assert [[line.quarter.code for line in one.cycles] for one in lines] == [["2018-Q3", "2018-Q2"], *empty]
    assert [len(one.past) for one in lines] == [12, *map(len, empty)]


def test_the_empty_contract_for_old_papers(demo):
    empty = Contract.objects.get(slug="earlier-papers")
    assert empty.title == "Children's services, earlier papers"
    assert (empty.commissioner, empty.provider) == (demo.commissioner, demo.provider)
    assert (empty.measures.count(), empty.cycles.count(), empty.memberships.count()) == (0, 0, 0)
    assert [client_of(key).get("/c/earlier-papers/").status_code for key in ("officer", "analyst")] == [404, 404]


def test_the_empty_contract_comes_to_a_demonstration_loaded_before_there_was_one(demo):
    Contract.objects.filter(slug="earlier-papers").update(slug="moved-away")
    load()
    assert Contract.objects.get(slug="earlier-papers").is_demonstration


def test_an_open_quarter_shows_the_commissioner_no_figures(demo):
    card = card_of("officer@dmbc.example", Q3)
    assert not card.figures_visible
    assert {series.now.value for series in series_of(card).values()} == {None}


def test_the_audit_chain_verifies(demo):
    previous, number = "0" * 64, 0
    for number, entry in enumerate(AuditEntry.objects.filter(contract=demo).order_by("number"), start=1):
        body = {
            "act": entry.act,
            "at": entry.at.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
            "by": entry.by_id,
            "contract": entry.contract_id,
            "new": entry.new,
            "number": number,
            "object": entry.object,
            "old": entry.old,
            "previous": previous,
            "reason": entry.reason,
        }
        canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert (entry.number, entry.previous_hash) == (number, previous)
        assert entry.hash == hashlib.sha256(canonical.encode()).hexdigest()
        previous = entry.hash
    assert number > 50


def test_the_acts_are_done_by_those_who_may(demo):
    """The demonstration is made through the write functions, so nobody in it did what they may not."""
    done = set(AuditEntry.objects.values_list("by__email", "act"))
    officer, analyst, admin = "officer@dmbc.example", "analyst@dcst.example", "admin@perfmon.example"
    assert {(by, act) for by, act in done if act in ("open", "accept", "add area for improvement")} == {
        (officer, "open"),
        (officer, "accept"),
        (officer, "add area for improvement"),
    }
    assert {by for by, act in done if act in ("submit", "add past quarters")} == {analyst}
    assert {by for by, act in done if act in ("add measure", "add series", "set first target")} == {admin}
    assert {by for by, act in done if act == "release pane"} <= {officer, analyst}
    assert {by for by, _ in done} == {officer, analyst, admin}


def test_the_contract_is_marked_as_a_demonstration(demo):
    assert set(Contract.objects.values_list("is_demonstration", flat=True)) == {True}
    assert viewer_of(User.objects.get(email="admin@perfmon.example"), demo.slug).who is Who.ADMINISTRATOR
