"""The connection of one delivery, which is cut when the delivery takes too long."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

MAX_SECONDS = 30.0  # for all that is said and answered
_AGAIN = 0.5  # seconds: at the end of them it may only just have connected


class Line:
    """`find` returns the socket, as soon as there is one; `was_cut` says that it was cut, because the time was over."""

    def __init__(self) -> None:
        self.find: Callable[[], socket.socket | None] = lambda: None
        self.was_cut = False

    @property
    def why(self) -> str:
        """What the other end did, where it was cut."""
        return f"did not come to the end of its answer in {MAX_SECONDS:g} seconds"

    def cut(self) -> None:
        """End what is being read or written; nothing, where nobody answered yet."""
        if (found := self.find()) is None:
            return
        self.was_cut = True
        with suppress(OSError):  # it ended in this moment
            # Not the method of a TLS socket, which would say goodbye politely first.
            socket.socket.shutdown(found, socket.SHUT_RDWR)


@contextmanager
def bounded() -> Iterator[Line]:
    """Inside, a line that is cut after MAX_SECONDS.

    The timeouts of httpx and smtplib are for each read: an answer that comes byte by byte would go on for ever.
    """
    line, done = Line(), threading.Event()
    threading.Thread(target=_watch, args=(line, done), name="notify-line", daemon=True).start()
    try:
        yield line
    finally:
        done.set()


def _watch(line: Line, done: threading.Event) -> None:
    left = MAX_SECONDS
    while not done.wait(left):
        line.cut()
        left = _AGAIN
