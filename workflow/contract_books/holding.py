"""What is held of a contract, as the rows of its workbook."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import Contract
from measures.committee import committee_dates
from measures.models import Definition, Measure, Series, Target

from .shapes import CommitteeRow, ContractBook, ContractRow, DefinitionRow, MeasureRow, SeriesRow, TargetRow


def book_of(contract: Contract) -> ContractBook:
    """5 queries, however much there is. Targets are those in force or to come: neither proposals nor what was
    withdrawn."""
    measures = list(Measure.objects.filter(contract=contract).order_by("position", "code"))
    series = list(
        Series.objects.filter(measure__contract=contract)
        .select_related("measure")
        .order_by("measure__position", "measure__code", "position", "first_quarter", "code")
    )
    place = {one.pk: number for number, one in enumerate(series)}
    by_series = {one.pk: one for one in series}
    definitions = Definition.objects.filter(series__in=place).order_by("from_quarter")
    targets = Target.objects.filter(series__in=place, agreed_at__isnull=False, withdrawn_at__isnull=True)
    return ContractBook(
        contract=_contract(contract),
        committee_dates=tuple(CommitteeRow(row.quarter, row.on) for row in reversed(committee_dates(contract))),
        measures=tuple(_measure(row) for row in measures),
        series=tuple(_series(row) for row in series),
        definitions=tuple(_definition(row, by_series[row.series_id]) for row in _in_place(definitions, place)),
        targets=tuple(
            _target(row, by_series[row.series_id]) for row in _in_place(targets.order_by("from_quarter"), place)
        ),
    )


def _in_place(rows: Iterable, place: dict[int, int]) -> list:
    """In the order of their series."""
    return sorted(rows, key=lambda row: place[row.series_id])


def _contract(held: Contract) -> ContractRow:
    return ContractRow(
        title=held.title,
        slug=held.slug,
        commissioner=held.commissioner.name,
        commissioner_short=held.commissioner.short_name,
        provider=held.provider.name,
        provider_short=held.provider.short_name,
        values_due_days=held.values_due_days,
        commentary_due_days=held.commentary_due_days,
        small_cohort=held.small_cohort,
        requires_second_factor=held.requires_second_factor,
    )


def _measure(held: Measure) -> MeasureRow:
    return MeasureRow(
        code=held.code,
        slug=held.slug,
        title=held.title,
        section=held.section,
        kind=held.kind,
        first_quarter=held.first_quarter,
        last_quarter=held.last_quarter,
        why_it_matters=_lines(held.why_it_matters),
        owner=held.owner,
        source=held.source,
    )


def _series(held: Series) -> SeriesRow:
    return SeriesRow(
        measure=held.measure.code,
        code=held.code,
        name=held.name,
        role=held.role,
        unit=held.unit,
        decimals=held.decimals,
        polarity=held.polarity,
        derivation=held.derivation,
        window=held.window,
        maximum=held.maximum,
        counted=held.counted,
        counted_one=held.counted_one,
        first_quarter=held.first_quarter,
        last_quarter=held.last_quarter,
    )


def _definition(held: Definition, series: Series) -> DefinitionRow:
    return DefinitionRow(
        measure=series.measure.code,
        series=series.code,
        series_from=series.first_quarter,
        from_quarter=held.from_quarter,
        text=_lines(held.text),
        reason=_lines(held.reason),
    )


def _target(held: Target, series: Series) -> TargetRow:
    return TargetRow(
        measure=series.measure.code,
        series=series.code,
        series_from=series.first_quarter,
        from_quarter=held.from_quarter,
        target=held.target,
        tolerance=held.tolerance,
        target_basis=held.target_basis,
        tolerance_basis=held.tolerance_basis,
        reason=_lines(held.reason),
    )


def _lines(text: str) -> str:
    """Line ends as a cell holds them, whatever a browser sent."""
    return text.replace("\r\n", "\n").strip()
