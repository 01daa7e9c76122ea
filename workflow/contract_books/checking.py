"""What no single cell can show: rows that repeat, contradict or miss each other. Pure: no Django."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from measures.committee_days import is_too_early, is_too_late
from measures.derivation import Derivation
from measures.entries import TAKE_COUNTS, Bounds
from measures.imports.issues import Code, Issue
from measures.imports.line import decimals_of
from measures.numbers import Unit
from measures.quarters import Quarter, date_words
from measures.rating import Polarity, check_target
from measures.target_problems import range_problem
from measures.terms import Kind, SeriesRole

from . import filling
from .codes import Wrong
from .columns import COMMITTEE, CONTRACT, DEFINITIONS, MEASURES, SERIES, TARGETS
from .lines import Line, Lines

# What the pages say where nothing stands in these columns.
CASES = {"counted": "“cases”", "counted_one": "“case”"}


def check(lines: Lines) -> list[Issue]:
    """Fills the rows in place, and holds them against each other as far as they could be read."""
    issues = filling.fill(lines)
    issues += [
        *_contract(lines[CONTRACT.name]),
        *_committee(lines[COMMITTEE.name]),
        *_measures(lines[MEASURES.name]),
        *_series(lines),
        *_definitions(lines),
        *_targets(lines),
    ]
    return issues


def _contract(rows: list[Line]) -> Iterator[Issue]:
    for line in rows[1:]:
        why = f"A workbook holds one contract, and row {rows[0].number} is it already."
        yield line.issue(
            "title", Wrong.SEVERAL_ROWS, why, "Delete this row, or give that contract a workbook of its own."
        )
    for line in rows:
        for one, other in (("commissioner", "provider"), ("commissioner_short", "provider_short")):
            if line.has(one, other) and line.values[one].casefold() == line.values[other].casefold():
                why = "Commissioner and provider are the same."
                yield line.issue(other, Wrong.SAME_PARTY, why, "A contract is between two organisations: name both.")
        values, commentary = line.values.get("values_due_days"), line.values.get("commentary_due_days")
        if values is not None and commentary is not None and commentary < values:
            why = f"Commentary would be due before the values, which are due after {values} days."
            yield line.issue("commentary_due_days", Wrong.ORDER, why, f"Write {values} or more.")


def _committee(rows: list[Line]) -> Iterator[Issue]:
    yield from _repeated(rows, ("quarter",), "quarter")
    for line in rows:
        if not line.has("quarter", "on"):
            continue
        quarter, on = line.values["quarter"], line.values["on"]
        said = f"{quarter.label} ends on {date_words(quarter.end)}, and {date_words(on)} is"
        if is_too_early(quarter, on):
            yield line.issue("on", Wrong.TOO_EARLY, f"{said} no day after it.", "Check the day and the quarter.")
        elif is_too_late(quarter, on):
            yield line.issue(
                "on", Wrong.TOO_LATE, f"{said} more than a year after it.", "Check the day and the quarter."
            )


def _repeated(rows: Iterable[Line], names: tuple[str, ...], told: str) -> Iterator[Issue]:
    """Rows with the same values as an earlier one."""
    first: dict[tuple[Hashable, ...], Line] = {}
    for line in rows:
        if not line.has(*names):
            continue
        key = tuple(line.values[name] for name in names)
        if key in first:
            column = line.sheet.column(told).header.lower()
            said = f"has the same {column}"
            if len(names) > 1:
                said = f"is of the same series from {line.values[told].label}"
            why = f"Row {first[key].number} {said} already."
            yield line.issue(told, Wrong.TWICE, why, "Change one of the two, or delete it.")
        first.setdefault(key, line)


def _measures(rows: list[Line]) -> Iterator[Issue]:
    yield from _repeated(rows, ("code",), "code")
    yield from _repeated(_with_own_address(rows), ("slug",), "slug")
    yield from _in_order(rows)


def _with_own_address(rows: Iterable[Line]) -> Iterator[Line]:
    """Without those whose address was made from a code that is told as repeated already."""
    codes = set()
    for line in rows:
        code = line.values.get("code")
        if code is None or code not in codes or "slug" in line.filled:
            yield line
        codes.add(code)


def _in_order(rows: Iterable[Line]) -> Iterator[Issue]:
    for line in rows:
        if line.has("first_quarter", "last_quarter") and line.values["last_quarter"] < line.values["first_quarter"]:
            why = f"The last quarter lies before the first, {line.values['first_quarter'].label}."
            yield line.issue("last_quarter", Wrong.ORDER, why, "Check both, or leave it empty while it goes on.")


# Series


def _series(lines: Lines) -> Iterator[Issue]:
    rows = lines[SERIES.name]
    yield from _in_order(rows)
    for line in rows:
        yield from _one_series(line)
    by_measure = _grouped(rows, lambda line: line.values["measure"] if line.has("measure") else None)
    for of_measure in by_measure.values():
        yield from _beside(of_measure)
    for measure in _by_code(lines).values():
        of_measure = by_measure.get(measure.values["code"], [])
        for line in of_measure:
            yield from _within(line, measure)
        # A role that could not be read may be the headline.
        if all(line.has("role") for line in of_measure):
            headlines = [line for line in of_measure if line.values["role"] == SeriesRole.HEADLINE]
            yield from _headed(measure, headlines)


def _by_code(lines: Lines) -> dict[str, Line]:
    """Measures; of those that repeat a code, which is told already, the first."""
    found: dict[str, Line] = {}
    for line in lines[MEASURES.name]:
        if line.has("code"):
            found.setdefault(line.values["code"], line)
    return found


def _within(line: Line, measure: Line) -> Iterator[Issue]:
    """A measure may end before its series: nothing of them is reported then."""
    if not line.has("first_quarter"):
        return
    code, start = measure.values["code"], line.values["first_quarter"]
    if measure.has("first_quarter") and start < (first := measure.values["first_quarter"]):
        why = f"The measure {code} starts in {first.label}, later than this."
        yield line.issue("first_quarter", Wrong.TOO_EARLY, why, f"Write {first.label} or a later quarter.")
    elif _ends_in_order(measure) and start > (last := measure.values["last_quarter"]):
        why = f"The measure {code} ends in {last.label}, earlier than this."
        yield line.issue("first_quarter", Wrong.TOO_LATE, why, f"Write {last.label} or an earlier quarter.")


def _headed(measure: Line, headlines: list[Line]) -> Iterator[Issue]:
    """Whether each quarter of the measure has its headline, as far as their quarters could be read."""
    code = measure.values["code"]
    if not headlines:
        why = f"{code} has no headline on the sheet “Series”."
        yield measure.issue("code", Wrong.NO_HEADLINE, why, "Add a row there with the role “Headline”.")
        return
    if not _is_span(measure) or not all(_is_span(line) for line in headlines):
        return
    missing: Quarter | None = measure.values["first_quarter"]
    end: Quarter | None = measure.values["last_quarter"]
    for line in sorted(headlines, key=lambda line: line.values["first_quarter"]):
        start, last = line.values["first_quarter"], line.values["last_quarter"]
        if missing is None or start > missing:
            break
        missing = None if last is None else max(missing, last.next)
    if missing is not None and (end is None or missing <= end):
        why = f"{code} has no headline in {missing.label}."
        remedy = "Let one of its headlines on the sheet “Series” cover that, or correct the measure’s quarters."
        yield measure.issue("code", Wrong.NO_HEADLINE, why, remedy)


def _grouped(rows: Iterable[Line], key: Callable[[Line], Any]) -> dict[Any, list[Line]]:
    found = defaultdict(list)
    for line in rows:
        if (value := key(line)) is not None:
            found[value].append(line)
    return found


def _one_series(line: Line) -> Iterator[Issue]:
    derivation = line.values.get("derivation")
    if derivation == Derivation.POOLED_RATIO and line.has("unit") and line.values["unit"] not in TAKE_COUNTS:
        why = "Only percentages and rates are pooled: the other units take no counts."
        yield line.issue("derivation", Wrong.NOT_POOLED, why, "Choose another way, or another unit.")
    if line.has("maximum"):
        yield from _sign(line, "maximum", line.values.get("unit"))
        if line.values["maximum"] == 0:
            yield line.issue("maximum", Wrong.OUT_OF_REACH, "The highest value is 0.", "Write it, or leave it empty.")
    yield from _wordless(line)


def _wordless(line: Line) -> Iterator[Issue]:
    """Told once of a series, and not at all where the column is missing, which is told of the sheet."""
    empty = [name for name in CASES if name in line.texts and line.values.get(name, "") is None]
    if empty:
        why = f"Nothing stands here, so sentences say {CASES[empty[0]]} or the number alone."
        yield line.warning(empty[0], Wrong.NO_WORD, why, "Say what is counted, or leave it as it is.")


def _sign(line: Line, name: str, unit: str | None) -> Iterator[Issue]:
    if unit is not None and unit != Unit.PERCENT and "%" in line.texts.get(name, ""):
        why = f"“{line.texts[name]}” is a percentage, and the series is none."
        yield line.issue(name, Code.PERCENT_SIGN, why, "Take out the % sign or its format.")


def _beside(rows: list[Line]) -> Iterator[Issue]:
    """Series of one measure that run in the same quarter and may not."""
    spans = [line for line in rows if _has_span(line)]
    for of_code in _grouped(spans, lambda line: line.values["code"]).values():
        for one, other in _overlapping(of_code):
            why = f"Row {one.number} has a series of this code {_span(one)} already."
            yield other.issue("code", Wrong.TWICE, why, "Give it another code, or end the other before it starts.")
    for one, other in _overlapping([line for line in spans if line.values.get("role") == SeriesRole.HEADLINE]):
        why = f"{one.values['code']} in row {one.number} is the headline {_span(one)} already."
        remedy = "Give one of them another role, or end the other before it starts."
        yield other.issue("role", Wrong.TWO_HEADLINES, why, remedy)


def _overlapping(rows: list[Line]) -> Iterator[tuple[Line, Line]]:
    """Each that starts while one that started before it still runs, with that one; the upper row first."""
    running: Line | None = None
    for line in sorted(rows, key=lambda line: line.values["first_quarter"]):
        last = running.values["last_quarter"] if running else None
        if running and (last is None or line.values["first_quarter"] <= last):
            upper, lower = sorted((running, line), key=lambda each: each.number)
            yield upper, lower
        # The one that runs longest is the one that the next may overlap.
        if running is None or (last is not None and _runs_longer(line, last)):
            running = line


def _runs_longer(line: Line, last: Quarter) -> bool:
    own: Quarter | None = line.values["last_quarter"]
    return own is None or own > last


def _has_span(line: Line) -> bool:
    return line.has("code", "first_quarter") and "last_quarter" in line.values


def _is_span(line: Line) -> bool:
    """Whether its quarters could be read, and it does not end before it starts."""
    return _has_span(line) and (line.values["last_quarter"] is None or _ends_in_order(line))


def _span(line: Line) -> str:
    start = f"from {line.values['first_quarter'].label}"
    last = line.values["last_quarter"]
    return start if last is None else f"{start} to {last.label}"


def _ends_in_order(line: Line) -> bool:
    """Whether a last quarter is held that may be one."""
    return line.has("first_quarter", "last_quarter") and line.values["first_quarter"] <= line.values["last_quarter"]


# Definitions and targets

KEY = ("measure", "series", "series_from")


def _key(line: Line) -> tuple[Any, ...] | None:
    return tuple(line.values[name] for name in KEY) if line.has(*KEY) else None


def _by_key(lines: Lines) -> dict[tuple[Any, ...] | None, Line]:
    """The series that can be told apart."""
    names = ("measure", "code", "first_quarter")
    return {tuple(line.values[name] for name in names): line for line in lines[SERIES.name] if line.has(*names)}


def _definitions(lines: Lines) -> Iterator[Issue]:
    rows = lines[DEFINITIONS.name]
    yield from _repeated(rows, (*KEY, "from_quarter"), "from_quarter")
    ends = {key: line.values["last_quarter"] for key, line in _by_key(lines).items() if _ends_in_order(line)}
    for line in rows:
        if not line.has(*KEY, "from_quarter"):
            continue
        start = line.values["series_from"]
        if line.values["from_quarter"] < start:
            why = f"The series starts in {start.label}, later than this."
            yield line.issue("from_quarter", Wrong.TOO_EARLY, why, f"Write {start.label}, or leave the cell empty.")
        elif line.values["from_quarter"] > start and line.values.get("reason", "") is None:
            why = "A later definition draws a break on the chart, and nothing says why."
            yield line.issue("reason", Wrong.NO_REASON, why, "Say what changed.")
        last = ends.get(_key(line))
        if last is not None and line.values["from_quarter"] > last:
            why = f"The series ends in {last.label}, earlier than this."
            yield line.issue("from_quarter", Wrong.TOO_LATE, why, f"Write {last.label} or an earlier quarter.")
    # A row whose series or quarter could not be read may be the one that is missed.
    if all(line.has(*KEY, "from_quarter") for line in rows):
        yield from _undefined(lines)


def _undefined(lines: Lines) -> Iterator[Issue]:
    defined = {(*_key(line), line.values["from_quarter"]) for line in lines[DEFINITIONS.name]}  # type: ignore[misc]
    for line in lines[SERIES.name]:
        if not line.has("measure", "code", "first_quarter"):
            continue
        start = line.values["first_quarter"]
        if (line.values["measure"], line.values["code"], start, start) not in defined:
            why = f"The sheet “Definitions” does not say how {line.values['code']} is counted from {start.label} on."
            yield line.issue("code", Wrong.NO_DEFINITION, why, "Add a row there for this series and quarter.")


def _targets(lines: Lines) -> Iterator[Issue]:
    rows = lines[TARGETS.name]
    yield from _repeated(rows, (*KEY, "from_quarter"), "from_quarter")
    series, measures = _by_key(lines), _by_code(lines)
    for line in rows:
        if line.has("tolerance") and line.values.get("target", "") is None:
            yield line.issue(
                "target", Wrong.NO_TARGET, "There is a tolerance and no target.", "Write the target as well."
            )
        if line.has("measure", "target") and measures[line.values["measure"]].values.get("kind") == Kind.VOLUMETRIC:
            why = f"The measure {line.values['measure']} is volumetric: it has no target."
            yield line.issue("target", Wrong.VOLUMETRIC, why, "Take out the row, or choose another kind of measure.")
        of = series.get(_key(line))
        if of:
            yield from _against_series(line, of)


def _against_series(line: Line, series: Line) -> Iterator[Issue]:
    polarity, unit = series.values.get("polarity"), series.values.get("unit")
    for name in ("target", "tolerance"):
        if line.has(name):
            yield from _sign(line, name, unit)
            yield from _number(line, name, series)
    if polarity == Polarity.NEUTRAL and line.has("target"):
        code = line.values["series"]
        why = f"{code} is neither better higher nor lower, so nothing can be met."
        yield line.issue("target", Wrong.NO_POLARITY, why, "Take out the row, or say on “Series” which way is better.")
    elif polarity and line.has("target", "tolerance"):
        try:
            check_target(line.values["target"], line.values["tolerance"], Polarity(polarity))
        except ValueError as error:
            yield line.issue("tolerance", Wrong.WRONG_SIDE, str(error), "Correct one of the two.")
    if line.has("from_quarter") and _has_span(series):
        yield from _in_time(line, series)


def _number(line: Line, name: str, series: Line) -> Iterator[Issue]:
    number: Decimal = line.values[name]
    decimals, unit = series.values.get("decimals"), series.values.get("unit")
    if decimals is not None and decimals_of(number.normalize()) > decimals:
        some = "1 decimal" if decimals == 1 else f"{decimals} decimals"
        form = f"with at most {some}" if decimals else "as a whole number"
        why = f"The series prints {some if decimals else 'whole numbers'} and no more."
        yield line.issue(name, Wrong.DECIMALS, why, f"Write it {form}, or change “Decimals” on the sheet “Series”.")
    elif unit == Unit.PERCENT and 0 < number < 1 and "%" not in line.texts.get(name, ""):
        why = f"{number.normalize():f} is read as {number.normalize():f}%, not as {(number * 100).normalize():f}%."
        yield line.warning(name, Wrong.LIKE_A_SHARE, why, "Write it with the sign if the other is meant.")
    if unit is not None and "maximum" in series.values:
        reach = Bounds(Unit(unit), series.values["maximum"] or None).highest
        if range_problem(number, reach):
            why = f"No value can reach it: the highest of this series is {reach.normalize():,f}."
            yield line.issue(name, Wrong.OUT_OF_REACH, why, "Check both.")


def _in_time(line: Line, series: Line) -> Iterator[Issue]:
    start, last = series.values["first_quarter"], series.values["last_quarter"]
    quarter = line.values["from_quarter"]
    if quarter < start:
        why = f"The series starts in {start.label}, later than this target."
        yield line.warning("from_quarter", Wrong.NEVER, why, "Check the quarter. The target is loaded as it stands.")
    elif _ends_in_order(series) and quarter > last:
        why = f"The series ends in {last.label}, so this target is never in force."
        yield line.warning("from_quarter", Wrong.NEVER, why, "Check the quarter. The target is loaded as it stands.")
