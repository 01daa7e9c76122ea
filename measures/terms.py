"""The closed lists of words that the columns hold. Pure: no Django."""

from enum import StrEnum


class Kind(StrEnum):
    """Contractual measures are held against a target; volumetric ones explain the others; local ones are both's own."""

    CONTRACTUAL = "contractual"
    VOLUMETRIC = "volumetric"
    LOCAL = "local"


class SeriesRole(StrEnum):
    HEADLINE = "headline"
    PAIR = "pair"
    SUBGROUP = "subgroup"


class Window(StrEnum):
    PERIOD = "period"
    ROLLING_12M = "rolling_12m"
    YEAR_TO_DATE = "year_to_date"


class Frequency(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"


class Origin(StrEnum):
    ENTERED = "entered"
    IMPORTED = "imported"
    DERIVED = "derived"


class PeriodKind(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Basis(StrEnum):
    """Where a target or tolerance comes from."""

    CONTRACT = "contract"
    ASSUMED = "assumed"
    ILLUSTRATIVE = "illustrative"


class Comparability(StrEnum):
    SAME = "same"
    CLOSE = "close"
    NOT_COMPARABLE = "not_comparable"


class BenchmarkScope(StrEnum):
    """Whom a benchmark stands for."""

    NATIONAL = "national"
    REGIONAL = "regional"
    STATISTICAL_NEIGHBOURS = "statistical_neighbours"
    OTHER = "other"


class Statistic(StrEnum):
    """How one figure was made of several areas' figures."""

    MEAN = "mean"
    MEDIAN = "median"


class EventKind(StrEnum):
    """What somebody records on a chart: a remark, a new definition or method, or a new start of the limits."""

    NOTE = "note"
    BREAK = "break"
    REBASE = "rebase"


class BatchKind(StrEnum):
    """What an imported file brings: values of series, benchmarks, or an old paper with both texts."""

    VALUES = "values"
    BENCHMARKS = "benchmarks"
    PAPER = "paper"


class BatchState(StrEnum):
    UPLOADED = "uploaded"
    CONFIRMED = "confirmed"
    UNDONE = "undone"
