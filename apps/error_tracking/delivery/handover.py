"""Takes an event from the SDK before it serialises it, and gives it to the transport as it was.

The SDK's serialiser is the larger part of a capture, on the thread of the request, and the scrubber takes
everything apart once more anyway. What is handed over is copied first, into values that JSON can hold: nobody's
objects are looked at on another thread.
"""

import logging
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from sentry_sdk.envelope import Envelope, Item, PayloadRef
from sentry_sdk.scrubber import EventScrubber
from sentry_sdk.utils import disable_capture_event

from .plain import MAX_LONG, PlainCopy

logger = logging.getLogger(__name__)

_EVENTS = ("event", "transaction")
# What the SDK still needs of an event for its envelope.
_KEPT = ("event_id", "type")
# Copied last, for they may take all the room there is: the error, its tags and its trace must be whole.
_BULKY = ("spans", "breadcrumbs", "contexts", "extra", "data")

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
            _handed_over.set(_copy(event))
        except Exception as error:  # noqa: BLE001 - the application must not notice; the SDK can serialise it
            _handed_over.set(None)
            logger.warning("An event could not be copied (%s).", type(error).__name__)
            return
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
    sampling = _trace_of(whole).pop("dynamic_sampling_context", None)
    return Envelope(headers={**envelope.headers, **({"trace": sampling} if sampling else {})}, items=items)


def _copy(event: Mapping[str, Any]) -> dict[str, Any]:
    plain = PlainCopy()
    copy: dict[str, Any] = plain.of(_bulky_last(event), limit=MAX_LONG)
    trace = _trace_of(event)
    if trace and (plain.left <= 0 or not _trace_of(copy)):  # there was no room for it
        contexts = copy.get("contexts")
        others = contexts if isinstance(contexts, dict) else {}
        copy["contexts"] = {**others, "trace": PlainCopy().of(_bulky_last(trace))}
    return copy


def _bulky_last(mapping: Mapping[str, Any]) -> dict[str, Any]:
    return {key: mapping[key] for key in sorted(mapping, key=_BULKY.__contains__)}


def _trace_of(event: Mapping[str, Any]) -> dict[str, Any]:
    contexts = event.get("contexts")
    trace = contexts.get("trace") if isinstance(contexts, dict) else None
    return trace if isinstance(trace, dict) else {}


def _whole(item: Item, payload: dict[str, Any]) -> Item:
    return Item(payload=PayloadRef(json=payload), headers=item.headers, type=item.type)
