"""An old paper into a past quarter: everything that it makes, what it leaves alone, and nothing where it fails."""

from decimal import Decimal

import pytest

from accounts.denial import Denied, NotKnown, Stale, WrongState
from accounts.models import AuditEntry
from accounts.roles import Party, Who
from commentary import panes
from commentary.models import Pane, PaneVersion
from measures import scorecard
from measures.models import (
    Cycle,
    Definition,
    ImportBatch,
    ImportChange,
    Measure,
    Observation,
    Series,
    Target,
)
from measures.rating import Polarity
from measures.recording import Invalid
from measures.states import State
from measures.terms import Kind
from tests import factories
from tests.factories import NOW, Q2
from tests.papers import MEASURES, PAPERS, SAID, SHAPES, PaperDesk, counted, grown, row, shape, table, twin_docx
from workflow.papers import loading
from workflow.papers.plans import Choice, Stand
from workflow.papers.reading import html_blocks

Q1, Q3 = Q2.previous, Q2.next


@pytest.mark.parametrize("path", PAPERS)
def test_everything_of_the_paper_is_held(papers, path):
    batch = papers.load(papers.upload(path.read_bytes()))
    measures = Measure.objects.filter(contract=papers.contract)
    held = [
        (
            measure.code,
            tuple(series.code for series in measure.series.all()),
            measure.kind,
            [(str(_value(series)), series.unit) for series in measure.series.all()],
            *_aims(measure),
        )
        for measure in measures
    ]
    assert held == MEASURES
    assert [(one.position, one.slug, one.first_quarter) for one in measures] == [
        (place, one[0].lower().replace("/", "-"), Q2) for place, one in enumerate(MEASURES, start=1)
    ]
    texts = {one.code: tuple(_text(one, party) for party in Party) for one in measures}
    assert {
        code: tuple(shape(html_blocks(text)) if text else "" for text in both) for code, both in texts.items()
    } == SHAPES
    assert (batch.state, batch.content, batch.confirmed_by, batch.confirmed_at) == (
        "confirmed",
        None,
        papers.admin.user,
        NOW,
    )
    assert batch.counts == {
        "measures": 7,
        "new": 9,
        "targets": 4,
        "texts": 12,
        "unchanged": 0,
        "different": 0,
        "refused": 0,
    }


def _value(series):
    return int(Observation.objects.get(series=series, start=Q2.start).value)


def _aims(measure):
    target = Target.objects.filter(series__measure=measure).first()
    return (target.target, target.tolerance) if target else (None, None)


def _text(measure, party):
    pane = Pane.objects.filter(measure=measure, party=party).first()
    return pane.released if pane else ""


def test_the_rows_that_are_made(papers):
    before = counted()
    papers.load()
    assert grown(before) == {
        "Cycle": 1,
        "Measure": 7,
        "Series": 9,
        "Definition": 9,
        "Target": 4,
        "Observation": 9,
        "Pane": 12,
        "PaneVersion": 12,
        "ImportBatch": 1,
        "ImportChange": 9,
        # Measures, series, targets, the past quarter, the texts, the paper.
        "AuditEntry": 7 + 9 + 4 + 1 + 1 + 1,
    }
    cycle = Cycle.objects.get(contract=papers.contract)
    assert (cycle.quarter, cycle.state, cycle.values_due) == (Q2, State.PAST, None)
    assert set(Series.objects.values_list("derivation", "frequency", "window", "first_quarter")) == {
        ("entered", "quarter", "period", Q2)
    }
    fields = "code name role position unit decimals polarity".split()
    assert list(Series.objects.order_by("measure", "position").values_list(*fields))[-3:] == [
        ("E35", "Rate per 10,000", "pair", 1, "rate_per_10000", 0, "neutral"),
        ("E18", "Number", "headline", 0, "count", 0, "neutral"),
        ("E19", "Rate per 10,000", "pair", 1, "rate_per_10000", 0, "neutral"),
    ]
    assert set(Observation.objects.values_list("origin", "status", "illustrative", "by")) == {
        ("imported", "final", False, papers.admin.user.pk)
    }
    assert set(Target.objects.values_list("target_basis", "tolerance_basis", "agreed_at", "agreed_by")) == {
        ("contract", "contract", NOW, None)
    }
    assert Definition.objects.first().text.startswith("As printed in the committee paper of Q2 2018/19")


