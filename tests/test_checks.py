"""What `manage.py check --deploy` says beyond Django's own, each with its remedy."""

import re
import secrets
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.core.checks import Error, Info, Warning
from django.db import connection

from accounts.demo import DEMO_ACCOUNTS
from accounts.models import User
from perfmon import backup_files, checks
from perfmon.setup import check
from perfmon.setup.place import ROOT
from tests.factories import make_contract

pytestmark = pytest.mark.django_db
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture(autouse=True)
def real_use(settings, tmp_path):
    """Settings as they should be, with a fresh backup."""
    settings.DEMO = settings.DEBUG = settings.TESTING = False
    settings.HTTPS, settings.SECURE_PROXY_SSL_HEADER = True, ("HTTP_X_FORWARDED_PROTO", "https")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT, settings.EMAIL_BACKEND = 1, SMTP
    settings.EMAIL_HOST = "mail.perfmon.example"
    settings.SECRET_KEY, settings.WEB_CONCURRENCY = secrets.token_urlsafe(50), 1
    settings.SERVICE_OPERATOR, settings.SERVICE_CONTACT = "A council", "help@perfmon.example"
    settings.SERVICE_RETENTION, settings.SERVICE_STATEMENT_ON = "For ever.", datetime(2018, 11, 11, tzinfo=UTC).date()
    settings.BACKUP_DIR = tmp_path / "backups"
    settings.BACKUP_DIR.mkdir()
    # Only so that a test's own database is asked, which on SQLite is no file.
    settings.IS_SQLITE = False
    made(settings.BACKUP_DIR, timedelta())


def made(folder, age):
    for old in folder.iterdir():
        old.unlink()
    path = folder / f"perfmon-{(datetime.now(UTC) - age).strftime('%Y%m%dT%H%M%SZ')}.backup"
    path.touch()
    assert backup_files.newest(folder).path == path


def said() -> list:
    return [message for check in checks.ALL for message in check(None)]


def ids() -> list[str]:
    return [message.id for message in said()]


def test_nothing_is_said_where_all_is_well():
    make_contract()
    User.objects.create_user("olive@example.org", "Olive", "a long password")
    assert said() == []


@pytest.mark.parametrize(
    ("name", "value", "id", "kind", "remedy"),
    [
        ("DEMO", True, "E001", Error, "Unset PERFMON_DEMO"),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", "W004", Warning, "EMAIL_URL"),
        ("EMAIL_BACKEND", "django.core.mail.backends.dummy.EmailBackend", "W004", Warning, "EMAIL_URL"),
        ("EMAIL_HOST", "localhost", "W015", Warning, "EMAIL_URL"),
        ("EMAIL_HOST", "127.0.0.1", "W015", Warning, "EMAIL_URL"),
        ("DEBUG", True, "E006", Error, "Unset DEBUG"),
        ("TESTING", True, "E007", Error, "Unset it"),
        ("SECRET_KEY", "only-while-the-image-is-built-0123456789-0123456789", "E008", Error, "token_urlsafe"),
        ("SECRET_KEY", "ChangeMe" * 8, "E008", Error, "token_urlsafe"),
        ("HTTPS", False, "E009", Error, "Unset HTTPS_ONLY"),
        ("SECURE_PROXY_SSL_HEADER", None, "W010", Warning, "BEHIND_TLS_PROXY=1"),
        ("ALLAUTH_TRUSTED_PROXY_COUNT", 0, "W011", Warning, "Set TRUSTED_PROXY_COUNT"),
        ("ALLOWED_HOSTS", ["perfmon.example", ".council.example"], "W014", Warning, "each of the site’s own names"),
        ("SERVICE_OPERATOR", "", "W013", Warning, "docs/operation.md"),
    ],
)
def test_a_wrong_setting_is_told_with_its_remedy(settings, name, value, id, kind, remedy):
    setattr(settings, name, value)
    (message,) = said()
    assert (message.id, type(message)) == (f"perfmon.{id}", kind)
    assert remedy in message.hint


def test_several_processes_on_sqlite(settings):
    settings.WEB_CONCURRENCY = 2
    assert ids() == []
    settings.IS_SQLITE = True
    (message,) = checks.processes(None)
    assert (message.id, message.hint[:20]) == ("perfmon.W003", "Set WEB_CONCURRENCY=")
    settings.WEB_CONCURRENCY = 1
    assert list(checks.processes(None)) == []


def test_people_of_the_demonstration_who_may_sign_in():
    one = User.objects.create_user(DEMO_ACCOUNTS[0].email, "Olive", "a long password")
    (message,) = said()
    assert message.id == "perfmon.E002"
    assert DEMO_ACCOUNTS[0].email in message.msg
    one.is_active = False
    one.save()
    assert said() == []


def test_backups_matter_once_there_is_something_to_lose(settings, tmp_path):
    folder = settings.BACKUP_DIR
    made(folder, timedelta(days=9))
    assert ids() == []
    make_contract()
    (message,) = said()
    assert (message.id, message.msg) == ("perfmon.W005", "The latest backup in BACKUP_DIR is 216 hours old.")
    made(folder, timedelta(hours=25, minutes=50))
    assert ids() == []
    made(folder, timedelta(hours=26, minutes=10))
    assert ids() == ["perfmon.W005"]
    for nowhere, words in ((tmp_path / "none", "There is no backup in BACKUP_DIR."), (None, "BACKUP_DIR is not set")):
        settings.BACKUP_DIR = nowhere
        (message,) = said()
        assert message.msg.startswith(words)
        assert "manage.py backup" in message.hint


def test_a_folder_that_only_its_owner_may_read_is_told(settings, monkeypatch):
    def refuse(self):
        raise PermissionError(13, "Permission denied")

    make_contract()
    monkeypatch.setattr(type(settings.BACKUP_DIR), "iterdir", refuse)
    (message,) = said()
    assert (message.id, type(message)) == ("perfmon.W005", Warning)
    assert message.msg == ("BACKUP_DIR cannot be read (Permission denied): nobody can tell whether there are backups.")
    assert message.hint == "Run this check as the user who writes the backups and owns that folder."


def test_a_database_without_tables_is_no_fault_of_the_check():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_contract RENAME TO gone")
    (message,) = said()
    assert (message.id, type(message)) == ("perfmon.I012", Info)


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({}, 0, "no issues"),
        ({"SECRET_KEY": "example-" * 9, "TRUSTED_PROXY_COUNT": "0"}, 1, "perfmon.E008.*perfmon.W011"),
    ],
)
def test_the_command_says_it_and_makes_no_database(tmp_path, changes, code, words):
    environment = check.production(tmp_path) | changes
    # Of this test run, not of a server.
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert re.search(words, done.stdout + done.stderr, re.DOTALL)
    assert [path.name for path in tmp_path.iterdir()] == ["backups"]
