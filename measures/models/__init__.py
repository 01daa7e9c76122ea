"""The numbers: measures, their series, dated targets, observations, benchmarks, cycles and import batches."""

from .base import choices
from .catalogue import Definition, Measure, Series, Target
from .figures import AreaForImprovement, Benchmark, Cycle, Observation, kind_of, period_of
from .imports import ImportBatch, ImportChange, ImportMapping

__all__ = [
    "AreaForImprovement",
    "Benchmark",
    "Cycle",
    "Definition",
    "ImportBatch",
    "ImportChange",
    "ImportMapping",
    "Measure",
    "Observation",
    "Series",
    "Target",
    "choices",
    "kind_of",
    "period_of",
]
