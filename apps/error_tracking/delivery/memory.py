"""Envelopes that wait in memory: what is not worth a disk, and errors that no disk takes."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic

from .. import metrics
from .outbox import KINDS

MOST = 1000
MOST_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Parcel:
    """A scrubbed envelope, ready to send: `body` is compressed, `kind` its most important item's type.

    `tries`: how often it was refused; `due`: not before this moment again (time.monotonic).
    """

    kind: str
    event_id: str | None
    body: bytes
    tries: int = 0
    due: float = 0.0

    @property
    def lasting(self) -> bool:
        """Whether it is kept while the tracker is down: errors and check-ins are, all else is not."""
        return self.kind in KINDS


class Memory:
    """A queue with an upper bound, in which transactions and the like make room for errors. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._parcels: deque[Parcel] = deque()
        self._refused: list[Parcel] = []
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._parcels) + len(self._refused)

    @property
    def fresh(self) -> int:
        """How many parcels were never refused."""
        return len(self._parcels)

    def add(self, parcel: Parcel) -> None:
        """Queue a parcel, last; drops others when full: what is not lasting, then what was refused, then the oldest."""
        self._keep(parcel, self._parcels.append)

    def give_back(self, parcel: Parcel, *, newest: bool = False) -> None:
        """Put a parcel where it was taken from."""
        fresh = self._parcels.append if newest else self._parcels.appendleft
        self._keep(parcel, self._refused.append if parcel.tries else fresh)

    def put_off(self, parcel: Parcel, seconds: float) -> None:
        """Keep a parcel that was refused once more, to be tried again in so many seconds."""
        refused = replace(parcel, tries=parcel.tries + 1, due=monotonic() + seconds)
        self._keep(refused, self._refused.append)

    def _keep(self, parcel: Parcel, keep: Callable[[Parcel], None]) -> None:
        with self._lock:
            keep(parcel)
            self._bytes += len(parcel.body)
            if len(parcel.body) > MOST_BYTES:  # all others would have to go
                self._remove(parcel)
            while len(self) > MOST or self._bytes > MOST_BYTES:
                self._drop()

    def take(self, *, newest: bool = False) -> Parcel | None:
        """Return the oldest (or newest) parcel that was never refused, then one that may be tried again, or None."""
        with self._lock:
            parcel = self._next(newest)
            if parcel is not None:
                self._bytes -= len(parcel.body)
            return parcel

    def _next(self, newest: bool) -> Parcel | None:
        if self._parcels:
            return self._parcels.pop() if newest else self._parcels.popleft()
        soonest = min(self._refused, key=lambda parcel: parcel.due, default=None)
        if soonest is None or soonest.due > monotonic():
            return None
        self._refused.remove(soonest)
        return soonest

    def wait(self) -> float | None:
        """Return in how many seconds the next one that was refused may be tried again; None if there is none."""
        with self._lock:
            due = min((parcel.due for parcel in self._refused), default=None)
        return None if due is None else max(0.0, due - monotonic())

    def _drop(self) -> None:
        kept = [*self._refused, *self._parcels]
        victim = next((parcel for parcel in kept if not parcel.lasting), kept[0])
        self._remove(victim)

    def _remove(self, victim: Parcel) -> None:
        (self._refused if victim.tries else self._parcels).remove(victim)
        self._bytes -= len(victim.body)
        metrics.ITEMS_DROPPED.labels(victim.kind, "queue_full").inc()
