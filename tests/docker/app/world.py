"""What no test can really break outside of its process: the resolver of names, and the clock."""

import os
import socket
import time
from pathlib import Path
from typing import Any

from apps.error_tracking.delivery import courier
from apps.error_tracking.server import hooks

# The host of this name is known as long as this file is there.
HOST, FILE = "tracker.test", "tracker-is-known"
_look_up, _time, _time_ns = socket.getaddrinfo, time.time, time.time_ns
_offset = 0  # seconds


def _resolve(host: Any, *others: Any, **more: Any) -> Any:
    if host == HOST and not (Path(os.environ["OUTBOX_DIR"]).parent / FILE).exists():
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return _look_up("127.0.0.1" if host == HOST else host, *others, **more)


def install() -> None:
    """Put them in place of the real ones."""
    socket.getaddrinfo = _resolve
    time.time = lambda: _time() + _offset
    time.time_ns = lambda: _time_ns() + _offset * 10**9


def wait_for_answers(seconds: float) -> None:
    """Let a process that ends wait so long for a tracker that works.

    On a machine that stands still for a second it would be too late for it otherwise, and what the tracker has would
    be sent again.
    """
    hooks.FLUSH_SECONDS = courier._LAST = seconds


def set_clock(offset: int) -> None:
    """Let the clock be wrong by so many seconds from now on."""
    global _offset  # noqa: PLW0603 - there is one clock
    _offset = offset
