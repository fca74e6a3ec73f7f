"""Whatever an application attaches to an event, as values that JSON can hold, bounded in every direction."""

from collections import UserList, deque
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from datetime import UTC, datetime
from itertools import islice
from math import isfinite
from typing import Any

from django.db.models import QuerySet
from sentry_sdk.utils import safe_repr

MAX_DEPTH = 13
MAX_TEXT = 8192  # characters
MAX_BITS = 1024  # of a whole number: Python refuses to write one of more than 4,300 digits
MAX_ENTRIES = 50  # of what applications attach
MAX_LONG = 2000  # of what the SDK itself bounds already
MAX_VALUES = 50_000  # in one event: a thousand spans, or one small list that holds itself many times
# What type itself says: a metaclass may raise when it is asked.
_name: Callable[[type], str] = type.__dict__["__name__"].__get__
# Not every Sequence: a page of Django's is one, and asks the database.
_SEQUENCES = (list, tuple, set, frozenset, deque, UserList)
_LONG = ("values", "frames", "spans")


class PlainCopy:
    """Copies one event; after MAX_VALUES values, containers are only named."""

    def __init__(self) -> None:
        self.left = MAX_VALUES

    def of(self, value: Any, depth: int = 0, limit: int = MAX_ENTRIES) -> Any:
        """Return a copy, all of it None, bool, int, float, str, list and dict; what is too much is cut."""
        kind = type(value)
        if kind is str:
            return value if len(value) <= MAX_TEXT else f"{value[:MAX_TEXT]}..."
        if value is None or kind is bool or (kind is int and value.bit_length() <= MAX_BITS):
            return value
        try:
            if kind is dict or isinstance(value, Mapping):
                return self._mapping(value, depth, limit)
            if isinstance(value, _SEQUENCES):
                return self._sequence(value, depth, limit)
            return self._leaf(value, depth)
        except Exception:  # noqa: BLE001 - somebody's object raises when it is looked at
            return f"<{_name(kind)}>"

    def _mapping(self, value: Mapping[Any, Any], depth: int, limit: int) -> Any:
        room = self._room(depth, limit)
        # All at once where it is small enough: nobody can change it meanwhile.
        entries = list(value.items() if type(value) is dict and len(value) <= room else islice(value.items(), room))
        if value and not entries:
            return f"<{_name(type(value))}>"
        self.left -= len(entries)
        copy: dict[str, Any] = {}
        for key, entry in entries:
            name = key if type(key) is str and len(key) <= MAX_TEXT else str(self.of(key, MAX_DEPTH))
            kind = type(entry)
            # Nearly all entries end here, so it is spelled out: it is what the speed depends on.
            is_plain = (kind is str and len(entry) <= MAX_TEXT) or entry is None or kind is bool
            copy[name] = entry if is_plain else self.of(entry, depth + 1, MAX_LONG if name in _LONG else MAX_ENTRIES)
        return copy

    def _sequence(self, value: Any, depth: int, limit: int) -> Any:
        items = list(islice(value, self._room(depth, limit)))
        if value and not items:
            return f"<{_name(type(value))}>"
        self.left -= len(items)
        return [self.of(item, depth + 1) for item in items]

    def _room(self, depth: int, limit: int) -> int:
        return max(0, min(limit, self.left)) if depth < MAX_DEPTH else 0

    def _leaf(self, value: Any, depth: int) -> Any:
        if isinstance(value, float):
            return float(value) if isfinite(value) else str(float(value))
        if isinstance(value, datetime):
            # As the SDK writes it, whose strftime takes four times as long.
            return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
        if isinstance(value, bytes | bytearray):
            return bytes(value[:MAX_TEXT]).decode("utf-8", "replace")
        if isinstance(value, str):
            return self.of(str.__str__(value), depth)  # a subclass may say anything of itself, and for ever
        if isinstance(value, int):
            return self.of(int(value)) if value.bit_length() <= MAX_BITS else f"<int of {value.bit_length()} bits>"
        if isinstance(value, QuerySet):
            return f"<{type(value).__name__} of {value.model.__name__}>"  # its repr asks the database
        if is_dataclass(value) and not isinstance(value, type):
            return f"<{_name(type(value))}>"  # its repr is that of all it holds, however much
        return self.of(safe_repr(value))
