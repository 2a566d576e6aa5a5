"""One settings module; every difference between machines is an environment variable.

`.env.example` lists them. Nothing here has a default that would be unsafe in production.
"""

from datetime import date
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

if DATABASE_URL := env.str("DATABASE_URL", default=""):
    DATABASE = env.db_url_config(DATABASE_URL)
elif DEBUG:
    DATABASE = {
        "ENGINE": "malaka_portal.postgresql",
        "NAME": "portal",
        "OPTIONS": {"local_data": str(BASE_DIR / ".local" / "pg")},
    }
else:
    raise ImproperlyConfigured(
        "DEBUG is off and DATABASE_URL is not set. The private database of ./dev is for trying the "
        "portal out; for real use set DATABASE_URL=postgres://USER:PASSWORD@HOST/NAME."
    )
# Marks the portal's own connections: on them the database refuses a tracked write without an actor.
# And the planner is told what pages need: a request is one of many, so it takes one processor and
# compiles nothing; data lie on an SSD, where reading here and there costs as much as in a row.
APP_MARK = (
    "-c portal.app=on -c max_parallel_workers_per_gather=0 -c jit=off -c random_page_cost=1.1"
)
DATABASES = {
    "default": DATABASE
    | {
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": DATABASE.get("OPTIONS", {}) | {"options": APP_MARK},
    }
}

INSTALLED_APPS = [
    "malaka_portal",
    "cooperatives",
    "trainings",
    "markets",
    "pghistory",
    "pgtrigger",
    "crispy_forms",
    "csp",
    "rules.apps.AutodiscoverRulesConfig",
    "malaka_portal.apps.BackOfficeConfig",  # django.contrib.admin
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "malaka_portal.middleware.IsolationHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "malaka_portal.sessions.SessionPolicyMiddleware",
    "malaka_portal.strangers.StrangerMiddleware",
    "malaka_portal.actors.ActorMiddleware",
    "malaka_portal.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "malaka_portal.urls"
WSGI_APPLICATION = "malaka_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "malaka_portal.loaders.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "malaka_portal.navigation.navigation",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # widgets from templates/ too
CRISPY_TEMPLATE_PACK = "futus"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("futus",)

# --- who gets in --------------------------------------------------------------------------------
AUTH_USER_MODEL = "malaka_portal.User"
AUTHENTICATION_BACKENDS = [
    "malaka_portal.throttle.ThrottledBackend",  # refuses before anything is hashed
    "django.contrib.auth.backends.ModelBackend",
    "rules.permissions.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "malaka_portal.validators.LocalCommonPasswordValidator"},
]
# The keys of identity numbers: `name:base64,…`, the first seals; and the key of their fingerprints.
# Without them nothing can be read or compared: keep them apart from the database and its copies.
NIK_CIPHER_KEYS = env.str("NIK_CIPHER_KEYS")
NIK_HASH_KEY = env.str("NIK_HASH_KEY")
# Since which day how many exports of one user within 24 hours, or rows of theirs, are no alarm yet.
EXPORT_LIMITS = [(date(2026, 11, 1), 3, 5000)]
# When offices answer, told to whoever asks for a quote: first and last day (1 is Monday), hours.
OFFICE_HOURS = env.str("OFFICE_HOURS", default="1-5 08.00-15.00")
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "dashboard"
LOGOUT_REDIRECT_URL = "login"
# How many proxies stand before gunicorn, each of which appends to X-Forwarded-For. With 0 the
# header is ignored, so that nobody can choose the address that their attempts are counted under.
PROXY_COUNT = env.int("PROXY_COUNT", default=0)

SECURE = not DEBUG
SESSION_COOKIE_NAME = "__Host-sesi" if SECURE else "sesi"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 30 * 24 * 3600  # the longest; malaka_portal.sessions ends most much earlier
STRANGER_COOKIE_NAME = "__Host-tamu" if SECURE else "tamu"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "malaka_portal.errors.csrf_failure"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=SECURE)
SECURE_HSTS_SECONDS = 63_072_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY_COUNT else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# --- language, time, files ----------------------------------------------------------------------
LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["malaka_portal.formats"]
TIME_ZONE = "Asia/Makassar"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "malaka_portal.files.PrivateStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "malaka_portal.static_files.StaticStorage"
    },
}
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(BASE_DIR / ".local" / "media") if DEBUG else "")
if not MEDIA_ROOT:
    raise ImproperlyConfigured(
        "DEBUG is off and MEDIA_ROOT is not set. Uploaded files must outlive an update of the "
        "portal: set MEDIA_ROOT to a folder outside it, best on a disk of its own."
    )
if any(Path(MEDIA_ROOT).resolve().is_relative_to(p) for p in (STATIC_ROOT, *STATICFILES_DIRS)):
    raise ImproperlyConfigured("MEDIA_ROOT lies among the public files; uploads are private.")
FILE_UPLOAD_HANDLERS = [
    "malaka_portal.uploads.BodyLimitHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # what is larger waits in the temporary folder
MAX_BODY_BYTES = 55_000_000  # the largest file, a CSV of 50 MB, and the form around it
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000  # a form without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000  # an attendance list of some hundred people
DATA_UPLOAD_MAX_NUMBER_FILES = 20
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"identity": {"()": "malaka_portal.logs.HideIdentityNumbers"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["identity"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
