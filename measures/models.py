"""The numbers: measures, their series, dated targets, observations, benchmarks and the cycle that frames a quarter."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Contract

from .derivation import Derivation
from .entries import WITH_VALUE, Status
from .fields import QuarterField
from .numbers import Unit
from .quarters import Month, Quarter, Year
from .rating import Polarity
from .states import State
from .terms import Basis, Comparability, Frequency, Kind, Origin, PeriodKind, SeriesRole, Window

USER = settings.AUTH_USER_MODEL


def choices(enum):
    return [(member.value, member.value.replace("_", " ")) for member in enum]


def one_of(field: str, values) -> Q:
    return Q(**{f"{field}__in": [str(value) for value in values]})


class InQuarterQuerySet(models.QuerySet):
    """For rows that run from a first quarter to a last one, or on."""

    def covering(self, quarter: Quarter):
        return self.filter(Q(last_quarter__isnull=True) | Q(last_quarter__gte=quarter), first_quarter__lte=quarter)


class Measure(models.Model):
    """One line of the contract and of the paper. Commentary hangs here; the numbers hang on its series."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="measures")
    code = models.CharField(max_length=20)
    slug = models.SlugField(max_length=30)
    title = models.CharField(max_length=200)
    section = models.CharField(max_length=80)
    kind = models.CharField(max_length=11, choices=choices(Kind))
    position = models.PositiveSmallIntegerField()
    first_quarter = QuarterField()
    last_quarter = QuarterField(null=True, blank=True)
    why_it_matters = models.TextField(blank=True)
    owner = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=200, blank=True)

    objects = InQuarterQuerySet.as_manager()

    class Meta:
        ordering = ["contract", "position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "code"], name="measure_code_once"),
            models.UniqueConstraint(fields=["contract", "slug"], name="measure_slug_once"),
            models.CheckConstraint(
                condition=Q(last_quarter__isnull=True) | Q(last_quarter__gte=F("first_quarter")),
                name="measure_quarters_in_order",
            ),
            models.CheckConstraint(condition=one_of("kind", Kind), name="measure_kind_known"),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"


class Series(models.Model):
    """One sequence of numbers under a measure: its headline, a pair beside it or a subgroup under it."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="series")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=8, choices=choices(SeriesRole))
    position = models.PositiveSmallIntegerField(default=0)
    unit = models.CharField(max_length=15, choices=choices(Unit))
    decimals = models.PositiveSmallIntegerField(default=0)
    polarity = models.CharField(max_length=7, choices=choices(Polarity))
    derivation = models.CharField(max_length=14, choices=choices(Derivation))
    window = models.CharField(max_length=12, choices=choices(Window), default=Window.PERIOD.value)
    frequency = models.CharField(max_length=7, choices=choices(Frequency))
    maximum = models.DecimalField(max_digits=15, decimal_places=6, null=True, blank=True)
    counted = models.CharField(max_length=60, help_text="What is counted, plural: “cases”, “young people”.")
    counted_one = models.CharField(max_length=60, help_text="The same, singular.")
    first_quarter = QuarterField()
    last_quarter = QuarterField(null=True, blank=True)

    objects = InQuarterQuerySet.as_manager()

    class Meta:
        ordering = ["measure", "position", "code"]
        verbose_name_plural = "series"
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "code"], condition=Q(last_quarter__isnull=True), name="series_code_once"
            ),
            models.UniqueConstraint(
                fields=["measure"],
                condition=Q(role=SeriesRole.HEADLINE.value, last_quarter__isnull=True),
                name="series_one_open_headline",
            ),
            models.CheckConstraint(
                condition=Q(last_quarter__isnull=True) | Q(last_quarter__gte=F("first_quarter")),
                name="series_quarters_in_order",
            ),
            models.CheckConstraint(condition=one_of("role", SeriesRole), name="series_role_known"),
            models.CheckConstraint(condition=one_of("unit", Unit), name="series_unit_known"),
            models.CheckConstraint(condition=one_of("polarity", Polarity), name="series_polarity_known"),
            models.CheckConstraint(condition=one_of("derivation", Derivation), name="series_derivation_known"),
            models.CheckConstraint(condition=one_of("frequency", Frequency), name="series_frequency_known"),
            models.CheckConstraint(condition=one_of("window", Window), name="series_window_known"),
            models.CheckConstraint(condition=Q(decimals__lte=6), name="series_decimals_at_most_six"),
            models.CheckConstraint(
                condition=Q(frequency=Frequency.MONTH.value) ^ Q(derivation=Derivation.ENTERED.value),
                name="series_months_are_derived",
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"

    @property
    def is_derived(self) -> bool:
        """Whether the quarter comes from months, so that it cannot be typed."""
        return self.frequency == Frequency.MONTH

    def covers(self, quarter: Quarter) -> bool:
        return self.first_quarter <= quarter and (self.last_quarter is None or quarter <= self.last_quarter)

    def periods(self, quarter: Quarter) -> list[Quarter | Month]:
        """The periods that an analyst types for one quarter."""
        return list(quarter.months) if self.is_derived else [quarter]


class Definition(models.Model):
    """How a series is counted, from a quarter on. A later row is a break in the series."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="definitions")
    from_quarter = QuarterField()
    text = models.TextField()
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["series", "from_quarter"]
        constraints = [models.UniqueConstraint(fields=["series", "from_quarter"], name="definition_once_a_quarter")]

    def __str__(self):
        return f"{self.series}, from {self.from_quarter.label}"


class Target(models.Model):
    """The value to meet and the value that bounds amber, from a quarter on."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="targets")
    from_quarter = QuarterField()
    target = models.DecimalField(max_digits=15, decimal_places=6, null=True)
    tolerance = models.DecimalField(max_digits=15, decimal_places=6, null=True)
    target_basis = models.CharField(max_length=12, choices=choices(Basis))
    tolerance_basis = models.CharField(max_length=12, choices=choices(Basis))
    reason = models.CharField(max_length=500, blank=True)
    proposed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["series", "from_quarter"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "from_quarter"],
                condition=Q(agreed_at__isnull=False, withdrawn_at__isnull=True),
                name="target_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(tolerance__isnull=True) | Q(target__isnull=False), name="target_before_tolerance"
            ),
            models.CheckConstraint(
                condition=one_of("target_basis", Basis) & one_of("tolerance_basis", Basis), name="target_bases_known"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(agreed_at__isnull=False), name="target_agreed_then_withdrawn"
            ),
        ]

    def __str__(self):
        return f"{self.series}, from {self.from_quarter.label}"


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
    position = models.PositiveSmallIntegerField(default=0)
    period_kind = models.CharField(max_length=7, choices=choices(PeriodKind))
    start = models.DateField()
    value = models.DecimalField(max_digits=15, decimal_places=6)
    source = models.CharField(max_length=120)
    edition = models.CharField(max_length=200)
    method = models.CharField(max_length=200, blank=True)
    comparability = models.CharField(max_length=14, choices=choices(Comparability))
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["series", "start", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "comparator", "period_kind", "start"], name="benchmark_once_a_period"
            ),
            models.CheckConstraint(
                condition=one_of("comparability", Comparability), name="benchmark_comparability_known"
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
