"""What every environment shares. Each setting links to its documentation.

Everything that differs between environments comes from the environment (https://12factor.net/config);
each variable may also be given as NAME_FILE, a path to a file that holds the value.
"""

from pathlib import Path
from typing import Any

from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured

from goimg import __version__
from settings.env import broker_url, cache_url, choice, database_url, integer, listener, storage_location, token

BASE_DIR = Path(__file__).resolve().parent.parent

# https://docs.djangoproject.com/en/6.1/ref/settings/#installed-apps
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "apps.error_tracking",
    "apps.triage",
    "apps.api",
    "apps.accounts",
    "apps.gallery",
    "goimg",
]

# https://docs.djangoproject.com/en/6.1/topics/http/middleware/
MIDDLEWARE = [
    "apps.error_tracking.middleware.RequestIdMiddleware",
    "apps.api.measuring.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "apps.api.middleware.ProblemMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

# https://docs.djangoproject.com/en/6.1/ref/csp/ : answers are JSON and images; only the docs page loads anything.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],  # blob: an image that the docs page was answered with
    "connect-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'none'"],
}

ROOT_URLCONF = "goimg.urls"
WSGI_APPLICATION = "goimg.wsgi.application"

# Only the API docs page renders a template (https://drf-spectacular.readthedocs.io/).
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

# https://docs.djangoproject.com/en/6.1/ref/settings/#databases
DATABASES = {"default": database_url("DATABASE_URL", default=f"sqlite:///{BASE_DIR / '.local' / 'goimg.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL lets readers go on while one writes; IMMEDIATE makes a writer wait for its turn instead of failing
    # in the middle of a transaction: https://docs.djangoproject.com/en/6.1/ref/databases/#sqlite-notes
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 5,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# https://docs.djangoproject.com/en/6.1/topics/cache/
CACHES = {"default": cache_url("CACHE_URL", default="locmemcache://")}

# https://docs.djangoproject.com/en/6.1/topics/auth/customizing/#substituting-a-custom-user-model
AUTH_USER_MODEL = "accounts.User"
# https://docs.djangoproject.com/en/6.1/topics/auth/passwords/#using-argon2-with-django
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
# https://docs.djangoproject.com/en/6.1/topics/auth/passwords/#password-validation
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "apps.accounts.validators.ComplexityValidator"},
]

# W003 wants CsrfViewMiddleware: there is no cookie that a browser would send by itself, only bearer tokens.
SILENCED_SYSTEM_CHECKS = ["security.W003"]

# https://docs.djangoproject.com/en/6.1/ref/settings/#append-slash : the API's URLs have no trailing slash.
APPEND_SLASH = False
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False

# https://docs.djangoproject.com/en/6.1/ref/settings/#data-upload-max-memory-size : a JSON body never needs more.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# https://docs.djangoproject.com/en/6.1/ref/settings/#data-upload-max-number-files
DATA_UPLOAD_MAX_NUMBER_FILES = 1
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100

# https://docs.djangoproject.com/en/6.1/ref/settings/#storages
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static"
MEDIA_ROOT = storage_location("STORAGE_URL", default=BASE_DIR / ".local" / "media")
STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": MEDIA_ROOT},
    },
    # https://whitenoise.readthedocs.io/en/stable/django.html
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
# Images are private by default, so their files are for this user's eyes only.
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# https://docs.celeryq.dev/en/stable/userguide/configuration.html#broker-url
CELERY_BROKER_URL = broker_url("CELERY_BROKER_URL") or None
# Without a broker a task runs where it is asked for, and what it raises is raised there:
# https://docs.celeryq.dev/en/stable/userguide/configuration.html#task-always-eager
CELERY_TASK_ALWAYS_EAGER = CELERY_BROKER_URL is None
CELERY_TASK_EAGER_PROPAGATES = True
# JSON and nothing else: whoever can write to the broker must not be able to have objects unpickled.
# https://docs.celeryq.dev/en/stable/userguide/security.html#serializers
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
# Nobody asks for a task's result: https://docs.celeryq.dev/en/stable/userguide/tasks.html#ignore-results-you-don-t-want
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
# A message stays until its task is done, so a worker that is stopped loses none; tasks are written to run twice:
# https://docs.celeryq.dev/en/stable/faq.html#should-i-use-retry-or-acks-late
CELERY_TASK_ACKS_LATE = True
# ... but one whose process was killed (out of memory?) is reported, not given to the next, which it may kill as well:
# https://docs.celeryq.dev/en/stable/userguide/configuration.html#task-reject-on-worker-lost
CELERY_TASK_REJECT_ON_WORKER_LOST = False
# A task that hangs is ended, well before Redis would give its message to a second worker (after an hour):
# https://docs.celeryq.dev/en/stable/getting-started/backends-and-brokers/redis.html#visibility-timeout
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
# https://docs.celeryq.dev/en/stable/userguide/optimizing.html#reserve-one-task-at-a-time
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# https://docs.celeryq.dev/en/stable/userguide/configuration.html#worker-cancel-long-running-tasks-on-connection-loss
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A request that asks for a task waits for a broker that hangs, but not for ever; in seconds:
# https://docs.celeryq.dev/en/stable/userguide/configuration.html#broker-transport-options
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 2, "socket_timeout": 3}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1}
# Logging is LOGGING's: https://docs.celeryq.dev/en/stable/userguide/configuration.html#worker-redirect-stdouts
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_TIMEZONE = TIME_ZONE
# https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html; each reports to the tracker that it ran.
CELERY_BEAT_SCHEDULE = {
    "delete-expired-sessions": {"task": "accounts.delete_expired_sessions", "schedule": crontab(minute="17")},
    "complete-images": {"task": "gallery.complete_images", "schedule": crontab(minute="*/15")},
}

