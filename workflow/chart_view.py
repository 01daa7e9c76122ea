"""How a reader wants to see a chart, as part of the address, so that a link shows what its sender saw. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from measures.overlays import Switches
from measures.terms import Frequency

# What can be switched, in the order of the address and of the page, and whether it is shown unless somebody asks.
SWITCHES = {"limits": True, "screen": False, "interval": True, "benchmarks": True, "target": True}


@dataclass(frozen=True)
class ChartView:
    """`series` is the code of the series, None for the measure's first; `screen` is never on without `limits`."""

    series: str | None = None
    frequency: Frequency = Frequency.QUARTER
    limits: bool = True
    screen: bool = False
    interval: bool = True
    benchmarks: bool = True
    target: bool = True

    @classmethod
    def of(cls, query: Mapping[str, str]) -> ChartView:
        """What an address asks for; a word that it does not know leaves things as they usually are."""
        found = {name: {"on": True, "off": False}.get(query.get(name, ""), usual) for name, usual in SWITCHES.items()}
        by_month = query.get("by") == Frequency.MONTH
        return cls(query.get("series"), Frequency.MONTH if by_month else Frequency.QUARTER).but(**found)

    def but(self, **changes: Any) -> ChartView:
        """The same view with other fields. TypeError for a field that there is not."""
        view = replace(self, **changes)
        return view if view.limits else replace(view, screen=False)

    @property
    def switches(self) -> Switches:
        return Switches(**{name: getattr(self, name) for name in SWITCHES})

    def url(self, **changes: Any) -> str:
        """The query part of the address of this view, or of one that differs in `changes`.

        What is usual is left out; "?" is the plain page.
        """
        view = self.but(**changes)
        pairs = [("series", view.series or ""), ("by", view.frequency if view.frequency is Frequency.MONTH else "")]
        for name, usual in SWITCHES.items():
            shown = getattr(view, name)
            pairs.append((name, "" if shown is usual else "on" if shown else "off"))
        return "?" + urlencode([(name, value) for name, value in pairs if value])
