"""`manage.py verify`: whether the audit chains are whole."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts import chains
from accounts.models import AuditEntry
from perfmon.backup_files import Spoilt, opened


class Command(BaseCommand):
    help = "Checks every audit chain; with a backup, also that what it knew is still there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--against", type=Path, metavar="BACKUP", help="a backup of this database")

    def handle(self, *args, **options) -> None:
        noted = []
        if options["against"]:
            try:
                with opened(options["against"]) as (_, manifest):
                    noted = [chains.Head(*each) for each in manifest["chains"]]
            except Spoilt as error:
                raise CommandError(str(error)) from None
        rows = AuditEntry.objects.order_by("contract_id", "number").values(*chains.FIELDS).iterator(chunk_size=2000)
        found = chains.check(rows, noted)
        for head in found.heads:
            self.stdout.write(f"Contract {head.contract}: {head.number} entries, last {head.hash}")
        if found.problems:
            raise CommandError(" ".join(found.problems))
        self.stdout.write(f"{len(found.heads)} audit chains, all whole.")
