"""Whether the SDK is where it must be: in this process, in its middleware, in the worker."""

import time
from datetime import UTC, datetime
from importlib.metadata import version

import sentry_sdk
from django.conf import settings
from django.core import checks
from kombu.exceptions import OperationalError

from apps.error_tracking import context
from apps.error_tracking.delivery.transport import ScrubbingTransport
from apps.triage.trackers import Event
from apps.triage.verification import CLOCK_SKEW

from ..item import Finding, failed, held
from ..scope import Scope
from .capture import arrive

_PAUSE = 0.5  # seconds


def started(scope: Scope) -> Finding:
    """The SDK runs in this process."""
    if not sentry_sdk.is_initialized():
        return failed("The SDK is not started: SENTRY_DSN was not set when this process began.")
    transport = sentry_sdk.get_client().transport
    if not isinstance(transport, ScrubbingTransport):
        return failed(
            f"The SDK sends with {type(transport).__name__}, which does not scrub: who called sentry_sdk.init?"
        )
    return held(f"sentry-sdk {version('sentry-sdk')} is started, with the transport that scrubs.")


def wired(scope: Scope) -> Finding:
    """Middleware and exception handler are in place: the system checks of error_tracking find nothing."""
    if found := checks.run_checks(tags=["error_tracking"]):
        return failed(f"manage.py check: {'; '.join(str(one.msg) for one in found)}")
    return held("manage.py check --tag error_tracking: nothing found; the request ID's middleware is the first.")


def worker(scope: Scope) -> Finding:
    """A task that fails in the worker is on the tracker, with the ID of the request that asked for it."""
    if scope.config.dsn is None:
        return failed("SENTRY_DSN is not set: nothing can be fired.")
    if settings.CELERY_TASK_ALWAYS_EAGER:
        return _without_a_worker(scope)
    request_id, since = context.choose_request_id(None, trusted=False), datetime.now(UTC) - CLOCK_SKEW
    tracker = scope.tracker()
    scope.progress("firing a test error in the worker")
    try:
        _ask_the_worker(request_id, scope.timeout)
    except OperationalError as error:
        return failed(f"The broker cannot be reached ({type(error).__name__}), so no task runs.")
    events = _wait(scope, request_id, since)
    if len(events) != 1:
        few = f" after {scope.timeout:g} s. Does a worker run?" if not events else "."
        return failed(f"{tracker.name} has {len(events)} events of the worker's in place of 1{few}")
    (event,) = events
    if event.environment != scope.config.environment:
        return failed(f"The worker's environment is {event.environment!r} in place of {scope.config.environment!r}.")
    if event.release != (scope.config.release or ""):
        return failed(
            f"The worker's release is {event.release!r} in place of {scope.config.release!r}: start it again."
        )
    return held(f"A task failed in the worker: {tracker.name} has it, with the request's ID and {event.release}.")


def _without_a_worker(scope: Scope) -> Finding:
    """What fails inside of a request is reported by the request: capture has seen that."""
    seen = arrive(scope)
    if seen.state != "held":
        return seen
    return held("CELERY_BROKER_URL is not set, so there is no worker: tasks fail in requests, whose errors arrive.")


def _ask_the_worker(request_id: str, seconds: float) -> None:
    """Raises OperationalError when there is no broker to ask."""
    from apps.triage.tasks import fail_on_purpose  # late: needs the application of Celery

    with context.entered(request_id, None, fail_on_purpose.name):
        # Nobody waits for it any longer then.
        fail_on_purpose.apply_async(expires=max(1.0, seconds))


def _wait(scope: Scope, request_id: str, since: datetime) -> list[Event]:
    deadline = time.monotonic() + scope.timeout
    while True:
        mine = [event for event in scope.tracker().events_since(since) if event.request_id == request_id]
        if mine or time.monotonic() > deadline:
            return mine
        time.sleep(_PAUSE)
