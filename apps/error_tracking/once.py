"""Each error exactly once: an exception carries the ID of the event that told of it, once that event has left.

The SDK's own DedupeIntegration remembers only the last exception, and an ID that was given before sampling
would stand in answers for events that nobody ever sent.
"""

from contextvars import ContextVar

from . import context

_expected: ContextVar[tuple[str, BaseException] | None] = ContextVar("expected", default=None)


def event_id_of(error: BaseException) -> str | None:
    """Return the ID of the event that told of this exception in this request, or None if none did."""
    # The request is part of it: one exception object may be raised again and again (`raise NOT_READY`).
    told = vars(error)
    return told.get("event_id") if told.get("event_request_id") == context.request_id.get() else None


def was_told(error: BaseException) -> bool:
    """Whether this exception was reported in this request, or counted by the throttle in place of that."""
    told = vars(error)
    return "event_request_id" in told and told["event_request_id"] == context.request_id.get()


def count_instead(error: BaseException) -> None:
    """Say that the throttle counted this exception: it is told, without an event."""
    vars(error).update(event_id=None, event_request_id=context.request_id.get())


def expect(event_id: str, error: BaseException) -> None:
    """Remember, on this thread, which exception the event that is being captured is about."""
    _expected.set((event_id, error))


def confirm(event_id: str | None) -> None:
    """Say that an event has left: from now on its exception carries its ID."""
    expected = _expected.get()
    if expected is not None and expected[0] == event_id:
        vars(expected[1]).update(event_id=event_id, event_request_id=context.request_id.get())
        _expected.set(None)
