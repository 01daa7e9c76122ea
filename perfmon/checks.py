"""What `manage.py check --deploy` says beyond Django's own: what must not be so where real data are kept, with the
remedy."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Warning
from django.db import Error as DatabaseError
from django.utils import timezone

from accounts.demo import DEMO_ACCOUNTS

from .backup_files import newest

TAG = "perfmon"
# A backup a day, and two hours for the slowest.
OLDEST_BACKUP = datetime.timedelta(hours=26)
# Words that stand in keys of documents, tests and pictures of how to do it, never in a random one.
EXAMPLE_WORDS = ("example", "changeme", "change-me", "only-while", "dev-only", "for-this-test", "for-browser-tests")
EXAMPLE_WORDS += ("secret", "insecure", "for-checks-only", "0123456789abcdef", "abcdefghijklmn")
MAIL_NOWHERE = ("console", "locmem", "dummy", "filebased")
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def demonstration(app_configs: object, **rest: object) -> Iterable[CheckMessage]:
    """Demo mode, or people whose password stands in the README."""
    if settings.DEMO:
        return [
            Error(
                "This is demo mode: anybody may sign in, and pages travel over plain http.",
                hint="Unset PERFMON_DEMO, and use another database than the demo's.",
                id="perfmon.E001",
            )
        ]
    return _asked(_demo_people)


def _demo_people() -> Iterable[CheckMessage]:
    people = apps.get_model("accounts", "User").objects.filter(is_active=True)
    held = [user.email for user in people.filter(email__in=[account.email for account in DEMO_ACCOUNTS])]
    if held:
        yield Error(
            f"The demo’s accounts may sign in here: {', '.join(sorted(held))}. Their password is public.",
            hint="Start with an empty database, or deactivate these people on the page People.",
            id="perfmon.E002",
        )


def processes(app_configs: object, **rest: object) -> Iterable[CheckMessage]:
    if settings.IS_SQLITE and settings.WEB_CONCURRENCY > 1:
        yield Warning(
            f"{settings.WEB_CONCURRENCY} processes serve one SQLite file, which lets one writer in at a time.",
            hint="Set WEB_CONCURRENCY=1, or move to PostgreSQL with DATABASE_URL.",
            id="perfmon.W003",
        )


def mail(app_configs: object, **rest: object) -> Iterable[CheckMessage]:
    if any(f".{kind}." in settings.EMAIL_BACKEND for kind in MAIL_NOWHERE):
        yield Warning(
            "No mail is sent: nobody can reset a password, and invitations must be passed on by hand.",
            hint="Name the mail server in EMAIL_URL: see docs/operation.md.",
            id="perfmon.W004",
        )
    elif settings.EMAIL_HOST in THIS_MACHINE:
        yield Warning(
            f"Mail goes to {settings.EMAIL_HOST}: in a container nothing takes it there, and nobody gets any.",
            hint="Name the mail server in EMAIL_URL: see docs/operation.md. One that runs on this machine stays so.",
            id="perfmon.W015",
        )


def backups(app_configs: object, **rest: object) -> Iterable[CheckMessage]:
    """Where there is something to lose: a contract is held."""
    return _asked(_backups)


def _backups() -> Iterable[CheckMessage]:
    if not apps.get_model("accounts", "Contract").objects.exists():
        return
    folder: Path | None = settings.BACKUP_DIR
    hint = "Run `manage.py backup` every day: docs/operation.md shows how. Keep copies on another machine."
    if folder is None:
        yield Warning("BACKUP_DIR is not set: nobody can tell whether there are backups.", hint=hint, id="perfmon.W005")
        return
    try:
        last = newest(folder)
    except OSError as error:
        yield Warning(
            f"BACKUP_DIR cannot be read ({error.strerror}): nobody can tell whether there are backups.",
            hint="Run this check as the user who writes the backups and owns that folder.",
            id="perfmon.W005",
        )
        return
    if last is None:
        yield Warning("There is no backup in BACKUP_DIR.", hint=hint, id="perfmon.W005")
        return
    age = timezone.now() - last.made_at
    if age > OLDEST_BACKUP:
        hours = int(age.total_seconds() // 3600)
        yield Warning(f"The latest backup in BACKUP_DIR is {hours} hours old.", hint=hint, id="perfmon.W005")


def debugging(app_configs: object, **rest: object) -> Iterable[CheckMessage]:
    if settings.DEBUG:
        yield Error(
            "DEBUG is on: pages of failures show settings, figures and drafts to anybody.",
            hint="Unset DEBUG.",
            id="perfmon.E006",
        )
    if settings.TESTING:
        yield Error("PERFMON_TEST is on: it weakens passwords and keys.", hint="Unset it.", id="perfmon.E007")


def secret_key(app_configs: object, **rest: object) -> Iterable[CheckMessage]:
    if any(word in settings.SECRET_KEY.lower() for word in EXAMPLE_WORDS):
        yield Error(
            "SECRET_KEY looks like one from an example, which others know too.",
            hint='Make one of your own: python3 -c "import secrets; print(secrets.token_urlsafe(50))". '
            "Everybody signs in again after the change.",
            id="perfmon.E008",
        )


def transport(app_configs: object, **rest: object) -> Iterable[CheckMessage]:
    if not settings.HTTPS:
        yield Error(
            "HTTPS_ONLY is off: passwords and sessions travel in the clear.",
            hint="Unset HTTPS_ONLY, and put a proxy with a certificate in front: see docs/operation.md.",
            id="perfmon.E009",
        )
    elif getattr(settings, "SECURE_PROXY_SSL_HEADER", None) is None:
        yield Warning(
            "BEHIND_TLS_PROXY is off: behind a proxy every page would lead back to itself.",
            hint="Set BEHIND_TLS_PROXY=1 where the proxy sets X-Forwarded-Proto itself.",
            id="perfmon.W010",
        )
    if settings.HTTPS and not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        yield Warning(
            "TRUSTED_PROXY_COUNT is 0: everybody seems to come from the proxy’s address, and ten wrong passwords of "
            "one would lock out all.",
            hint="Set TRUSTED_PROXY_COUNT to the number of proxies in front, usually 1.",
            id="perfmon.W011",
        )


def hosts(app_configs: object, **rest: object) -> Iterable[CheckMessage]:
    open_ended = [name for name in settings.ALLOWED_HOSTS if name.startswith(".")]
    if open_ended:
        yield Warning(
            f"ALLOWED_HOSTS takes every name that ends in {', '.join(open_ended)}: whoever holds one of them could "
            "have links in mails lead there.",
            hint="Name each of the site’s own names in ALLOWED_HOSTS.",
            id="perfmon.W014",
        )


def service(app_configs: object, **rest: object) -> Iterable[CheckMessage]:
    """Who runs this copy: regulations ask for it in the accessibility statement and the privacy notice."""
    names = ("SERVICE_OPERATOR", "SERVICE_CONTACT", "SERVICE_RETENTION", "SERVICE_STATEMENT_ON")
    unset = [name for name in names if not getattr(settings, name)]
    if unset:
        yield Warning(
            f"{', '.join(unset)} not set: the pages on accessibility and privacy say that it has not been given.",
            hint="Set them: see docs/operation.md.",
            id="perfmon.W013",
        )


def _asked(question) -> list[CheckMessage]:
    """What the database tells, or that it could not be asked. A file that is not there is not made by asking."""
    database = settings.DATABASES["default"]
    if settings.IS_SQLITE and not settings.TESTING and not Path(database["NAME"]).exists():
        return []
    try:
        return list(question())
    except DatabaseError:
        hint = "Run the check again when the database answers and has been migrated."
        return [Info("The database could not be asked about its people and backups.", hint=hint, id="perfmon.I012")]


ALL = (demonstration, processes, mail, backups, debugging, secret_key, transport, hosts, service)
