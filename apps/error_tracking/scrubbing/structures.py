"""Line 2 for what JSON can hold: sensitive keys at any depth, patterns in every text, keys included."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from . import policy
from .keys import is_personal_key, is_sensitive_key
from .text import scrub_counted

# The SDK cuts at 5 levels inside an event's data; what is deeper than this was not made by it.
MAX_DEPTH = 40


def scrub_map(mapping: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a scrubbed copy: values of sensitive keys become [REDACTED], texts go through scrub_string, at any depth.

    Never raises; what is no JSON value becomes the name of its type.
    """
    return scrub_mapping(mapping, Counter())


def scrub_mapping(mapping: Mapping[Any, Any], found: Counter[str], depth: int = 0) -> dict[str, Any]:
    """Do what scrub_map does, and count what was replaced."""
    return {
        scrub_counted(str(key), found): _scrub_entry(str(key), value, found, depth) for key, value in mapping.items()
    }


def scrub_value(value: Any, found: Counter[str], depth: int = 0) -> Any:
    """Return a scrubbed copy of any value that JSON can hold."""
    if isinstance(value, str):
        return scrub_counted(value, found)
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return _scrub_number(value, found)
    if depth >= MAX_DEPTH:
        return policy.TOO_DEEP
    if isinstance(value, Mapping):
        return scrub_mapping(value, found, depth + 1)
    if isinstance(value, list | tuple | set | frozenset):
        return [scrub_value(item, found, depth + 1) for item in value]
    if isinstance(value, bytes | bytearray):
        return scrub_counted(bytes(value).decode("utf-8", "replace"), found)
    return f"<{type(value).__name__}>"


def _scrub_entry(key: str, value: Any, found: Counter[str], depth: int) -> Any:
    # None, true, false and "" under "password" say something about the request and nothing about the secret.
    if value is None or value == "" or isinstance(value, bool):
        return value
    if is_sensitive_key(key):
        return _redact(value, found, "key")
    if is_personal_key(key):
        return _redact(value, found, "person")
    return scrub_value(value, found, depth)


def _redact(value: Any, found: Counter[str], kind: str) -> Any:
    if isinstance(value, Mapping) and set(value) == {"type", "value"}:
        # A typed attribute of a log or metric keeps its form.
        return {"type": "string", "value": _redact(value["value"], found, kind)}
    if value != policy.REDACTED:
        found[kind] += 1
    return policy.REDACTED


def _scrub_number(value: int, found: Counter[str]) -> int | str:
    # A card number that was parsed is still a card number; shorter numbers are counts, sizes and primary keys.
    if -(10**12) < value < 10**12:
        return value
    text = str(value) if value.bit_length() < 1000 else policy.REDACTED
    scrubbed = scrub_counted(text, found)
    return value if scrubbed == text else scrubbed
