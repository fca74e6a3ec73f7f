"""Calls somebody when a block takes too long; one thread for many: a thread for each costs more than HTTP does."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_TICKS = 20  # in the time that a block may take: so exact it is
_IDLE = 10.0  # seconds without a block, after which the thread ends


class Watchdog:
    """For one thread at a time: calls `bite` once, on another, when a block takes longer than `seconds`."""

    def __init__(self, seconds: float, bite: Callable[[], None]) -> None:
        self._seconds = seconds
        self._bite = bite
        self._until: float | None = None
        self._last = 0.0
        self._lock = threading.Lock()
        self._awake = False

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch the block."""
        self._last = time.monotonic()
        self._until = self._last + self._seconds
        self._wake()
        try:
            yield
        finally:
            self._until = None

    def _wake(self) -> None:
        with self._lock:
            if not self._awake:
                threading.Thread(target=self._run, name="error-tracking-watchdog", daemon=True).start()
                self._awake = True

    def _run(self) -> None:
        while not self._may_sleep():
            time.sleep(self._seconds / _TICKS)
            until = self._until
            if until is not None and time.monotonic() >= until:
                self._until = None
                self._bite()

    def _may_sleep(self) -> bool:
        with self._lock:
            self._awake = self._until is not None or time.monotonic() - self._last < _IDLE
            return not self._awake
