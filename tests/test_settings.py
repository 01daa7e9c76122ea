"""Each setting that is missing or wrong is named with its remedy, and its value is not printed."""

import json
import os
import subprocess
import sys

import pytest
from django.db import connection

from perfmon.setup.demo import clean_environment
from perfmon.setup.place import ROOT

GOOD = {
    "SECRET_KEY": "k" * 20 + "abcdefghijklmnopqrstuvwxyz0123456789-ABCDEF",
    "ALLOWED_HOSTS": "perfmon.example",
    "DATABASE_URL": "sqlite://:memory:",
}


OIDC = {"OIDC_ISSUER": "https://login.example", "OIDC_CLIENT_ID": "x", "OIDC_CLIENT_SECRET": "hidden-word"}


def settings_error(changes: dict[str, str | None]) -> str:
    """What `manage.py check` prints to stderr under GOOD with `changes` (None leaves a variable out)."""
    env = {k: v for k, v in {**clean_environment(), **GOOD, **changes}.items() if v is not None}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr.strip()


def read(names: list[str], **changes: str) -> dict:
    code = (
        "import django, json, sys; from django.conf import settings; django.setup();"
        "print(json.dumps({n: getattr(settings, n) for n in sys.argv[1:]}, default=str))"
    )
    env = {**clean_environment(), **GOOD, "DJANGO_SETTINGS_MODULE": "perfmon.settings", **changes}
    done = subprocess.run(
        [sys.executable, "-c", code, *names], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SECRET_KEY": None}, "Settings: SECRET_KEY is not set. Set it to 50 or more random characters"),
        ({"SECRET_KEY": "short-secret"}, "Settings: SECRET_KEY is too short. Set it to 50 or more random characters"),
        ({"ALLOWED_HOSTS": None}, "Settings: ALLOWED_HOSTS is not set. Set it to the site's names"),
        ({"ALLOWED_HOSTS": " , "}, "Settings: ALLOWED_HOSTS is not set."),
        ({"ALLOWED_HOSTS": "perfmon.example,*"}, "Settings: ALLOWED_HOSTS cannot be *: links in mails would lead"),
        ({"DEBUG": "maybe"}, "Settings: DEBUG cannot be read. Set it to 1 for yes or 0 for no."),
        ({"PERFMON_DEMO": "demo"}, "Settings: PERFMON_DEMO cannot be read."),
        ({"PERFMON_TODAY": "11/11/2018"}, "Settings: PERFMON_TODAY cannot be read. Set it to a date such as 2018"),
        ({"PERFMON_TODAY": "2018-11-11"}, "Settings: PERFMON_TODAY is for demo mode."),
        ({"PERFMON_TODAY": "2018-02-30"}, "Settings: PERFMON_TODAY cannot be read."),
        ({"DATABASE_URL": "mysql://u:hidden-word@h/d"}, "Settings: DATABASE_URL cannot be read."),
        ({"DATABASE_URL": "postgres://u:hidden-word@h:port/d"}, "Settings: DATABASE_URL cannot be read."),
        ({"DATABASE_URL": "nonsense"}, "Settings: DATABASE_URL cannot be read. Set DATABASE_URL to sqlite:////"),
        ({"DATABASE_URL": ""}, "Settings: DATABASE_URL cannot be read."),
        ({"CSRF_TRUSTED_ORIGINS": "perfmon.example"}, "Settings: CSRF_TRUSTED_ORIGINS must begin with https://"),
        ({"TRUSTED_PROXY_COUNT": "one"}, "Settings: TRUSTED_PROXY_COUNT cannot be read. Set it to a whole number"),
        ({"HTTPS_ONLY": "2"}, "Settings: HTTPS_ONLY cannot be read."),
        ({"BEHIND_TLS_PROXY": "x"}, "Settings: BEHIND_TLS_PROXY cannot be read."),
        ({"EMAIL_URL": "mail.example"}, "Settings: EMAIL_URL cannot be read. Set it to smtp+tls://user:password@host"),
        ({"EMAIL_URL": "smtp://u:hidden-word@h:port"}, "Settings: EMAIL_URL cannot be read."),
        ({"DEFAULT_FROM_EMAIL": "perfmon"}, "Settings: DEFAULT_FROM_EMAIL cannot be read."),
        ({"SERVICE_CONTACT": "hidden-word"}, "Settings: SERVICE_CONTACT cannot be read. Set it to an e-mail address"),
        ({"SERVICE_PRIVACY_CONTACT": "hidden-word x@y"}, "Settings: SERVICE_PRIVACY_CONTACT cannot be read."),
        ({"SERVICE_STATEMENT_ON": "soon"}, "Settings: SERVICE_STATEMENT_ON cannot be read. Set it to a date such as"),
        ({**OIDC, "OIDC_ISSUER": "http://login.example"}, "Settings: OIDC_ISSUER cannot be read. Set it to the issuer"),
        ({**OIDC, "OIDC_ISSUER": "https://login.example/?a=1"}, "Settings: OIDC_ISSUER cannot be read."),
        ({**OIDC, "OIDC_ISSUER": "https://["}, "Settings: OIDC_ISSUER cannot be read."),
        ({**OIDC, "OIDC_CLIENT_ID": ""}, "Settings: OIDC_CLIENT_ID is not set."),
        ({**OIDC, "OIDC_CLIENT_SECRET": None}, "Settings: OIDC_CLIENT_SECRET is not set."),
        ({"OIDC_ONLY": "1"}, "Settings: OIDC_ONLY needs OIDC_ISSUER."),
        ({"LOG_LEVEL": "loud"}, "Settings: LOG_LEVEL cannot be read. Set it to DEBUG, INFO"),
    ],
)
def test_wrong_setting_gives_its_hint(changes, words):
    told = settings_error(changes)
    assert told.startswith(words)
    assert "hidden-word" not in told
    assert "short-secret" not in told