# How many reverse proxies of ours stand in front. 0: nobody's X-Forwarded-For or X-Request-ID is believed.
TRUSTED_PROXY_COUNT = integer("TRUSTED_PROXY_COUNT", default=0)

# What error tracking cannot read from the environment. All keys: docs/error-tracking.md.
ERROR_TRACKING = {
    "RELEASE": f"goimg-api@{__version__}",
    # Where errors wait while the tracker does not take them; the variable OUTBOX_DIR comes first (docs/delivery.md).
    "OUTBOX_DIR": BASE_DIR / ".local" / "outbox",
    # Probes, metrics and static files would drown the traces of real requests.
    "TRACE_RATES": {"/api/v1/health": 0.0, "/metrics": 0.0, STATIC_URL: 0.0, "/favicon.ico": 0.0},
}

# Whoever sends it as a bearer token may read /metrics; nobody, without it (docs/observability.md).
METRICS_TOKEN = token("METRICS_TOKEN")
# Where a Celery worker or beat shows its own, to whoever has that token; nowhere, without it.
METRICS_BIND = listener("METRICS_BIND")
if METRICS_BIND and not METRICS_TOKEN:
    raise ImproperlyConfigured("METRICS_BIND needs METRICS_TOKEN: without it nobody may read what is shown there.")

# Fixed windows per client address or per user: apps/api/throttles.py.
THROTTLE_RATES = {"login": "5/min", "register": "5/min", "refresh": "30/min", "upload": "50/hour"}

# Only for development: mounts pages that fail on purpose (apps/triage/catalogue).
DEMO_ERRORS = False

# https://www.django-rest-framework.org/api-guide/settings/
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["apps.accounts.authentication.JWTAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["apps.api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "apps.api.pagination.PagePagination",
    "DEFAULT_SCHEMA_CLASS": "apps.api.schema.ProblemAutoSchema",
    "EXCEPTION_HANDLER": "apps.api.problems.exception_handler",
    # Answers carry no cookies and no forms, so the browsable API's override parameters stay off.
    "URL_FORMAT_OVERRIDE": None,
}

# https://drf-spectacular.readthedocs.io/en/stable/settings.html
SPECTACULAR_SETTINGS = {
    "TITLE": "goimg API",
    "DESCRIPTION": "A self-hosted image gallery. Every error is RFC 9457 problem details with a request_id.",
    "VERSION": __version__,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    # What is sent and what is answered are two shapes: without this, files would be described as URLs.
    "COMPONENT_SPLIT_REQUEST": True,
    # The docs page's files are served by this application: nothing is loaded from elsewhere.
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# https://docs.djangoproject.com/en/6.1/ref/settings/#logging
LOG_LEVEL = choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"), default="INFO")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "apps.error_tracking.logs.RequestIdFilter"}},
    "formatters": {
        "json": {"()": "apps.error_tracking.logs.JsonFormatter"},
        "text": {
            "()": "apps.error_tracking.logs.TextFormatter",
            "format": "{asctime} {levelname:<7} {name} [{request_id} {user_id} {task}] {message}",
            "style": "{",
            "defaults": {"task": "-"},
        },
    },
    "handlers": {
        "nowhere": {"class": "logging.NullHandler"},
        "console": {"class": "logging.StreamHandler", "filters": ["request_id"], "formatter": "json"},
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # Bots send any Host they like; each is a 400 in the access log.
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
        # The SDK tries again when the tracker is down: three lines for each error.
        "urllib3.connectionpool": {"level": "ERROR"},
        # Each request of a client would be an INFO line, with its query string.
        "httpx": {"level": "WARNING"},
        # runserver's own access log repeats ours, with query strings.
        "django.server": {"level": "ERROR"},
        # Its line of a task that went well shows what it returned; apps/error_tracking/celery.py has one that does not.
        "celery.app.trace": {"level": "WARNING"},
        # Every 4xx of an API would be a warning line here; the access log has them all.
        "django.request": {"level": "ERROR"},
    },
}
