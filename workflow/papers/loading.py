"""Bringing an old paper into a past quarter: measures, first targets, values and both texts, all or nothing."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max

from accounts import audit
from accounts.denial import Stale
from accounts.roles import Party
from accounts.viewer import Viewer
from commentary import importing
from measures import catalogue, history, writing
from measures.imports import lifecycle, preview
from measures.imports.brought import Brought
from measures.imports.issues import Issue
from measures.models import Cycle, ImportBatch, Measure, Series
from measures.policies import check_standing
from measures.quarters import Quarter
from measures.rating import Polarity
from measures.recording import Invalid
from measures.rights import Act
from measures.states import State
from measures.terms import Basis, BatchKind, Frequency, Kind, Origin, SeriesRole
from measures.writing import Write, Written

from ..measure_set_up import free_slug
from . import comparing, holding, parsing, reading
from .plans import UNIT_NAMES, Choice, Choices, MeasurePlan, PaperPlan, Stand, lacking
from .shapes import Paper

DEFINITION = "As printed in the committee paper of {}, which does not say how it is counted."
LONGEST_NAME = 120


def paper_of(batch: ImportBatch) -> Paper:
    """Unreadable where the file is no paper that can be read, WrongState when somebody confirmed or threw it away just
    now."""
    return parsing.parse(reading.read(batch.filename, preview.content_of(batch)))


@transaction.atomic
def load_paper(*, by: Viewer, batch: ImportBatch, choices: Choices, now: datetime.datetime) -> ImportBatch:
    """Write what is new, in one transaction, and nothing over what is held. `choices.digest` names the preview that
    was seen; without one nothing is compared with it.

    Raises Denied unless an administrator does it, WrongState for a paper that was brought in before, Unreadable,
    Invalid with "quarter" or "<code> <field>" as keys for what is missing, Stale when the preview would be another
    one now; then nothing is written.
    """
    check_standing(Act.SET_UP, by)
    batch = lifecycle.waiting(by, batch, kinds=(BatchKind.PAPER,), lock=True)
    paper, quarter = paper_of(batch), choices.quarter
    limit = holding.limit_of(by.contract, now=now)
    if problem := comparing.quarter_problem(paper, quarter, limit):
        raise Invalid({"quarter": problem})
    # Cycles before the contract, as every other writer does, or two of them would wait for each other.
    list(Cycle.objects.select_for_update().filter(contract=by.contract).order_by("quarter"))
    # This locks the contract: nobody opens a quarter or brings another paper in meanwhile.
    history.add_past_quarters(by=by, quarters=[quarter], now=now)
    plan = comparing.compare(paper, by.contract, quarter, source=batch.sha256)
    if choices.digest and choices.digest != plan.digest:
        raise Stale(lifecycle.MOVED)
    if missing := lacking(plan, choices.measures):
        raise Invalid({f"{code} {name}": sentence for (code, name), sentence in missing.items()})
    cycle = Cycle.objects.get(contract=by.contract, quarter=quarter)
    measures = _set_up(by, plan, choices, now)
    written = _write_values(by, measures, quarter, now)
    _bring_texts(by, measures, cycle, now)
    _keep(by, batch, plan, written, now)
    return batch


Made = tuple[MeasurePlan, Measure, dict[str, Series]]


def _set_up(by: Viewer, plan: PaperPlan, choices: Choices, now: datetime.datetime) -> list[Made]:
    """Every measure of the plan as a row, with its series by code, those that were missing made."""
    highest = Measure.objects.filter(contract=by.contract).aggregate(Max("position"))["position__max"] or 0
    found = []
    for one in plan.measures:
        if one.is_left:
            continue
        choice = _whole(one, choices.measures.get(one.printed.code, Choice()))
        measure = one.measure
        if measure is None:
            highest += 1
            measure = _add_measure(by, one, choice, plan.quarter, highest, now)
        held = [each.series for each in one.values if each.series]
        catalogue.start_earlier(by=by, measure=measure, series=held, quarter=plan.quarter, now=now)
        found.append((one, measure, _series(by, one, measure, choice, plan.quarter, now)))
    return found


def _whole(one: MeasurePlan, choice: Choice) -> Choice:
    """What was said, and where nothing was asked what the paper or the contract says."""
    kind = Kind(one.measure.kind) if one.measure else one.printed.kind or choice.kind
    return Choice(
        title=choice.title.strip() if "title" in one.asks else one.offered.title,
        section=choice.section.strip() if "section" in one.asks else one.offered.section,
        kind=kind,
        polarity=Polarity.NEUTRAL if kind is Kind.VOLUMETRIC else choice.polarity if "polarity" in one.asks else None,
    )


def _add_measure(by: Viewer, one: MeasurePlan, choice: Choice, quarter: Quarter, position: int, now) -> Measure:
    return catalogue.add_measure(
        by=by,
        now=now,
        code=one.code,
        slug=free_slug(by, one.code),
        title=choice.title,
        section=choice.section,
        kind=choice.kind,
        position=position,
        first_quarter=quarter,
        last_quarter=_end(by),
        source=f"Committee paper of {quarter.label}",
    )


def _end(by: Viewer) -> Quarter | None:
    """The quarter before the first opened one, where what an old paper adds ends: no opened quarter asked for it. None
    while no quarter was opened."""
    opened = Cycle.objects.filter(contract=by.contract).exclude(state=State.PAST).order_by("quarter").first()
    return opened.quarter.previous if opened else None


def _series(
    by: Viewer, one: MeasurePlan, measure: Measure, choice: Choice, quarter: Quarter, now: datetime.datetime
) -> dict[str, Series]:
    found = {}
    for place, each in enumerate(one.values):
        series = each.series
        if series is None:
            name = measure.title if len(one.printed.codes) == 1 else UNIT_NAMES[each.unit]
            series = catalogue.add_series(
                by=by,
                measure=measure,
                definition=DEFINITION.format(quarter.label),
                now=now,
                code=each.code,
                # Cells of a workbook keep no space at their end.
                name=name[:LONGEST_NAME].rstrip(),
                role=SeriesRole.PAIR if place else SeriesRole.HEADLINE,
                position=one.printed.codes.index(each.code),
                unit=each.unit,
                decimals=each.decimals,
                polarity=choice.polarity or measure.series.earliest("position").polarity,
                derivation="entered",
                frequency=Frequency.QUARTER,
                first_quarter=quarter,
                last_quarter=_end(by),
            )
        if place == 0 and one.aim and one.aim.stand is Stand.NEW:
            _set_target(by, one, series, quarter, now)
        found[each.code] = series
    return found


def _set_target(by: Viewer, one: MeasurePlan, series: Series, quarter: Quarter, now: datetime.datetime) -> None:
    catalogue.set_first_target(
        by=by,
        series=series,
        from_quarter=quarter,
        now=now,
        target=one.aim.target,
        tolerance=one.aim.tolerance,
        target_basis=Basis.CONTRACT,
        tolerance_basis=Basis.CONTRACT,
        reason=f"Printed in the committee paper of {quarter.label}.",
    )


def _write_values(by: Viewer, measures: Sequence[Made], quarter: Quarter, now: datetime.datetime) -> list[Written]:
    writes = [
        Write(series[each.code], quarter, comparing.entry_of(each.value), version=0, origin=Origin.IMPORTED)
        for one, _, series in measures
        for each in one.values
        if each.stand is Stand.NEW
    ]
    return writing.write(by=by, writes=writes, now=now)


def _bring_texts(by: Viewer, measures: Sequence[Made], cycle: Cycle, now: datetime.datetime) -> None:
    texts = [
        importing.Text(measure, Party(party), text.html)
        for one, measure, _ in measures
        for party, text in one.texts.items()
        if text.stand is Stand.NEW
    ]
    importing.bring_in(by=by, cycle=cycle, texts=texts, now=now)


def _keep(by: Viewer, batch: ImportBatch, plan: PaperPlan, written: Sequence[Written], now: datetime.datetime) -> None:
    mapping = {
        "quarter": plan.quarter.code,
        "left_out": [_kept(issue) for issue in plan.left_out],
        "brought": _brought(plan).as_json(),
    }
    lifecycle.keep(by=by, batch=batch, written=written, now=now, mapping=mapping, counts=plan.counts)
    audit.append(
        contract_id=by.contract.pk,
        by=by.user,
        now=now,
        act="import paper",
        object=plan.quarter.code,
        new={"file": batch.sha256, **plan.counts},
    )


def _brought(plan: PaperPlan) -> Brought:
    measures = [one for one in plan.measures if not one.is_left]
    texts = {
        party: tuple(one.code for one in measures if party in one.texts and one.texts[party].stand is Stand.NEW)
        for party in Party
    }
    return Brought(
        measures=tuple(one.code for one in measures if one.measure is None),
        earlier=tuple(one.code for one in measures if one.starts_earlier),
        targets=tuple(one.values[0].code for one in measures if one.aim and one.aim.stand is Stand.NEW),
        responses=texts[Party.COMMISSIONER],
        comments=texts[Party.PROVIDER],
    )


def _kept(issue: Issue) -> dict[str, object]:
    return {name: getattr(issue, name) for name in ("code", "sheet", "row", "column", "read", "why")}
