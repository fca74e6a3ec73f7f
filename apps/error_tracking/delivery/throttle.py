"""One noisy error must not use up the quota of all others: a bucket of tokens for each kind of error.

The first `per_minute` of a kind go at once, then as many a minute, evenly. What is held back is counted, and the
number travels with the next one of its kind: a tracker's count plus these numbers is what happened.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any

from .. import metrics
from .forks import after_fork

MOST_KINDS = 1000  # remembered; the one that was not seen for the longest time is forgotten first


class _Bucket:
    __slots__ = ("at", "suppressed", "tokens")

    def __init__(self, tokens: float, at: float) -> None:
        self.tokens, self.at, self.suppressed = tokens, at, 0


class Throttle:
    """Of one process; thread-safe. `per_minute` 0 lets everything pass."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self.reset()
        after_fork(self)

    def reset(self) -> None:
        """Forget everything, as in a child that was just forked: what was held back is the parent's to tell."""
        # Reentrant: gunicorn's timeout reports from a signal handler, on the thread that it interrupts.
        self._lock = threading.RLock()
        self._buckets: OrderedDict[Hashable, _Bucket] = OrderedDict()

    def admit(self, kind: Hashable) -> int | None:
        """Return how many of this kind were held back since the last that went; None: hold this one back too."""
        if not self._per_minute:
            return 0
        with self._lock:
            bucket = self._bucket(kind)
            if bucket.tokens < 1:
                bucket.suppressed += 1
                metrics.SUPPRESSED.inc()
                return None
            bucket.tokens -= 1
            suppressed, bucket.suppressed = bucket.suppressed, 0
            return suppressed

    def _bucket(self, kind: Hashable) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.setdefault(kind, _Bucket(self._per_minute, now))
        self._buckets.move_to_end(kind)
        if len(self._buckets) > MOST_KINDS:
            self._buckets.popitem(last=False)
        bucket.tokens = min(self._per_minute, bucket.tokens + (now - bucket.at) * self._per_minute / 60)
        bucket.at = now
        return bucket


def kind_of(event: Mapping[str, Any], in_app: Callable[[dict[str, Any]], bool]) -> Hashable:
    """Return what makes two events the same error: types and places of the exceptions, or a message's template.

    Never the text: an error that names an order ID is one error. A fingerprint that somebody gave is part of it.
    """
    fingerprint = tuple(str(part) for part in event.get("fingerprint") or ())
    exceptions = (event.get("exception") or {}).get("values") or ()
    if exceptions:
        return fingerprint, tuple(_exception(exception, in_app) for exception in exceptions)
    template = (event.get("logentry") or {}).get("message") or event.get("message")
    return fingerprint, event.get("logger"), event.get("level"), template


def _exception(exception: Mapping[str, Any], in_app: Callable[[dict[str, Any]], bool]) -> Hashable:
    frames = (exception.get("stacktrace") or {}).get("frames") or []
    return exception.get("module"), exception.get("type"), tuple(_places(frames, in_app))


def _places(frames: list[dict[str, Any]], in_app: Callable[[dict[str, Any]], bool]) -> Iterator[Hashable]:
    for frame in frames:
        if frame is frames[-1] or in_app(frame):
            yield frame.get("module"), frame.get("function"), frame.get("lineno")
