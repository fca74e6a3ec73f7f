"""Which tracker the commands ask, from the environment."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from .detect import detect
from .trackers import Tracker

VARIABLES = ("TRACKER_URL", "TRACKER_ORG", "TRACKER_PROJECT", "TRACKER_TOKEN", "TRACKER_KIND")
KINDS = ("auto", "sentry", "glitchtip", "bugsink")


def tracker(environ: Mapping[str, str] = os.environ) -> Tracker:
    """Return the tracker that TRACKER_* name (each also as NAME_FILE).

    With TRACKER_KIND=auto, the default, the server is asked what it is. Raises ImproperlyConfigured, saying which
    variable and what to do.
    """
    values = {name: read(environ, name) for name in VARIABLES}
    missing = " and ".join(name for name in ("TRACKER_URL", "TRACKER_PROJECT", "TRACKER_TOKEN") if not values[name])
    for name in sorted(environ):
        if name.startswith("TRACKER_") and name.removesuffix("_FILE") not in VARIABLES:
            hint = f"{missing} must be set." if missing else f"known are {', '.join(VARIABLES)}."
            raise ImproperlyConfigured(f"{name} is not a variable of this application; {hint}")
    if missing:
        raise ImproperlyConfigured(f"{missing} must be set to read from the tracker.")
    parts = urlsplit(values["TRACKER_URL"])
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ImproperlyConfigured("TRACKER_URL must be the tracker's address, like https://tracker.example.com.")
    if parts.username or parts.password:
        raise ImproperlyConfigured("TRACKER_URL must have no user name or password; TRACKER_TOKEN is for the secret.")
    kind = values["TRACKER_KIND"] or "auto"
    if kind not in KINDS:
        raise ImproperlyConfigured(f"TRACKER_KIND must be one of {', '.join(KINDS)}.")
    return _of_kind(kind, values)


def _of_kind(kind: str, values: Mapping[str, str]) -> Tracker:
    """Return the adapter; only that one is imported."""
    url, org, project, token = (values[f"TRACKER_{name}"] for name in ("URL", "ORG", "PROJECT", "TOKEN"))
    if kind == "auto":
        kind = detect(url.rstrip("/"))
    if kind == "bugsink":
        from .trackers.bugsink import Bugsink

        return Bugsink(url, project, token)
    if not org:
        raise ImproperlyConfigured(
            f"TRACKER_ORG must be set for {kind}: the organisation's slug, as in its pages' URLs."
        )
    if kind == "glitchtip":
        from .trackers.glitchtip import GlitchTip

        return GlitchTip(url, org, project, token)
    from .trackers.sentry import Sentry

    return Sentry(url, org, project, token)


def read(environ: Mapping[str, str], name: str) -> str:
    """Return a variable, from the file that NAME_FILE names where it does. Raises ImproperlyConfigured."""
    path = environ.get(f"{name}_FILE")
    if not path:
        return environ.get(name, "").strip()
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read ({type(error).__name__}).") from error
