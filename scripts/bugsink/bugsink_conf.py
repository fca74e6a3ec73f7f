"""Settings of the local tracker: one user, loopback, SQLite, no mail, no calls home.

Read by Bugsink in its own environment (https://www.bugsink.com/docs/settings/). BASE_URL and the folder come
from the environment, the secrets from the folder.
"""

import json
import os
from pathlib import Path

from bugsink.settings.default import *

FOLDER = Path(os.environ["GOIMG_TRACKER_FOLDER"])
SECRETS = json.loads((FOLDER / "secrets.json").read_text(encoding="utf-8"))

SECRET_KEY = SECRETS["secret_key"]
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
TIME_ZONE = "UTC"
DATABASES["default"]["NAME"] = FOLDER / "db.sqlite3"
DATABASES["snappea"]["NAME"] = FOLDER / "snappea.sqlite3"
# Work is done in the request, so that one process is the whole tracker.
SNAPPEA = {"TASK_ALWAYS_EAGER": True}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

# A developer who provokes errors on purpose must not run into a quota in the middle of it.
_PLENTY = 1_000_000
BUGSINK = {
    "BASE_URL": os.environ["GOIMG_TRACKER_URL"],
    "SITE_TITLE": "goimg errors (local)",
    "SINGLE_USER": True,
    "SINGLE_TEAM": True,
    "USER_REGISTRATION": "CB_NOBODY",
    "PHONEHOME": False,
    "INGEST_STORE_BASE_DIR": str(FOLDER / "ingest"),
    "MAX_EVENTS_PER_PROJECT_PER_5_MINUTES": _PLENTY,
    "MAX_EVENTS_PER_PROJECT_PER_HOUR": _PLENTY,
    "MAX_EVENTS_PER_PROJECT_PER_MONTH": _PLENTY,
    "MAX_EVENTS_PER_5_MINUTES": _PLENTY,
    "MAX_EVENTS_PER_HOUR": _PLENTY,
    "MAX_EVENTS_PER_MONTH": _PLENTY,
}
