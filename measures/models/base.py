"""What the tables share."""

from django.conf import settings
from django.db import models
from django.db.models import Q

USER = settings.AUTH_USER_MODEL


def choices(enum):
    return [(member.value, member.value.replace("_", " ")) for member in enum]


def one_of(field: str, values) -> Q:
    return Q(**{f"{field}__in": [str(value) for value in values]})


class InQuarterQuerySet(models.QuerySet):
    """For rows that run from a first quarter to a last one, or on."""

    def covering(self, quarter):
        return self.filter(Q(last_quarter__isnull=True) | Q(last_quarter__gte=quarter), first_quarter__lte=quarter)
