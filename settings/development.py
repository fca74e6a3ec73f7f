"""Local development: works from a fresh clone with no configuration at all."""

import secrets
from pathlib import Path

from settings.env import load_file

LOCAL_DIR = Path(__file__).resolve().parent.parent / ".local"
# What `make run` wrote (the local tracker's DSN, URL and token); base reads the environment, so this comes first.
load_file(LOCAL_DIR / "development.env")

from settings.base import *  # noqa: E402


def _secret_key() -> str:
    """A key of this checkout's own, made once, so that sign-ins survive a restart and no key is in the code."""
    LOCAL_DIR.mkdir(mode=0o700, exist_ok=True)
    path = LOCAL_DIR / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
# Errors look in development as they look in production: problem+json. Their tracebacks are in the log and the tracker.
DEBUG = False
DEMO_ERRORS = True
LOGGING["handlers"]["console"]["formatter"] = "text"
# Files are found where they are; nobody has run collectstatic (https://whitenoise.readthedocs.io/en/stable/django.html).
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
