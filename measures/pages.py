"""What every page below a contract needs: who looks at which cycle, and the frame around the page."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import slugify

from accounts.denial import NotKnown
from accounts.roles import Who
from accounts.viewer import Viewer, viewer_of

from .models import Cycle
from .policies import check_may
from .quarters import Quarter
from .rights import RIGHTS, Act
from .states import State

ROLE_WORDS = {
    Who.OFFICER: "Officer",
    Who.ANALYST: "Analyst",
    Who.COMMISSIONER_DIRECTOR: "Director",
    Who.PROVIDER_DIRECTOR: "Director",
    Who.ADMINISTRATOR: "Administrator",
}


@dataclass(frozen=True)
class Place:
    """One viewer in one cycle; `cycles` are all of the contract's, latest first."""

    viewer: Viewer
    cycle: Cycle
    cycles: tuple[Cycle, ...]

    @property
    def address(self) -> dict[str, str | Quarter]:
        """The keyword arguments of every URL of this cycle."""
        return {"contract": self.viewer.contract.slug, "quarter": self.cycle.quarter}


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    current: bool


def place_of(request: HttpRequest, contract: str, quarter: Quarter, act: Act) -> Place:
    """Fetch and check in one go, so that nobody holds a cycle unchecked. NotKnown for strangers, Denied and its kin
    for those who know the cycle but may not do this."""
    viewer = viewer_of(request.user, contract)
    cycles = tuple(with_committee_days(Cycle.objects.filter(contract=viewer.contract)).order_by("-quarter"))
    cycle = next((cycle for cycle in cycles if cycle.quarter == quarter), None)
    if cycle is None:
        raise NotKnown(f"{viewer.contract.title} has no quarter {quarter.label}.")
    cycle.contract = viewer.contract
    check_may(act, viewer, cycle)
    return Place(viewer, cycle, cycles)


def with_committee_days(cycles: QuerySet[Cycle]) -> QuerySet[Cycle]:
    """Each with `committee_on`, the day on which the committee takes its quarter, None where none is held."""
    same = Q(contract__committee_dates__quarter=F("quarter"))
    days = FilteredRelation("contract__committee_dates", condition=same)
    return cycles.annotate(of_quarter=days, committee_on=F("of_quarter__on"))


def frame(place: Place, current: str) -> dict:
    """The template context of the frame; `current` is the URL name of the menu's own item."""
    items = [
        ("scorecard", "Scorecard", Act.SEE_CYCLE),
        ("entry", _entry_label(place.viewer), Act.SEE_ENTRY),
    ]
    nav = [
        NavItem(label, reverse(name, kwargs=place.address), name == current)
        for name, label, act in items
        if place.viewer.who in RIGHTS[act]
    ]
    return _names(place.viewer) | {"place": place, "nav": [*nav, *contract_items(place.viewer, current)]}


def contract_items(viewer: Viewer, current: str) -> list[NavItem]:
    """The menu's items that hang below no quarter."""
    label = "Import" if viewer.who in RIGHTS[Act.IMPORT_FILES] else "Imports"
    items = [("catalogue", "Measures"), ("benchmarks", "Benchmarks"), ("import", label), ("contract-people", "People")]
    if viewer.who in RIGHTS[Act.SET_UP]:
        items.append(("contract-set-up", "Set-up"))
    address = {"contract": viewer.contract.slug}
    return [NavItem(label, reverse(name, kwargs=address), name == current) for name, label in items]


def contract_frame(viewer: Viewer, current: str = "") -> dict:
    """The frame of a page below a contract but in no cycle."""
    cycles = NavItem("Scorecard", reverse("contract", kwargs={"contract": viewer.contract.slug}), current == "contract")
    return _names(viewer) | {"nav": [cycles, *_open_entry(viewer), *contract_items(viewer, current)]}


def _names(viewer: Viewer) -> dict:
    return {
        "contract_name": viewer.contract.title,
        "user_role": ROLE_WORDS[viewer.who],
        "party_short": viewer.organisation_name,
        "help_role": slugify(viewer.who),
    }


def _open_entry(viewer: Viewer) -> list[NavItem]:
    """The values of the open quarter, the latest where there are several."""
    if viewer.who not in RIGHTS[Act.SEE_ENTRY]:
        return []
    cycle = Cycle.objects.filter(contract=viewer.contract, state=State.OPEN).order_by("-quarter").first()
    if cycle is None:
        return []
    address = {"contract": viewer.contract.slug, "quarter": cycle.quarter}
    return [NavItem(_entry_label(viewer), reverse("entry", kwargs=address), False)]


def _entry_label(viewer: Viewer) -> str:
    return "Enter values" if viewer.who in RIGHTS[Act.ENTER_VALUES] else "Values"
