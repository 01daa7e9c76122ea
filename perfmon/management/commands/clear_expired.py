"""`manage.py clear_expired`: sessions that have ended and counts that no longer count go."""

from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from django.utils import timezone

from perfmon import expired


class Command(BaseCommand):
    help = "Deletes sessions that have ended and counts of failed sign-ins that no longer count. Run it every day."
    requires_system_checks = ()

    def handle(self, *args, **options) -> None:
        try:
            gone = expired.clear(timezone.now())
        except Error as error:
            raise CommandError(f"Nothing was deleted: the database refuses ({str(error).strip()}).") from None
        if options["verbosity"]:
            self.stdout.write(f"Deleted {gone} rows that had expired.")
