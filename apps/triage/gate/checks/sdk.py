"""Whether the SDK is where it must be: in this process, in its middleware, in the worker."""

import time
from datetime import UTC, datetime
from importlib.metadata import version

import sentry_sdk
from django.core import checks
from kombu.exceptions import OperationalError

from apps.error_tracking import context
from apps.error_tracking.sdk import SHUTDOWN_TIMEOUT
from apps.triage import firing
from apps.triage.trackers import Event

from ..fired import CLOCK_SKEW
from ..item import Finding, failed, held
from ..scope import Scope

_PAUSE = 0.5  # seconds


def started(scope: Scope) -> Finding:
    """The SDK runs in this process."""
    if not sentry_sdk.is_initialized():
        return failed("The SDK is not started: SENTRY_DSN was not set when this process began.")
    return held(f"sentry-sdk {version('sentry-sdk')} is started, with the transport that scrubs.")


def wired(scope: Scope) -> Finding:
    """Middleware and exception handler are in place: the system checks of error_tracking find nothing."""
    if found := checks.run_checks(tags=["error_tracking"]):
        return failed(f"manage.py check: {'; '.join(str(one.msg) for one in found)}")
    return held("manage.py check --tag error_tracking: nothing found; the request ID's middleware is the first.")


def worker(scope: Scope) -> Finding:
    """A task that fails in the worker is on the tracker, with the ID of the request that asked for it."""
    tracker, config = scope.tracker(), scope.config
    if config.dsn is None:
        return failed("SENTRY_DSN is not set: nothing can be fired.")
    request_id, since = context.choose_request_id(None, trusted=False), datetime.now(UTC) - CLOCK_SKEW
    scope.progress("firing a test error in a task")
    firing.start(config, config.dsn)
    try:
        inline = _fail_in_a_task(request_id, scope.timeout)
    except OperationalError as error:
        return failed(f"The broker cannot be reached ({type(error).__name__}), so no task runs.")
    events = _wait(scope, request_id, since)
    if len(events) != 1:
        few = f" after {scope.timeout:g} s. Does a worker run?" if not events else "."
        return failed(f"{tracker.name} has {len(events)} events of the task in place of 1{few}")
    if events[0].environment != config.environment:
        return failed(f"The worker's environment is {events[0].environment!r} in place of {config.environment!r}.")
    where = "in this process, since there is no broker" if inline else "in the worker, through the broker"
    return held(f"A task failed {where}: {tracker.name} has it, with the request's ID and {events[0].release}.")


def _fail_in_a_task(request_id: str, seconds: float) -> bool:
    """Ask for the task; return whether it ran here. Raises OperationalError when there is no broker to ask."""
    from apps.triage.tasks import FailedOnPurpose, fail_on_purpose  # late: needs the application of Celery

    with context.entered(request_id, None, fail_on_purpose.name), firing.quiet_console():
        try:
            # Nobody waits for it any longer then.
            fail_on_purpose.apply_async(expires=max(1.0, seconds))
        except FailedOnPurpose:
            sentry_sdk.flush(timeout=SHUTDOWN_TIMEOUT)
            return True
    return False


def _wait(scope: Scope, request_id: str, since: datetime) -> list[Event]:
    deadline = time.monotonic() + scope.timeout
    while True:
        mine = [event for event in scope.tracker().events_since(since) if event.request_id == request_id]
        if mine or time.monotonic() > deadline:
            return mine
        time.sleep(_PAUSE)
