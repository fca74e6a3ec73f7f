"""Where the watch finds its rules and keeps its state, and how it is told times."""

import re
from argparse import ArgumentTypeError
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from apps.triage.config import read

VARIABLES = ("ALERTS_FILE", "WATCH_STATE_DIR")
LEAST_INTERVAL = 5  # seconds
_SPAN = re.compile(r"([1-9]\d{0,4})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def alerts_file(environ: Mapping[str, str], given: str | None = None) -> Path:
    """Return the file with the rules: the one that is given, else ALERTS_FILE, else alerts.toml of the repository."""
    return Path(given or environ.get("ALERTS_FILE") or settings.BASE_DIR / "alerts.toml")


def state_folder(environ: Mapping[str, str]) -> Path:
    """Return WATCH_STATE_DIR, else .local/watch."""
    return Path(environ.get("WATCH_STATE_DIR") or settings.BASE_DIR / ".local" / "watch")


def place(environ: Mapping[str, str], url: str) -> str:
    """Return what tells one project on one tracker from all others."""
    return " ".join(filter(None, [url, read(environ, "TRACKER_ORG"), read(environ, "TRACKER_PROJECT")]))


def interval(text: str) -> timedelta:
    """Read 60s or 5m. Raises ArgumentTypeError."""
    span = _span(text)
    if span is None or not timedelta(seconds=LEAST_INTERVAL) <= span <= timedelta(days=1):
        raise ArgumentTypeError(f"{text!r} is no interval: write 60s or 5m, {LEAST_INTERVAL}s at least.")
    return span


def since(text: str) -> datetime:
    """Read 2h (ago) or a moment in ISO 8601. Raises ArgumentTypeError."""
    span, now = _span(text), datetime.now(UTC)
    try:
        moment = now - span if span else datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or moment > now:
        raise ArgumentTypeError(f"{text!r} is no moment in the past: write 2h (ago), or 2026-11-24T09:00+01:00.")
    return moment


def _span(text: str) -> timedelta | None:
    match = _SPAN.fullmatch(text)
    return timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else None
