"""The thread that waits for the tracker, so that nobody else does: sends what waits in memory and in the outbox."""

import logging
import threading
from collections.abc import Callable

from .. import metrics
from .memory import Memory, Parcel
from .pace import Pace
from .replay import MOST_TRIES, Replay
from .wire import Outcome, Wire

logger = logging.getLogger(__name__)

_BATCH = 20  # of what waits in memory; then the outbox has its turn
# Seconds from one look at the outbox to the next: what is on the disk is safe, and a request to the tracker costs half
# as much CPU where it follows another one.
_TOGETHER = 0.25


class Sender:
    """Sends in rounds, a little of everything in each."""

    def __init__(self, wire: Wire, pace: Pace, replay: Replay | None) -> None:
        self._wire = wire
        self.pace = pace
        self.replay = replay
        # Between looks for what others left, a process that died or a command that ended: 10 s by default.
        self._idle = pace.most / 6
        self._together = _TOGETHER if replay else 0.0
        self.reset()

    def reset(self) -> None:
        """Begin with nothing, as in a child that was just forked."""
        self.memory = Memory()
        self._flushes: list[threading.Event] = []
        self._wake, self._hurry = threading.Event(), threading.Event()
        self._stopped, self.ended = threading.Event(), threading.Event()
        self._wire.reset()
        if self.replay:
            self.replay.reset()

    def wake(self) -> None:
        """Say that there is something to send."""
        self._wake.set()

    def flush(self, flushed: threading.Event) -> None:
        """Set `flushed` once everything of this process was sent, or could not be."""
        self._flushes.append(flushed)
        self._hurry.set()

    def stop(self) -> None:
        """End the thread, once what is being sent is answered."""
        self._stopped.set()
        self._hurry.set()
        if self.replay:
            self.replay.stopped.set()

    def tidy(self) -> None:
        """Remove files that nothing was written into."""
        if self.replay:
            self.replay.outbox.parts.tidy()

    def run(self, tell: Callable[[], None]) -> None:
        """Send until it is stopped; calls `tell` after each round."""
        while not self._stopped.is_set():
            self._wake.clear()
            self._hurry.clear()
            posted = self._wire.posted
            try:
                seconds = self._round()
            except Exception as error:  # noqa: BLE001 - whatever it was, this thread must go on
                logger.warning("Sending failed (%s).", type(error).__name__)
                seconds = self._idle
            tell()
            self._rest(seconds, self._together if self._wire.posted > posted else 0.0)
        self._wire.reset()
        self.ended.set()

    def _rest(self, seconds: float, together: float) -> None:
        least = min(seconds, together)
        if not self._stopped.is_set() and not self._hurry.wait(least):
            self._wake.wait(seconds - least)

    def _round(self) -> float:
        """Send a little of everything; return in how many seconds to come back."""
        if not self._pending():
            self._answer_flushes(len(self._flushes))
            self.tidy()
        flushes, urgent = len(self._flushes), bool(self._flushes)
        if urgent:
            self.pace.forgive()
        waits = [self._idle]
        if (wait := self._send_memory()) is not None:
            waits.append(wait)
        urgent_still = urgent and not self.pace.wait("event")
        if self.replay and (wait := self.replay.run(urgent=urgent_still)) is not None:
            waits.append(wait)
        if not self._pending() or self.pace.wait("event"):
            self._answer_flushes(flushes)
        return min(waits)

    def _answer_flushes(self, count: int) -> None:
        for flushed in self._flushes[:count]:
            flushed.set()
        del self._flushes[:count]

    def _pending(self) -> bool:
        return self.memory.fresh > 0 or (self.replay is not None and self.replay.pending)

    def _send_memory(self) -> float | None:
        for _ in range(_BATCH):
            parcel = self.memory.take(newest=self.pace.doubtful)
            if parcel is None:
                return self.memory.wait()
            wait = self.pace.wait(parcel.kind, again=parcel.tries > 0)
            if wait and parcel.lasting:
                self.memory.give_back(parcel, newest=self.pace.doubtful)
                return wait
            if wait:
                metrics.ITEMS_DROPPED.labels(parcel.kind, "tracker_down").inc()
            else:
                self._send(parcel)
        return 0.0

    def _send(self, parcel: Parcel) -> None:
        answer = self._wire.post(parcel.body)
        self.pace.heard(answer, parcel.kind, again=parcel.tries > 0)
        if answer.outcome is Outcome.SENT:
            metrics.ITEMS_SENT.labels(parcel.kind).inc()
        elif parcel.lasting and answer.outcome is not Outcome.REFUSED:
            self.memory.give_back(parcel, newest=self.pace.doubtful)
        elif parcel.lasting and parcel.tries + 1 < MOST_TRIES:
            self.memory.put_off(parcel, self.pace.pause(parcel.tries + 1))
        else:
            reason = "refused" if answer.outcome is Outcome.REFUSED else "tracker_down"
            metrics.ITEMS_DROPPED.labels(parcel.kind, reason).inc()
