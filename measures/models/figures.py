"""The numbers: observations, benchmarks, and the cycle that frames a quarter."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from accounts.models import Contract

from ..entries import WITH_VALUE, Status
from ..fields import QuarterField
from ..quarters import Month, Quarter, Year
from ..states import State
from ..terms import BenchmarkScope, Comparability, Origin, PeriodKind, Statistic
from .base import USER, choices, one_of
from .catalogue import Measure, Series


class Cycle(models.Model):
    """One contract's quarter on its way through the workflow. Only the workflow app moves its state."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="cycles")
    quarter = QuarterField()
    state = models.CharField(max_length=10, choices=choices(State))
    values_due = models.DateField(null=True)
    commentary_due = models.DateField(null=True)
    submitted_once = models.BooleanField(default=False, help_text="Whether the values were ever submitted.")

    class Meta:
        ordering = ["contract", "-quarter"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "quarter"], name="cycle_once_a_quarter"),
            models.CheckConstraint(condition=one_of("state", State), name="cycle_state_known"),
            models.CheckConstraint(
                condition=Q(state=State.PAST.value, values_due__isnull=True, commentary_due__isnull=True)
                | (
                    ~Q(state=State.PAST.value)
                    & Q(values_due__isnull=False, commentary_due__isnull=False, commentary_due__gte=F("values_due"))
                ),
                name="cycle_dates_unless_past",
            ),
        ]

    def __str__(self):
        return f"{self.contract} {self.quarter.label}"


class CommitteeDate(models.Model):
    """The day on which the commissioner's committee takes one quarter. Known before the quarter is opened."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="committee_dates")
    quarter = QuarterField()
    on = models.DateField()

    class Meta:
        ordering = ["contract", "quarter"]
        constraints = [models.UniqueConstraint(fields=["contract", "quarter"], name="committee_date_once_a_quarter")]

    def __str__(self):
        return f"{self.contract} {self.quarter.label}: {self.on}"


class Observation(models.Model):
    """One series, one period. `value` is null exactly when the status says why there is none."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="observations")
    period_kind = models.CharField(max_length=7, choices=choices(PeriodKind))
    start = models.DateField()
    revision = models.PositiveSmallIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    value = models.DecimalField(max_digits=15, decimal_places=6, null=True)
    numerator = models.DecimalField(max_digits=15, decimal_places=6, null=True)
    denominator = models.DecimalField(max_digits=15, decimal_places=6, null=True)
    status = models.CharField(max_length=14, choices=choices(Status))
    months_present = models.PositiveSmallIntegerField(null=True, help_text="Of three; derived quarters only.")
    origin = models.CharField(max_length=8, choices=choices(Origin))
    illustrative = models.BooleanField(default=False)
    counts_illustrative = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["series", "start", "revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "period_kind", "start"],
                condition=Q(is_current=True),
                name="observation_one_current",
            ),
            models.UniqueConstraint(
                fields=["series", "period_kind", "start", "revision"], name="observation_revision_once"
            ),
            models.CheckConstraint(
                condition=(one_of("status", sorted(WITH_VALUE)) & Q(value__isnull=False))
                | (one_of("status", sorted(set(Status) - WITH_VALUE)) & Q(value__isnull=True)),
                name="observation_value_or_reason",
            ),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True, denominator__isnull=True)
                | Q(numerator__isnull=False, denominator__isnull=False, denominator__gt=0, value__isnull=False),
                name="observation_counts_together",
            ),
            models.CheckConstraint(
                condition=Q(
                    origin=Origin.DERIVED.value,
                    months_present__isnull=False,
                    months_present__range=(0, 3),
                    period_kind=PeriodKind.QUARTER.value,
                )
                | (~Q(origin=Origin.DERIVED.value) & Q(months_present__isnull=True)),
                name="observation_months_present_if_derived",
            ),
            models.CheckConstraint(condition=one_of("period_kind", PeriodKind), name="observation_kind_known"),
            models.CheckConstraint(condition=one_of("origin", Origin), name="observation_origin_known"),
        ]

    def __str__(self):
        return f"{self.series} {self.period.label}"

    @property
    def period(self) -> Month | Quarter | Year:
        return period_of(self.period_kind, self.start)


def period_of(kind: str, start) -> Month | Quarter | Year:
    if kind == PeriodKind.MONTH:
        return Month.containing(start)
    return Quarter.containing(start) if kind == PeriodKind.QUARTER else Year.containing(start)


def kind_of(period: Month | Quarter | Year) -> str:
    return {Month: PeriodKind.MONTH, Quarter: PeriodKind.QUARTER, Year: PeriodKind.YEAR}[type(period)].value


class Benchmark(models.Model):
    """An outside comparator for one series and year, with where it comes from and how far it compares."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="benchmarks")
    comparator = models.CharField(max_length=80)
    scope = models.CharField(max_length=22, choices=choices(BenchmarkScope), default=BenchmarkScope.OTHER.value)
    statistic = models.CharField(
        max_length=6, choices=choices(Statistic), blank=True, help_text="Of several areas: their mean or their median."
    )
    position = models.PositiveSmallIntegerField(default=0)
    period_kind = models.CharField(max_length=7, choices=choices(PeriodKind))
    start = models.DateField()
    value = models.DecimalField(max_digits=15, decimal_places=6)
    source = models.CharField(max_length=120)
    edition = models.CharField(max_length=200)
    method = models.CharField(max_length=200, blank=True)
    comparability = models.CharField(max_length=14, choices=choices(Comparability))
    note = models.CharField(max_length=300, blank=True)
    published_on = models.DateField(null=True, help_text="The day on which the source published it.")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["series", "start", "position"]
        constraints = [
            # "England" and "england" are one comparator to a reader.
            models.UniqueConstraint(
                "series", Lower("comparator"), "period_kind", "start", name="benchmark_once_a_period"
            ),
            models.CheckConstraint(
                condition=one_of("comparability", Comparability), name="benchmark_comparability_known"
            ),
            models.CheckConstraint(condition=one_of("scope", BenchmarkScope), name="benchmark_scope_known"),
            models.CheckConstraint(
                condition=(Q(scope=BenchmarkScope.STATISTICAL_NEIGHBOURS.value) & one_of("statistic", Statistic))
                | (~Q(scope=BenchmarkScope.STATISTICAL_NEIGHBOURS.value) & Q(statistic="")),
                name="benchmark_statistic_of_neighbours",
            ),
        ]

    def __str__(self):
        return f"{self.comparator}, {self.period.label}"

    @property
    def period(self) -> Month | Quarter | Year:
        return period_of(self.period_kind, self.start)


class AreaForImprovement(models.Model):
    """A measure that the commissioner chose to put first in one quarter, with the reason."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="areas_for_improvement")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "areas for improvement"
        constraints = [models.UniqueConstraint(fields=["cycle", "measure"], name="area_once_a_cycle")]

    def __str__(self):
        return f"{self.measure} in {self.cycle}"
