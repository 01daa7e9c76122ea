"""The day that due dates are counted from; saves and audit always carry the real time."""

import datetime

from django.conf import settings
from django.utils import timezone


def today() -> datetime.date:
    return settings.TODAY or timezone.localdate()
