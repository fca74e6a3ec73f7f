"""Line 2 for what JSON can hold: sensitive keys at any depth, patterns in every text, keys included."""

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from . import plans, policy
from .cycles import Endless, unrolled
from .keys import KeyClass, is_sensitive_key, key_class
from .lazy import lazy
from .plans import Plan
from .rules.values import is_description, is_harmless_value, is_sentence, may_be_secret
from .text import scrub_counted, seen_harmless

# The SDK cuts at 5 levels inside an event's data; what is deeper than this was not made by it.
MAX_DEPTH = 40
_MOST_TOO_DEEP = 100
_KEY = lazy(r"-{0,2}[A-Za-z][\w.-]{0,60}")
_NAME = lazy(r"(?!(?=.*\d)[\w.-]{20,})[A-Za-z_][\w.-]{0,40}")

# What stays as it is, whatever its key says of texts, but for secrets.
_UNTOUCHED = frozenset({bool, type(None)})
_NUMBERS = frozenset({int, float})
# What its owner makes personal or secret.
_OWNED = frozenset({"name", "number"})
# A card number that was parsed is still a card number; shorter numbers are counts, sizes and primary keys.
_SMALL = 10**12


def scrub_map(mapping: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a scrubbed copy: values of sensitive keys become [REDACTED], texts go through scrub_string, at any depth.

    Never raises; what is no JSON value becomes the name of its type.
    """
    try:
        return scrub_whole(mapping, Counter())
    except Exception:  # noqa: BLE001 - what could not be scrubbed must not be shown
        return {policy.REDACTED: policy.REDACTED}


def scrub_whole(mapping: Mapping[Any, Any], found: Counter[str]) -> dict[str, Any]:
    """Do what scrub_map does, and count what was replaced."""
    before = found.copy()
    try:
        return scrub_mapping(mapping, found)
    except Endless:
        found.clear()
        found.update(before)
        return scrub_mapping(unrolled(mapping, MAX_DEPTH), found)


def scrub_mapping(mapping: Mapping[Any, Any], found: Counter[str] | None = None, depth: int = 0) -> dict[str, Any]:
    """Do the same for a part of a whole; Endless is for who called with the whole."""
    found = Counter() if found is None else found
    plan = plans.known.get(tuple(mapping))
    return _scrub_by(plan, mapping, found, depth) if plan else _scrub_new(mapping, found, depth)


def _scrub_new(mapping: Mapping[Any, Any], found: Counter[str], depth: int) -> dict[str, Any]:
    named = {key if type(key) is str else str(key): value for key, value in mapping.items()}
    plan = plans.plan_of(named)
    scrubbed = _scrub_by(plan, named, found, depth)
    shown = [scrub_counted(name, found) for name in named]
    if shown != list(named):
        return dict(zip(shown, scrubbed.values(), strict=True))
    if all(type(key) is str for key in mapping):
        plans.remember(tuple(named), plan)
    return scrubbed


def _scrub_by(plan: Plan, mapping: Mapping[Any, Any], found: Counter[str], depth: int) -> dict[str, Any]:
    # Nearly all that an event holds passes here and stays as it is: the speed depends on these lines.
    scrubbed = mapping.copy() if type(mapping) is dict else dict(mapping.items())
    redacted, forms = plan.redacted, plan.forms
    for key, value in mapping.items():
        kind = type(value)
        if kind is str:
            if value in seen_harmless:
                continue
        elif kind in _UNTOUCHED or (kind in _NUMBERS and -_SMALL < value < _SMALL):
            continue
        if key in redacted or (key in forms and isinstance(value, str) and forms[key](value)):
            continue
        is_mapping = kind is dict and depth < MAX_DEPTH
        scrubbed[key] = (scrub_mapping if is_mapping else scrub_value)(value, found, depth + is_mapping)
        if is_mapping and not value.keys().isdisjoint(_OWNED):
            _redact_owned(key, value, scrubbed[key], found)
    for key, key_kind in redacted.items():
        scrubbed[key] = _redact(key, mapping[key], key_kind, found, depth)
    if plan.explained:
        _scrub_named_value(scrubbed, found)
    for key in plan.files:
        scrubbed[key] = _without_file_name(scrubbed[key])
    return scrubbed


def _redact_owned(owner: str, value: dict[str, Any], scrubbed: dict[str, Any], found: Counter[str]) -> None:
    # {"user": {"name": "…"}} and {"card": {"number": "…"}} say as much as user_name and card_number.
    for name in _OWNED & value.keys():
        kind = key_class(f"{owner}_{name}")
        if kind and name in scrubbed:
            scrubbed[name] = _redact(f"{owner}_{name}", value[name], kind, found, 0)


def _scrub_named_value(mapping: dict[str, Any], found: Counter[str]) -> None:
    # {"name": "DB_PASSWORD", "value": "…"}: one entry says what the other is.
    name = mapping.get("name") or mapping.get("key")
    if isinstance(name, str) and isinstance(mapping["value"], str) and is_sensitive_key(name):
        mapping["value"] = _redact(name, mapping["value"], KeyClass.SECRET, found, 0)


def _without_file_name(value: Any) -> Any:
    # {"filename": "jane-doe.jpg"}
    if isinstance(value, str) and value.lower().endswith(policy.PERSONAL_FILES):
        return "upload" + value[value.rindex(".") :]
    return value


def scrub_value(value: Any, found: Counter[str], depth: int = 0) -> Any:
    """Return a scrubbed copy of any value that JSON can hold."""
    kind = type(value)
    if kind is str:
        return scrub_counted(value, found)
    if kind in _UNTOUCHED:
        return value
    if kind in _NUMBERS:
        return value if -_SMALL < value < _SMALL else _scrub_number(value, found)
    if depth >= MAX_DEPTH:
        return _too_deep(found)
    if kind is not dict and kind is not list and hasattr(value, "_asdict"):
        value = value._asdict()  # a named tuple has keys
    if kind is dict or (kind is not list and isinstance(value, Mapping)):
        return scrub_mapping(value, found, depth + 1)
    if isinstance(value, list | tuple | set | frozenset):
        return _scrub_items(list(value), found, depth + 1)
    if isinstance(value, bytes | bytearray):
        return scrub_counted(bytes(value).decode("utf-8", "replace"), found)
    return scrub_counted(str(value), found) if isinstance(value, str | int | float) else f"<{kind.__name__}>"


def _too_deep(found: Counter[str]) -> str:
    found["too_deep"] += 1
    if found["too_deep"] > _MOST_TOO_DEEP:
        raise Endless
    return policy.TOO_DEEP


def _scrub_items(items: list[Any], found: Counter[str], depth: int) -> list[Any]:
    scrubbed = [
        item if type(item) is str and item in seen_harmless else scrub_value(item, found, depth) for item in items
    ]
    # Headers are often pairs, ["authorization", "…"], and arguments follow their flags, ["--token", "…"].
    for index, (name, value) in enumerate(pairwise(items)):
        if isinstance(name, str) and (len(items) == 2 or name[:1] == "-") and isinstance(value, str):
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
    if isinstance(value, str):
        return _redact_text(key, value, kind, found)
    if value is None or isinstance(value, bool) or value in ([], {}):
        return value
    if isinstance(value, Mapping):
        return _redact_mapping(key, value, kind, found, depth)
    if isinstance(value, list | tuple) and all(isinstance(item, str) and is_sentence(item) for item in value):
        return [scrub_counted(item, found) for item in value]  # what a form answers: ["This field is required."]
    if isinstance(value, int | float) and _is_count(key, value, kind):
        return value
    return _redacted(kind, found)


def _is_count(key: str, value: int | float, kind: KeyClass) -> bool:
    counts = kind is KeyClass.COUNTABLE or is_harmless_value(key, str(value))
    return counts and scrub_value(value, Counter()) is value  # a card's number counts nothing


def _redact_text(key: str, value: str, kind: KeyClass, found: Counter[str]) -> str:
    if value in ("", policy.REDACTED):
        return value
    if "://" in value and key.lower().endswith(("dsn", "url")):
        clean = scrub_counted(value, found)
        if "://" in clean and policy.REDACTED in clean:
            return clean  # where it leads is worth knowing
    if is_sentence(value) or is_harmless_value(key, value):
        return scrub_counted(value, found)
    return _redacted(kind, found)


def _redacted(kind: KeyClass, found: Counter[str]) -> str:
    found["person" if kind is KeyClass.PERSONAL else "key"] += 1
    return policy.REDACTED


def _redact_mapping(key: str, value: Mapping[Any, Any], kind: KeyClass, found: Counter[str], depth: int) -> Any:
    if set(value) == {"type", "value"}:
        # A typed attribute of a log or metric keeps its form.
        return {"type": "string", "value": _redact(key, value["value"], kind, found, depth)}
    if depth >= MAX_DEPTH:
        return _too_deep(found)
    # The names of cookies and credentials help; a name that is itself a secret does not.
    names = {str(name): inner for name, inner in value.items()}
    about = {name: scrub_value(inner, found, depth + 1) for name, inner in names.items() if is_description(name)}
    scrubbed: dict[str, Any] = {}
    for name, inner in names.items():
        shown = name if _NAME.fullmatch(name) and scrub_counted(name, found) == name else policy.REDACTED
        scrubbed[shown] = about[name] if name in about else _redact(shown, inner, kind, found, depth + 1)
    return scrubbed


def _scrub_number(value: int | float, found: Counter[str]) -> int | float | str:
    # A column with a gap in it is read as floats, card numbers too; these have 19 digits at most.
    if type(value) is float and not (value.is_integer() and abs(value) < 10**19):
        return value
    whole = int(value)
    if whole.bit_length() > 256:  # an RSA prime, not a count
        return policy.REDACTED
    scrubbed = scrub_counted(str(whole), found)
    return value if scrubbed == str(whole) else scrubbed
