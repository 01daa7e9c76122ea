"""Takes a second factor away where no administrator is left who could, as when the only one lost their telephone."""

from __future__ import annotations

from django.core.management import CommandError
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from accounts import credentials
from accounts.models import User
from accounts.people import normal


class Command(BaseCommand):
    help = "Take somebody's second factor and recovery codes away, and end their sessions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the e-mail address that they sign in with")

    def handle(self, *args, email: str, **options) -> None:
        user = User.objects.filter(email=normal(email)).first()
        if user is None:
            raise CommandError("Nobody here has this e-mail address. Look for it in the list of people.")
        if credentials.remove_second_factor(by=None, user=user, now=timezone.now()):
            self.stdout.write(
                f"The second factor of {user.name} and the recovery codes are gone, and all their sessions ended. "
                "They sign in with their password, and can set another one up under “Your account”."
            )
        else:
            self.stdout.write(f"{user.name} has no second factor. Nothing was changed.")
