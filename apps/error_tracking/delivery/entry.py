"""The name of a file in the outbox: it says all that must be known without opening it, and sorts by time."""

import re
import secrets
import sys
import time
from dataclasses import dataclass

SUFFIX = ".envelope"
_NO_ID = "0" * 32
_ID = re.compile(r"[0-9a-f]{32}")
_NAME = re.compile(r"(\d{19})-([0-9a-f]{16})-(event|check_in)-([0-9a-f]{32})-(\d{1,2})" + re.escape(SUFFIX))


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One file: `kind` is event or check_in, `created` seconds since the epoch, `tries` how often it was refused."""

    name: str
    created: float
    kind: str
    tries: int

    @classmethod
    def new(cls, kind: str, event_id: str | None) -> "Entry":
        """Return the entry for a file that is to be written now; an ID that is no UUID in any spelling is left out."""
        now = time.time_ns()
        return cls(f"{now:019d}-{secrets.token_hex(8)}-{kind}-{_plain(event_id)}-0{SUFFIX}", now / 1e9, kind, 0)

    @property
    def event_id(self) -> str:
        """The event's ID, or zeros."""
        return self.key.rpartition("-")[2]

    @property
    def key(self) -> str:
        """What stays the same when a refused file is renamed."""
        return self.name.rsplit("-", 1)[0]

    def may_hold(self, event_id: object) -> bool:
        """Whether this file was written for the event with this ID, as far as the two IDs tell."""
        return len({self.event_id, _plain(event_id)} - {_NO_ID}) < 2

    @classmethod
    def parse(cls, name: str) -> "Entry | None":
        """Return the entry of a file name, or None for a name that is not ours."""
        match = _NAME.fullmatch(name)
        return cls(name, int(match[1]) / 1e9, sys.intern(match[3]), int(match[5])) if match else None


def _plain(event_id: object) -> str:
    plain = str(event_id).replace("-", "").lower()
    return plain if _ID.fullmatch(plain) else _NO_ID
