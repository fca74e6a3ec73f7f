"""What a view author calls. Everything here works without a DSN too, and then costs next to nothing."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import sentry_sdk
from sentry_sdk.utils import event_from_exception

from . import context, metrics
from .once import event_id_of


def capture_error(
    error: BaseException,
    *,
    tags: Mapping[str, str] | None = None,
    details: Mapping[str, object] | None = None,
    handled: bool = True,
) -> str | None:
    """Report an error. Tags are searchable; details are shown with the event; `handled` False: it ended a request.

    Returns the event's ID, also of an error that was reported before; None when nothing was sent (no DSN,
    sampled out).
    """
    if not sentry_sdk.is_initialized():
        return None
    from .sdk import ASKED_FOR  # late: sdk needs the applications, this module is imported before they are there

    event, hint = _event_of(error, handled=handled)
    with sentry_sdk.new_scope() as scope:
        for name, value in (tags or {}).items():
            scope.set_tag(name, value)
        if details:
            scope.set_context("details", dict(details))
        sentry_sdk.capture_event(event, hint={**hint, ASKED_FOR: True})
    return event_id_of(error)


def is_tracking() -> bool:
    """Say whether this process's SDK is the one that sdk.py started: another one is left alone."""
    return sentry_sdk.get_client().get_integration("error_tracking") is not None


def capture_unhandled(error: BaseException) -> None:
    """Report an error that ended a request, unless it is the caller's fault or was reported before."""
    if is_tracking():
        event, hint = _event_of(error, handled=False, mechanism="django")
        sentry_sdk.capture_event(event, hint=hint)


def _event_of(error: BaseException, *, handled: bool, mechanism: str = "generic") -> tuple[Any, dict[str, Any]]:
    how = {"type": mechanism, "handled": handled}
    options = sentry_sdk.get_client().options
    try:
        event, hint = event_from_exception(error, client_options=options, mechanism=how)
    except Exception as broken:  # noqa: BLE001 - an exception whose own attributes raise when the SDK reads them
        substitute = RuntimeError(f"{type(error).__name__} cannot be read: {type(broken).__name__}")
        event, hint = event_from_exception(substitute.with_traceback(error.__traceback__), client_options=options)
        hint = {**hint, "exc_info": (type(error), error, error.__traceback__)}
    return event, {**hint}


def breadcrumb(message: str, *, category: str = "app", **data: object) -> None:
    """Leave a trace of what happened; it travels with the next event of this request."""
    sentry_sdk.add_breadcrumb(message=message, category=category, data=data)


def tag(name: str, value: str) -> None:
    """Tag every event and the transaction of this request."""
    sentry_sdk.get_isolation_scope().set_tag(name, value)


def identify(user_id: UUID | str) -> None:
    """Say who this request is for. Only the pseudonymous ID: never an e-mail or a name."""
    context.user_id.set(str(user_id))
    scope = sentry_sdk.get_isolation_scope()
    scope.set_user(context.user())
    scope.set_tag("user_id", str(user_id))


@contextmanager
def timed_span(op: str, description: str, **data: object) -> Iterator[None]:
    """Time a block inside a traced request: `with timed_span("image.decode", "decode the upload", width=w):`."""
    with sentry_sdk.start_span(op=op, name=description) as span:
        for key, value in data.items():
            span.set_data(key, value)
        yield


def count(event: str, **labels: str | int) -> None:
    """Count a business event (Prometheus `business_events_total{event=…}`) and leave it as a breadcrumb."""
    metrics.BUSINESS_EVENTS.labels(event).inc()
    breadcrumb(event, category="business", **labels)