def test_what_was_chosen_is_held(papers):
    papers.load()
    held = {
        measure.code: (measure.title, measure.section, measure.series.first().polarity)
        for measure in Measure.objects.all()
    }
    assert held["A4"] == ("% of Children Visited in Time (in need, on a plan, in care)", "Front door", "higher")
    assert held["A1"][2] == "lower"
    assert held["E1"] == ("Contacts", "Volumetric measures", "neutral")


def test_a_title_that_is_cut_to_a_name_ends_in_a_word(papers):
    """A cell keeps no space at its end, so that a name with one would not come back from a workbook."""
    papers.load(said=SAID | {"E1": Choice(title=f"{'C' * 119} of families")})
    assert Series.objects.get(code="E1").name == "C" * 119


def test_the_ratings(papers):
    papers.load()
    viewer = papers.people[Who.OFFICER]
    card = scorecard.build(Cycle.objects.get(), viewer)
    assert {measure.code: str(measure.status) for measure in card.rows} == {
        "A1": "amber",
        "A4": "missed",
        "B8": "missed",
        "FO1": "missed",
        "E1": "none",
        "E34/35": "none",
        "E18/19": "none",
    }


@pytest.mark.parametrize("who", [*Who])
def test_both_parties_and_administrators_read_the_texts_as_imported(papers, who):
    papers.load()
    measure = Measure.objects.get(code="FO1")
    for view in panes.pair(Cycle.objects.get(), measure, papers.people[who]):
        assert view.html.startswith("<p>")
        assert (view.is_released, view.released_by_name, view.can_write) == (True, "", False)
        assert view.state == "Imported 2 November 2018"


def test_the_texts_have_a_history(papers):
    papers.load()
    versions = PaneVersion.objects.filter(pane__measure__code="A1").order_by("pane__party")
    assert [(one.version, one.kind, one.is_open, one.by, one.text == one.pane.released) for one in versions] == [
        (1, "saved", False, papers.admin.user, True)
    ] * 2


def test_the_audit_names_file_and_counts(papers):
    batch = papers.load()
    entries = AuditEntry.objects.order_by("-number")
    assert (entries[0].act, entries[0].object) == ("import paper", "2018-Q2")
    assert entries[0].new == {"file": batch.sha256, **batch.counts}
    assert (entries[1].act, len(entries[1].new)) == ("import texts", 12)


def test_the_record_of_what_was_written(papers):
    batch = papers.load()
    changes = {change.series.code: change for change in ImportChange.objects.filter(batch=batch)}
    assert len(changes) == 9
    assert (changes["E35"].old, changes["E35"].new["value"], changes["E35"].version) == (None, "396", 1)
    assert changes["E35"].period == Q2


def test_a_word_document(papers):
    papers.load(papers.upload(twin_docx(), "Q2 2018-19.docx"))
    assert Observation.objects.count() == 9
    assert Pane.objects.count() == 12


