"""The environment, read once. A value that cannot be used is one sentence that names the variable, never the value."""

import os
import re
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

# FileAwareEnv: NAME_FILE=/run/secrets/name is read in place of NAME
# (https://django-environ.readthedocs.io/en/latest/tips.html#docker-style-file-based-variables).
_env = environ.FileAwareEnv()

_DATABASE = "a database URL, like postgres://user:password@host:5432/name or sqlite:////absolute/path.sqlite3"
_BROKER = "the URL of a Redis, like redis://:password@host:6379/0"
_LISTENER = "host:port, like 127.0.0.1:9101"
_FOLDER = "a folder as file:///absolute/path"
_BOOLEANS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
# apps/api/counters.py has SQL that exactly these two understand.
_ENGINES = {"django.db.backends.sqlite3", "django.db.backends.postgresql"}
# The backends that need a package which this project does not install.
_CACHE_PACKAGES = {
    "django.core.cache.backends.memcached.PyMemcacheCache": "pymemcache",
    "django.core.cache.backends.memcached.PyLibMCCache": "pylibmc",
}


def text(name: str, default: str = "") -> str:
    """Return the variable's value, or the default when it is missing or empty.

    Raises ImproperlyConfigured when NAME_FILE names a file that cannot be read.
    """
    try:
        # Not _env.str: it takes a value that begins with $ for the name of another variable.
        value: str = _env.ENVIRON.get(name, "")
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read ({type(error).__name__}).") from error
    return value.strip() or default


def require(name: str) -> str:
    """Return the variable's value; raise ImproperlyConfigured, saying what to do, when it is missing or empty."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. Set {name}, or {name}_FILE to a file that holds it.")
    return value


def secret_key(name: str) -> str:
    """Return a key of the strength that Django's own check security.W009 asks for, else raise ImproperlyConfigured.

    https://docs.djangoproject.com/en/6.1/ref/checks/#security
    """
    value = require(name)
    if len(value) < 50 or len(set(value)) < 5:
        raise ImproperlyConfigured(
            f"{name} must have at least 50 characters, 5 of them different; "
            "python -c 'import secrets; print(secrets.token_urlsafe(50))' makes one."
        )
    return value


def token(name: str) -> str:
    """Return a secret that others send to us, empty when there is none; raise ImproperlyConfigured for a short one."""
    value = text(name)
    if value and not re.fullmatch(r"[!-~]{32,}", value):
        raise ImproperlyConfigured(
            f"{name} must have at least 32 characters, letters, digits and signs; "
            "python -c 'import secrets; print(secrets.token_urlsafe(32))' makes one."
        )
    return value


def listener(name: str) -> tuple[str, int] | None:
    """Return address and port to listen at, None for nowhere; raise ImproperlyConfigured for anything else."""
    value = text(name)
    if not value:
        return None
    parts = _parsed(name, _LISTENER, lambda found: urlsplit(f"//{found}"), "")
    if not (parts.hostname and parts.netloc == value and _port_is_fine(parts) and parts.port and "@" not in value):
        raise ImproperlyConfigured(f"{name} must be {_LISTENER}.")
    return parts.hostname, parts.port


def database_url(name: str, default: str) -> dict[str, Any]:
    """Return Django's settings of an SQLite or PostgreSQL database; raise ImproperlyConfigured for anything else."""
    found: dict[str, Any] = _parsed(name, _DATABASE, _env.db_url_config, default)
    if found.get("ENGINE") not in _ENGINES or not found["NAME"]:
        raise ImproperlyConfigured(f"{name} must be {_DATABASE}.")
    return found


def cache_url(name: str, default: str) -> dict[str, Any]:
    """Return Django's cache settings; raise ImproperlyConfigured for no such cache, or one whose package is missing."""
    found: dict[str, Any] = _parsed(name, "a cache URL, like redis://host:6379/0", _env.cache_url_config, default)
    package = _CACHE_PACKAGES.get(found["BACKEND"])
    if package and not find_spec(package):
        raise ImproperlyConfigured(f"{name} needs the package {package}; install it, or leave {name} out.")
    return found


def broker_url(name: str) -> str:
    """Return the URL of a Redis, empty when there is none; raise ImproperlyConfigured for anything else."""
    url = text(name)
    parts = _parsed(name, _BROKER, urlsplit, "")
    if url and not (parts.scheme in ("redis", "rediss") and parts.hostname and _port_is_fine(parts)):
        raise ImproperlyConfigured(f"{name} must be {_BROKER}.")
    return url


def integer(name: str, default: int, least: int = 0) -> int:
    """Return a whole number from `least` on; raise ImproperlyConfigured for anything else."""
    what = f"a whole number, {least} or more"
    number: int = _parsed(name, what, int, str(default))
    if number < least:
        raise ImproperlyConfigured(f"{name} must be {what}.")
    return number


def boolean(name: str, default: bool) -> bool:
    """Return true or false; raise ImproperlyConfigured for anything else."""
    word = text(name, str(default)).lower()
    if word not in _BOOLEANS:
        raise ImproperlyConfigured(f"{name} must be true or false.")
    return _BOOLEANS[word]


def choice(name: str, allowed: tuple[str, ...], default: str) -> str:
    """Return one of the allowed words, in any case; raise ImproperlyConfigured, naming them, for any other."""
    word = text(name, default).upper()
    if word not in allowed:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(allowed)}.")
    return word


def storage_location(name: str, default: Path) -> Path:
    """Return the folder of a file:///absolute/path; raise ImproperlyConfigured for any other URL."""
    parts = _parsed(name, _FOLDER, urlsplit, default.as_uri())
    if parts.scheme != "file" or not parts.path.startswith("/") or parts.netloc:
        raise ImproperlyConfigured(f"{name} must be {_FOLDER}.")
    return Path(parts.path)


def load_file(path: Path) -> None:
    """Add the lines NAME=value of a file to the environment, where NAME is not set already."""
    if path.exists() and os.access(path, os.R_OK):
        environ.Env.read_env(path)


def _parsed(name: str, what: str, parse: Callable[[str], Any], default: str) -> Any:
    value = text(name, default)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # django-environ's repeats the value
            return parse(value)
    except Exception as error:  # what the parsers raise is not documented, and repeats the value
        raise ImproperlyConfigured(f"{name} must be {what}.") from error


def _port_is_fine(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:
        return False
