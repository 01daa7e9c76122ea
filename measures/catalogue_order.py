"""The order of the paper: sections, measures within them, series within a measure. Each move is one transaction on
what is held at that moment, so that two people's moves follow each other and no place is lost or taken twice."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from django.db import transaction
from django.db.models import F

from accounts import audit
from accounts.denial import NotKnown, Stale
from accounts.viewer import Viewer

from .catalogue_held import STALE, hold, measure_of, series_of
from .models import Measure, Series
from .recording import Invalid

LONGEST_SECTION = 80
T = TypeVar("T")


class Step(StrEnum):
    UP = "up"
    DOWN = "down"


# A step, or the place that it shall have, counted from 1.
To = Step | int


def in_sections(measures: Sequence[Measure]) -> dict[str, list[Measure]]:
    """Measures in the order held, by section; the sections in that of their first measures."""
    found: dict[str, list[Measure]] = {}
    for measure in measures:
        found.setdefault(measure.section, []).append(measure)
    return found


@transaction.atomic
def move_measure(*, by: Viewer, measure: Measure, to: To, now: datetime.datetime) -> int:
    """Within its section; returns its new place there, from 1. NotKnown for one of another contract; a place beyond
    the last is the last."""
    hold(by)
    row = measure_of(by, measure)
    sections = in_sections(_every(by))
    place, sections[row.section] = _moved(sections[row.section], row, to)
    _number(sections)
    _audit(by, now, "move measure", row.code, {"section": row.section, "place": place})
    return place


@transaction.atomic
def move_section(*, by: Viewer, section: str, to: To, now: datetime.datetime) -> int:
    """With all its measures, among the sections; returns its new place, from 1. NotKnown for one without measures."""
    hold(by)
    sections = in_sections(_every(by))
    if section not in sections:
        raise NotKnown(f"No measure stands in a section {section}.")
    place, order = _moved(list(sections), section, to)
    _number({name: sections[name] for name in order})
    _audit(by, now, "move section", section, {"place": place})
    return place


@transaction.atomic
def move_series(*, by: Viewer, series: Series, to: To, now: datetime.datetime) -> int:
    """Within its measure; returns its new place, from 1. NotKnown for one of another contract."""
    hold(by)
    row = series_of(by, series)
    place, order = _moved(list(row.measure.series.order_by("position", "code", "pk")), row, to)
    for position, each in enumerate(order):
        if each.position != position:
            Series.objects.filter(pk=each.pk).update(position=position)
    _audit(by, now, "move series", f"{row.measure.code} {row.code}", {"place": place})
    return place


@transaction.atomic
def rename_section(*, by: Viewer, section: str, name: str, now: datetime.datetime) -> str:
    """Returns the name as it is held. Stale where no measure stands in the section any more, as somebody else renamed
    it; Invalid for a name that is empty, too long or another section's."""
    hold(by)
    name = " ".join(name.split())
    others = set(in_sections(_every(by)))
    if section not in others:
        raise Stale(STALE)
    others -= {section}
    if not name:
        raise Invalid({"name": "Enter the section’s name."})
    if len(name) > LONGEST_SECTION:
        raise Invalid({"name": f"Use {LONGEST_SECTION} characters or fewer; this has {len(name)}."})
    if same := next((each for each in others if each.casefold() == name.casefold()), None):
        raise Invalid(
            {"name": f"There is a section {same} already. Put each measure into it on the measure’s own page."}
        )
    if name != section:
        rows = Measure.objects.filter(contract=by.contract, section=section)
        rows.update(section=name, version=F("version") + 1)
        _audit(by, now, "rename section", section, {"section": name}, old={"section": section})
    return name


def _every(by: Viewer) -> list[Measure]:
    return list(Measure.objects.filter(contract=by.contract).order_by("position", "code", "pk"))


def _moved(order: list[T], row: T, to: To) -> tuple[int, list[T]]:
    at = order.index(row)
    wanted = at + (-1 if to is Step.UP else 1) if isinstance(to, Step) else to - 1
    place = min(max(wanted, 0), len(order) - 1)
    order.insert(place, order.pop(at))
    return place + 1, order


def _number(sections: dict[str, list[Measure]]) -> None:
    rows = [measure for each in sections.values() for measure in each]
    moved = [(place, row) for place, row in enumerate(rows, 1) if row.position != place]
    for place, row in moved:
        row.position = place
    Measure.objects.bulk_update([row for _, row in moved], ["position"], batch_size=500)


def _audit(by: Viewer, now, act: str, object: str, new: dict, old: dict | None = None) -> None:
    audit.append(contract_id=by.contract.pk, by=by.user, now=now, act=act, object=object, old=old, new=new)
