"""Setting up a measure where quarters are open: an administrator's writes that also make the panes, each audited."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from django.db import transaction
from django.db.models import F, Max

from accounts import audit
from accounts.denial import Stale
from accounts.slugs import slug_of
from accounts.viewer import Viewer
from commentary.making import make_panes, quarters_with_text, remove_empty_panes
from measures.catalogue import add_measure
from measures.catalogue_held import (
    DECIDED,
    SEEN,
    STALE,
    Ground,
    agreed_words,
    begun_words,
    held_by,
    hold,
    measure_of,
    parts_of,
)
from measures.catalogue_series import add_another_series, move_start, start_problem
from measures.catalogue_targets import FirstTarget
from measures.catalogue_told import told
from measures.models import AreaForImprovement, Cycle, Measure, Series, Target
from measures.quarters import Quarter
from measures.recording import Invalid
from measures.rights import Act
from measures.set_up_words import counted, listed, span_words
from measures.states import LASTING, State
from measures.terms import Kind, SeriesRole

# The states in which a measure that is added still gets its panes.
AT_WORK = (State.OPEN, State.SUBMITTED, State.COMMENTARY)
OPENED = (*AT_WORK, State.AGREED, State.PUBLISHED)
LONGEST_SLUG = 30


@transaction.atomic
def add_whole_measure(
    *,
    by: Viewer,
    now: datetime.datetime,
    measure: Mapping,
    series: Mapping,
    definition: str,
    target: FirstTarget | None = None,
) -> Measure:
    """A measure with its headline, the headline's definition and, where given, its first target, at the end of its
    section. Quarters that are open, submitted or in commentary get its panes.

    `measure` holds the columns of Measure but contract, slug and position, `series` those of Series that its form
    asks. Invalid with messages by field where the code is in use, or a quarter is agreed or published from the first
    one on.
    """
    ground = hold(by)
    columns = {**measure, "section": _section(by, measure["section"])}
    errors = _name_problems(by, columns)
    if problem := ground.taken(columns["first_quarter"], None):
        errors["first_quarter"] = problem
    if errors:
        raise Invalid(errors)
    highest = Measure.objects.filter(contract=by.contract).aggregate(Max("position"))["position__max"] or 0
    made = add_measure(by=by, now=now, slug=free_slug(by, columns["code"]), position=highest + 1, **columns)
    add_another_series(
        by=by,
        measure=made,
        now=now,
        definition=definition,
        target=target,
        **{"code": made.code, "name": made.title[:120].rstrip(), **series},
        role=SeriesRole.HEADLINE,
        first_quarter=made.first_quarter,
    )
    _make_panes(by, ground, made, made.first_quarter, None)
    return made


def free_slug(by: Viewer, code: str) -> str:
    """An address for a measure of this code that no other has."""
    wanted = slug_of(code, LONGEST_SLUG) or "measure"
    taken = set(Measure.objects.filter(contract=by.contract).values_list("slug", flat=True))
    tries = (wanted, *(f"{wanted[: LONGEST_SLUG - 4]}-{number}" for number in range(2, 1000)))
    return next(slug for slug in tries if slug not in taken)


@transaction.atomic
def change_measure(*, by: Viewer, measure: Measure, version: int, now: datetime.datetime, **columns) -> Measure:
    """`version` is the one that was seen; what is held already stays as it is. NotKnown for one that is gone or
    elsewhere, Stale when somebody else changed it, Invalid with messages by field: the address stays once a quarter
    has it, the kind once one's colours hang on it, and the first quarter moves only where nothing is lost. Its series
    that began with it move along."""
    ground = hold(by)
    row = measure_of(by, measure)
    if "section" in columns:
        columns["section"] = _section(by, columns["section"])
    old = {name: getattr(row, name) for name in columns}
    if row.version == version and old == columns:
        return row
    if row.version != version:
        raise Stale(STALE)
    before, first = row.first_quarter, columns.get("first_quarter", row.first_quarter)
    errors = _name_problems(by, columns, besides=row)
    if "slug" in columns and columns["slug"] != row.slug and (problem := slug_fixed(row, ground.cycles)):
        errors["slug"] = problem
    if columns.get("kind", row.kind) != row.kind and (problem := _kind_problem(row, columns["kind"], ground.cycles)):
        errors["kind"] = problem
    starting = list(row.series.filter(first_quarter=before))
    row.first_quarter = first
    if first != before and (problem := _start_problem(ground, row, before, first, starting)):
        errors["first_quarter"] = problem
    if errors:
        raise Invalid(errors)
    Measure.objects.filter(pk=row.pk, version=version).update(version=F("version") + 1, **columns)
    for series in starting:
        move_start(by=by, series=series, before=before, first=first)
    if first < before:
        _make_panes(by, ground, row, first, before.previous)
    _audit(by, now, "change measure", row.code, old=old, new=columns)
    row.refresh_from_db()
    return row


def slug_fixed(row: Measure, cycles: Collection[Cycle]) -> str:
    """Why its address stays as it is; empty while no quarter has it."""
    used = [cycle.quarter for cycle in cycles if row.covers(cycle.quarter)]
    return f"{min(used).label} has this address already, and links to it stay good." if used else ""


def kind_fixed(row: Measure, cycles: Collection[Cycle]) -> str:
    """Why its kind stays as it is; empty while no quarter's colours hang on it."""
    found = [cycle for cycle in cycles if cycle.state in LASTING and row.covers(cycle.quarter)]
    if not found:
        return ""
    latest = max(found, key=lambda cycle: cycle.quarter)
    during = State(latest.state).during
    return f"{latest.quarter.label} is {during}, and its colour there hangs on the kind."


def _kind_problem(row: Measure, kind: str, cycles: Collection[Cycle]) -> str:
    if why := kind_fixed(row, cycles):
        return why
    if kind != Kind.VOLUMETRIC:
        return ""
    standing = Target.objects.filter(series__measure=row, withdrawn_at__isnull=True, closed_at__isnull=True)
    held = standing.select_related("series").first()
    return f"{held.series.code} has a target, which a volumetric measure has not." if held else ""


def _name_problems(by: Viewer, columns: Mapping, besides: Measure | None = None) -> dict[str, str]:
    """Of a code or an address that another measure has; capitals do not tell two apart."""
    others = Measure.objects.filter(contract=by.contract).exclude(pk=besides and besides.pk)
    found = {}
    for name, what in (("code", "code"), ("slug", "address")):
        if name in columns and (held := others.filter(**{f"{name}__iexact": columns[name]}).first()):
            found[name] = f"{held.code} {held.title} has this {what} already. Choose another."
    return found


def _section(by: Viewer, name: str) -> str:
    """As the section is spelt that is there already."""
    held = Measure.objects.filter(contract=by.contract).order_by().values_list("section", flat=True).distinct()
    name = " ".join(name.split())
    return next((each for each in held if each.casefold() == name.casefold()), name)


def _start_problem(ground: Ground, row: Measure, before: Quarter, first: Quarter, starting: list[Series]) -> str:
    if first < before:
        if problem := ground.taken(first, before.previous):
            return problem
        bare = _bare(ground, row, first, before.previous, starting)
        return f"{bare}: let one of its series begin with it, in {before.label}, first." if bare else ""
    if row.last_quarter and first > row.last_quarter:
        return f"{row.code} ends in {row.last_quarter.label}: begin then or earlier."
    if opened := ground.covered(before, first.previous, *OPENED):
        return f"{opened[0].quarter.label} was opened with {row.code}: begin then or earlier."
    texts = sorted(quarter for quarter in _texts(row) if quarter < first)
    if texts:
        return f"{row.code} has texts in {texts[0].label}: begin then or earlier."
    held = held_by([series.pk for series in row.series.all()])
    figures = sorted(quarter for each in held.values() for quarter in each.quarters if quarter < first)
    if figures:
        return f"{row.code} has figures in {figures[0].label}: begin then or earlier."
    for series in starting:
        series.measure = row
        if problem := start_problem(ground, series, held[series.pk], first):
            return problem
    if row.series.filter(first_quarter__gt=before, first_quarter__lt=first).exists():
        return "Another series of it begins earlier. Let that one begin later first."
    return ""


def _texts(row: Measure) -> set[Quarter]:
    return quarters_with_text([row.pk]).get(row.pk, set())


@transaction.atomic
def set_last_quarter(
    *, by: Viewer, measure: Measure, version: int, last_quarter: Quarter | None, now: datetime.datetime
) -> Measure:
    """Retire a measure with a quarter, or take that back where it is None. Quarters at work that it covers then get
    its panes. Raises as `change_measure` does: it does not end before what holds figures or texts, or was opened with
    it, and does not come back into what was agreed or published without it."""
    ground = hold(by)
    row = measure_of(by, measure)
    if row.version != version:
        raise Stale(STALE)
    old = row.last_quarter
    if old == last_quarter:
        return row
    is_longer = old is not None and (last_quarter is None or last_quarter > old)
    if problem := (_longer_problem if is_longer else _shorter_problem)(ground, row, last_quarter):
        raise Invalid({"last_quarter": problem})
    Measure.objects.filter(pk=row.pk, version=version).update(last_quarter=last_quarter, version=F("version") + 1)
    if is_longer:
        _make_panes(by, ground, row, old.next, last_quarter)
    act = "retire measure" if last_quarter else "take back retirement of measure"
    _audit(by, now, act, row.code, old={"last_quarter": old}, new={"last_quarter": last_quarter})
    row.refresh_from_db()
    return row


def _longer_problem(ground: Ground, row: Measure, last: Quarter | None) -> str:
    taken = ground.covered(row.last_quarter.next, last, *DECIDED)
    if not taken:
        bare = _bare(ground, row, row.last_quarter.next, last)
        return f"{bare}: let its series go on first." if bare else ""
    latest = taken[-1]
    return (
        f"{latest.quarter.label} is {State(latest.state).during} without {row.code}. "
        f"Add a new measure from {latest.quarter.next.label} instead."
    )


def _bare(ground: Ground, row: Measure, first: Quarter, last: Quarter | None, starting: Collection[Series] = ()) -> str:
    """Which quarter at work of the stretch would have no headline of the measure, as the start of a sentence; empty
    where none. Those `starting` begin with the stretch."""
    headlines = list(row.series.filter(role=SeriesRole.HEADLINE))
    for each in headlines:
        each.first_quarter = first if each in starting else each.first_quarter
    opened = [cycle.quarter for cycle in ground.covered(first, last, *AT_WORK)]
    bare = [quarter for quarter in opened if headlines and not any(each.covers(quarter) for each in headlines)]
    return f"{row.code} would have no headline in {bare[0].label}" if bare else ""


def _shorter_problem(ground: Ground, row: Measure, last: Quarter) -> str:
    if last < row.first_quarter:
        return f"{row.code} begins in {row.first_quarter.label}: retire it then or later."
    held = held_by(row.series.values_list("pk", flat=True))
    figures = {quarter for each in held.values() for quarter in each.quarters}
    opened = {cycle.quarter for cycle in ground.covered(row.first_quarter, row.last_quarter, *OPENED)}
    # What was opened comes before the texts: a draft is known to its own party alone.
    for words, quarters in (("is in", opened), ("has figures in", figures), ("has texts in", _texts(row))):
        if late := [quarter for quarter in quarters if quarter > last]:
            where = f"{max(late).label}, which was opened with it" if quarters is opened else max(late).label
            return f"{row.code} {words} {where}: retire it with {max(late).label} or later."
    return ""


@transaction.atomic
def remove_measure(*, by: Viewer, measure: Measure, version: int, seen: str, now: datetime.datetime) -> None:
    """With its series, their definitions and the targets of set-up, whose digest was `seen`, and the empty panes of
    quarters at work. Invalid, under "", where anything else hangs on it; NotKnown; Stale where it is another one by
    now, or something else would go."""
    ground = hold(by)
    row = measure_of(by, measure)
    if row.version != version:
        raise Stale(STALE)
    if problem := removal_problem(row, holds(row, ground.cycles)):
        raise Invalid({"": problem})
    if parts_of(row.series.all()).digest != seen:
        raise Stale(STALE)
    remove_empty_panes(by=by, measure=row)
    for series in row.series.all():
        series.targets.all().delete()
        series.definitions.all().delete()
    row.series.all().delete()
    row.delete()
    _audit(by, now, "remove measure", row.code, old={"title": row.title, "section": row.section})


def holds(row: Measure, cycles: Collection[Cycle]) -> list[str]:
    """What hangs on a measure, in words: "texts in Q1 2018/19"; empty where it may be deleted. Of a quarter that who
    sets up may not see only that something was begun: whether there is a draft is known to its own party alone."""
    found = []
    seen = {each.quarter for each in cycles if each.state in SEEN}
    texts = _texts(row)
    begun = texts - seen
    every = list(row.series.all())
    for series, held in zip(every, held_by([each.pk for each in every]).values(), strict=True):
        begun |= held.begun
        found += [f"{words} of {series.code}" for words in replace(held, begun=frozenset()).words]
    if read := texts & seen:
        found.append(f"texts {span_words(min(read), max(read))}")
    marked = set(AreaForImprovement.objects.filter(measure=row).values_list("cycle__quarter", flat=True))
    begun |= marked - seen
    if marked & seen:
        found.append(f"{counted(len(marked & seen), 'mark')} as an area for improvement")
    # What stands in an agreed quarter is told below.
    if begun := begun - {each.quarter for each in cycles if each.state in DECIDED}:
        found.append(begun_words(begun))
    return [*found, *agreed_words(row.first_quarter, row.last_quarter, cycles)]


def removal_problem(row: Measure, found: Sequence[str]) -> str:
    """Why it cannot be deleted; `found` is what it holds. Empty where it can."""
    return f"{row.code} holds {listed(found)}. Retire it instead: what it holds stays on record." if found else ""


def _make_panes(by: Viewer, ground: Ground, row: Measure, first: Quarter, last: Quarter | None) -> None:
    make_panes(by=by, act=Act.SET_UP, cycles=ground.covered(first, last, *AT_WORK), measures=[row])


def _audit(by: Viewer, now, act: str, object: str, *, old: Mapping, new: Mapping | None = None) -> None:
    """Only what differs."""
    names = [name for name in old if new is None or old[name] != new[name]]
    audit.append(
        contract_id=by.contract.pk,
        by=by.user,
        now=now,
        act=act,
        object=object,
        old=told({name: old[name] for name in names}),
        new=None if new is None else told({name: new[name] for name in names}),
    )
