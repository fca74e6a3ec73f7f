"""Two threads between the request and the tracker.

The keeper takes what was captured, scrubs it, and writes what must not be lost to the outbox; it never waits for the
network. The sender (sender.py) does nothing else. A request only puts into a queue: it waits for neither, nor for the
disk.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue
from time import monotonic, sleep
from typing import Any

from .. import metrics
from ..scrubbing import prepare
from .forks import after_fork
from .memory import Parcel
from .pace import Pace
from .replay import Replay
from .sender import Sender
from .wire import Wire

logger = logging.getLogger(__name__)

QUEUE_SIZE = 1000  # envelopes that the keeper has not looked at yet
_PAUSE = 1.0  # seconds that transactions wait for company: alone each would wake two threads, with cold caches
_COMPANY = 100
_REST = 0.02  # seconds from one look into the queue to the next: errors that come together wake both threads once
_LAST = 0.5  # seconds that a process which ends waits for an answer: most trackers are nearer


class Courier:
    """Carries envelopes. `pack` scrubs and compresses one (None: nothing of it may leave), on the keeper's thread."""

    def __init__(self, pack: Callable[[Any], Parcel | None], wire: Wire, pace: Pace, replay: Replay | None) -> None:
        self._pack = pack
        self.pace = pace
        self.replay = replay
        self._sender = Sender(wire, pace, replay)
        self.reset()
        after_fork(self)

    def reset(self) -> None:
        """Begin with nothing: what is queued in a child that was just forked is the parent's to send."""
        # SimpleQueue: a signal handler may put into it while the thread it interrupted does.
        self._queue: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._later: deque[Any] = deque()
        self._later_is_known = False
        self._due: float | None = None
        self._stopped = threading.Event()
        self.started = False
        self._running: set[str] = set()
        self._sender.reset()

    def take(self, envelope: Any, *, urgent: bool = True) -> bool:
        """Take an envelope; False when the queue is full. Costs microseconds, whatever tracker and disk do."""
        if self.full:
            return False
        if urgent:
            self._put(lambda: self._keep(envelope))
        else:
            self._take_for_later(envelope)
        return True

    def _take_for_later(self, envelope: Any) -> None:
        self._later.append(envelope)
        if not self._later_is_known:
            self._later_is_known = True
            self._put(self._begin_to_wait)
        elif len(self._later) == _COMPANY:
            self._put(self._keep_later)

    def _begin_to_wait(self) -> None:
        self._due = monotonic() + _PAUSE

    def _keep_later(self) -> None:
        # First this: what comes from here on announces itself again.
        self._later_is_known, self._due = False, None
        while self._later:
            envelope = self._later.popleft()
            self._do(lambda: self._keep(envelope))  # noqa: B023 - called at once

    @property
    def full(self) -> bool:
        """Whether an envelope would not be taken."""
        return self._queue.qsize() + len(self._later) >= QUEUE_SIZE

    @property
    def waiting(self) -> int:
        """How many envelopes wait in the memory of this process."""
        return self._queue.qsize() + len(self._later) + len(self._sender.memory)

    def wake(self) -> None:
        """Begin to send what earlier processes left."""
        self._put(lambda: None)

    def settle(self, seconds: float) -> None:
        """Wait until everything that was taken is scrubbed and kept, at most `seconds`."""
        settled = threading.Event()
        self._put(self._keep_later)
        self._put(settled.set)
        settled.wait(seconds)

    def flush(self, seconds: float) -> None:
        """Wait until everything of this process was sent, or could not be, at most `seconds`."""
        if not self.started:  # a command that went well does not stay for what others left
            return
        flushed = threading.Event()
        self._put(self._keep_later)
        self._put(lambda: self._sender.flush(flushed))
        flushed.wait(seconds)

    def stop(self) -> None:
        """End both threads, once what is being sent is answered; what is in the outbox stays there.

        A process that ended in between would not know that the tracker has it: the next one would send it again.
        """
        if self.started:
            self._put(self._stop)
            self._sender.ended.wait(_LAST)
            self._sender.tidy()

    def _stop(self) -> None:
        self._stopped.set()
        self._sender.stop()

    def _put(self, job: Callable[[], None]) -> None:
        self._queue.put(job)
        if not self.started:
            self._start()

    def _start(self) -> None:
        # Not when the process starts: a server's master, which forks, has nothing to send.
        self.started = True
        try:
            for run, name in ((self._run_keeper, "keeper"), (self._run_sender, "sender")):
                if name not in self._running:
                    threading.Thread(target=run, name=f"error-tracking-{name}", daemon=True).start()
                    self._running.add(name)
        except RuntimeError:  # no thread is to be had: Python is shutting down, or the machine has too many
            self.started = False
            if "keeper" not in self._running:
                self._keep_here()

    def _keep_here(self) -> None:
        """Do the keeper's work on this thread: what there still is to say goes to the disk."""
        while not self._queue.empty():
            self._do(self._queue.get())
        self._keep_later()

    def _run_keeper(self) -> None:
        self._do(prepare)  # nothing, where the server has done it
        while not self._stopped.is_set():
            first, began = self._next(), monotonic()
            for job in [first, *self._queued()]:
                self._do(job)
            self._sender.wake()
            sleep(max(0.0, began + _REST - monotonic()))

    def _run_sender(self) -> None:
        self._sender.run(lambda: metrics.MEMORY_DEPTH.set(self.waiting))

    def _next(self) -> Callable[[], None]:
        try:
            return self._queue.get(timeout=None if self._due is None else max(0.0, self._due - monotonic()))
        except Empty:
            return self._keep_later

    def _queued(self) -> list[Callable[[], None]]:
        return [self._queue.get_nowait() for _ in range(self._queue.qsize())]

    def _do(self, job: Callable[[], None]) -> None:
        try:
            job()
        except Exception as error:  # noqa: BLE001 - the next one may be fine
            logger.warning("An envelope could not be handled (%s).", type(error).__name__)

    def _keep(self, envelope: Any) -> None:
        parcel = self._pack(envelope)
        if parcel is not None and not self._write(parcel):
            self._sender.memory.add(parcel)

    def _write(self, parcel: Parcel) -> bool:
        if self.replay is None or not parcel.lasting:
            return False
        try:
            self.replay.written(self.replay.outbox.add(parcel.kind, parcel.event_id, parcel.body), parcel.body)
        except OSError as error:
            metrics.SPOOL_FAILURES.inc()
            logger.warning("The outbox cannot be written to (%s).", type(error).__name__)
            return False
        metrics.ITEMS_SPOOLED.labels(parcel.kind).inc()
        return True