class TestAgain:
    def test_the_same_paper_changes_nothing(self, papers):
        papers.load()
        before = counted()
        again = papers.upload()
        assert papers.plan(again).brings_nothing
        batch = papers.load(again, said={})
        assert grown(before) == {"ImportBatch": 1, "AuditEntry": 1}
        assert batch.counts == {
            "measures": 0,
            "new": 0,
            "targets": 0,
            "texts": 0,
            "unchanged": 9 + 4 + 12,
            "different": 0,
            "refused": 0,
        }

    def test_what_differs_is_named_and_stays(self, papers):
        papers.load()
        Observation.objects.filter(series__code="A1").update(value=30)
        Target.objects.filter(series__code="B8").update(target=95)
        Pane.objects.filter(measure__code="E1", party="provider").update(released="<p>None.</p>")
        before = counted()
        plan = papers.plan(papers.upload())
        held = {one.code: one for one in plan.measures}
        assert (held["A1"].values[0].stand, held["A1"].values[0].held) == (Stand.DIFFERENT, "30%")
        assert (held["B8"].aim.stand, held["B8"].aim.held) == (Stand.DIFFERENT, "target 95%")
        assert held["E1"].texts[Party.PROVIDER].stand is Stand.DIFFERENT
        assert plan.counts["different"] == 3
        papers.load(said={})
        assert grown(before) == {"ImportBatch": 2, "AuditEntry": 1}
        assert Observation.objects.get(series__code="A1").value == 30

    def test_a_confirmed_paper_waits_for_nothing(self, papers):
        batch = papers.load()
        with pytest.raises(WrongState, match="was imported on 2 November 2018"):
            papers.load(batch)

    def test_a_rounded_value_is_the_held_one(self, papers):
        papers.load()
        Observation.objects.filter(series__code="FO1").update(value=Decimal("84.210526"), numerator=16, denominator=19)
        assert papers.plan(papers.upload()).counts["unchanged"] == 25


A9 = {"A9": Choice(section="S", kind="local", polarity=Polarity.NEUTRAL)}


