"""`manage.py backup`: everything that the database holds, at one moment, in one file."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from django.utils import timezone

from perfmon import backups
from perfmon.backup_files import Spoilt


class Command(BaseCommand):
    help = "Writes a backup while the program runs, and reads it again. Keep copies on another machine."
    # A backup is wanted most when something is wrong.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.BACKUP_DIR, help="instead of BACKUP_DIR")
        parser.add_argument("--keep", type=int, help="delete all but so many of the latest backups")

    def handle(self, *args, **options) -> None:
        folder, keep = options["folder"], options["keep"]
        if folder is None:
            raise CommandError("Say where to: manage.py backup FOLDER, or set BACKUP_DIR.")
        if keep is not None and keep < 1:
            raise CommandError("--keep takes a number from 1.")
        try:
            report = backups.back_up(folder, now=timezone.now(), keep=keep)
        except (backups.Refused, Spoilt) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"Nothing was written to {folder}: {error.strerror}.") from None
        except (Error, *backups.DATABASE_FAULTS) as error:
            raise CommandError(f"Nothing was written: the database refuses ({str(error).strip()}).") from None
        self.stdout.write(
            f"Wrote and read again {report.path}: {report.tables} tables, {report.rows:,} rows, "
            f"{report.chains} audit chains." + (f" Deleted {report.gone} older." if report.gone else "")
        )
        if report.left:
            raise CommandError(
                f"The backup is whole, but older ones in {folder} could not all be deleted: {report.left}. "
                "Delete them by hand, and see that whoever runs this may."
            )
        if report.problems:
            raise CommandError(
                f"The backup is whole, but the audit chain that it holds is not: {' '.join(report.problems)} "
                "Keep the older backups: `manage.py verify --against` one of them says whether it was whole then."
            )
