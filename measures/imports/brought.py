"""What an old paper brought in besides values, as its batch keeps it. Pure: no Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from .words import counted

Codes = tuple[str, ...]


@dataclass(frozen=True)
class Brought:
    """Codes, never words of the paper: `measures` that it made and those that start `earlier` for it, series that got
    their first `targets`, measures with the council's `responses` and the provider's `comments`."""

    measures: Codes = ()
    earlier: Codes = ()
    targets: Codes = ()
    responses: Codes = ()
    comments: Codes = ()

    def as_json(self) -> dict[str, object]:
        return {name: list(codes) for name, codes in asdict(self).items()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Brought:
        """Nothing where nothing was kept."""
        return cls(**{name: tuple(codes) for name, codes in kept.items()})

    @property
    def words(self) -> str:
        """ "7 new measures, 4 targets and 12 texts"; empty for nothing."""
        numbers = {
            "new measure": len(self.measures),
            "earlier start": len(self.earlier),
            "target": len(self.targets),
            "text": len(self.responses) + len(self.comments),
        }
        parts = [counted(number, name) for name, number in numbers.items() if number]
        return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))
