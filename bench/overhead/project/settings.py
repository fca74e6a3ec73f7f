"""Settings of the measured application, all the same but for what tracks its errors."""

import os
from pathlib import Path

KIND = os.environ["BENCH_KIND"]
FOLDER = Path(os.environ["BENCH_FOLDER"])
IS_GOIMG = KIND == "goimg"

SECRET_KEY = "of no use to anybody" * 3
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "bench.overhead.project.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(FOLDER / "rows.sqlite3")}}
INSTALLED_APPS = [
    *(["apps.error_tracking"] if IS_GOIMG else []),
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "bench.overhead.project",
]
MIDDLEWARE = [
    *(["apps.error_tracking.middleware.RequestIdMiddleware"] if IS_GOIMG else []),
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"nowhere": {"class": "logging.NullHandler"}},
    "loggers": {"django": {"handlers": ["nowhere"], "propagate": False}},
}
# Each error is sent, and at once, as by the stock SDK: the throttle would make the figures flattering, and what the
# outbox still sends while the next kind of request is measured would be counted as that one's.
ERROR_TRACKING = {"RELEASE": "bench@1", "ERRORS_PER_MINUTE": 0, "OUTBOX_RATE": 1000}
