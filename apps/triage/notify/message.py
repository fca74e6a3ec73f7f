"""What is told about one issue, in words that every receiver can show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Self

from apps.error_tracking.scrubbing import scrub_string
from apps.triage.plain import one_line

_LONGEST = 300  # characters of a text that an event brought along
_TEXTS = ("short_id", "url", "priority", "level", "environment", "title", "culprit", "users", "release", "runbook")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`users` is a number in words, empty where it is not known; `whys` say why it is told. Moments are aware.

    `test`: nothing is wrong, somebody tries whether it arrives. `repeated`: it may have been sent before.
    """

    issue_id: str
    short_id: str
    url: str
    priority: str
    level: str
    environment: str
    title: str
    culprit: str
    events: int
    users: str
    first_seen: datetime
    release: str
    whys: tuple[str, ...]
    runbook: str
    test: bool = False
    repeated: bool = False

    @property
    def project(self) -> str:
        """The tracker's name of the project, which every short ID begins with."""
        return self.short_id.rpartition("-")[0].lower()

    @property
    def headline(self) -> str:
        """One line that says what it is about."""
        marks = ("TEST" * self.test, self.priority, self.environment)
        return f"{' '.join(filter(None, marks))}: {self.title}".removeprefix(": ")

    @property
    def key(self) -> str:
        """The same for every message about the same issue."""
        return f"{self.project}/{self.issue_id}"

    def facts(self) -> Iterator[tuple[str, str]]:
        """Yield what is known as (name, value)."""
        named = (
            ("Why", "; ".join(self.whys)),
            ("Issue", self.short_id),
            ("Events", f"{self.events:,}"),
            ("Users", self.users),
            ("First seen", f"{self.first_seen.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"),
            ("Level", self.level),
            ("Release", self.release),
            ("Where", self.culprit),
            ("Link", self.url),
            ("Runbook", self.runbook),
            ("Note", "sent before, perhaps: the last attempt was interrupted" if self.repeated else ""),
        )
        return ((name, value) for name, value in named if value)

    def scrubbed(self) -> Self:
        """Return it with every text scrubbed, on one line and short: part of it is in the words of an exception."""
        plain: dict[str, Any] = {name: _plain(getattr(self, name)) for name in _TEXTS}
        return replace(self, whys=tuple(map(_plain, self.whys)), **plain)

    def to_json(self) -> dict[str, Any]:
        """Return it as it is kept in a file."""
        kept = {name: getattr(self, name) for name in self.__slots__}
        return kept | {"first_seen": self.first_seen.isoformat(), "whys": list(self.whys)}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """Return what `to_json` kept. Raises KeyError, TypeError, ValueError where it is not that."""
        first_seen = datetime.fromisoformat(kept["first_seen"])
        return cls(**kept | {"first_seen": first_seen, "whys": tuple(kept["whys"])})


def text(messages: Sequence[Message]) -> str:
    """Return messages as plain text, for people."""
    return "\n\n".join("\n".join(_lines(message)) for message in messages) + "\n"


def subject(messages: Sequence[Message]) -> str:
    """Return one line for all of them."""
    if len(messages) == 1:
        return messages[0].headline
    test, urgent = "TEST " * any(message.test for message in messages), min(message.priority for message in messages)
    return f"{test}{len(messages)} issues, up to {urgent}: {messages[0].title}, …"


def _lines(message: Message) -> Iterator[str]:
    yield message.headline
    yield from (f"{name + ':':<12}{value}" for name, value in message.facts())


def _plain(text: str) -> str:
    whole = scrub_string(one_line(text))
    return whole if len(whole) <= _LONGEST else whole[: _LONGEST - 1] + "…"
