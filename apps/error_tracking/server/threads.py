"""gunicorn's threaded worker, with a timeout that means a request, and an end that does not wait for itself.

In the stock one `timeout` watches the main thread only: a request that hangs holds its thread for ever, unseen.
https://docs.gunicorn.org/en/stable/settings.html#timeout
"""

import threading
import time
from contextvars import Context, copy_context
from dataclasses import dataclass
from types import FrameType
from typing import Any

from gunicorn.workers.base import Worker
from gunicorn.workers.gthread import ThreadWorker

from .hooks import set_heartbeat


@dataclass(frozen=True, slots=True)
class Running:
    """A request that is being answered: since when (time.monotonic), and its context, which others may read."""

    since: float
    context: Context


class TimedThreadWorker(ThreadWorker):
    """Lets the master stop it once a request takes longer than `timeout` seconds, as the sync worker does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.running: dict[int, Running] = {}

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer one request, on a thread of the pool, in a context of its own."""
        running = Running(time.monotonic(), copy_context())
        self.running[threading.get_ident()] = running
        try:
            return running.context.run(super().handle_request, req, conn)
        finally:
            del self.running[threading.get_ident()]

    def handle_quit(self, sig: int, frame: FrameType | None) -> None:
        """Stop at once, on SIGQUIT.

        The stock worker shuts its pool down here, with a lock that the main thread may hold: it was interrupted while
        it handed a request to the pool. It would wait for itself until it is killed.
        """
        Worker.handle_quit(self, sig, frame)

    def run(self) -> None:
        """Answer requests; whatever ends this, the pool's threads end too."""
        try:
            super().run()
        finally:
            self.tpool.shutdown(wait=False)

    def notify(self) -> None:
        """Give a sign of life no younger than the oldest request, so that the master measures that one."""
        set_heartbeat(self, min([running.since for running in self._snapshot().values()], default=time.monotonic()))

    def overdue(self) -> dict[int, Context]:
        """Return the contexts of the requests that take longer than `timeout`, by thread identifier."""
        limit = time.monotonic() - self.cfg.timeout
        return {thread: running.context for thread, running in self._snapshot().items() if running.since < limit}

    def drain(self, seconds: float) -> None:
        """Wait until only overdue requests are running, at most `seconds`."""
        deadline = time.monotonic() + seconds
        while len(self._snapshot()) > len(self.overdue()) and time.monotonic() < deadline:
            time.sleep(0.05)

    def _snapshot(self) -> dict[int, Running]:
        return dict(self.running)  # other threads go on changing it
