"""What one run of the gate looks at. What is costly is done once, when the first check asks for it."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from apps.error_tracking.config import Config
from apps.triage import config as triage_config
from apps.triage.query import Query
from apps.triage.releases import commit_of
from apps.triage.trackers import Tracker

from .attestations import Attestation
from .fired import Fired, fire

VARIABLES = ("GATE_DIR",)
Progress = Callable[[str], None]


def folder_of(environ: Mapping[str, str], root: Path) -> Path:
    """Return GATE_DIR, else gate/ of the checkout: where attestations and records are."""
    return Path(environ.get("GATE_DIR") or root / "gate")


class RecordError(Exception):
    """A record is there and says nothing; the message is a sentence."""


class Once[T]:
    """Makes something when it is first asked for; what went wrong then is said to everybody who asks."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: list[T] = []
        self._error: Exception | None = None

    @property
    def made(self) -> T | None:
        """What was made so far."""
        return self._made[0] if self._made else None

    def __call__(self) -> T:
        """Return it. Raises what making it raised."""
        if self._error is not None:
            raise self._error
        if not self._made:
            try:
                self._made.append(self._make())
            except Exception as error:
                self._error = error
                raise
        return self._made[0]


@dataclass
class Scope:
    """`root` is the checkout, `folder` the one with attestations and records; `timeout` in seconds, for the tracker."""

    config: Config
    now: datetime
    root: Path
    folder: Path
    attestations: Mapping[str, Attestation] = field(default_factory=dict)
    timeout: float = 30.0
    progress: Progress = lambda text: None
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def __post_init__(self) -> None:
        """Nothing is asked or fired yet."""
        self._tracker = Once(self._reach)
        self._fired = Once(self._fire)

    @property
    def project(self) -> str:
        """The project on the tracker, as the environment names it."""
        return triage_config.read(self.environ, "TRACKER_PROJECT")

    @cached_property
    def commit(self) -> str:
        """The hash of the commit that runs here, maybe a short one; empty where nobody knows."""
        return commit_of(self.root, self.config.release or "")

    def tracker(self) -> Tracker:
        """Return the tracker, which answered. Raises ImproperlyConfigured, TrackerError."""
        return self._tracker()

    def fired(self) -> Fired:
        """Return the catalogue's test errors and what the tracker has of them. Raises as `tracker` does."""
        return self._fired()

    def events(self) -> list[str]:
        """Return the IDs of the test errors that this run fired and found on the tracker."""
        fired = self._fired.made
        return sorted(event.event_id for event in fired.stored.values()) if fired else []

    def asked(self) -> Tracker | None:
        """Return the tracker, if it was asked and answered."""
        return self._tracker.made

    def record(self, name: str) -> Any:
        """Return what a JSON file of the folder says, None where there is none. Raises RecordError for a broken one."""
        try:
            return json.loads((self.folder / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as error:
            raise RecordError(f"{self.folder.name}/{name} cannot be read ({type(error).__name__}).") from error

    def _reach(self) -> Tracker:
        self.progress("asking the tracker")
        tracker = triage_config.tracker(self.environ)
        next(iter(tracker.issues(Query())), None)
        return tracker

    def _fire(self) -> Fired:
        tracker = self.tracker()
        return fire(self.config, tracker, self.timeout, self.progress)
