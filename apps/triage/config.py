"""Which tracker the commands ask, from the environment."""

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from .trackers import Bugsink, Tracker

VARIABLES = ("TRACKER_URL", "TRACKER_ORG", "TRACKER_PROJECT", "TRACKER_TOKEN", "TRACKER_KIND")
KINDS = ("auto", "sentry", "glitchtip", "bugsink")


def tracker(environ: Mapping[str, str] = os.environ) -> Tracker:
    """Return the tracker that TRACKER_* name (each also as NAME_FILE).

    Raises ImproperlyConfigured, saying which variable and what to do.
    """
    for name in sorted(environ):
        if name.startswith("TRACKER_") and name.removesuffix("_FILE") not in VARIABLES:
            close = difflib.get_close_matches(name, VARIABLES, n=1)
            hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(VARIABLES)}."
            raise ImproperlyConfigured(f"{name} is not a variable of this application; {hint}")
    values = {name: _read(environ, name) for name in VARIABLES}
    missing = [name for name in ("TRACKER_URL", "TRACKER_PROJECT", "TRACKER_TOKEN") if not values[name]]
    if missing:
        raise ImproperlyConfigured(f"{' and '.join(missing)} must be set to read from the tracker.")
    parts = urlsplit(values["TRACKER_URL"])
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ImproperlyConfigured("TRACKER_URL must be the tracker's address, like https://tracker.example.com.")
    kind = values["TRACKER_KIND"] or "auto"
    if kind not in KINDS:
        raise ImproperlyConfigured(f"TRACKER_KIND must be one of {', '.join(KINDS)}.")
    if kind != "bugsink":
        raise ImproperlyConfigured("TRACKER_KIND: events can be read back from bugsink only, so far.")
    return Bugsink(values["TRACKER_URL"], values["TRACKER_PROJECT"], values["TRACKER_TOKEN"])


def _read(environ: Mapping[str, str], name: str) -> str:
    path = environ.get(f"{name}_FILE")
    if not path:
        return environ.get(name, "").strip()
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read ({type(error).__name__}).") from error
