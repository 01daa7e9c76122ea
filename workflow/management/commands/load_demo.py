"""`manage.py load_demo`: the contracts of the demonstration, each once."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.clock import today
from accounts.demo import DEMO_ACCOUNTS, PASSWORD
from workflow import demo_files, demo_loading


class Command(BaseCommand):
    help = "Loads the demonstration’s contracts and their people; leaves what is there already. Demo mode only."

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError("Demonstration accounts exist only in demo mode. Set PERFMON_DEMO=1 for a trial server.")
        folders = (demo_files.FOLDER, demo_files.HOUSING)
        made = demo_loading.load_all(*map(demo_files.read, folders), now=timezone.now(), today=today())
        if not made:
            self.stdout.write("The demonstration is there already.")
        elif len(made) == len(folders):
            self.stdout.write("Demonstration loaded.")
        else:
            self.stdout.write(f"{made[0].title} was added to the demonstration.")
        self.stdout.write(f"Sign in with one click, or with the password {PASSWORD}:")
        for account in DEMO_ACCOUNTS:
            self.stdout.write(f"  {account.label:<18} {account.email}")
