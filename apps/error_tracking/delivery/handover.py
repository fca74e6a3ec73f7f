"""Takes an event from the SDK before it serialises it, and gives it to the transport as it was.

The SDK's serialiser is the larger part of a capture, on the thread of the request, and the scrubber takes
everything apart once more anyway. What is handed over is copied first, into values that JSON can hold: nobody's
objects are looked at on another thread.
"""

from contextvars import ContextVar
from typing import Any

from sentry_sdk.envelope import Envelope, Item, PayloadRef
from sentry_sdk.scrubber import EventScrubber
from sentry_sdk.utils import disable_capture_event

from .plain import MAX_LONG, PlainCopy

_EVENTS = ("event", "transaction")
# What the SDK still needs of an event for its envelope.
_KEPT = ("event_id", "type", "timestamp", "level")

_handed_over: ContextVar[dict[str, Any] | None] = ContextVar("handed_over", default=None)


class Handover(EventScrubber):
    """The SDK's last step before its serialiser.

    https://docs.sentry.io/platforms/python/data-management/sensitive-data/#event_scrubber
    """

    def __init__(self) -> None:
        super().__init__(denylist=[], pii_denylist=[])

    def scrub_event(self, event: Any) -> None:
        """Take what the event holds, and leave the SDK the little that its envelope needs."""
        if event.get("type") == "check_in":
            return  # small, and whoever captured it reads it again
        # As in the SDK's serialiser: somebody's __repr__ may log an error, which is no event of its own.
        disable_capture_event.set(True)
        try:
            _handed_over.set(PlainCopy().of(event, limit=MAX_LONG))
        finally:
            disable_capture_event.set(False)
        kept = {key: event[key] for key in _KEPT if key in event}
        event.clear()
        event.update(kept)


def claim(event_id: Any) -> dict[str, Any] | None:
    """Return the event that was handed over on this thread under this ID, once; None if there is none."""
    event = _handed_over.get()
    if event is None or event.get("event_id") != event_id:
        return None
    _handed_over.set(None)
    return event


def with_whole_event(envelope: Envelope) -> Envelope:
    """Return an envelope with the event that was handed over in place of what the SDK was left with."""
    whole = claim(envelope.headers.get("event_id"))
    if whole is None:
        return envelope
    items = [_whole(item, whole) if item.type in _EVENTS else item for item in envelope.items]
    trace = whole.get("contexts", {}).get("trace", {}).pop("dynamic_sampling_context", None)
    return Envelope(headers={**envelope.headers, **({"trace": trace} if trace else {})}, items=items)


def _whole(item: Item, payload: dict[str, Any]) -> Item:
    return Item(payload=PayloadRef(json=payload), headers=item.headers, type=item.type)
