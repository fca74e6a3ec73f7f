"""Round after round, until somebody says stop; and a sign of life after each."""

import math
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import FrameType

import sentry_sdk
from sentry_sdk.crons import MonitorStatus, capture_checkin

from .service import Round, Watch
from .store import StoreError

MONITOR = "sentry-watch"
_STEP = 0.2  # seconds


class Stopped(Exception):
    """Somebody said stop in the middle of a look; nothing of it is kept, the next watch takes it again."""


class Stop:
    """Whether somebody said stop. Not an Event: a signal that comes while its lock is held would wait for itself."""

    def __init__(self) -> None:
        self.said = False

    def wait(self, seconds: float) -> None:
        """Wait, unless or until somebody says stop."""
        until = time.monotonic() + seconds
        while not self.said and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, _STEP))


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Inside, SIGTERM and SIGINT say stop in place of ending the process."""
    stop = Stop()

    def say(number: int, frame: FrameType | None) -> None:
        stop.said = True

    before = {number: signal.signal(number, say) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def one_round(watch: Watch, now: datetime, progress: Callable[[int], None]) -> Round:
    """Do a round; what keeps it from being done is among its problems."""
    try:
        return watch.once(now, progress)
    except StoreError as error:
        return Round(problems=[str(error)])


def rounds(
    watch: Watch, every: timedelta, progress: Callable[[int], None], tell: Callable[[Round, datetime], None]
) -> None:
    """Do a round every so often until SIGTERM or SIGINT, which let one that sends come to its end."""
    with stoppable() as stop:

        def unless_stopped(changed: int) -> None:
            if stop.said:
                raise Stopped
            progress(changed)

        while not stop.said:
            began, now = time.monotonic(), datetime.now(UTC)
            try:
                done = one_round(watch, now, unless_stopped)
            except Stopped:
                return
            tell(done, now)
            check_in(every, well=not done.problems)
            stop.wait(max(every.total_seconds() - (time.monotonic() - began), 0))


def check_in(every: timedelta, *, well: bool) -> None:
    """Tell the tracker that the watch is alive, where errors are sent to one: it notices when it is not.

    Sentry does; GlitchTip and Bugsink throw it away. https://docs.sentry.io/product/crons/
    """
    if not sentry_sdk.is_initialized():
        return
    minutes = math.ceil(every / timedelta(minutes=1))
    capture_checkin(
        MONITOR,
        status=MonitorStatus.OK if well else MonitorStatus.ERROR,
        monitor_config={"schedule": {"type": "interval", "value": minutes, "unit": "minute"}, "checkin_margin": 5},
    )
