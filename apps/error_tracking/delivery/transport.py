"""The one way out. Nothing reaches the tracker except through `ScrubbingTransport.capture_envelope`."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sentry_sdk.envelope import Envelope, Item, PayloadRef
from sentry_sdk.transport import HttpTransport

from .. import metrics, once
from ..scrubbing import clean_envelope_header, clean_item
from .handover import claim

logger = logging.getLogger(__name__)

# https://develop.sentry.dev/sdk/foundations/transport/envelopes/#headers : what an item's header may say.
_ITEM_HEADERS = ("content_type", "item_count")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What became of one envelope item: for `observe`."""

    item_type: str
    event_id: str | None
    size: int  # bytes before compression; 0 when dropped
    redactions: Mapping[str, int] = field(default_factory=dict)
    failed: bool = False  # a skeleton went out in its place
    dropped: str | None = None  # the reason, when it did not leave
    request_id: str | None = None
    payload: Any = None  # what left, decoded


Observer = Callable[[Outgoing], None]
_observers: list[Observer] = []


@contextmanager
def observe(observer: Observer) -> Iterator[None]:
    """Call `observer` with each Outgoing while the block runs."""
    _observers.append(observer)
    try:
        yield
    finally:
        _observers.remove(observer)


class ScrubbingTransport(HttpTransport):
    """Scrubs every item of every envelope by an allow-list of types; what cannot be scrubbed does not leave."""

    # Seconds for one HTTP request; the SDK's own 30 would hold up everything queued behind it.
    TIMEOUT = 5
    keep_values = False

    def capture_envelope(self, envelope: Envelope) -> None:
        """Queue the scrubbed copy of an envelope, or nothing at all."""
        envelope = _with_what_was_handed_over(envelope)
        try:
            clean = self._clean(envelope)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, nothing unscrubbed may leave
            self._lost(envelope, error)
            return
        if clean.items:
            super().capture_envelope(clean)

    def _clean(self, envelope: Envelope) -> Envelope:
        header: Any = clean_envelope_header(envelope.headers)
        items = [clean for item in envelope.items if (clean := self._clean_item(item, header)) is not None]
        return Envelope(headers=header, items=items)

    def _clean_item(self, item: Item, header: Mapping[str, Any]) -> Item | None:
        item_type = str(item.type)
        cleaned = clean_item(item_type, _payload(item), keep_values=self.keep_values)
        for kind, count in cleaned.redactions.items():
            metrics.REDACTIONS.labels(kind).inc(count)
        if cleaned.failed:
            metrics.SCRUBBER_FAILURES.labels(item_type).inc()
            logger.warning("The scrubber failed on an item of type %s.", item_type)
        if cleaned.payload is None:
            self._drop(item, "scrubber_failed" if cleaned.failed else "type_not_allowed")
            return None
        clean = _rebuild(item, cleaned.payload)
        metrics.ITEMS_SENT.labels(item_type).inc()
        once.confirm(header.get("event_id"))
        _tell(
            item_type,
            header.get("event_id"),
            size=len(clean.get_bytes()),
            redactions=dict(cleaned.redactions),
            failed=cleaned.failed,
            request_id=_request_id(cleaned.payload),
            payload=cleaned.payload,
        )
        return clean

    def _drop(self, item: Item, reason: str) -> None:
        metrics.ITEMS_DROPPED.labels(str(item.type), reason).inc()
        self.record_lost_event("event_processor", item=item)
        _tell(str(item.type), None, dropped=reason)

    def _lost(self, envelope: Envelope, error: Exception) -> None:
        for item in envelope.items:
            metrics.ITEMS_DROPPED.labels(str(item.type), "scrubber_failed").inc()
            metrics.SCRUBBER_FAILURES.labels(str(item.type)).inc()
        logger.warning("An envelope was dropped: the scrubber raised %s.", type(error).__name__)


class DebugTransport(ScrubbingTransport):
    """Lets pass what variables hold, without what keys and patterns say is secret. For development only."""

    keep_values = True


def _with_what_was_handed_over(envelope: Envelope) -> Envelope:
    whole = claim(envelope.headers.get("event_id"))
    if whole is None:
        return envelope
    items = [_whole(item, whole) if item.type in ("event", "transaction") else item for item in envelope.items]
    trace = whole.get("contexts", {}).get("trace", {}).pop("dynamic_sampling_context", None)
    return Envelope(headers={**envelope.headers, **({"trace": trace} if trace else {})}, items=items)


def _whole(item: Item, payload: dict[str, Any]) -> Item:
    return Item(payload=PayloadRef(json=payload), headers=item.headers, type=item.type)


def _payload(item: Item) -> Any:
    payload = item.payload
    if isinstance(payload, PayloadRef) and payload.json is not None:
        return payload.json
    try:
        return json.loads(item.get_bytes())
    except ValueError:  # an attachment, a profile: bytes of a type that is not on the allow-list
        return None


def _rebuild(item: Item, payload: Any) -> Item:
    headers = {name: value for name, value in item.headers.items() if name in _ITEM_HEADERS}
    return Item(payload=PayloadRef(json=payload), headers=headers, type=item.type)


def _request_id(payload: Any) -> str | None:
    tags = payload.get("tags") if isinstance(payload, dict) else None
    return tags.get("request_id") if isinstance(tags, dict) else None


def _tell(item_type: str, event_id: Any, size: int = 0, **details: Any) -> None:
    for observer in _observers:
        observer(Outgoing(item_type, event_id, size, **details))
