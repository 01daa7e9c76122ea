"""What people record on the chart of a series."""

from django.db import models
from django.db.models import Q

from ..terms import EventKind
from .base import USER, choices, one_of
from .catalogue import Series


class SeriesEvent(models.Model):
    """A note, a break or a rebase. Never changed: who recorded it by mistake withdraws it, and the row stays."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="events")
    at = models.DateField(help_text="Of a break or a rebase: the first day of the period that it starts with.")
    kind = models.CharField(max_length=6, choices=choices(EventKind))
    text = models.CharField(max_length=120)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    withdrawn_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["series", "at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "at"],
                condition=~Q(kind=EventKind.NOTE.value) & Q(withdrawn_at__isnull=True),
                name="event_limits_start_once",
            ),
            models.UniqueConstraint(
                fields=["series", "at", "text"],
                condition=Q(kind=EventKind.NOTE.value, withdrawn_at__isnull=True),
                name="event_note_once",
            ),
            models.CheckConstraint(condition=one_of("kind", EventKind), name="event_kind_known"),
            models.CheckConstraint(condition=~Q(text="") & ~Q(reason=""), name="event_says_what_and_why"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason="")),
                name="event_withdrawn_whole",
            ),
        ]

    def __str__(self):
        return f"{self.series}, {self.at}: {self.text}"
