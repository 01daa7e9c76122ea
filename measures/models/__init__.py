"""The numbers: measures, their series, dated targets, observations, benchmarks, events, cycles and imports."""

from .base import choices
from .catalogue import Definition, Measure, Series, Target
from .events import SeriesEvent
from .figures import AreaForImprovement, Benchmark, CommitteeDate, Cycle, Observation, kind_of, period_of
from .imports import ImportBatch, ImportChange, ImportMapping

__all__ = [
    "AreaForImprovement",
    "Benchmark",
    "CommitteeDate",
    "Cycle",
    "Definition",
    "ImportBatch",
    "ImportChange",
    "ImportMapping",
    "Measure",
    "Observation",
    "Series",
    "SeriesEvent",
    "Target",
    "choices",
    "kind_of",
    "period_of",
]
