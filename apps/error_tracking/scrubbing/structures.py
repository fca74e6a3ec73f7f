"""Line 2 for what JSON can hold: sensitive keys at any depth, patterns in every text, keys included."""

import re
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from . import policy
from .keys import KeyClass, is_sensitive_key, key_class
from .lazy import lazy
from .rules.keyvalue import is_harmless_value, is_sentence, may_be_secret
from .text import scrub_counted, seen_harmless

# The SDK cuts at 5 levels inside an event's data; what is deeper than this was not made by it.
MAX_DEPTH = 40
_VERSION = lazy(r"\d{1,5}(?:\.\d{1,5}){1,4}")
_ID = lazy(r"(?=[0-9-]*[a-f])(?:[0-9a-f]{32}|[0-9a-f]{16}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_TIME = lazy(r"20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d(?:\.\d{1,6})?Z")
_VERSION_KEYS = ("version", "Version", "VERSION", "build", "release")
# One entry of these says what another one holds; see _named_values.
_EXPLAINING_KEYS = policy.FILE_NAME_KEYS | {"value"}
_MOST_KEYS = 4096
_LONGEST_KEY = 80
_KEY = lazy(r"-{0,2}[A-Za-z][\w.-]{0,60}")
_NAME = lazy(r"(?!(?=.*\d)[\w.-]{20,})[A-Za-z_][\w.-]{0,40}")


class _Plan(NamedTuple):
    """What a key says of its value: what it is, in which form it stays, and whether it explains another one."""

    kind: KeyClass
    form: re.Pattern[str] | None
    explains: bool


_NO_PLAN = _Plan(KeyClass.HARMLESS, None, explains=False)
# Of keys in which there is nothing to replace. Of most also a set: a whole mapping is held against it at once.
_plans: dict[str, _Plan] = {}
_plain_keys: set[str] = set()
_ONLY_TEXT = frozenset({str})


def scrub_map(mapping: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a scrubbed copy: values of sensitive keys become [REDACTED], texts go through scrub_string, at any depth.

    Never raises; what is no JSON value becomes the name of its type.
    """
    try:
        return scrub_mapping(mapping, Counter())
    except Exception:  # noqa: BLE001 - what could not be scrubbed must not be shown
        return {policy.REDACTED: policy.REDACTED}


def scrub_mapping(mapping: Mapping[Any, Any], found: Counter[str] | None = None, depth: int = 0) -> dict[str, Any]:
    """Do what scrub_map does, and count what was replaced."""
    found = Counter() if found is None else found
    # Nearly all entries end in one of these two lines, so they are spelled out: it is what the speed depends on.
    if _plain_keys.issuperset(mapping) and _ONLY_TEXT.issuperset(map(type, mapping)):
        return {
            key: value if type(value) is str and value in seen_harmless else scrub_value(value, found, depth)
            for key, value in mapping.items()
        }
    scrubbed: dict[str, Any] = {}
    explaining = []
    for key, value in mapping.items():
        name = key if type(key) is str else str(key)
        plan = _plans.get(name)
        kind, form, explains = plan or _plan(name)
        if type(value) is str and value in seen_harmless and not kind:
            clean = value
        elif kind:
            clean = _redact(name, value, kind, found, depth)
        elif form and isinstance(value, str) and form.fullmatch(value):
            clean = value
        else:
            clean = scrub_value(value, found, depth)
        shown = name if plan else scrub_counted(name, found)
        scrubbed[shown] = clean
        if explains:
            explaining.append(shown)
        if not plan and shown == name:
            _remember_plan(name)
    return _named_values(scrubbed, explaining, found) if explaining else scrubbed


def _form_of(name: str) -> re.Pattern[str] | None:
    # Four numbers are an address anywhere else; and one ID in a thousand looks like somebody's number. Times look like
    # nothing else, and each is new: to look for all that may hide in one took a quarter of the time for a transaction.
    if name in policy.ID_KEYS:
        return _ID
    if name.endswith("timestamp"):
        return _TIME
    return _VERSION if name.endswith(_VERSION_KEYS) else None


def _plan(name: str) -> _Plan:
    return _Plan(key_class(name), _form_of(name), name.lower() in _EXPLAINING_KEYS)


def _remember_plan(name: str) -> None:
    if len(name) > _LONGEST_KEY:
        return
    if len(_plans) >= _MOST_KEYS:
        _plans.clear()
        _plain_keys.clear()
    plan = _plans[name] = _plan(name)
    if plan == _NO_PLAN:
        _plain_keys.add(name)


def _named_values(mapping: dict[str, Any], explaining: list[str], found: Counter[str]) -> dict[str, Any]:
    # {"name": "DB_PASSWORD", "value": "…"} and {"filename": "jane-doe.jpg"}: one entry says what the other is.
    name = mapping.get("name") or mapping.get("key")
    if isinstance(name, str) and isinstance(mapping.get("value"), str) and is_sensitive_key(name):
        mapping["value"] = _redact(name, mapping["value"], KeyClass.SECRET, found, 0)
    for key in explaining:
        value = mapping[key]
        if (
            isinstance(value, str)
            and value.lower().endswith(policy.PERSONAL_FILES)
            and key.lower() in policy.FILE_NAME_KEYS
        ):
            mapping[key] = "upload" + value[value.rindex(".") :]
    return mapping


def scrub_value(value: Any, found: Counter[str], depth: int = 0) -> Any:
    """Return a scrubbed copy of any value that JSON can hold."""
    kind = type(value)
    if kind is str:
        return scrub_counted(value, found)
    if value is None or kind is bool or kind is float:
        return value
    if kind is int:
        return _scrub_number(value, found)
    if depth >= MAX_DEPTH:
        return policy.TOO_DEEP
    if kind is dict or (kind is not list and isinstance(value, Mapping)):
        return scrub_mapping(value, found, depth + 1)
    if isinstance(value, list | tuple | set | frozenset):
        return _scrub_items(list(value), found, depth + 1)
    if isinstance(value, bytes | bytearray):
        return scrub_counted(bytes(value).decode("utf-8", "replace"), found)
    return scrub_counted(str(value), found) if isinstance(value, str | int | float) else f"<{kind.__name__}>"


def _scrub_items(items: list[Any], found: Counter[str], depth: int) -> list[Any]:
    scrubbed = [
        item if type(item) is str and item in seen_harmless else scrub_value(item, found, depth) for item in items
    ]
    for index, (name, value) in enumerate(pairwise(items)):
        # Headers are often pairs, ["authorization", "…"], and arguments follow their flags, ["--token", "…"].
        if isinstance(name, str) and isinstance(value, str) and (len(items) == 2 or name.startswith("-")):
            kind = key_class(name.lstrip("-")) if _KEY.fullmatch(name) else KeyClass.HARMLESS
            if (
                kind is not KeyClass.HARMLESS
                and not is_harmless_value(name.lstrip("-"), value)
                and may_be_secret(value, name, quoted=True)
                and not value.startswith("--")
            ):
                scrubbed[index + 1] = _redact(name, value, kind, found, depth)
    return scrubbed


def _redact(key: str, value: Any, kind: KeyClass, found: Counter[str], depth: int) -> Any:
    """Replace what may be a secret; what says something about the request and nothing about the secret stays."""
    if value is None or value == "" or isinstance(value, bool) or value in ([], {}):
        return value
    if isinstance(value, Mapping):
        return _redact_mapping(key, value, kind, found, depth)
    if isinstance(value, list | tuple) and all(isinstance(item, str) and is_sentence(item) for item in value):
        return [scrub_counted(item, found) for item in value]  # what a form answers: ["This field is required."]
    if isinstance(value, int | float) and kind is KeyClass.COUNTABLE:
        return value
    if (
        isinstance(value, str)
        and key.lower().endswith(("dsn", "url"))
        and "://" in (clean := scrub_counted(value, found))
        and policy.REDACTED in clean
    ):
        return clean  # where it leads is worth knowing
    if isinstance(value, str) and (is_sentence(value) or is_harmless_value(key, value)):
        return scrub_counted(value, found)
    if value != policy.REDACTED:
        found["person" if kind is KeyClass.PERSONAL else "key"] += 1
    return policy.REDACTED


def _redact_mapping(key: str, value: Mapping[Any, Any], kind: KeyClass, found: Counter[str], depth: int) -> Any:
    if set(value) == {"type", "value"}:
        # A typed attribute of a log or metric keeps its form.
        return {"type": "string", "value": _redact(key, value["value"], kind, found, depth)}
    if depth >= MAX_DEPTH:
        return policy.TOO_DEEP
    # The names of cookies and credentials help; a name that is itself a secret does not.
    names = {str(name): inner for name, inner in value.items()}
    return {
        scrub_counted(name, found) if _NAME.fullmatch(name) else policy.REDACTED: _redact(
            name, inner, kind, found, depth + 1
        )
        for name, inner in names.items()
    }


def _scrub_number(value: int, found: Counter[str]) -> int | str:
    # A card number that was parsed is still a card number; shorter numbers are counts, sizes and primary keys.
    if -(10**12) < value < 10**12:
        return value
    if value.bit_length() > 256:  # an RSA prime, not a count
        return policy.REDACTED
    scrubbed = scrub_counted(str(value), found)
    return value if scrubbed == str(value) else scrubbed
