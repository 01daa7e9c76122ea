"""Prints the link with which somebody becomes the first administrator of an empty database."""

from __future__ import annotations

from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts import first_run


class Command(BaseCommand):
    help = "Print a link, good for 24 hours, with which the first administrator chooses a password and signs in."

    def handle(self, *args, **options) -> None:
        if not first_run.is_needed():
            raise CommandError(
                "There is an administrator already. Sign in as one of them; they make others on the page People."
            )
        self.stdout.write(first_run.told(timezone.now()))
