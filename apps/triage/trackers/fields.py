"""Fields of trackers' answers, which may be left out, null, or a number in one version and a text in the next."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from . import payload

Row = Mapping[str, Any]


def first(row: Row, *names: str) -> Any:
    """Return the first of these fields that says something. Raises KeyError where none does."""
    for name in names:
        if row.get(name) is not None:
            return row[name]
    raise KeyError(names[0])


def text(row: Row, name: str) -> str:
    """Return a field as a text, empty where it says nothing."""
    value = row.get(name)
    return "" if value is None else str(value)


def number(row: Row, name: str) -> int | None:
    """Return a field as a whole number, None where it says nothing. Raises ValueError, TypeError."""
    value = row.get(name)
    return None if value is None else int(value)


def inner(row: Row, name: str) -> Row:
    """Return the object in a field, an empty one where it says nothing. Raises TypeError for anything else."""
    value = row.get(name) or {}
    if not isinstance(value, Mapping):
        raise TypeError
    return value


def moment(row: Row, *names: str) -> datetime:
    """Return the first of these fields as an aware moment. Raises KeyError, ValueError."""
    read = payload.moment(first(row, *names))
    if read is None:
        raise ValueError
    return read
