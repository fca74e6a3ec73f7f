"""Tests: fast hashing, no tracker unless a test brings its own."""

import os

# A developer's own tracker must never receive what the tests send.
for name in [name for name in os.environ if name.startswith(("SENTRY_", "TRACKER_"))]:
    del os.environ[name]

from settings.base import *  # noqa: E402

SECRET_KEY = "test-only-" + "k" * 50
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
# Argon2 with its smallest parameters: the tests check that hashing happens, not that it is slow.
PASSWORD_HASHERS = ["tests.hashers.CheapArgon2PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# Files are found where they are; nobody has run collectstatic (https://whitenoise.readthedocs.io/en/stable/django.html).
WHITENOISE_AUTOREFRESH = True
DEMO_ERRORS = True
# A test that wants an outbox brings its own.
del ERROR_TRACKING["OUTBOX_DIR"]
LOGGING["formatters"]["json"] = LOGGING["formatters"]["text"]
