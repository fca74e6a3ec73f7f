"""The state on disk: private, whole or not at all, and one watch at a time."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from apps.error_tracking.delivery import files
from apps.error_tracking.delivery.lock import Lock
from apps.triage.plain import write_whole

from .state import State

_MOST = 64 * 1024 * 1024  # bytes


class StoreError(Exception):
    """The state cannot be kept; the message says why."""


class Store:
    """A folder with state.json, lock and heartbeat."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._file = folder, folder / "state.json"

    @property
    def exists(self) -> bool:
        """Whether there is a state."""
        return self._file.exists()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Inside nobody else watches with this folder. Raises StoreError, also when somebody else does."""
        self._make()
        lock = Lock(self.folder / "lock")
        with lock.held() as held:
            if not held:
                why = lock.problem or f"{lock.holder() or 'another process'} watches with it"
                raise StoreError(f"{self.folder} cannot be used: {why}.")
            yield

    def load(self, place: str, *, put_aside: bool = True) -> tuple[State | None, datetime | None, str]:
        """Return the state, or None, and then since when nobody looked and a sentence on what became of the last one.

        One that cannot be read, or is about another tracker, is put aside if that is wanted. Raises StoreError.
        """
        try:
            kept = files.read(self._file, _MOST)
        except FileNotFoundError:
            return None, None, ""
        except OSError as error:
            raise StoreError(f"{self._file} cannot be read ({type(error).__name__}).") from error
        try:
            state = State.from_json(json.loads(kept))
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError):
            since = datetime.fromtimestamp(self._file.stat().st_mtime, UTC)
            return None, since, self._put_aside("cannot be read; what waited in it is not sent", put_aside)
        if state.place != place:
            return None, None, self._put_aside(f"is about another tracker ({state.place})", put_aside)
        return state, None, ""

    def save(self, state: State) -> None:
        """Keep the state. Raises StoreError."""
        text = json.dumps(state.to_json(), separators=(",", ":"))
        try:
            write_whole(self._file, text, mode=0o600)
        except OSError as error:
            raise StoreError(f"{self._file} cannot be written ({type(error).__name__}).") from error

    def beat(self, now: datetime, place: str, problems: int = 0) -> None:
        """Leave a sign of life for whoever watches the watch: the file's age counts. Raises StoreError.

        Its second line is the place that is watched. A third one says how many problems the look had: a watch that
        cannot read the tracker is alive, and blind.
        """
        said = "".join(f"{line}\n" for line in (now.isoformat(timespec="seconds"), place, problems or "") if line)
        try:
            write_whole(self.folder / "heartbeat", said, mode=0o644)
        except OSError as error:
            raise StoreError(f"{self.folder / 'heartbeat'} cannot be written ({type(error).__name__}).") from error

    def _make(self) -> None:
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            files.make_folder(self.folder)
        except OSError as error:
            raise StoreError(f"{self.folder} cannot be made ({type(error).__name__}).") from error
        if not os.access(self.folder, os.W_OK | os.X_OK):
            raise StoreError(f"{self.folder} cannot be written.")

    def _put_aside(self, why: str, really: bool) -> str:
        if not really:
            return f"{self._file} {why}."
        aside = self._file.with_name(f"state-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.json")
        try:
            self._file.replace(aside)
        except OSError as error:
            raise StoreError(f"{self._file} {why}, and cannot be put aside ({type(error).__name__}).") from error
        return f"{self._file} {why}: put aside as {aside.name}."
