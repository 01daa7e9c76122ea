"""Import batches: one uploaded file each, what it changed once confirmed, and what a contract's files look like."""

from django.db import models
from django.db.models import Q

from accounts.models import Contract

from ..imports.brought import Brought
from ..terms import BatchKind, BatchState, PeriodKind
from .base import USER, choices, one_of
from .catalogue import Series
from .figures import period_of


class ImportBatch(models.Model):
    """One uploaded file on its way from upload to confirmation, and the record of it afterwards."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="import_batches")
    kind = models.CharField(max_length=10, choices=choices(BatchKind), default=BatchKind.VALUES.value)
    state = models.CharField(max_length=9, choices=choices(BatchState), default=BatchState.UPLOADED.value)
    party = models.CharField(
        max_length=12, blank=True, help_text="The party whose people see the batch; empty for administrators."
    )
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    content = models.BinaryField(null=True, help_text="The file, until it is confirmed.")
    mapping = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    refused = models.JSONField(default=list, help_text="The rows that were refused at confirmation.")
    reason = models.CharField(max_length=500, blank=True)
    confirmed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    left = models.JSONField(default=list, help_text="What undoing left alone, because it had changed since.")

    class Meta:
        ordering = ["contract", "-uploaded_at"]
        verbose_name_plural = "import batches"
        constraints = [
            models.CheckConstraint(condition=one_of("kind", BatchKind), name="batch_kind_known"),
            models.CheckConstraint(condition=one_of("state", BatchState), name="batch_state_known"),
            models.CheckConstraint(
                condition=Q(state=BatchState.UPLOADED.value, confirmed_at__isnull=True, content__isnull=False)
                | (~Q(state=BatchState.UPLOADED.value) & Q(confirmed_at__isnull=False, content__isnull=True)),
                name="batch_file_until_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="batch_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state=BatchState.UNDONE.value, undone_at__isnull=False, undone_by__isnull=False)
                | (~Q(state=BatchState.UNDONE.value) & Q(undone_at__isnull=True, undone_by__isnull=True)),
                name="batch_undone_by_somebody",
            ),
        ]

    def __str__(self):
        return self.filename

    @property
    def brought(self) -> Brought:
        """What an old paper brought in besides values."""
        return Brought.from_json(self.mapping.get("brought", {}))


class ImportChange(models.Model):
    """One figure that a batch wrote. `old` is None where nothing was held; `version` is the one that it is held under:
    undoing a later import brings the figure back under a new one."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="changes")
    series = models.ForeignKey(Series, models.PROTECT, related_name="+")
    period_kind = models.CharField(max_length=7, choices=choices(PeriodKind))
    start = models.DateField()
    comparator = models.CharField(max_length=80, blank=True, help_text="Of a benchmark; empty for a value.")
    old = models.JSONField(null=True)
    new = models.JSONField()
    version = models.PositiveIntegerField()
    replaced = models.PositiveIntegerField(default=0, help_text="The version that it took the place of; 0 for none.")

    class Meta:
        ordering = ["batch", "series", "start"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "series", "period_kind", "start", "comparator"], name="import_change_once"
            ),
        ]

    def __str__(self):
        return f"{self.series} {self.period.label}"

    @property
    def period(self):
        return period_of(self.period_kind, self.start)


class ImportMapping(models.Model):
    """How the files of one shape were read the last time, so that the next one is read the same way."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="import_mappings")
    fingerprint = models.CharField(max_length=64)
    mapping = models.JSONField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "fingerprint"], name="import_mapping_once_a_shape"),
        ]

    def __str__(self):
        return f"{self.contract} {self.fingerprint[:8]}"
