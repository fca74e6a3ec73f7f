"""What a look leaves for the next one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, Self

from apps.triage.notify.message import Message

_SCHEMA = 1
# When a message may be sent: at any hour, not in quiet hours, in business hours only.
Hour = Literal["any", "awake", "business"]
LONGEST_WAIT = timedelta(minutes=15)  # between two attempts to reach a receiver


@dataclass(slots=True)
class Known:
    """An issue as it was last seen. `environments` is None where nobody looked: it may have been in any."""

    events: int
    first_seen: datetime
    last_seen: datetime
    status: str
    environments: tuple[str, ...] | None = None


@dataclass(slots=True)
class Fired:
    """When a rule fired for an issue; events up to `until` are told."""

    at: datetime
    until: datetime


@dataclass(slots=True)
class Waiting:
    """A message for a receiver. `sending`: an attempt began, and nobody knows how it ended."""

    receiver: str
    message: Message
    when: Hour
    since: datetime
    sending: bool = False


@dataclass(slots=True)
class Trouble:
    """A receiver that did not take what it was sent: how often in a row, and when it is tried again."""

    attempts: int
    after: datetime


@dataclass(slots=True)
class State:
    """`place` is the tracker and the project that this is about.

    `floor`: what began before it and is not `known` is old. `looked`: the newest event, by the tracker's clock, when
    all that came before had been looked at. `fired` is by issue and rule. `unread`: how many looks in a row could not
    read an issue.
    """

    place: str
    floor: datetime
    looked: datetime
    known: dict[str, Known] = field(default_factory=dict)
    fired: dict[str, dict[str, Fired]] = field(default_factory=dict)
    waiting: list[Waiting] = field(default_factory=list)
    troubles: dict[str, Trouble] = field(default_factory=dict)
    unread: dict[str, int] = field(default_factory=dict)

    def not_after(self, now: datetime) -> None:
        """Bring what a clock that has gone back left in the future back to now."""
        for fired in (one for by_rule in self.fired.values() for one in by_rule.values()):
            fired.at = min(fired.at, now)
        for trouble in self.troubles.values():
            trouble.after = min(trouble.after, now + LONGEST_WAIT)

    def to_json(self) -> dict[str, Any]:
        """Return it as it is kept in a file."""
        return {
            "schema": _SCHEMA,
            "place": self.place,
            "floor": self.floor.isoformat(),
            "looked": self.looked.isoformat(),
            "known": {key: _fields(one) for key, one in self.known.items()},
            "fired": {key: {rule: _fields(one) for rule, one in rules.items()} for key, rules in self.fired.items()},
            "waiting": [_fields(one) | {"message": one.message.to_json()} for one in self.waiting],
            "troubles": {name: _fields(one) for name, one in self.troubles.items()},
            "unread": self.unread,
        }

    @classmethod
    def from_json(cls, kept: Any) -> Self:
        """Return what `to_json` kept. Raises KeyError, TypeError, ValueError, AttributeError where it is not that."""
        if kept["schema"] != _SCHEMA:
            raise ValueError("written by another version")
        return cls(
            place=str(kept["place"]),
            floor=_moment(kept["floor"]),
            looked=_moment(kept["looked"]),
            known={key: _known(one) for key, one in kept["known"].items()},
            fired={key: _each(rules, _fired) for key, rules in kept["fired"].items()},
            waiting=[_waiting(one) for one in kept["waiting"]],
            troubles=_each(kept["troubles"], _trouble),
            # A version before did not keep it.
            unread={key: int(looks) for key, looks in kept.get("unread", {}).items()},
        )


def _fields(one: Any) -> dict[str, Any]:
    values = {name: getattr(one, name) for name in one.__slots__}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def _each[Read](kept: Mapping[str, Any], read: Callable[[Mapping[str, Any]], Read]) -> dict[str, Read]:
    return {key: read(one) for key, one in kept.items()}


def _known(kept: Mapping[str, Any]) -> Known:
    environments = kept["environments"]
    return Known(
        events=int(kept["events"]),
        first_seen=_moment(kept["first_seen"]),
        last_seen=_moment(kept["last_seen"]),
        status=str(kept["status"]),
        environments=None if environments is None else tuple(map(str, environments)),
    )


def _fired(kept: Mapping[str, Any]) -> Fired:
    return Fired(_moment(kept["at"]), _moment(kept["until"]))


def _waiting(kept: Mapping[str, Any]) -> Waiting:
    message, when = Message.from_json(kept["message"]), kept["when"]
    if when not in ("any", "awake", "business"):
        raise ValueError("when")
    return Waiting(str(kept["receiver"]), message, when, _moment(kept["since"]), bool(kept["sending"]))


def _trouble(kept: Mapping[str, Any]) -> Trouble:
    return Trouble(int(kept["attempts"]), _moment(kept["after"]))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment
