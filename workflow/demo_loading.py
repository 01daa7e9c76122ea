"""Loading the demonstration through the write functions, as its people would have done it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction

from accounts.contracts import create_contract
from accounts.demo import PASSWORD
from accounts.models import Contract, User
from accounts.organisations import create_organisation
from accounts.people import add_member, create_user
from accounts.roles import WHO, Party, Role, Who
from accounts.viewer import Viewer
from commentary import drafting
from commentary.models import Pane
from measures import benchmarks, catalogue, events, history
from measures.benchmark_entries import BenchmarkEntry
from measures.entries import Entry, Status
from measures.holding import quarter_of
from measures.models import Cycle, Measure, Series
from measures.quarters import Month, Quarter, Year
from measures.states import State
from measures.terms import BenchmarkScope, Comparability, EventKind, Statistic

from . import areas, transitions
from .demo_rows import DemoData, DemoMeasure, DemoObservation, DemoSeries

REGISTER = "administrator"
EARLIER_PAPERS = "earlier-papers"


@dataclass
class Loading:
    """What the steps share: the clock, the people as viewers, and the rows made so far by code."""

    data: DemoData
    now: datetime.datetime
    today: datetime.date
    viewers: dict[Who, Viewer] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    series: dict[str, Series] = field(default_factory=dict)

    def by(self, who: Who) -> Viewer:
        return self.viewers[who]


def load_all(*data: DemoData, now: datetime.datetime, today: datetime.date) -> list[Contract]:
    """Those contracts that are not there yet, all or nothing. The first brings the administrator, and an empty
    contract for earlier papers."""
    with transaction.atomic():
        first, *others = data
        made = [
            load(first, now=now, today=today),
            *(load(each, now=now, today=today, is_first=False) for each in others),
        ]
    return [contract for contract in made if contract]


def load(data: DemoData, *, now: datetime.datetime, today: datetime.date, is_first: bool = True) -> Contract | None:
    """All or nothing, in one transaction. None when the contract is there already: what people did since stays."""
    loading = Loading(data, now, today)
    with transaction.atomic():
        held = Contract.objects.filter(slug=data.contract.slug).first()
        if held:
            if is_first:
                _earlier_papers(held, now)
            return None
        contract = _people_and_contract(loading)
        for measure in data.measures:
            _measure(loading, measure)
        _benchmarks(loading)
        _past(loading)
        for cycle in data.cycles:
            if cycle.state != State.PAST:
                _cycle(loading, Quarter.parse(cycle.quarter), State(cycle.state))
        _events(loading)
        if is_first:
            _earlier_papers(contract, now)
    return contract


def _earlier_papers(beside: Contract, now: datetime.datetime) -> None:
    """An empty contract of the same two organisations, to bring old committee papers into. It has no members, so that
    administrators alone see it."""
    administrator = _administrator()
    if administrator is None or Contract.objects.filter(slug=EARLIER_PAPERS).exists():
        return
    create_contract(
        by=administrator,
        slug=EARLIER_PAPERS,
        title=f"{beside.title}, earlier papers",
        commissioner=beside.commissioner,
        provider=beside.provider,
        now=now,
        is_demonstration=True,
    )


def _administrator() -> User | None:
    """The one who was there first, of those who may sign in."""
    return User.objects.filter(is_staff=True, is_active=True).order_by("pk").first()


def _people_and_contract(loading: Loading) -> Contract:
    data = loading.data.contract
    users = {
        person.email: create_user(
            by=None,
            email=person.email,
            name=person.name,
            password=PASSWORD,
            is_staff=person.role == REGISTER,
        )
        for person in loading.data.people
    }
    administrator = next((user for user in users.values() if user.is_staff), None) or _administrator()
    parties = [
        create_organisation(by=administrator, name=organisation.name, short_name=organisation.short_name)
        for organisation in (data.commissioner, data.provider)
    ]
    contract = create_contract(
        by=administrator,
        slug=data.slug,
        title=data.title,
        commissioner=parties[0],
        provider=parties[1],
        now=loading.now,
        is_demonstration=True,
    )
    loading.viewers[Who.ADMINISTRATOR] = Viewer(administrator, contract, Who.ADMINISTRATOR)
    for person in loading.data.people:
        if person.party:
            _member(loading, contract, administrator, users[person.email], Party(person.party), Role(person.role))
    return contract


def _member(loading: Loading, contract: Contract, by: User, user: User, party: Party, role: Role) -> None:
    add_member(by=by, contract=contract, user=user, party=party, role=role, now=loading.now)
    who = WHO[party, role]
    loading.viewers[who] = Viewer(user, contract, who)


def _measure(loading: Loading, row: DemoMeasure) -> None:
    by = loading.by(Who.ADMINISTRATOR)
    measure = catalogue.add_measure(
        by=by,
        now=loading.now,
        code=row.code,
        slug=row.slug,
        title=row.title,
        section=row.section,
        kind=row.kind,
        position=row.position,
        first_quarter=Quarter.parse(row.first_quarter),
        why_it_matters=row.why_it_matters,
        owner=row.owner,
        source=row.source,
    )
    loading.measures[row.code] = measure
    for position, series in enumerate(row.series):
        _series(loading, measure, series, position)


def _series(loading: Loading, measure: Measure, row: DemoSeries, position: int) -> None:
    by = loading.by(Who.ADMINISTRATOR)
    copied = (
        "code name role unit decimals polarity derivation window frequency maximum counted counted_one definition"
    ).split()
    series = catalogue.add_series(
        by=by,
        measure=measure,
        now=loading.now,
        position=position,
        first_quarter=Quarter.parse(row.first_quarter),
        **{name: getattr(row, name) for name in copied},
    )
    loading.series[row.code] = series
    for target in row.targets:
        catalogue.set_first_target(
            by=by,
            series=series,
            from_quarter=Quarter.parse(target.from_quarter),
            now=loading.now,
            target=target.target,
            tolerance=target.tolerance,
            target_basis=target.target_basis,
            tolerance_basis=target.tolerance_basis,
            reason=target.reason,
        )


def _benchmarks(loading: Loading) -> None:
    for row in loading.data.benchmarks:
        entry = BenchmarkEntry(
            comparator=row.comparator,
            period=Year(int(row.year)),
            value=row.value,
            scope=BenchmarkScope(row.scope),
            comparability=Comparability(row.comparability),
            source=row.source,
            edition=row.edition,
            statistic=Statistic(row.statistic) if row.statistic else None,
            published_on=row.published_on,
            method=row.method,
            note=row.note,
        )
        by, series = loading.by(Who.ADMINISTRATOR), loading.series[row.series]
        benchmarks.add_benchmark(by=by, series=series, entry=entry, now=loading.now)


def _events(loading: Loading) -> None:
    for code, row in loading.data.series.items():
        for event in row.events:
            events.record_event(
                by=loading.by(Who(event.by)),
                series=loading.series[code],
                at=event.at,
                kind=EventKind(event.kind),
                text=event.text,
                reason=event.reason,
                now=loading.now,
            )


def _past(loading: Loading) -> None:
    past = [Quarter.parse(cycle.quarter) for cycle in loading.data.cycles if cycle.state == State.PAST]
    history.add_past_quarters(by=loading.by(Who.ANALYST), quarters=past, now=loading.now)
    _values(loading, set(past))


def _values(loading: Loading, quarters: set[Quarter]) -> None:
    every = [_line(loading, row) for row in loading.data.observations]
    lines = [line for line in every if quarter_of(line.period) in quarters]
    printed = {
        (loading.series[code].pk, Quarter.parse(paper.quarter))
        for code, row in loading.data.series.items()
        for paper in row.paper_quarters
    }
    history.load(by=loading.by(Who.ANALYST), lines=lines, now=loading.now, printed=printed)


def _line(loading: Loading, row: DemoObservation) -> history.Line:
    entry = Entry(row.value, row.numerator, row.denominator, Status(row.status), row.note)
    return history.Line(
        series=loading.series[row.series],
        period=_period(row.period),
        entry=entry,
        illustrative=row.illustrative,
        counts_illustrative=row.counts_illustrative,
    )


def _period(code: str) -> Quarter | Month:
    if "Q" in code:
        return Quarter.parse(code)
    year, month = code.split("-")
    return Month(int(year), int(month))


def _cycle(loading: Loading, quarter: Quarter, state: State) -> None:
    officer, analyst = loading.by(Who.OFFICER), loading.by(Who.ANALYST)
    cycle = transitions.open_cycle(by=officer, quarter=quarter, today=loading.today, now=loading.now)
    _values(loading, {quarter})
    for area in loading.data.areas:
        if area.quarter == quarter.code:
            areas.add_area(
                by=officer,
                cycle=cycle,
                measure=loading.measures[area.measure],
                reason=area.reason,
                now=loading.now,
            )
    if state is State.OPEN:
        return
    transitions.submit(by=analyst, cycle=cycle, now=loading.now)
    transitions.accept(by=officer, cycle=cycle, now=loading.now)
    _texts(loading, cycle)


def _texts(loading: Loading, cycle: Cycle) -> None:
    panes: Mapping[tuple[str, str], Pane] = {
        (pane.measure.code, pane.party): pane for pane in Pane.objects.filter(cycle=cycle).select_related("measure")
    }
    writers = {Party.COMMISSIONER: loading.by(Who.OFFICER), Party.PROVIDER: loading.by(Who.ANALYST)}
    for text in loading.data.texts:
        if text.quarter != cycle.quarter.code:
            continue
        pane, writer = panes[text.measure, text.party], writers[Party(text.party)]
        saved = drafting.save(by=writer, pane=pane, text=text.html, version=0, now=loading.now)
        if text.released:
            drafting.release(by=writer, pane=saved, version=saved.version, now=loading.now)
