"""Making a whole contract from its workbook, or filling one that has no measures yet: all or nothing."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.contracts import make_contract
from accounts.denial import Invalid, Stale
from accounts.models import Contract, User
from accounts.people import check_by
from accounts.roles import Who
from accounts.viewer import Viewer
from measures import catalogue, catalogue_definitions
from measures.catalogue_held import still
from measures.committee import add_committee_date, committee_dates
from measures.contract_changes import change_contract
from measures.models import Measure, Series
from measures.set_up_words import frequency_of

from . import planning
from .planning import Plan
from .shapes import ContractBook, MeasureRow, SeriesRow

MOVED = "Something changed here after you saw the preview. Look through it once more, then confirm. Nothing was stored."


@transaction.atomic
def load_contract(*, by: User, book: ContractBook, digest: str, sha256: str, now: datetime.datetime) -> Contract:
    """Write what the preview named by `digest` showed, in one transaction; `sha256` is that of the file, for the
    audit. Denied unless `by` is an administrator, Stale where the preview would be another one now or shows something
    refused, Invalid where the set-up pages would refuse what no check of the workbook found; then nothing is
    written."""
    check_by(by)
    # Of a contract that is held, nobody else changes anything meanwhile.
    for held in Contract.objects.filter(slug=book.contract.slug):
        still(held)
    plan = planning.plan(book)
    if plan.issues or plan.digest != digest:
        raise Stale(MOVED)
    try:
        with transaction.atomic():
            viewer = Viewer(by, _contract(by, plan, now), Who.ADMINISTRATOR)
            _committee(viewer, book, now)
            for position, row in enumerate(book.measures, 1):
                _measure(viewer, book, row, position, now)
    except IntegrityError as taken:
        # All rows were checked: somebody else took an address or a name in between.
        raise Stale(MOVED) from taken
    except ValueError as wrong:
        raise Invalid({"": str(wrong)}) from wrong
    except Invalid as invalid:
        if not invalid.errors or planning.plan(book).digest != digest:
            raise Stale(MOVED) from invalid
        raise
    audit.append(
        contract_id=viewer.contract.pk,
        by=by,
        now=now,
        act="load workbook",
        object=viewer.contract.slug,
        new={"sha256": sha256, **planning.counts(book)},
    )
    return viewer.contract


def _contract(by: User, plan: Plan, now: datetime.datetime) -> Contract:
    settings = planning.settings(plan.book.contract)
    sides = {party.value: side for party, side in plan.sides.items()}
    if plan.held is None:
        return make_contract(by=by, settings=settings, now=now, **sides)
    viewer = Viewer(by, plan.held, Who.ADMINISTRATOR)
    return change_contract(by=viewer, version=plan.held.version, settings=settings, now=now, **sides)


def _committee(by: Viewer, book: ContractBook, now: datetime.datetime) -> None:
    held = {row.quarter for row in committee_dates(by.contract)}
    for row in book.committee_dates:
        if row.quarter not in held:
            add_committee_date(by=by, quarter=row.quarter, on=row.on, now=now)


def _measure(by: Viewer, book: ContractBook, row: MeasureRow, position: int, now: datetime.datetime) -> None:
    measure = catalogue.add_measure(by=by, now=now, position=position, **vars(row))
    for place, one in enumerate(book.series_of(row.code)):
        _series(by, book, measure, one, place, now)


def _series(
    by: Viewer, book: ContractBook, measure: Measure, row: SeriesRow, position: int, now: datetime.datetime
) -> None:
    columns = {name: value for name, value in vars(row).items() if name != "measure"}
    first, *later = book.definitions_of(row.key)
    series = catalogue.add_series(
        by=by,
        measure=measure,
        definition=first.text,
        now=now,
        position=position,
        frequency=frequency_of(row.derivation),
        **columns,
    )
    if first.reason:
        _reason_of_first(by, series, first.text, first.reason, now)
    for definition in later:
        catalogue_definitions.add_definition(
            by=by,
            series=series,
            from_quarter=definition.from_quarter,
            text=definition.text,
            reason=definition.reason,
            now=now,
        )
    for target in book.targets_of(row.key):
        catalogue.set_first_target(
            by=by,
            series=series,
            from_quarter=target.from_quarter,
            now=now,
            target=target.target,
            tolerance=target.tolerance,
            target_basis=target.target_basis,
            tolerance_basis=target.tolerance_basis,
            reason=target.reason,
        )


def _reason_of_first(by: Viewer, series: Series, text: str, reason: str, now: datetime.datetime) -> None:
    row = catalogue_definitions.latest(series)
    assert row is not None
    catalogue_definitions.correct_definition(
        by=by, definition=row, version=row.version, text=text, reason=reason, now=now
    )
