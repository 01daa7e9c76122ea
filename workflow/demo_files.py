"""Read the demonstration data of ``workflow/demo/``.

Only reads and checks; ``load_demo`` writes the rows through the write functions. Whatever
is wrong in a file is a ValueError that names the file, the entry or line, the key and the
remedy.
"""

import csv
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path
from typing import Any

from accounts.roles import Party
from measures.derivation import Derivation
from measures.entries import Bounds, Entry, Status, problems
from measures.numbers import Unit
from measures.rating import Polarity, check_target
from measures.states import State
from measures.terms import BenchmarkScope, Comparability, EventKind, Statistic
from workflow.demo_rows import (
    DemoArea,
    DemoBenchmark,
    DemoContract,
    DemoCycle,
    DemoData,
    DemoEvent,
    DemoMeasure,
    DemoObservation,
    DemoOrganisation,
    DemoPaperQuarter,
    DemoPerson,
    DemoSeries,
    DemoTarget,
    DemoText,
)

FOLDER = Path(__file__).parent / "demo"
# The second contract, of another kind and with people of its own.
HOUSING = FOLDER / "housing"
ILLUSTRATIVE = "(illustrative)"
Reader = Callable[..., Any]


def read(folder: Path = FOLDER) -> DemoData:
    """All demonstration data of the folder, checked within and across its files."""
    contract = _toml(folder, "contract.toml", {"contract", "people", "cycles", "areas"})
    measures = _toml(folder, "measures.toml", {"measures"})
    texts = _toml(folder, "texts.toml", {"texts"})
    data = DemoData(
        contract=_build(DemoContract, contract["contract"], "contract.toml, contract"),
        people=_each(DemoPerson, contract["people"], "contract.toml, people"),
        cycles=_each(DemoCycle, contract["cycles"], "contract.toml, cycles"),
        areas=_each(DemoArea, contract["areas"], "contract.toml, areas"),
        measures=_each(DemoMeasure, measures["measures"], "measures.toml, measures"),
        observations=_rows(DemoObservation, folder, "observations.csv"),
        benchmarks=_rows(DemoBenchmark, folder, "benchmarks.csv"),
        texts=_each(DemoText, texts["texts"], "texts.toml, texts"),
    )
    for problem in _problems(data):
        raise ValueError(problem)
    return data


