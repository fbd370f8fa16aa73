"""Everything is found under one folder, the store: DIANCHI_VAR, by default ./var."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

PACKAGE = Path(__file__).resolve().parents[2]
DIANCHI_VAR = Path(os.environ.get("DIANCHI_VAR", "var")).resolve()
# Where callers reach the gate, as product pages say it; empty where it stands behind the address of the site.
DIANCHI_GATE_ADDRESS = os.environ.get("DIANCHI_GATE_ADDRESS", "").rstrip("/")

# The address of the site, as letters and calendars name it; where mail goes out, empty for nowhere.
DIANCHI_ADDRESS = os.environ.get("DIANCHI_ADDRESS", "").rstrip("/")
DIANCHI_SMTP_URL = os.environ.get("DIANCHI_SMTP_URL", "")
DIANCHI_MAIL_FROM = os.environ.get("DIANCHI_MAIL_FROM", "dianchi@localhost")


def _secret(name: str) -> str:
    """A secret of this store: made once, readable by its owner only."""
    path = DIANCHI_VAR / "keys" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text()
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text()


def _apps(folder: str, depth: str) -> list[str]:
    """Every folder below with models is an app: adding one needs no list."""
    root = PACKAGE / folder
    return sorted(".".join(("dianchi", folder, *p.parent.relative_to(root).parts)) for p in root.glob(depth))


def _database(url: str) -> dict[str, object]:
    if not url:
        pragmas = (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-20000; PRAGMA temp_store=MEMORY;"
        )
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DIANCHI_VAR / "dianchi.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas},
        }
    parts = urlsplit(url)
    host = {"HOST": unquote(parts.hostname or ""), "PORT": parts.port or ""}
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    if "host" in query:
        host["HOST"] = unquote(query["host"])
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        **host,
    }


SECRET_KEY = _secret("django-secret")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("DIANCHI_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    *_apps("foundation", "*/models.py"),
    *_apps("chapters", "*/*/models.py"),
    "dianchi.interfaces.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dianchi.interfaces.web.middleware.Shell",
]
ROOT_URLCONF = "dianchi.config.urls"
WSGI_APPLICATION = "dianchi.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["dianchi.interfaces.web.context.shell"],
            "builtins": ["dianchi.interfaces.web.templatetags.dianchi"],
        },
    }
]
DATABASES = {"default": _database(os.environ.get("DIANCHI_DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "identity.Person"
AUTHENTICATION_BACKENDS = ["dianchi.foundation.identity.login.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/sign-in"
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
STATIC_URL = "/static/"
STATIC_ROOT = DIANCHI_VAR / "static"
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
