"""`manage.py restore`: what a backup holds, into an empty database; all of it or nothing."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from perfmon import backups
from perfmon.backup_files import Spoilt


class Command(BaseCommand):
    help = "Brings a backup back into an empty database. Stop the program first, and start it afterwards."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="throw away what the database holds")

    def handle(self, *args, **options) -> None:
        try:
            report = backups.restore(options["file"], replace=options["replace"])
        except (backups.Refused, Spoilt) as error:
            raise CommandError(f"{error} Nothing was changed.") from None
        except backups.Unlike as error:
            raise CommandError(
                f"The database was replaced, but is not like the backup. {error} Is the program still running? "
                "Stop it, then restore again."
            ) from None
        except OSError as error:
            raise CommandError(f"Nothing was changed: {error.strerror}.") from None
        except (Error, *backups.DATABASE_FAULTS) as error:
            raise CommandError(
                f"Nothing was changed: the database refuses ({str(error).strip()}). Is the program still running?"
            ) from None
        self.stdout.write(
            f"Restored and compared {report.path.name}: {report.tables} tables, {report.rows:,} rows, "
            f"{report.chains} audit chains. Nobody is signed in. Start the program: it brings the tables up to date."
        )
        if report.problems:
            self.stderr.write(f"The audit chain was broken already when it was written: {' '.join(report.problems)}")
