"""The lines of a contract: measures, their series, how each is counted, and dated targets."""

from django.db import models
from django.db.models import F, Q

from accounts.models import Contract
from accounts.roles import Party

from ..derivation import Derivation
from ..fields import QuarterField
from ..numbers import Unit
from ..quarters import Month, Quarter
from ..rating import Polarity
from ..terms import Basis, Frequency, Kind, SeriesRole, Window
from .base import USER, InQuarterQuerySet, choices, one_of


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
    version = models.PositiveIntegerField(default=1)

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

    def covers(self, quarter: Quarter) -> bool:
        return self.first_quarter <= quarter and (self.last_quarter is None or quarter <= self.last_quarter)


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
    version = models.PositiveIntegerField(default=1)
    last_benchmark_version = models.PositiveIntegerField(
        default=0, help_text="The highest version of a benchmark that was removed or renamed: none is used twice."
    )

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
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["series", "from_quarter"]
        constraints = [models.UniqueConstraint(fields=["series", "from_quarter"], name="definition_once_a_quarter")]

    def __str__(self):
        return f"{self.series}, from {self.from_quarter.label}"


class Target(models.Model):
    """The value to meet and the value that bounds amber, from a quarter on.

    One party proposes, a director of the other agrees; what comes with set-up is in force at once, agreed by nobody.
    A proposal that was refused or taken back is closed. What was agreed by mistake is withdrawn in the same two steps.
    """

    series = models.ForeignKey(Series, models.PROTECT, related_name="targets")
    from_quarter = QuarterField()
    target = models.DecimalField(max_digits=15, decimal_places=6, null=True)
    tolerance = models.DecimalField(max_digits=15, decimal_places=6, null=True)
    target_basis = models.CharField(max_length=12, choices=choices(Basis))
    tolerance_basis = models.CharField(max_length=12, choices=choices(Basis))
    reason = models.CharField(max_length=500, blank=True)
    proposed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    proposed_party = models.CharField(max_length=12, blank=True, help_text="Empty where it came with set-up.")
    proposed_at = models.DateTimeField(null=True)
    agreed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.CharField(max_length=500, blank=True)
    withdrawal_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    withdrawal_party = models.CharField(max_length=12, blank=True)
    withdrawal_at = models.DateTimeField(null=True)
    withdrawal_reason = models.CharField(max_length=500, blank=True)
    withdrawn_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["series", "from_quarter"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "from_quarter"],
                condition=Q(agreed_at__isnull=False, withdrawn_at__isnull=True),
                name="target_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["series"],
                condition=Q(agreed_at__isnull=True, closed_at__isnull=True),
                name="target_one_proposal",
            ),
            models.CheckConstraint(
                condition=Q(tolerance__isnull=True) | Q(target__isnull=False), name="target_before_tolerance"
            ),
            models.CheckConstraint(
                condition=one_of("target_basis", Basis) & one_of("tolerance_basis", Basis), name="target_bases_known"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False, agreed_at__isnull=True),
                name="target_closed_never_agreed",
            ),
            models.CheckConstraint(
                condition=Q(withdrawal_at__isnull=True, withdrawal_by__isnull=True, withdrawal_party="")
                | (
                    Q(withdrawal_at__isnull=False, withdrawal_by__isnull=False, agreed_at__isnull=False)
                    & one_of("withdrawal_party", Party)
                    & ~Q(withdrawal_reason="")
                ),
                name="target_withdrawal_whole",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, withdrawal_at__isnull=False),
                name="target_withdrawn_after_two",
            ),
            models.CheckConstraint(
                condition=Q(
                    proposed_party="", proposed_at__isnull=True, agreed_by__isnull=True, agreed_at__isnull=False
                )
                | (Q(proposed_at__isnull=False) & one_of("proposed_party", Party) & ~Q(reason="")),
                name="target_set_up_or_proposed",
            ),
        ]

    def __str__(self):
        return f"{self.series}, from {self.from_quarter.label}"
