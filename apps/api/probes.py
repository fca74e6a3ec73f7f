"""Real tries of everything this service cannot work without."""

import logging
import os
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import NotRequired, TypedDict
from uuid import uuid4

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

logger = logging.getLogger(__name__)

# All tries together: what takes longer is down, whatever it would say in the end.
SECONDS = 2.0
# A whole block, so that a full disk has no room for it.
_BLOCK = 4096


class Check(TypedDict):
    """How one dependency is: up or down, after how many milliseconds, and the kind of error."""

    status: str
    latency_ms: float
    error: NotRequired[str]


def check_all() -> dict[str, Check]:
    """Try every dependency once, side by side; answers within SECONDS and never raises."""
    attempts = {name: _attempt(name, probe) for name, probe in PROBES.items()}
    deadline = time.monotonic() + SECONDS
    checks = {name: attempt.result(deadline) for name, attempt in attempts.items()}
    for name, check in checks.items():
        if check["status"] == "down":
            logger.warning("readiness: %s is down (%s)", name, check["error"])
    return checks


def database() -> None:
    """Read the table of migrations; raise RuntimeError if there is none: an empty database can serve nobody.

    Reading is enough: that somebody else is writing to SQLite, which may lock it for seconds, is no outage.
    """
    try:
        if not MigrationRecorder.Migration.objects.exists():
            raise RuntimeError("No migration was applied to the database.")
    finally:
        connection.close()  # each try has a thread, and so a connection, of its own


def cache_round_trip() -> None:
    """Write to the cache, read it back; raise RuntimeError if something else comes back."""
    key = value = f"probe-{uuid4()}"
    cache.set(key, value, timeout=10)
    if cache.get(key) != value:
        raise RuntimeError("The cache did not return what was written to it.")
    cache.delete(key)


def storage() -> None:
    """Write a block to the disk where the images are, and delete it; makes no folder that has gone."""
    path = Path(settings.MEDIA_ROOT) / f".probe-{uuid4()}"
    try:
        with path.open("xb") as file:
            file.write(os.urandom(_BLOCK))
            file.flush()
            os.fsync(file.fileno())
    finally:
        path.unlink(missing_ok=True)


PROBES: dict[str, Callable[[], None]] = {
    "database": database,
    "cache": cache_round_trip,
    "storage": storage,
}


class _Attempt:
    """One try, in a thread that nobody waits for longer than he wants to."""

    def __init__(self, probe: Callable[[], None]) -> None:
        self._start = time.monotonic()
        self._seconds = 0.0
        self._error: str | None = None
        # A daemon: what hangs must not keep the process from ending.
        self._thread = Thread(target=self._run, args=(probe,), daemon=True)
        self._thread.start()

    @property
    def hangs(self) -> bool:
        return self._thread.is_alive()

    def result(self, deadline: float) -> Check:
        """Return how it went, at the latest at `deadline` (time.monotonic seconds)."""
        self._thread.join(max(0.0, deadline - time.monotonic()))
        if self.hangs:
            return Check(status="down", latency_ms=_milliseconds(time.monotonic() - self._start), error="TimeoutError")
        check = Check(status="down" if self._error else "up", latency_ms=_milliseconds(self._seconds))
        return check | Check(error=self._error) if self._error else check  # type: ignore[typeddict-item]

    def _run(self, probe: Callable[[], None]) -> None:
        try:
            probe()
        except Exception as error:  # noqa: BLE001 - whatever goes wrong, "down" is the answer
            # The kind of error and no more: its text may name hosts, paths and users.
            self._error = type(error).__name__
        self._seconds = time.monotonic() - self._start


_latest: dict[str, _Attempt] = {}


def _attempt(name: str, probe: Callable[[], None]) -> _Attempt:
    """Begin a try, or return the last one if that still hangs: threads must not pile up while something is down."""
    if name not in _latest or not _latest[name].hangs:
        _latest[name] = _Attempt(probe)
    return _latest[name]


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 1)
