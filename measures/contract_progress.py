"""How far the set-up of a contract is: what is done, what is missing, and where it is done."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from accounts.invitations import is_pending
from accounts.models import Contract, Membership
from accounts.roles import Party, Role

from .models import Cycle, Measure, Series, Target
from .quarters import Quarter
from .rating import Polarity
from .states import State
from .terms import Kind, SeriesRole

# As many are named as a reader takes in; the rest are counted.
NAMED = 5
NEEDED = {
    (Party.COMMISSIONER, Role.OFFICER): "an officer of {}",
    (Party.PROVIDER, Role.ANALYST): "an analyst of {}",
    (Party.COMMISSIONER, Role.DIRECTOR): "a director of {}",
    (Party.PROVIDER, Role.DIRECTOR): "a director of {}",
}


@dataclass(frozen=True)
class Step:
    """`key` tells the page which links to show."""

    key: str
    title: str
    is_done: bool
    sentence: str


@dataclass(frozen=True)
class Progress:
    """`first` is the first quarter that was opened; the list of steps has served its time then."""

    steps: tuple[Step, ...]
    first: Quarter | None

    @property
    def is_complete(self) -> bool:
        return self.first is not None

    @property
    def next(self) -> Step | None:
        return next((step for step in self.steps if not step.is_done), None)

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)


def progress(contract: Contract) -> Progress:
    """3 queries, however much there is."""
    opened = Cycle.objects.filter(contract=contract).exclude(state=State.PAST).order_by("quarter").first()
    sides = f"{contract.provider.name} to {contract.commissioner.name}"
    measures, people = _measures(contract), _people(contract)
    steps = (
        Step("organisations", "The two organisations", True, f"{sides}."),
        Step("contract", "The contract", True, _due(contract)),
        measures,
        people,
        _opening(contract, opened, ready=measures.is_done and people.is_done),
    )
    return Progress(steps, opened.quarter if opened else None)


def _due(contract: Contract) -> str:
    return (
        f"Values are due {contract.values_due_days} days after a quarter’s end, "
        f"commentary {contract.commentary_due_days} days after."
    )


def _measures(contract: Contract) -> Step:
    headlines = Series.objects.filter(measure=OuterRef("pk"), role=SeriesRole.HEADLINE, last_quarter__isnull=True)
    targets = Target.objects.filter(
        series__measure=OuterRef("pk"),
        series__role=SeriesRole.HEADLINE,
        agreed_at__isnull=False,
        withdrawn_at__isnull=True,
    )
    rated = headlines.exclude(polarity=Polarity.NEUTRAL).exclude(measure__kind=Kind.VOLUMETRIC)
    rows = Measure.objects.filter(contract=contract).order_by("position", "pk")
    held = list(
        rows.annotate(headed=Exists(headlines), rated=Exists(rated), aimed=Exists(targets)).values_list(
            "code", "last_quarter", "headed", "rated", "aimed"
        )
    )
    title = "Measures, series and first targets"
    if not held:
        return Step("measures", title, False, "None yet. Add them by hand, or bring them all in from a workbook.")
    count = f"{len(held)} measure{'' if len(held) == 1 else 's'}."
    # What was retired needs nothing any more.
    running = [each for each in held if each[1] is None]
    bare = [code for code, _, headed, _, _ in running if not headed]
    aimless = [code for code, _, _, rated, aimed in running if rated and not aimed]
    said = [f"Without a series: {_named(bare)}."] if bare else []
    said += [f"Without a target, and so without a rating: {_named(aimless)}."] if aimless else []
    return Step("measures", title, not bare, " ".join([count, *said]))


def _named(each: list[str]) -> str:
    more = len(each) - NAMED
    return ", ".join(each[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _people(contract: Contract) -> Step:
    rows = Membership.objects.filter(contract=contract, user__is_active=True).select_related("user")
    members = list(rows.order_by("user__name", "pk"))
    held = [(Party(one.party), Role(one.role)) for one in members]
    missing = [
        words.format(contract.organisation(place[0]).short_name) for place, words in NEEDED.items() if place not in held
    ]
    count = f"{len(held)} {'person' if len(held) == 1 else 'people'}." if held else "Nobody yet."
    said = [count, f"Still missing: {', '.join(missing)}." if missing else "Each role is filled."]
    # They have their role; whoever waits for them should know that they have not come yet.
    waited_for = [one.user.name for one in members if is_pending(one.user)]
    said += [f"Invited, and not signed in yet: {_named(waited_for)}."] if waited_for else []
    return Step("people", "The people of both organisations", not missing, " ".join(said))


def _opening(contract: Contract, opened: Cycle | None, *, ready: bool) -> Step:
    title, officer = "The first quarter", f"an officer of {contract.commissioner.short_name}"
    if opened:
        return Step("opening", title, True, f"{opened.quarter.label} was the first to be opened.")
    said = f"{officer[0].upper()}{officer[1:]} opens it from their start page."
    return Step("opening", title, False, said if ready else f"{said} The measures and people above come first.")
