"""Takes an event from the SDK before it serialises it, and gives it to the transport as it was.

The SDK's serialiser is the larger part of a capture, on the thread of the request, and the scrubber takes
everything apart once more anyway. What is handed over is copied first, into values that JSON can hold: nobody's
objects are looked at on another thread.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from datetime import datetime
from itertools import islice
from math import isfinite
from typing import Any

from django.db.models import QuerySet
from sentry_sdk.scrubber import EventScrubber
from sentry_sdk.utils import disable_capture_event, format_timestamp, safe_repr

MAX_DEPTH = 12
MAX_TEXT = 8192  # characters
MAX_ENTRIES = 50  # of what applications attach
MAX_LONG = 2000  # of what the SDK itself bounds already
_LONG = ("values", "frames", "spans")
# What the SDK still needs of an event for its envelope.
_KEPT = ("event_id", "type", "timestamp", "level")

_handed_over: ContextVar[dict[str, Any] | None] = ContextVar("handed_over", default=None)


class Handover(EventScrubber):
    """The SDK's last step before its serialiser.

    https://docs.sentry.io/platforms/python/data-management/sensitive-data/#event_scrubber
    """

    def __init__(self) -> None:
        super().__init__(denylist=[], pii_denylist=[])

    def scrub_event(self, event: Any) -> None:
        """Take what the event holds, and leave the SDK the little that its envelope needs."""
        if event.get("type") == "check_in":
            return  # small, and whoever captured it reads it again
        # As in the SDK's serialiser: somebody's __repr__ may log an error, which is no event of its own.
        disable_capture_event.set(True)
        try:
            copy = {key: owned(value, limit=_limit(key)) for key, value in event.items()}
        except Exception:  # noqa: BLE001 - the SDK goes on with its own serialiser then
            return
        finally:
            disable_capture_event.set(False)
        _handed_over.set(copy)
        kept = {key: event[key] for key in _KEPT if key in event}
        event.clear()
        event.update(kept)


def claim(event_id: Any) -> dict[str, Any] | None:
    """Return the event that was handed over on this thread under this ID, once; None if there is none."""
    event = _handed_over.get()
    if event is None or event.get("event_id") != event_id:
        return None
    _handed_over.set(None)
    return event


def owned(value: Any, depth: int = 0, limit: int = MAX_ENTRIES) -> Any:
    """Return a copy of a value, all of it None, bool, int, float, str, list and dict; what is too much is cut."""
    kind = type(value)
    if kind is str:
        return value if len(value) <= MAX_TEXT else f"{value[:MAX_TEXT]}..."
    if value is None or kind is int or kind is bool:
        return value
    if depth >= MAX_DEPTH:
        return f"<{kind.__name__}>"
    if isinstance(value, Mapping):
        return {str(key): owned(entry, depth + 1, _limit(key)) for key, entry in islice(value.items(), limit)}
    if isinstance(value, list | tuple | set | frozenset):
        return [owned(item, depth + 1) for item in islice(value, limit)]
    return _leaf(value, depth)


def _limit(key: object) -> int:
    return MAX_LONG if key in _LONG else MAX_ENTRIES


def _leaf(value: Any, depth: int) -> Any:
    if isinstance(value, float):
        return float(value) if isfinite(value) else str(value)
    if isinstance(value, datetime):
        return format_timestamp(value)
    if isinstance(value, bytes | bytearray):
        return owned(bytes(value[:MAX_TEXT]).decode("utf-8", "replace"), depth)
    if isinstance(value, str):
        return owned("".join(value), depth)  # a str subclass may say anything of itself in __str__
    if isinstance(value, int):
        return int(value)
    if isinstance(value, QuerySet):
        return f"<{type(value).__name__} of {value.model.__name__}>"  # its repr asks the database
    return owned(safe_repr(value), depth)
