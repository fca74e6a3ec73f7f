"""The environment, read once. A value that cannot be used is one sentence that names the variable."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

# FileAwareEnv: NAME_FILE=/run/secrets/name is read in place of NAME
# (https://django-environ.readthedocs.io/en/latest/tips.html#docker-style-file-based-variables).
env = environ.FileAwareEnv()


def require(name: str) -> str:
    """Return the variable's value; raise ImproperlyConfigured, saying what to do, when it is missing or empty."""
    value: str = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. Set {name}, or {name}_FILE to a file that holds it.")
    return value


def storage_location(url: str) -> Path:
    """Turn STORAGE_URL (file:///absolute/path) into a folder.

    Raises ImproperlyConfigured for any other scheme or a relative path.
    """
    parts = urlsplit(url)
    if parts.scheme != "file" or not parts.path.startswith("/") or parts.netloc:
        origin = f"{parts.scheme}://{parts.hostname or ''}"
        raise ImproperlyConfigured(f"STORAGE_URL must be file:///absolute/path, but it begins with '{origin}'.")
    return Path(parts.path)


def load_file(path: Path) -> None:
    """Add the lines NAME=value of a file to the environment, where NAME is not set already."""
    if path.exists() and os.access(path, os.R_OK):
        environ.Env.read_env(path)
