"""The words: one pane for each party on each measure and cycle, and the record of its saves."""

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.roles import Party
from measures.models import Cycle, Measure, choices

USER = settings.AUTH_USER_MODEL


class Pane(models.Model):
    """One party's commentary. The draft is its own party's alone; `released` is what everyone else reads.

    `version` counts saves of the draft, so that a stale save can be refused in the statement that writes.
    """

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="panes")
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="panes")
    party = models.CharField(max_length=12, choices=choices(Party))
    draft = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    saved_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField(null=True)
    # NULL is not released; an empty text cannot be released.
    released = models.TextField(null=True)  # noqa: DJ001
    released_version = models.PositiveIntegerField(null=True)
    released_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["cycle", "measure", "party"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "cycle", "party"], name="pane_one_for_each_party"),
            models.CheckConstraint(condition=Q(party__in=[p.value for p in Party]), name="pane_party_known"),
            models.CheckConstraint(
                condition=Q(released__isnull=True, released_version__isnull=True, released_at__isnull=True)
                | Q(released__isnull=False, released_version__isnull=False, released_at__isnull=False),
                name="pane_released_whole",
            ),
            models.CheckConstraint(
                condition=Q(version=0, saved_at__isnull=True) | Q(version__gt=0, saved_at__isnull=False),
                name="pane_saved_has_time",
            ),
        ]

    def __str__(self):
        return f"{self.measure_id}/{self.cycle_id} {self.party}"


class VersionKind(StrEnum):
    SAVED = "saved"
    REFUSED = "refused"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


class PaneVersion(models.Model):
    """The record of saves. An open row takes further saves by the same author; it closes at release, at another
    author, at a restored text, when a stale text is refused, ten minutes after it was begun, and before a save in which
    fewer than half of its words are left. What was refused is kept as a closed row of its own, and so is each release
    and each withdrawal."""

    pane = models.ForeignKey(Pane, models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField(help_text="The pane's version that this text became, or was based on.")
    kind = models.CharField(max_length=9, choices=choices(VersionKind))
    text = models.TextField(blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True, help_text="When the first of the saves in an open row was made.")
    is_open = models.BooleanField(default=False)
    restored_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pane", "id"]
        constraints = [
            models.UniqueConstraint(fields=["pane"], condition=Q(is_open=True), name="pane_version_one_open"),
            models.CheckConstraint(
                condition=Q(kind=VersionKind.SAVED.value) | Q(is_open=False), name="pane_version_only_saves_stay_open"
            ),
            models.CheckConstraint(
                condition=Q(kind=VersionKind.SAVED.value) | Q(restored_from__isnull=True),
                name="pane_version_only_saves_restore",
            ),
        ]

    def __str__(self):
        return f"{self.pane_id} v{self.version} {self.kind}"
