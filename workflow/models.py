"""The record of a cycle's moves."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from measures.models import Cycle, choices
from measures.states import State


class Transition(models.Model):
    """One move of one cycle. Triggers refuse any change; `from_state` is empty when the cycle was opened."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="transitions")
    from_state = models.CharField(max_length=10, blank=True, choices=choices(State))
    to_state = models.CharField(max_length=10, choices=choices(State))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["cycle", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_state__in=[s.value for s in State if s is not State.PAST]),
                name="transition_to_known_state",
            )
        ]

    def __str__(self):
        return f"{self.cycle}: {self.from_state or 'none'} to {self.to_state}"
