"""What is compared, and where it was not to be had, why not."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Text = Callable[[str], str]
Map = Callable[[Mapping[str, Any]], dict[str, Any]]
Event = Callable[[dict[str, Any]], Any]


class NotAvailable(Exception):
    """A candidate that cannot run here; the message is one clause that says why."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One scrubber: for a text, for the data of an event, and for a whole event, which it may change in place."""

    name: str
    about: str
    text: Text
    mapping: Map
    event: Event


def by_event(name: str, about: str, event: Event) -> Candidate:
    """Return a candidate that knows whole events only: texts and mappings are handed to it as an event's extra."""

    def mapping(given: Mapping[str, Any]) -> dict[str, Any]:
        scrubbed = event({"extra": copy.deepcopy(dict(given))})
        extra: dict[str, Any] = scrubbed.get("extra") or {}
        return extra

    def text(given: str) -> str:
        return str(mapping({"text": given}).get("text") or "")

    return Candidate(name, about, text, mapping, event)


def by_text(name: str, about: str, text: Text) -> Candidate:
    """Return a candidate that knows texts only: values of an event are handed to it one by one, keys are not."""

    def walk(value: Any) -> Any:
        if isinstance(value, str):
            return text(value)
        if isinstance(value, Mapping):
            return {key: walk(inner) for key, inner in value.items()}
        return [walk(inner) for inner in value] if isinstance(value, list | tuple) else value

    return Candidate(name, about, text, walk, walk)
