"""Celery: what a task logs and reports carries the request that asked for it, and each failure is reported once.

Built on Celery's signals (https://docs.celeryq.dev/en/stable/userguide/signals.html). Only a project that has Celery
imports this module. Why not the SDK's own integration: sdk.py.
"""

import logging
import sys
import time
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any
from weakref import WeakValueDictionary

import sentry_sdk
from billiard import current_process
from celery import Task, signals
from sentry_sdk.integrations.logging import ignore_logger

from . import context, counting, monitors
from .classification import classify
from .config import load
from .delivery.transport import finish
from .face import capture_error, count, identify
from .scrubbing import prepare

logger = logging.getLogger(__name__)

# The headers that a task's message gets from here; the trace is IDs only, without the names in `baggage`.
REQUEST_ID, USER_ID, TRACE = "x-request-id", "x-user-id", "sentry-trace"
# In the place of the arguments in headers, from where Celery takes them into log lines and monitoring events.
NOT_SHOWN = "(not shown)"

FLUSH_SECONDS = 5.0  # how long a pool process that ends waits for the tracker to take what is queued

# Loggers of Celery's that are neither events nor breadcrumbs, since they repeat what is reported here, with arguments.
REPEATING_LOGGERS = ("celery.app.trace", "celery.worker.request", "celery.worker.strategy", "multiprocessing")
# This one also tells of a broker that is down, so only its lines that show a message's body are changed.
CONSUMER_LOGGER = "celery.worker.consumer.consumer"

_STACK, _BEGAN = "error_tracking", "error_tracking_began"
# In a pool's main process: the requests under way, to know whose task it was when its process is gone.
_received: WeakValueDictionary[str, Any] = WeakValueDictionary()


def connect() -> None:
    """Track the errors of every Celery task of this process. Call it where the Celery application is made."""
    for signal, receiver in _RECEIVERS:
        signal.connect(receiver)
    for name in REPEATING_LOGGERS:
        ignore_logger(name)
    logging.getLogger(CONSUMER_LOGGER).addFilter(without_body)


def without_body(record: logging.LogRecord) -> bool:
    """Logging filter: say that a message was refused without showing it; let each record pass."""
    if "body" in str(record.msg):
        record.msg, record.args = "A message that is no task of this worker's was thrown away.", ()
    return True


def _add_context(headers: MutableMapping[str, Any], **_: Any) -> None:
    request_id = context.request_id.get()
    # Without a request, as in beat, the trace would be the process's, the same for all tasks.
    trace = sentry_sdk.get_traceparent() if request_id else None
    sent = {REQUEST_ID: request_id, USER_ID: context.user_id.get(), TRACE: trace}
    headers.update({name: value for name, value in sent.items() if value})
    headers.update({"argsrepr": NOT_SHOWN, "kwargsrepr": NOT_SHOWN})


def _remember(request: Any, **_: Any) -> None:
    _received[request.id] = request


def _begin(task: Task[Any, Any], **_: Any) -> None:
    # On the request: a task that runs inline, inside of another one, has its own.
    stack = vars(task.request)[_STACK] = ExitStack()
    stack.enter_context(_inline(task) if task.request.is_eager else _as_asked(task, task.request.get, traced=True))
    vars(task.request)[_BEGAN] = time.perf_counter()
    monitors.began(task)


def _end(task: Task[Any, Any], state: str | None, **_: Any) -> None:
    monitors.ended(task, state)
    milliseconds = round((time.perf_counter() - vars(task.request)[_BEGAN]) * 1000, 1)
    # Celery's own line of a task that went well shows what it returned, which may be anything.
    logger.info("task %s ended", task.name, extra={"status": str(state).lower(), "duration_ms": milliseconds})
    vars(task.request)[_STACK].close()


def _inline(task: Task[Any, Any]) -> AbstractContextManager[Any]:
    stack = ExitStack()
    known = context.request_id.get(), context.user_id.get(), task.name, context.trace_id.get()
    stack.enter_context(context.entered(*known))
    stack.enter_context(sentry_sdk.isolation_scope()).set_tag("task", task.name)
    return stack


