"""What gunicorn's hooks report: workers stopped by its timeout, and workers that died without a word.

The SDK alone cannot: a worker that hangs is killed a second after it is told to stop, and one that runs out of
memory is told nothing. docker/gunicorn.conf.py calls these functions; nothing here needs gunicorn or Django.
https://docs.gunicorn.org/en/stable/settings.html#server-hooks
"""

import mmap
import os
import sys
import time
from contextvars import Context
from types import FrameType, TracebackType
from typing import Any, NoReturn

import sentry_sdk

from .. import context
from ..classification import ErrorClass
from ..delivery.transport import finish
from ..scrubbing import prepare

FLUSH_SECONDS = 2.0  # how long a worker that is being stopped waits for the tracker
DRAIN_SECONDS = 5.0  # how long it lets its other requests go on
# How long it lives after it was told to stop, at most; gunicorn alone leaves it one second or less.
LAST_SECONDS = 2 * FLUSH_SECONDS + DRAIN_SECONDS + 1

_dead: list[str] = []  # of workers that died since the last fork; only the master's list is ever filled


class WorkerTimeout(SystemExit):
    """A request took longer than gunicorn's `timeout`. Ends the worker as gunicorn itself would: exit code 1."""

    error_class = ErrorClass.SYSTEM

    def __init__(
        self, seconds: float, request_id: str | None = None, trace_id: str | None = None, route: str | None = None
    ) -> None:
        super().__init__(1)
        self.seconds = seconds
        self.request_id = request_id
        self.trace_id = trace_id
        self.route = route

    def __str__(self) -> str:
        return f"worker timed out: a request took longer than {self.seconds:g} s, and its worker was stopped"


class WorkerDied(Exception):
    """A worker process ended without running its exit code: killed from outside, or crashed."""

    error_class = ErrorClass.SYSTEM


def before_fork(worker: Any) -> None:
    """Give a new worker the news of dead ones, and a mark, shared with the master, that it ended in order."""
    worker.deaths = [_dead.pop() for _ in range(len(_dead))]
    worker.ended_in_order = mmap.mmap(-1, 1)


def report_dead_workers(worker: Any) -> None:
    """Report, from a worker that has just started, those that died before it: the master has no SDK to do it."""
    for death in worker.deaths:
        _capture(WorkerDied(death), None)


def before_first_request() -> None:
    """Have all ready that an error needs, in a worker that has just started."""
    prepare()


def after_request() -> None:
    """Forget the request: what gunicorn does next on this thread must not be taken for a part of it."""
    context.request_id.set(None)
    context.trace_id.set(None)
    context.route.set(None)
    context.user_id.set(None)
    context.masked_ip.set(None)


def stop_timed_out(worker: Any) -> NoReturn:
    """Report each request that hangs in this worker, with its stack, then raise WorkerTimeout to end the worker.

    Runs in the SIGABRT handler, on the main thread. The event is out before the worker dies, or FLUSH_SECONDS passed.
    """
    seconds = float(worker.cfg.timeout)
    set_heartbeat(worker, time.monotonic() - seconds + LAST_SECONDS)
    ending = WorkerTimeout(seconds, context.request_id.get(), context.trace_id.get(), context.route.get())
    try:
        _report(worker, ending)
        sentry_sdk.flush(timeout=FLUSH_SECONDS)
        worker.ended_in_order[0] = 1
    except Exception:
        worker.log.exception("The timeout of a worker could not be reported.")
    # The same object: the SDK sees it again on its way through the application, and drops it as a duplicate.
    raise ending.with_traceback(None)


def before_exit(worker: Any) -> None:
    """Deliver what is queued; a request that hangs is reported, if it was not yet, and left behind."""
    hanging = _overdue(worker)
    if hanging and not worker.ended_in_order[0]:
        _report(worker, WorkerTimeout(float(worker.cfg.timeout)))
    if not hanging:
        sentry_sdk.flush(timeout=FLUSH_SECONDS)
        worker.ended_in_order[0] = 1
        return
    worker.drain(DRAIN_SECONDS)
    finish(FLUSH_SECONDS)
    worker.ended_in_order[0] = 1
    os._exit(1)  # Python's own exit would wait for the thread that hangs


def after_exit(worker: Any) -> None:
    """In the master: remember a worker that did not end in order, for the next worker to report."""
    if worker.ended_in_order[0]:
        return
    told = "it did not react to its timeout" if worker.aborted else "killed from outside (out of memory?) or crashed"
    _dead.append(f"worker died without a word: {told}")


def set_heartbeat(worker: Any, moment: float) -> None:
    """Tell the master that the worker last gave a sign of life at `moment` (time.monotonic seconds)."""
    os.utime(worker.tmp.fileno(), (moment, moment))


def _overdue(worker: Any) -> dict[int, Context]:
    # Only the threaded worker knows of requests on other threads; the sync one hangs where the signal found it.
    found: dict[int, Context] = worker.overdue() if hasattr(worker, "overdue") else {}
    return found


def _report(worker: Any, ending: WorkerTimeout) -> None:
    overdue, frames = _overdue(worker), sys._current_frames()
    for thread in overdue.keys() & frames.keys():
        overdue[thread].copy().run(_capture, WorkerTimeout(ending.seconds), frames[thread])
    if not overdue:
        _capture(ending, _interrupted(sys._getframe()))


def _interrupted(frame: FrameType) -> FrameType:
    here: FrameType | None = frame
    while here is not None and here.f_code.co_name != "handle_abort":
        here = here.f_back
    return here.f_back if here is not None and here.f_back is not None else frame


def _capture(error: BaseException, frame: FrameType | None) -> None:
    with sentry_sdk.new_scope() as scope:
        scope.add_event_processor(_finish)
        sentry_sdk.capture_exception(error.with_traceback(_traceback(frame)))


def _traceback(frame: FrameType | None) -> TracebackType | None:
    traceback = None
    while frame is not None:
        traceback = TracebackType(traceback, frame, frame.f_lasti, frame.f_lineno)
        frame = frame.f_back
    return traceback


def _finish(event: Any, hint: Any) -> Any:
    """Event processor: fatal, and one issue for each place of ours where workers hang."""
    event["level"] = "fatal"
    exception = event["exception"]["values"][-1]
    exception["mechanism"] = {"type": "gunicorn", "handled": False}
    frames = exception.get("stacktrace", {}).get("frames", [])
    ours = [frame for frame in frames if frame.get("in_app")] or frames
    place = [str(ours[-1].get("module")), str(ours[-1].get("function"))] if ours else []
    event["fingerprint"] = [exception["type"], *place]
    return event
