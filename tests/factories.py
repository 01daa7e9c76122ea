"""Rows for tests: a contract, its people, measures and an open quarter."""

import datetime
from decimal import Decimal

from accounts.models import Contract, Membership, Organisation, User
from accounts.roles import Party, Role, Who
from accounts.viewer import Viewer
from measures.models import Benchmark, Cycle, Measure, Observation, Series, SeriesEvent, Target, kind_of
from measures.quarters import Month, Quarter, Year
from measures.states import State
from workflow import transitions

Q2 = Quarter.parse("Q2 2018/19")
NOW = datetime.datetime(2018, 11, 2, 14, 32, tzinfo=datetime.UTC)
TODAY = datetime.date(2018, 11, 11)


def make_contract(slug: str = "childrens-services", commissioner: str = "DMBC", provider: str = "DCST") -> Contract:
    sides = [
        Organisation.objects.get_or_create(short_name=name, defaults={"name": f"{name} in full"})[0]
        for name in (commissioner, provider)
    ]
    return Contract.objects.create(
        slug=slug, title=slug.replace("-", " ").capitalize(), commissioner=sides[0], provider=sides[1]
    )


def make_user(name: str, *, is_staff: bool = False) -> User:
    address = name.lower().replace(" ", ".").replace("’s", "")
    return User.objects.create_user(f"{address}@example.org", name, "a long password", is_staff=is_staff)


def make_members(contract: Contract) -> dict[Who, Viewer]:
    """One person for each principal, the administrator included. Names: "Officer of <slug>"."""
    places = {
        Who.OFFICER: (Party.COMMISSIONER, Role.OFFICER),
        Who.ANALYST: (Party.PROVIDER, Role.ANALYST),
        Who.COMMISSIONER_DIRECTOR: (Party.COMMISSIONER, Role.DIRECTOR),
        Who.PROVIDER_DIRECTOR: (Party.PROVIDER, Role.DIRECTOR),
    }
    people = {}
    for who, (party, role) in places.items():
        user = make_user(f"{who.value.capitalize()} of {contract.slug}")
        Membership.objects.create(user=user, contract=contract, party=party, role=role)
        people[who] = Viewer(user, contract, who)
    admin = make_user(f"Administrator of {contract.slug}", is_staff=True)
    people[Who.ADMINISTRATOR] = Viewer(admin, contract, Who.ADMINISTRATOR)
    return people


def make_measure(contract: Contract, code: str = "B8", **fields) -> Measure:
    """A measure without series; `make_series` adds its headline."""
    defaults = {
        "slug": code.lower().replace("/", "-"),
        "title": f"Measure {code}",
        "section": "Court work",
        "kind": "contractual",
        "position": contract.measures.count() + 1,
        "first_quarter": Quarter.parse("Q1 2015/16"),
    }
    return Measure.objects.create(contract=contract, code=code, **{**defaults, **fields})


def make_series(measure: Measure, **fields) -> Series:
    """A quarterly percentage, higher is better, typed as it stands."""
    defaults = {
        "code": measure.code,
        "name": measure.title,
        "role": "headline",
        "unit": "percent",
        "polarity": "higher",
        "derivation": "entered",
        "frequency": "quarter",
        "counted": "cases",
        "counted_one": "case",
        "first_quarter": measure.first_quarter,
    }
    return Series.objects.create(measure=measure, **{**defaults, **fields})


def make_target(series: Series, by: User, target, tolerance=None, from_quarter: Quarter | None = None) -> Target:
    """A target in force, set up with the contract."""
    return Target.objects.create(
        series=series,
        from_quarter=from_quarter or series.first_quarter,
        target=target,
        tolerance=tolerance,
        target_basis="contract",
        tolerance_basis="contract",
        proposed_by=by,
        agreed_at=NOW,
    )


def propose_target(series: Series, by: Viewer, target, tolerance=None, from_quarter: Quarter | None = None) -> Target:
    """A target that waits for the other party, past the write function's rules."""
    return Target.objects.create(
        series=series,
        from_quarter=from_quarter or Q2.next,
        target=target,
        tolerance=tolerance,
        target_basis="contract",
        tolerance_basis="contract",
        reason="The contract was varied.",
        proposed_by=by.user,
        proposed_party=by.party,
        proposed_at=NOW,
    )


def open_cycle(contract: Contract, officer: Viewer, quarter: Quarter = Q2) -> Cycle:
    """Open the contract's next quarter, which must be `quarter`."""
    return transitions.open_cycle(by=officer, quarter=quarter, today=quarter.start, now=NOW)


def in_state(cycle: Cycle, state: State) -> Cycle:
    """Put a cycle into a state directly, for tests of what a state allows rather than of how it is reached."""
    cycle.state = state
    if state is State.PAST:
        cycle.values_due = cycle.commentary_due = None
    elif cycle.values_due is None:
        cycle.values_due, cycle.commentary_due = transitions.due_dates(cycle.contract, cycle.quarter)
    cycle.save()
    return cycle


def make_observation(series: Series, period: Quarter | Month | Year, value, by: User, **fields) -> Observation:
    """A current row as it stands, final where it has a value, past the write function's rules. `counts` is
    (numerator, denominator)."""
    numerator, denominator = fields.pop("counts", (None, None))
    defaults = {"status": "final", "origin": "entered", "at": NOW}
    return Observation.objects.create(
        series=series,
        period_kind=kind_of(period),
        start=period.start,
        value=value,
        numerator=numerator,
        denominator=denominator,
        by=by,
        **{**defaults, **fields},
    )


def make_cycle(contract: Contract, quarter: Quarter, state: State = State.PAST) -> Cycle:
    """A cycle in a state directly, without panes or transitions."""
    return in_state(Cycle(contract=contract, quarter=quarter), state)


def make_benchmark(series: Series, comparator: str = "England", period: Year | Quarter | None = None, **fields):
    """England's figure for 2017/18, under another name or period where given."""
    period = period or Year(2017)
    defaults = {
        "scope": "national",
        "value": Decimal("21.9"),
        "source": "DfE",
        "edition": "Children in need 2018",
        "comparability": "close",
    }
    return Benchmark.objects.create(
        series=series,
        comparator=comparator,
        period_kind=kind_of(period),
        start=period.start,
        **{**defaults, **fields},
    )


def make_event(
    series: Series, at: datetime.date, by: User, kind: str = "note", text: str = "A", **fields
) -> SeriesEvent:
    """An event that stands on the chart, past the write function's rules."""
    defaults = {"reason": "Because", "recorded_at": NOW}
    return SeriesEvent.objects.create(series=series, at=at, kind=kind, text=text, by=by, **{**defaults, **fields})
