"""The name of a file in the outbox: it says all that must be known without opening it, and sorts by time."""

import re
import sys
from dataclasses import dataclass

SUFFIX = ".envelope"
_NAME = re.compile(r"(\d{19})-([0-9a-f]{16})-(event|check_in)-([0-9a-f]{32})-(\d{1,2})" + re.escape(SUFFIX))


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One file: `kind` is event or check_in, `created` seconds since the epoch, `tries` how often it was refused."""

    name: str
    created: float
    kind: str
    tries: int

    @property
    def event_id(self) -> str:
        """The event's ID, or zeros."""
        return self.key.rpartition("-")[2]

    @property
    def key(self) -> str:
        """What stays the same when a refused file is renamed."""
        return self.name.rsplit("-", 1)[0]

    @classmethod
    def parse(cls, name: str) -> "Entry | None":
        """Return the entry of a file name, or None for a name that is not ours."""
        match = _NAME.fullmatch(name)
        return cls(name, int(match[1]) / 1e9, sys.intern(match[3]), int(match[5])) if match else None