def _toml(folder: Path, name: str, keys: set[str]) -> dict[str, Any]:
    try:
        # Floats become Decimal: 90.0 stays exactly 90.0.
        table = tomllib.loads(_content(folder, name), parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{name}: {error}. Correct the TOML there.") from error
    if set(table) != keys:
        found = ", ".join(sorted(table)) or "nothing"
        wanted = ", ".join(sorted(keys))
        raise ValueError(f"{name}: top level holds {found}. Give exactly: {wanted}.")
    return table


def _content(folder: Path, name: str) -> str:
    try:
        return (folder / name).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ValueError(f"{name}: not found. Put it into {folder}.") from error


def _rows(kind: type, folder: Path, name: str) -> tuple[Any, ...]:
    """One row per line of a CSV file; an empty cell is an absent key."""
    reader = csv.DictReader(_content(folder, name).splitlines(), strict=True)
    rows = []
    for cells in reader:
        place = f"{name}, line {reader.line_num}"
        if None in cells or None in cells.values():
            raise ValueError(f"{place}: not as many cells as the header. Check the commas.")
        rows.append(_build(kind, {key: cell for key, cell in cells.items() if cell}, place))
    return tuple(rows)


def _each(kind: type, tables: object, place: str) -> tuple[Any, ...]:
    if not isinstance(tables, list):
        raise ValueError(f"{place}: not a list of tables. Write [[double brackets]].")
    return tuple(_build(kind, table, f"{place} {n}") for n, table in enumerate(tables, start=1))


def _build(kind: type, table: object, place: str) -> Any:
    """One row of the dataclass, each value read by the rule of its key."""
    if not isinstance(table, Mapping):
        raise ValueError(f"{place}: not a table. Write keys and values.")
    known = {field.name: field for field in fields(kind)}
    required = {name for name, field in known.items() if field.default is MISSING}
    for key in table:
        if key not in known:
            raise ValueError(f"{place}, key {key}: unknown. Use one of: {', '.join(known)}.")
    for key in known:
        if key in required and key not in table:
            raise ValueError(f"{place}, key {key}: missing. Add it.")
    values = {}
    for key, raw in table.items():
        if nested := _for_key(NESTED, kind, key):
            values[key] = nested(raw, f"{place}, {key}")
            continue
        try:
            values[key] = (_for_key(RULES, kind, key) or _text)(raw)
        except ValueError as error:
            raise ValueError(f"{place}, key {key}: {error}") from error
    return kind(**values)


def _for_key(table: dict[str, Reader], kind: type, key: str) -> Reader | None:
    return table.get(f"{kind.__name__}.{key}") or table.get(key)


def _text(raw: object) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise ValueError(f"{raw!r} is no text. Write some words.")
    return raw.strip()


def _shaped(pattern: str, example: str, raw: object) -> str:
    if not re.fullmatch(pattern, str(raw)):
        raise ValueError(f"{raw!r} is not understood. Write it like {example}.")
    return str(raw)


def _one_of(allowed: tuple[str, ...], raw: object) -> str:
    if raw not in allowed:
        raise ValueError(f"{raw!r} is not allowed. Use one of: {', '.join(allowed)}.")
    return str(raw)


def _number(raw: object) -> Decimal:
    try:
        number = Decimal(str(raw))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0 or isinstance(raw, bool):
        raise ValueError(f"{raw!r} is not a number of zero or more. Write it like 22.5.")
    return number


def _whole(raw: object) -> int:
    number = _number(raw)
    if number != int(number):
        raise ValueError(f"{raw!r} is not a whole number. Write it like 2.")
    return int(number)


def _flag(raw: object) -> bool:
    if raw not in (True, False, "true", "false"):
        raise ValueError(f"{raw!r} is neither true nor false. Write true or false.")
    return raw in (True, "true")


def _day(raw: object) -> date:
    try:
        return date.fromisoformat(str(raw))
    except ValueError as error:
        raise ValueError(f"{raw!r} is not a day. Write it like 2018-12-06.") from error


_quarter = partial(_shaped, r"\d{4}-Q[1-4]", "2018-Q2")
_year = partial(_shaped, r"\d{4}", "2017 for the year 2017/18")
_slug = partial(_shaped, r"[a-z0-9]+(-[a-z0-9]+)*", "e34-35")
_email = partial(_shaped, r"[a-z.]+@[a-z.]+\.example", "officer@council.example")
_period = partial(_shaped, r"\d{4}-(Q[1-4]|0[1-9]|1[0-2])", "2018-Q2 or 2018-09")
_basis = partial(_one_of, ("contract", "illustrative"))


# A key means the same in every file; where it does not, the row's name stands before it.
RULES: dict[str, Reader] = {
    "quarter": _quarter, "from_quarter": _quarter, "first_quarter": _quarter,
    "period": _period, "year": _year, "slug": _slug, "email": _email,
    "DemoPerson.role": partial(_one_of, ("officer", "analyst", "director", "administrator")),
    "DemoSeries.role": partial(_one_of, ("headline", "pair", "subgroup")),
    "value": _number, "numerator": _number, "denominator": _number,
    "target": _number, "tolerance": _number, "maximum": _number,
    "decimals": _whole, "position": _whole,
    "released": _flag, "illustrative": _flag, "counts_illustrative": _flag,
    "target_basis": _basis, "tolerance_basis": _basis,
    "party": partial(_one_of, tuple(Party)),
    "state": partial(_one_of, (State.PAST, State.OPEN, State.COMMENTARY)),
    "kind": partial(_one_of, ("contractual", "volumetric", "local")),
    "unit": partial(_one_of, tuple(Unit)),
    "polarity": partial(_one_of, tuple(Polarity)),
    "derivation": partial(_one_of, tuple(Derivation)),
    "window": partial(_one_of, ("period", "rolling_12m", "year_to_date")),
    "frequency": partial(_one_of, ("month", "quarter")),
    "status": partial(_one_of, tuple(Status)),
    "comparability": partial(_one_of, tuple(Comparability)),
    "scope": partial(_one_of, tuple(BenchmarkScope)),
    "statistic": partial(_one_of, tuple(Statistic)),
    "published_on": _day,
    "at": _day,
    "DemoEvent.kind": partial(_one_of, tuple(EventKind)),
    "DemoEvent.by": partial(_one_of, ("officer", "analyst")),
}  # fmt: skip

NESTED: dict[str, Reader] = {
    "commissioner": partial(_build, DemoOrganisation),
    "provider": partial(_build, DemoOrganisation),
    "DemoMeasure.series": partial(_each, DemoSeries),
    "targets": partial(_each, DemoTarget),
    "events": partial(_each, DemoEvent),
    "paper_quarters": partial(_each, DemoPaperQuarter),
}


def _problems(data: DemoData) -> Iterator[str]:
    """What no single entry can show: repeated keys, unknown names, values that contradict.

    Lazy, because later checks rely on what the earlier ones found to be in order.
    """
    yield from _repeated(
        ("measures.toml, measure", [measure.code for measure in data.measures]),
        ("measures.toml, slug", [measure.slug for measure in data.measures]),
        ("measures.toml, series", [s.code for m in data.measures for s in m.series]),
        ("contract.toml, e-mail", [person.email for person in data.people]),
        ("contract.toml, cycle", [cycle.quarter for cycle in data.cycles]),
        ("contract.toml, area", [(area.quarter, area.measure) for area in data.areas]),
        ("observations.csv,", [(row.series, row.period) for row in data.observations]),
        ("benchmarks.csv,", [(b.series, b.comparator, b.year) for b in data.benchmarks]),
        ("texts.toml, text", [(t.quarter, t.measure, t.party) for t in data.texts]),
    )
    yield from _unknown(data)
    for measure in data.measures:
        yield from _measure_problems(measure)
    series = data.series
    for row in data.observations:
        yield from _observation_problems(row, series[row.series])
    for benchmark in data.benchmarks:
        yield from _benchmark_problems(benchmark)


def _repeated(*lists: tuple[str, Iterable[object]]) -> Iterator[str]:
    for place, keys in lists:
        seen = set()
        for key in keys:
            if key in seen:
                yield f"{place} {key}: given twice. Remove one."
            seen.add(key)


def _unknown(data: DemoData) -> Iterator[str]:
    codes = {measure.code for measure in data.measures}
    quarters = {cycle.quarter for cycle in data.cycles}
    for place, entries in (("contract.toml, areas", data.areas), ("texts.toml", data.texts)):
        for entry in entries:
            if entry.measure not in codes:
                yield f"{place}, measure {entry.measure}: unknown. Add it to measures.toml."
            if entry.quarter not in quarters:
                yield f"{place}, quarter {entry.quarter}: unknown. Add a cycle to contract.toml."
    for name, rows in (("observations", data.observations), ("benchmarks", data.benchmarks)):
        for row in rows:
            if row.series not in data.series:
                yield f"{name}.csv, series {row.series}: unknown. Add it to measures.toml."


def _measure_problems(measure: DemoMeasure) -> Iterator[str]:
    if [series.role for series in measure.series].count("headline") != 1:
        yield f"measures.toml, measure {measure.code}: not one headline. Give one that role."
    for series in measure.series:
        place = f"measures.toml, series {series.code}"
        monthly = series.frequency == "month"
        if monthly == (series.derivation == "entered"):
            yield f"{place}: months are derived and quarters entered. Change one."
        if series.paper_quarters and not monthly:
            yield f"{place}: paper_quarters are for months. Use observations.csv."
        for target in series.targets:
            try:
                check_target(target.target, target.tolerance, Polarity(series.polarity))
            except ValueError as error:
                yield f"{place}, target from {target.from_quarter}: {error} Correct one."
        for event in series.events:
            if not event.text.endswith(ILLUSTRATIVE):
                yield f"{place}, event at {event.at}: it is made up. End its text with {ILLUSTRATIVE}."
        if series.polarity == "neutral" and series.targets:
            yield f"{place}: neutral has no target. Remove the targets."


def _observation_problems(row: DemoObservation, series: DemoSeries) -> Iterator[str]:
    place = f"observations.csv, {row.series} {row.period}"
    if ("Q" in row.period) == (series.frequency == "month"):
        yield f"{place}: the series is by {series.frequency}. Give a {series.frequency}."
    if row.value is not None and row.numerator is not None:
        yield f"{place}: both a value and counts. Leave the value empty, it is computed."
    if row.numerator is not None and series.unit != Unit.PERCENT:
        yield f"{place}: counts are for percentages. Give the value alone."
    entry = Entry(row.value, row.numerator, row.denominator, Status(row.status), row.note)
    for key, message in problems(entry, Bounds(Unit(series.unit), series.maximum)).items():
        yield f"{place}, key {key}: {message}"
    if row.counts_illustrative and (row.illustrative or row.numerator is None):
        yield f"{place}: counts_illustrative is for a real value with counts. Write false."


def _benchmark_problems(row: DemoBenchmark) -> Iterator[str]:
    place = f"benchmarks.csv, {row.series} {row.comparator} {row.year}"
    if (row.scope == BenchmarkScope.STATISTICAL_NEIGHBOURS) != (row.statistic is not None):
        yield f"{place}: mean or median is for statistical neighbours, and for them alone. Correct one."
