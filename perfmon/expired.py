"""What nobody needs any more: sessions that have ended, and counts of failed sign-ins that no longer count."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import connection

TABLES = {"django_session": "expire_date", settings.CACHES["default"]["LOCATION"]: "expires"}


def clear(now: datetime.datetime) -> int:
    """Delete the rows whose time is over by `now`; returns how many these were."""
    gone = 0
    with connection.cursor() as cursor:
        for table, column in TABLES.items():
            table, column = connection.ops.quote_name(table), connection.ops.quote_name(column)
            over = connection.ops.adapt_datetimefield_value(now)
            cursor.execute(f"DELETE FROM {table} WHERE {column} < %s", [over])
            gone += cursor.rowcount
    return gone
