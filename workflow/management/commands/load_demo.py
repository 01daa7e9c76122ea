"""`manage.py load_demo`: the demonstration contract, once."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.clock import today
from accounts.demo import DEMO_ACCOUNTS, PASSWORD
from workflow import demo_files, demo_loading


class Command(BaseCommand):
    help = "Loads the demonstration contract and its people; does nothing when they are there. Demo mode only."

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError("Demonstration accounts exist only in demo mode. Set PERFMON_DEMO=1 for a trial server.")
        contract = demo_loading.load(demo_files.read(), now=timezone.now(), today=today())
        self.stdout.write("Demonstration loaded." if contract else "The demonstration is there already.")
        self.stdout.write(f"Sign in with one click, or with the password {PASSWORD}:")
        for account in DEMO_ACCOUNTS:
            self.stdout.write(f"  {account.label:<18} {account.email}")
