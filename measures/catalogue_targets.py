"""First targets, which come with set-up: of a series that never had one, or that takes another's place."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction

from accounts.viewer import Viewer

from .catalogue import set_first_target
from .catalogue_held import hold, series_of
from .holding import bounds_of
from .models import Series, Target
from .numbers import number_text
from .quarters import Quarter
from .recording import Invalid
from .set_up_words import VOLUMETRIC, lower_first
from .target_problems import range_problem, target_problems
from .target_rows import is_in_force
from .terms import Basis, Kind

# While these stay, a figure of the new series is held against a target as one of the old was.
SCALE = ("unit", "decimals", "polarity")
HAS_ONE = "{} has a target already. The two parties change it, on its own page."
HAD_ONE = "The two parties have dealt with a target of {} before: they set the next, on its own page."
KEPT = (
    "Unit, decimals and which way is better stay, and so does the target: {}. The two parties change it, on its own "
    "page."
)


class FirstTarget(NamedTuple):
    """A target that comes with set-up."""

    target: Decimal
    tolerance: Decimal | None = None
    target_basis: Basis = Basis.CONTRACT
    tolerance_basis: Basis = Basis.CONTRACT
    reason: str = ""


@transaction.atomic
def set_up_target(*, by: Viewer, series: Series, from_quarter: Quarter, now: datetime.datetime, **columns) -> Target:
    """The first target of a series that never had one, nor was one proposed. Raises as `set_first_target` does; Invalid
    with messages by field where there was one, its measure takes none, or a quarter's colours would change."""
    ground = hold(by)
    series = series_of(by, series)
    if rows := list(series.targets.all()):
        stands = any(row.withdrawn_at is None and row.closed_at is None for row in rows)
        raise Invalid({"target": (HAS_ONE if stands else HAD_ONE).format(series.code)})
    errors = target_problems(series.polarity, bounds_of(series), columns["target"], columns["tolerance"])
    if series.measure.kind == Kind.VOLUMETRIC:
        errors = {"target": VOLUMETRIC}
    if from_quarter < series.first_quarter:
        errors["from_quarter"] = f"{series.code} begins in {series.first_quarter.label}: begin then or later."
    elif series.last_quarter and from_quarter > series.last_quarter:
        errors["from_quarter"] = f"{series.code} ends in {series.last_quarter.label}: begin then or earlier."
    elif problem := ground.settled(from_quarter, series.last_quarter):
        errors["from_quarter"] = problem
    if errors:
        raise Invalid(errors)
    return set_first_target(by=by, series=series, from_quarter=from_quarter, now=now, **columns)


def unfit(row: Series, columns: Mapping) -> dict[str, str]:
    """Messages by field of what would change so that a target of the series fits no more."""
    names = ("unit", "decimals", "polarity", "derivation", "maximum")
    changed = Series(**{name: columns.get(name, getattr(row, name)) for name in names})
    bounds, found = bounds_of(changed), {}
    for each in row.targets.filter(withdrawn_at__isnull=True, closed_at__isnull=True):
        for name, message in target_problems(changed.polarity, bounds, each.target, each.tolerance).items():
            field = "polarity" if "better" in message else "decimals"
            if range_problem(getattr(each, name) or Decimal(0), bounds.highest):
                field = "maximum" if changed.unit == row.unit else "unit"
            found.setdefault(field, f"The {name} from {each.from_quarter.label} does not fit: {lower_first(message)}")
    return found


def target_in(series: Series, quarter: Quarter) -> FirstTarget | None:
    """The one in force then, as set-up would give it."""
    rows = [row for row in series.targets.order_by("from_quarter") if is_in_force(row) and row.from_quarter <= quarter]
    if not rows or rows[-1].target is None:
        return None
    return FirstTarget(**{name: getattr(rows[-1], name) for name in FirstTarget._fields})


def check_next_target(old: Series, first: Quarter, columns: Mapping, target: FirstTarget | None) -> None:
    """Of the series that takes another's place from `first` on. Invalid where set-up would set aside what the two
    parties agreed: a target that begins later, or the one in force while a figure is still held against it alike."""
    rows = list(old.targets.order_by("from_quarter"))
    later = [row.from_quarter for row in rows if is_in_force(row) and row.from_quarter > first]
    if later:
        begins = f"A target of {old.code} begins in {later[-1].label}."
        remedy = f"End with {later[-1].previous.label} or later, or let the two parties withdraw it first."
        raise Invalid({"last_quarter": f"{begins} {remedy}"})
    if not rows or any(columns.get(name, getattr(old, name)) != getattr(old, name) for name in SCALE):
        return
    kept = target_in(old, first)
    # Where it stands in the contract may be written anew.
    names = FirstTarget._fields[:4] if kept and target else ("target",)
    differing = [name for name in names if getattr(kept, name, None) != getattr(target, name, None)]
    if differing:
        raise Invalid(dict.fromkeys(differing, KEPT.format(_words(kept, old.decimals))))


def _words(kept: FirstTarget | None, decimals: int) -> str:
    if kept is None:
        return "there is none"
    tolerance = "" if kept.tolerance is None else f", tolerance {number_text(kept.tolerance, decimals)}"
    return f"{number_text(kept.target, decimals)}{tolerance}"