@contextmanager
def _as_asked(task: Task[Any, Any], header: Callable[[str], Any], *, traced: bool) -> Iterator[None]:
    """Inside of the block everything is as in the request that asked for the task; beat's tasks get an ID here."""
    request_id = context.choose_request_id(header(REQUEST_ID), trusted=True)
    with context.entered(request_id, None, task.name), sentry_sdk.isolation_scope() as scope:
        scope.clear()
        scope.set_tag("request_id", request_id)
        scope.set_tag("task", task.name)
        if user_id := context.accepted_user_id(header(USER_ID)):
            identify(user_id)
        trace = {TRACE: header(TRACE)} if isinstance(header(TRACE), str) else {}
        transaction = sentry_sdk.continue_trace(trace, op="queue.task.celery", name=task.name, source="task")
        if not traced:
            context.note_trace()
            yield
            return
        with sentry_sdk.start_transaction(transaction, custom_sampling_context={"task": task.name}):
            context.note_trace()
            yield


def _failed(sender: Task[Any, Any], task_id: str, exception: BaseException, **_: Any) -> None:
    """A task that will not be tried again: told by its own process, or by the main one when that was killed."""
    if _STACK in vars(sender.request):
        # Celery hands over a copy when an exception cannot be pickled; the one being handled is the real one.
        _report(sender, sys.exc_info()[1] or exception, task_id)
        return
    lost = _received.pop(task_id, None)
    if lost is None:
        return  # told already: Celery says twice that a task took too long
    headers: dict[str, Any] = lost.request_dict
    with _as_asked(sender, headers.get, traced=False):
        # The stack is the pool's, the same for all tasks.
        sentry_sdk.get_isolation_scope().fingerprint = [type(exception).__name__, sender.name]
        _report(sender, exception, task_id)
        monitors.lost(sender, task_id, headers)


def _report(task: Task[Any, Any], error: BaseException, task_id: str) -> None:
    if span := sentry_sdk.get_current_span():
        span.set_status("internal_error")
    if not classify(error).reported or isinstance(error, tuple(task.throws or ())):
        count("task.refused", task=task.name)
        logger.info("task %s refused what it was given: %s", task.name, type(error).__name__)
        return
    count("task.failed", task=task.name)
    details = {"task_id": task_id, "attempts": (task.request.retries or 0) + 1}
    event_id = capture_error(error, details=details, handled=False)
    # Not an error line, which would be an event of its own; Celery's has the traceback.
    logger.warning("task %s failed (event %s)", task.name, event_id)


def _tried_again(sender: Task[Any, Any], request: Any, reason: Any, **_: Any) -> None:
    count("task.retried", task=sender.name)
    cause = type(getattr(reason, "exc", None) or reason).__name__
    logger.warning("task %s failed with %s and is tried again (attempt %s)", sender.name, cause, request.retries + 2)


def _prepare(**_: Any) -> None:
    # Once, before the pool's processes are forked.
    prepare()


def _start_anew(**_: Any) -> None:
    slot = getattr(current_process(), "index", None)  # no process of a pool: solo and threads
    if slot is not None:
        counting.enter(f"pool{slot}")
    # The SDK's sender, copied from a process that has sent something, would wait for the thread that is not here.
    from .sdk import start  # late: sdk needs the applications

    start(load())


def _flush(**_: Any) -> None:
    finish(FLUSH_SECONDS)


_RECEIVERS: tuple[tuple[Any, Callable[..., None]], ...] = (
    (signals.before_task_publish, _add_context),
    (signals.task_received, _remember),
    (signals.task_prerun, _begin),
    (signals.task_postrun, _end),
    (signals.task_failure, _failed),
    (signals.task_retry, _tried_again),
    (signals.worker_init, _prepare),
    (signals.worker_process_init, _start_anew),
    (signals.worker_process_shutdown, _flush),
)
