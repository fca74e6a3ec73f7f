"""From the outbox to the tracker: oldest first, by one process at a time, at a bounded rate."""

import logging
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress

from .. import metrics
from .entry import Entry
from .outbox import KINDS, Outbox
from .pace import Pace
from .wire import Answer, Outcome, Wire

logger = logging.getLogger(__name__)

# How often an envelope may be refused. The waits in between double from half a minute, because GlitchTip answers
# 403 to everybody for 30 s after one wrong key, and because a proxy's limit gets fixed.
MOST_TRIES = 5
_BATCH = 100  # then what waits in memory has its turn
# What is sent soon after it was written is not read again: so many, so many bytes each.
_IN_HAND, _SMALL = 100, 16_384
# Seconds between looks at what another process is sending for this one: at first, and at last.
_POLL, _MOST_POLL = 0.05, 2.0


class Replay:
    """Sends what is in an outbox, whoever wrote it."""

    def __init__(self, outbox: Outbox, wire: Wire, pace: Pace, rate: float) -> None:
        self.outbox = outbox
        self.pace = pace
        self._wire = wire
        self._gap = 1.0 / rate
        self._next = 0.0
        self.reset()

    def reset(self) -> None:
        """Begin anew, as in a child that was just forked."""
        self.stopped = threading.Event()
        self._ours: set[str] = set()  # what this process wrote and still waits for
        self._punctual: dict[str, bytes] = {}  # of these, what was never held up, with what was written, or b""
        self._done: set[str] = set()  # what a disk would not let us remove
        self._foreign: set[str] = set()  # what we may not read
        self._suspect, self._works = "", False  # what failed last; whether something was sent since
        self._poll, self._next_look = _POLL, 0.0
        self.outbox.lock.forget()
        self.outbox.parts.forget()

    @property
    def pending(self) -> bool:
        """Whether something that this process wrote may still be on its way."""
        return bool(self._ours)

    def written(self, entry: Entry, body: bytes) -> None:
        """Wait for an entry that this process has just written."""
        self._ours.add(entry.key)
        if not self.pace.failures:
            at_hand = len(self._punctual) < _IN_HAND and len(body) <= _SMALL
            self._punctual[entry.key] = body if at_hand else b""

    def run(self, *, urgent: bool = False) -> float | None:
        """Send a batch; return in how many seconds to come back, None if nothing is left. `urgent`: try in any case."""
        wait = min(self.pace.wait(kind) for kind in KINDS)
        if wait and not urgent:
            return wait
        with self.outbox.lock.held() as mine:
            if mine:
                self._poll = _POLL
                return self._run(urgent=urgent)
        return self._watch()

    def _watch(self) -> float | None:
        """Look whether another process has sent what this one wrote; seldom, for the folder may be large."""
        if time.monotonic() >= self._next_look:
            self._look()
            self._next_look = time.monotonic() + self._poll
            self._poll = min(2 * self._poll, _MOST_POLL)
        return max(0.01, self._next_look - time.monotonic()) if self._ours else None

    def _look(self) -> list[Entry]:
        before = set(self._ours)  # the keeper goes on writing
        entries = self.outbox.entries()
        for key in before - {entry.key for entry in entries}:  # another process has sent it
            self._forget(key)
        return entries

    def _run(self, *, urgent: bool) -> float | None:
        noted = self.outbox.note()
        self.pace.adopt(noted)
        if urgent:
            self.pace.forgive()
        wait = self._send_batch()
        if (note := self.pace.note())["failures"] or note["limits"] or noted:
            self.outbox.leave_note(note if note["failures"] or note["limits"] else {})
        if note["failures"]:
            self.outbox.expire()
        return wait

    def _send_batch(self) -> float | None:
        waits, sent = [], 0
        for entry in self._in_turn(self._look()):
            if entry.key in self._done or entry.key in self._foreign:
                continue
            if wait := self._wait(entry):
                waits.append(wait)
            elif sent == _BATCH or self.stopped.is_set():
                return 0.0
            else:
                if not self._send(entry):
                    waits.append(self.pace.wait(entry.kind) or self.pace.pause(entry.tries + 1))
                sent += 1
        return min(waits, default=None)

    def _in_turn(self, entries: list[Entry]) -> Iterator[Entry]:
        """Oldest first, and last what was refused before. In doubt the newest: is it this one, or the tracker?"""
        fresh = deque(entry for entry in entries if not entry.tries)
        while fresh:
            yield fresh.pop() if self.pace.doubtful else fresh.popleft()
        yield from (entry for entry in entries if entry.tries)

    def _wait(self, entry: Entry) -> float:
        wait = self.pace.wait(entry.kind, again=entry.tries > 0)
        if entry.tries:
            wait = max(wait, self.pace.pause(entry.tries) - self.outbox.refused_since(entry))
        return wait

    def _send(self, entry: Entry) -> bool:
        """Send one entry; return False if there is more to do about it."""
        try:
            body = self._punctual.get(entry.key) or self.outbox.read(entry)
        except PermissionError:
            self._leave(entry)
            return True
        if body is None:
            self._forget(entry.key)
            return True
        self.stopped.wait(max(0.0, self._next - time.monotonic()))
        self._next = time.monotonic() + self._gap
        answer = self._wire.post(body)
        self.pace.heard(answer, entry.kind, again=entry.tries > 0)
        if answer.outcome is Outcome.SENT:
            self._works = True
            self._sent(entry)
            return True
        if answer.outcome is Outcome.REFUSED or self._is_to_blame(entry, answer):
            self._refused(entry, answer.why)
        else:
            self._punctual.clear()  # whatever is behind it is held up too
        return False

    def _is_to_blame(self, entry: Entry, answer: Answer) -> bool:
        """Whether an entry failed again, although another one was sent in between: it breaks the tracker."""
        if answer.outcome is not Outcome.FAILED:
            return False
        blamed = self._works and entry.key == self._suspect
        self._suspect, self._works = entry.key, False
        return blamed

    def _leave(self, entry: Entry) -> None:
        self._forget(entry.key)
        if not self._foreign:
            logger.warning("The outbox holds envelopes that another user wrote: they stay, to be sent by that user.")
        self._foreign.add(entry.key)

    def _sent(self, entry: Entry) -> None:
        metrics.ITEMS_SENT.labels(entry.kind).inc()
        forget = self.outbox.recycle
        if entry.key not in self._punctual:
            metrics.ITEMS_REPLAYED.labels(entry.kind).inc()
            forget = self.outbox.remove
        self._forget(entry.key)
        try:
            forget(entry)
        except OSError as error:  # sending it again and again would be worse than a file that stays
            self._done.add(entry.key)
            logger.warning("An envelope that was sent cannot be removed (%s).", type(error).__name__)

    def _refused(self, entry: Entry, why: str) -> None:
        self._forget(entry.key)
        with suppress(OSError):
            self.outbox.refuse(entry, MOST_TRIES, why)
            return
        self._done.add(entry.key)

    def _forget(self, key: str) -> None:
        self._ours.discard(key)
        self._punctual.pop(key, None)