def test_defaults_are_the_safe_ones():
    names = ["DEBUG", "DEMO", "TESTING", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT"]
    assert read(names) == {
        "DEBUG": False,
        "DEMO": False,
        "TESTING": False,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
    }


def test_a_forwarded_scheme_is_believed_only_when_asked():
    assert read(["SECURE_PROXY_SSL_HEADER"]) == {"SECURE_PROXY_SSL_HEADER": None}
    assert read(["SECURE_PROXY_SSL_HEADER"], BEHIND_TLS_PROXY="1") == {
        "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"]
    }


def test_the_demo_works_over_plain_http():
    names = ["SESSION_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SESSION_COOKIE_NAME"]
    assert read(names, PERFMON_DEMO="1") == {
        "SESSION_COOKIE_SECURE": False,
        "SECURE_SSL_REDIRECT": False,
        "SECURE_HSTS_SECONDS": 0,
        "SESSION_COOKIE_NAME": "sessionid",
    }


def test_mail_goes_where_it_is_told_and_waits_ten_seconds():
    names = ["EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "EMAIL_USE_TLS"]
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    found = read([*names, "EMAIL_TIMEOUT"], EMAIL_URL="smtp+tls://u%40h:p%2Fw@mail.example:587")
    assert list(found.values()) == [smtp, "mail.example", 587, "u@h", "p/w", True, 10]
    assert list(read(names).values()) == [smtp, "localhost", 25, "", "", False]
    assert read(["EMAIL_BACKEND"], PERFMON_DEMO="1") == {
        "EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"
    }


def test_policy_for_content_has_no_unsafe_word():
    policy = json.dumps(read(["CONTENT_SECURITY_POLICY"]))
    assert "unsafe" not in policy
    assert "http" not in policy


def test_sqlite_waits_for_other_writers(tmp_path):
    found = read(["DATABASES"], DATABASE_URL=f"sqlite:///{tmp_path}/a.sqlite3")["DATABASES"]["default"]
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert found["OPTIONS"]["timeout"] == 20
    assert found["ATOMIC_REQUESTS"] is False
    assert found["CONN_HEALTH_CHECKS"] is True
    code = (
        "import django; django.setup(); from django.db import connection as c; k = c.cursor()\n"
        "for name in ('journal_mode', 'foreign_keys', 'synchronous', 'busy_timeout'):\n"
        "    print(name, k.execute('PRAGMA ' + name).fetchone()[0])"
    )
    env = {**clean_environment(), **GOOD, "DJANGO_SETTINGS_MODULE": "perfmon.settings"}
    env["DATABASE_URL"] = f"sqlite:///{tmp_path}/a.sqlite3"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    # synchronous 2 is FULL: what was acknowledged survives a power cut.
    assert done.stdout.split("\n")[:4] == ["journal_mode wal", "foreign_keys 1", "synchronous 2", "busy_timeout 20000"]


def test_postgres_address_may_leave_the_password_to_the_environment():
    found = read(["DATABASES"], DATABASE_URL="postgres://perfmon@db:5432/perfmon")["DATABASES"]["default"]
    assert (found["HOST"], found["USER"], found["PASSWORD"]) == ("db", "perfmon", "")
    assert found["OPTIONS"] == {"connect_timeout": 5}


@pytest.mark.django_db
def test_the_tests_run_on_the_database_asked_for():
    assert connection.vendor == ("postgresql" if os.environ.get("TEST_DB") == "postgres" else "sqlite")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            assert int(cursor.fetchone()[0]) // 10_000 == 18
