"""Envelopes that wait in memory: what is not worth a disk, and errors that no disk takes."""

import threading
from collections import deque
from dataclasses import dataclass

from .. import metrics
from .outbox import KINDS

MOST = 1000
MOST_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Parcel:
    """A scrubbed envelope, ready to send: `body` is compressed, `kind` its most important item's type."""

    kind: str
    event_id: str | None
    body: bytes

    @property
    def lasting(self) -> bool:
        """Whether it is kept while the tracker is down: errors and check-ins are, all else is not."""
        return self.kind in KINDS


class Memory:
    """A queue with an upper bound, in which transactions and the like make room for errors. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._parcels: deque[Parcel] = deque()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._parcels)

    def add(self, parcel: Parcel, *, first: bool = False) -> None:
        """Queue a parcel, last or first; drops others, the oldest that is not lasting before all, when full."""
        with self._lock:
            self._parcels.appendleft(parcel) if first else self._parcels.append(parcel)
            self._bytes += len(parcel.body)
            while len(self._parcels) > MOST or self._bytes > MOST_BYTES:
                self._drop()

    def take(self) -> Parcel | None:
        """Return the oldest parcel, or None."""
        with self._lock:
            if not self._parcels:
                return None
            parcel = self._parcels.popleft()
            self._bytes -= len(parcel.body)
            return parcel

    def _drop(self) -> None:
        victim = next((parcel for parcel in self._parcels if not parcel.lasting), self._parcels[0])
        self._parcels.remove(victim)
        self._bytes -= len(victim.body)
        metrics.ITEMS_DROPPED.labels(victim.kind, "queue_full").inc()