class TestRefused:
    @pytest.mark.parametrize("who", [who for who in Who if who is not Who.ADMINISTRATOR])
    def test_only_administrators(self, papers, who):
        batch, before = papers.upload(), counted()
        with pytest.raises(Denied, match="Only an administrator may"):
            papers.load(batch, by=papers.people[who])
        with pytest.raises(Denied, match="Only an.* administrator"):
            papers.upload(by=papers.people[who])
        assert grown(before) == {}

    def test_a_paper_of_another_contract(self, papers):
        batch = PaperDesk("elsewhere").upload()
        with pytest.raises(NotKnown):
            papers.load(batch)

    def test_a_file_of_values(self, papers):
        batch = papers.upload()
        ImportBatch.objects.update(kind="values")
        with pytest.raises(NotKnown):
            papers.load(batch)

    @pytest.mark.parametrize(
        ("quarter", "said"),
        [
            (Q3, "Choose a quarter before Q3 2018/19: old papers are brought into past quarters only."),
            (Q1, "The paper’s values are those of Q2. Choose such a quarter; Q1 2018/19 is none."),
        ],
    )
    def test_quarters(self, papers, quarter, said):
        batch, before = papers.upload(), counted()
        with pytest.raises(Invalid) as refused:
            papers.load(batch, quarter=quarter)
        assert (refused.value.errors, grown(before)) == ({"quarter": said}, {})

    def test_a_quarter_that_was_opened(self, papers):
        factories.open_cycle(papers.contract, papers.people[Who.OFFICER])
        with pytest.raises(Invalid, match="Choose a quarter before Q2 2018/19"):
            papers.load()

    def test_what_it_adds_ends_before_the_first_opened_quarter(self, papers):
        factories.open_cycle(papers.contract, papers.people[Who.OFFICER], Q3)
        papers.load()
        ends = {one.last_quarter for rows in (Measure.objects.all(), Series.objects.all()) for one in rows}
        assert ends == {Q2}

    def test_no_target_that_would_rate_an_opened_quarter(self, papers):
        series = factories.make_series(factories.make_measure(papers.contract, "B8"))
        factories.open_cycle(papers.contract, papers.people[Who.OFFICER], Q3)
        papers.load()
        assert not series.targets.exists()

    def test_two_rows_of_one_measure_here_are_not_laid_over_each_other(self, papers):
        measure = factories.make_measure(papers.contract, "B8")
        factories.make_series(measure)
        factories.make_series(measure, code="A1", role="pair")
        plan = papers.plan(papers.upload())
        assert {one.printed.code: one.is_left for one in plan.measures if one.measure == measure} == {
            "A1": False,
            "B8": True,
        }

    def test_what_only_a_person_can_say(self, papers):
        batch, before = papers.upload(), counted()
        with pytest.raises(Invalid) as refused:
            papers.load(batch, said={"A1": Choice(section=" ", polarity=Polarity.HIGHER), "E1": SAID["E1"]})
        assert refused.value.errors == {
            "A1 section": "Give A1 a section.",
            "A1 polarity": "A1: Where higher is better, the tolerance cannot be above the target.",
            "A4 section": "Give A4 a section.",
            "A4 polarity": "Choose for A4 which way is better.",
            "B8 section": "Give B8 a section.",
            "B8 polarity": "Choose for B8 which way is better.",
            "FO1 section": "Give FO1 a section.",
            "FO1 polarity": "Choose for FO1 which way is better.",
        }
        assert grown(before) == {}

    def test_the_other_things_that_can_be_wrong(self, papers):
        batch = papers.upload(table(row("A8 Visits Q2 = 5% Target: 4%"), row("A9<br>Q2 = 5")))
        said = {
            "A8": Choice(section="x" * 81, polarity=Polarity.NEUTRAL),
            "A9": Choice(title="x" * 201, section="S", polarity=Polarity.LOWER),
        }
        with pytest.raises(Invalid) as refused:
            papers.load(batch, said=said)
        assert refused.value.errors == {
            "A8 section": "Shorten the section of A8 by 1 characters.",
            "A8 polarity": "A8 has a target, so one way must be better: choose which.",
            "A9 title": "Shorten the title of A9 by 1 characters.",
            "A9 kind": "Choose of which kind A9 is.",
        }

    def test_a_volumetric_measure_needs_no_way(self, papers):
        papers.load(papers.upload(table(row("A9 T Q2 = 5"))), said={"A9": Choice(section="S", kind=Kind.VOLUMETRIC)})
        assert Series.objects.get().polarity == "neutral"

    def test_a_preview_that_is_no_longer_so(self, papers):
        batch = papers.upload()
        seen = papers.plan(batch).digest
        measure = factories.make_measure(papers.contract, "A1", first_quarter=Q2)
        factories.make_series(measure, polarity="lower")
        before = counted()
        with pytest.raises(Stale, match="has changed since"):
            papers.load(batch, digest=seen)
        assert grown(before) == {}
        papers.load(batch, digest=papers.plan(batch).digest)

    @pytest.mark.parametrize("step", ["_bring_texts", "_write_values", "_keep"])
    def test_a_failure_half_way_leaves_nothing(self, papers, monkeypatch, step):
        batch, before = papers.upload(), counted()
        monkeypatch.setattr(loading, step, lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            papers.load(batch)
        assert grown(before) == {}
        monkeypatch.undo()
        papers.load(batch)
        assert Observation.objects.count() == 9


def test_the_digest_tells_everything_apart(papers):
    batch = papers.upload()
    seen = {papers.plan(batch).digest, papers.plan(batch, None).digest, papers.plan(batch, Q2.shift(-4)).digest}
    papers.load(batch)
    seen.add(papers.plan(papers.upload()).digest)
    Observation.objects.filter(series__code="E35").update(value=400)
    seen.add(papers.plan(papers.upload()).digest)
    Pane.objects.filter(measure__code="A1", party="provider").update(released="<p>None.</p>")
    seen.add(papers.plan(papers.upload()).digest)
    assert len(seen) == 6


def test_without_a_quarter_nothing_is_compared(papers):
    papers.load()
    plan = papers.plan(papers.upload(), None)
    assert {one.measure is None for one in plan.measures} == {False}
    assert {stand for one in plan.measures for stand in one.stands} == {Stand.NEW}


def test_hostile_texts_are_cleaned(papers):
    hostile = '<p onclick="x()">One.<script>alert(1)</script></p><a href="javascript:x()">two</a>'
    papers.load(papers.upload(table(row("A9 Visits Q2 = 5", hostile))), said=A9)
    assert Pane.objects.get().released == "<p>One.</p><p>two</p>"
