"""Reports of runs, as files: what a later run in another environment refers to, and for how long."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

FOLDER = "reports"
RECENT = timedelta(days=90)  # for so long something that was seen once counts
_MOST = 2_000_000  # bytes of a report


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a report says that can be held against the tracker: `events` are IDs of the test errors it was made with."""

    file: str
    environment: str
    release: str
    commit: str
    moment: datetime
    url: str
    project: str
    events: tuple[str, ...]
    held: frozenset[str]

    @classmethod
    def of(cls, file: str, said: Mapping[str, Any]) -> Self:
        """Read the JSON of a report. Raises ValueError, KeyError, TypeError for what is none."""
        moment = datetime.fromisoformat(said["date"])
        if moment.tzinfo is None:
            raise ValueError("its date has no time zone")
        return cls(
            file=file,
            environment=str(said["environment"]),
            release=str(said["release"]),
            commit=str(said["commit"]),
            moment=moment,
            url=str(said["tracker"]["url"]),
            project=str(said["tracker"]["project"]),
            events=tuple(map(str, said["events"])),
            held=frozenset(str(item["id"]) for item in said["items"] if item["state"] == "held"),
        )


def counts(moment: datetime, now: datetime) -> bool:
    """Say whether what was seen at a moment still counts; what is yet to come does not."""
    return timedelta(0) <= now - moment <= RECENT


def newest(folder: Path, environment: str) -> Record | None:
    """Return the newest report of an environment. A file that is no report is passed over: it proves nothing."""
    found = [record for record in _all(folder / FOLDER) if record.environment == environment]
    return max(found, key=lambda record: record.moment, default=None)


def _all(folder: Path) -> Iterator[Record]:
    for path in sorted(folder.glob("*.json")):
        try:
            if path.stat().st_size <= _MOST:
                yield Record.of(path.name, json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue
