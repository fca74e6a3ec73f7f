"""Which rule hits where: for people who want to know why, and for looking at what is stored already."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .disguise import readings
from .keys import KeyClass, key_class
from .structures import MAX_DEPTH, scrub_mapping
from .text import hits


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that scrubbing would replace. `path` leads to it (extra.mail, values[0].value), never its value."""

    path: str
    kind: str
    why: str


_KEY_WHY = "The key says that the value is a secret."
_PERSON_WHY = "The key says that the value is somebody's."


def findings(value: Any, path: str = "", depth: int = 0) -> Iterator[Finding]:
    """Yield what line 2 would replace in a text or in anything that JSON can hold. Never yields a value."""
    if isinstance(value, str):
        yield from _in_text(value, path)
    elif depth < MAX_DEPTH and isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _entry(str(key), inner, path, depth)
    elif depth < MAX_DEPTH and isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from findings(inner, f"{path}[{index}]", depth + 1)


def _in_text(text: str, path: str) -> Iterator[Finding]:
    known: set[Finding] = set()
    for _, read in readings(text):
        found = [Finding(path, rule.kind, rule.why) for rule, _ in hits(read)]
        # What an escape does not hide is found at each depth.
        yield from (finding for finding in found if finding not in known)
        known.update(found)


def _entry(key: str, value: Any, path: str, depth: int) -> Iterator[Finding]:
    place = f"{path}.{key}" if path else key
    kind = key_class(key)
    if kind is KeyClass.HARMLESS:
        yield from findings(key, f"{place} (the key)", depth + 1)
        yield from findings(value, place, depth + 1)
    elif scrub_mapping({key: value}) != {key: value}:
        person = kind is KeyClass.PERSONAL
        yield Finding(place, "person" if person else "key", _PERSON_WHY if person else _KEY_WHY)
