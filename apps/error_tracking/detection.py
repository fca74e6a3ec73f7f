"""What the data policy would not let leave, told by place and kind: for explaining, and for what is stored already.

Every path is safe to print: keys that are no names in code, or that a rule replaces, appear as `key[length]`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from .scrubbing import Finding, findings, scrub_map, scrub_string
from .scrubbing.keys import KeyClass, key_class
from .scrubbing.minimise import minimise
from .scrubbing.shapes import safe_name
from .scrubbing.structures import MAX_DEPTH

_NOT_ALLOWED = "It is not on the allow-list (line 1)."
_UNREADABLE = "It is not built like an event; only a skeleton would leave."
_TOO_DEEP = "It is nested deeper than the scrubber looks; nothing that deep leaves."
_NAMED_BESIDE = "What stands beside it says that it is a secret or somebody's."
_DISGUISED = "It is written in a way that hides it, and is replaced all the same."
# What stands in for a value or a key already. Its length may change when line 1 looks at it again.
_STAND_IN = re.compile(r"(?:str|key)\[\d{1,12}\]|\[[A-Z]+(?:_[A-Z]+)?\]")
_SAME = "str[0]"


def detect(value: Any, path: str = "", depth: int = 0, owner: str = "") -> Iterator[Finding]:
    """Yield what line 2 would replace in a text or in anything that JSON can hold. Never yields a value.

    `owner` is the key of a mapping, which can say what is in it: {"user": {"name": "…"}}.
    """
    if depth >= MAX_DEPTH and isinstance(value, Mapping | list):
        yield Finding(path, "too_deep", _TOO_DEEP)
    elif isinstance(value, Mapping):
        yield from _entries(value, path, depth, owner)
    elif isinstance(value, list):
        yield from _items(value, path, depth)
    else:
        yield from _leaf(value, path)


def detect_in_event(event: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what both lines would take out of an event: line 1 as kind `not_allowed`, then line 2."""
    try:
        allowed = _without_stand_ins(minimise(event))
    except Exception:  # noqa: BLE001 - as in clean_item: somebody else's event may be built in any way
        yield Finding("", "unreadable", _UNREADABLE)
    else:
        for path in _differences(_without_stand_ins(event), allowed, ""):
            yield Finding(path, "not_allowed", _NOT_ALLOWED)
    yield from detect(event)


def _entries(mapping: Mapping[str, Any], path: str, depth: int, owner: str) -> Iterator[Finding]:
    # One entry can say what another is: {"name": "DB_PASSWORD", "value": "…"}.
    plain = {key: inner for key, inner in mapping.items() if isinstance(inner, str | int)}
    (scrubbed,) = scrub_map({owner: plain}).values()
    for key, inner in mapping.items():
        found = list(_entry(str(key), inner, path, depth))
        yield from found
        if not found and key in plain and scrubbed.get(key, inner) != inner:
            yield Finding(_place(path, str(key)), "key", _NAMED_BESIDE)


def _items(items: list[Any], path: str, depth: int) -> Iterator[Finding]:
    # Headers are often pairs, ["authorization", "…"], and arguments follow their flags.
    named = any(isinstance(item, str) for item in items)
    scrubbed = scrub_map({"value": items}).get("value", items) if named else items
    for index, (inner, clean) in enumerate(zip(items, scrubbed, strict=True)):
        place = f"{path}[{index}]"
        found = list(detect(inner, place, depth + 1))
        yield from found
        if not found and not _same(clean, inner):
            yield Finding(place, "key", _NAMED_BESIDE)


def _entry(key: str, value: Any, path: str, depth: int) -> Iterator[Finding]:
    place = _place(path, key)
    yield from _leaf(key, f"{place} (the key)")
    if key_class(key) is not KeyClass.HARMLESS:
        yield from (replace(finding, path=place) for finding in findings({key: value}))
    elif isinstance(value, Mapping | list):
        yield from detect(value, place, depth + 1, key)
    else:
        yield from _leaf(value, place, key)


def _leaf(value: Any, path: str, key: str = "value") -> Iterator[Finding]:
    # The key has a say: server_version=1.2.3.4 is no address.
    if not isinstance(value, str | int) or value in scrub_map({key: value}).values():
        return
    found = [replace(finding, path=path) for finding in findings(str(value))]
    yield from found or [Finding(path, "disguised", _DISGUISED)]


def _place(path: str, key: str) -> str:
    name = safe_name(key) if scrub_string(key) == key else f"key[{len(key)}]"
    return f"{path}.{name}" if path else name


def _without_stand_ins(value: Any, depth: int = 0) -> Any:
    if isinstance(value, str):
        return _STAND_IN.sub(_SAME, value)
    if depth >= MAX_DEPTH:
        return _SAME
    if isinstance(value, Mapping):
        pairs = ((_STAND_IN.sub(_SAME, str(key)), inner) for key, inner in value.items())
        return {key: _without_stand_ins(inner, depth + 1) for key, inner in pairs}
    if isinstance(value, list):
        return [_without_stand_ins(inner, depth + 1) for inner in value]
    return value


def _differences(before: Any, after: Any, path: str) -> Iterator[str]:
    """Yield the paths of `before` that `after` has not, or has otherwise."""
    if isinstance(before, list) and isinstance(after, Mapping):
        # An older form of the same: a bare list of values, or headers as pairs.
        before = {"values": before} if "values" in after else _as_mapping(before)
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key, inner in before.items():
            if key in after:
                yield from _differences(inner, after[key], _place(path, key))
            elif inner not in (None, "", [], {}):
                yield _place(path, key)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, pair in enumerate(zip(before, after, strict=True)):
            yield from _differences(*pair, f"{path}[{index}]")
    elif not _same(before, after):
        yield path


def _same(before: Any, after: Any) -> bool:
    return before is after or before == after  # NaN does not equal itself


def _as_mapping(pairs: list[Any]) -> dict[str, Any]:
    return {str(pair[0]): pair[1] for pair in pairs if isinstance(pair, list) and len(pair) == 2}
