"""The one way out. Nothing reaches the tracker except through `ScrubbingTransport.capture_envelope`."""

import json
import logging
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import sentry_sdk
from sentry_sdk.consts import VERSION, EndpointType
from sentry_sdk.envelope import Envelope, Item, PayloadRef
from sentry_sdk.transport import HttpTransport

from .. import metrics, once
from ..scrubbing import clean_envelope_header, clean_item
from .courier import Courier
from .handover import with_whole_event
from .memory import Parcel
from .options import DeliveryOptions
from .outbox import KINDS, Outbox
from .pace import Pace
from .replay import Replay
from .wire import Wire

logger = logging.getLogger(__name__)

# https://develop.sentry.dev/sdk/foundations/transport/envelopes/#headers : what an item's header may say.
_ITEM_HEADERS = {"content_type": re.compile(r"application/[\w.+-]{1,60}"), "item_count": re.compile(r"\d{1,9}")}
_LEVEL = 6  # of gzip: 9 takes twice as long for 1 % less
_NARROWEST, _WIDEST, _GZIP = 12, 15, 16  # https://docs.python.org/3/library/zlib.html#zlib.compressobj
_SETTLE_SECONDS = 5.0


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
    """Call `observer`, on another thread, with each Outgoing of the block; all of them before the block ends."""
    _observers.append(observer)
    try:
        yield
    finally:
        if courier := current():
            courier.settle(_SETTLE_SECONDS)
        _observers.remove(observer)


def current() -> Courier | None:
    """Return what carries this process's envelopes; None when nothing is tracked."""
    transport = sentry_sdk.get_client().transport
    return transport.courier if isinstance(transport, ScrubbingTransport) else None


def finish(seconds: float) -> None:
    """Send what is queued before an os._exit, and hear the answer to what is being sent: no exit handler would."""
    sentry_sdk.flush(timeout=seconds)
    if courier := current():
        courier.stop()


def outbox_for(dsn: str, options: DeliveryOptions) -> Outbox | None:
    """Return the outbox of a tracker's project: errors of one must never reach another. None without a folder."""
    if options.outbox_dir is None:
        return None
    parts = urlsplit(dsn)
    name = f"{parts.hostname}_{parts.port or parts.scheme}_{parts.path.strip('/').replace('/', '_')}"
    return Outbox(Path(options.outbox_dir) / name, options.outbox_max_bytes, options.outbox_max_age)


class ScrubbingTransport(HttpTransport):
    """Scrubs every item of every envelope by an allow-list of types; what cannot be scrubbed does not leave.

    Of the SDK's own it uses the connection pool (proxies, certificates) and the client reports.
    """

    keep_values = False
    delivery = DeliveryOptions()

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__(options)
        assert self.parsed_dsn is not None  # noqa: S101 - the SDK makes no transport without a DSN
        auth = self.parsed_dsn.to_auth(f"sentry.python/{VERSION}")
        headers = {"User-Agent": str(auth.client), "X-Sentry-Auth": auth.to_header()}
        wire = Wire(self._make_pool, auth.get_api_url(EndpointType.ENVELOPE), headers, self.delivery.send_timeout)
        pace = Pace(self.delivery.retry_first, self.delivery.retry_most)
        outbox = outbox_for(options["dsn"], self.delivery)
        replay = Replay(outbox, wire, pace, self.delivery.outbox_rate) if outbox else None
        self.courier = Courier(self._pack, wire, pace, replay)

    def capture_envelope(self, envelope: Envelope) -> None:
        """Have an envelope scrubbed and sent; returns at once and never raises."""
        try:
            self._take(with_whole_event(envelope))
        except Exception as error:  # noqa: BLE001 - the application must not notice
            logger.warning("An envelope was dropped: taking it raised %s.", type(error).__name__)
            for item in envelope.items:
                metrics.ITEMS_DROPPED.labels(str(item.type), "not_taken").inc()

    def _take(self, envelope: Envelope) -> None:
        if self.courier.take(envelope, urgent=any(item.type in KINDS for item in envelope.items)):
            once.confirm(envelope.headers.get("event_id"))
            return
        for item in envelope.items:
            self._drop(item, "queue_full", "queue_overflow")

    def flush(self, timeout: float, callback: Any = None) -> None:
        """Wait until everything was sent, or was tried and is kept, at most `timeout` seconds."""
        if timeout > 0:
            until = monotonic() + timeout
            if self.courier.started:
                self.courier.settle(timeout)  # only then is known what is lost
                self._report_losses(force=True)
            self.courier.flush(max(0.0, until - monotonic()))

    def kill(self) -> None:
        """End the threads."""
        self.courier.stop()

    def is_healthy(self) -> bool:
        """Whether more traces are welcome: while they could not be sent, the SDK samples fewer."""
        return not self.courier.full and not self.courier.pace.wait("transaction")

    def _report_losses(self, *, force: bool = False) -> None:
        # https://develop.sentry.dev/sdk/telemetry/client-reports/ : how many items were dropped, and why.
        report = self._fetch_pending_client_report(force=force)
        if report is not None:
            self.courier.take(Envelope(items=[report]), urgent=False)

    def _pack(self, envelope: Envelope) -> Parcel | None:
        """Return the scrubbed copy of an envelope, or None when nothing of it may leave."""
        try:
            clean = self._clean(envelope)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, nothing unscrubbed may leave
            self._lost(envelope, error)
            return None
        self._report_losses()
        if not clean.items:
            return None
        types = [str(item.type) for item in clean.items]
        kind = next((kind for kind in KINDS if kind in types), types[0])
        return Parcel(kind, clean.headers.get("event_id"), compressed(clean.serialize()))

    def _clean(self, envelope: Envelope) -> Envelope:
        header: Any = clean_envelope_header(envelope.headers)
        # Trackers take the difference between this and their clock for a clock that is wrong, and move the event;
        # what was kept in the outbox comes late.
        header.pop("sent_at", None)
        items = [clean for item in envelope.items if (clean := self._clean_item(item, header)) is not None]
        # GlitchTip throws away what stands behind an item of a type that it does not know.
        items.sort(key=lambda item: item.type != "event")
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
            self._drop(item, "scrubber_failed" if cleaned.failed else "type_not_allowed", "event_processor")
            return None
        clean = _rebuild(item, cleaned.payload)
        metrics.ITEMS_CAPTURED.labels(item_type).inc()
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

    def _drop(self, item: Item, reason: str, reported_as: str) -> None:
        metrics.ITEMS_DROPPED.labels(str(item.type), reason).inc()
        self.record_lost_event(reported_as, item=item)
        _tell(str(item.type), None, dropped=reason)

    def _lost(self, envelope: Envelope, error: Exception) -> None:
        for item in envelope.items:
            metrics.ITEMS_DROPPED.labels(str(item.type), "scrubber_failed").inc()
            metrics.SCRUBBER_FAILURES.labels(str(item.type)).inc()
        logger.warning("An envelope was dropped: the scrubber raised %s.", type(error).__name__)


def configured(*, keep_values: bool, delivery: DeliveryOptions) -> type[ScrubbingTransport]:
    """Return the transport for the SDK's `transport` option. `keep_values`: show what variables hold (development)."""
    return type("Transport", (ScrubbingTransport,), {"keep_values": keep_values, "delivery": delivery})


def compressed(envelope: bytes) -> bytes:
    """Return an envelope as one gzip stream.

    Its window is as large as itself: the usual one takes 256 KiB each time, and twice as long, for no byte less.
    """
    bits = min(_WIDEST, max(_NARROWEST, len(envelope).bit_length()))
    stream = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP + bits, bits - 7)
    return stream.compress(envelope) + stream.flush()


def _payload(item: Item) -> Any:
    payload = item.payload
    if isinstance(payload, PayloadRef) and payload.json is not None:
        return payload.json
    try:
        return json.loads(item.get_bytes())
    except ValueError:  # an attachment, a profile: bytes of a type that is not on the allow-list
        return None


def _rebuild(item: Item, payload: Any) -> Item:
    given = {name: item.headers[name] for name in _ITEM_HEADERS if name in item.headers}
    headers = {name: value for name, value in given.items() if _ITEM_HEADERS[name].fullmatch(str(value))}
    return Item(payload=PayloadRef(json=payload), headers=headers, type=item.type)


def _request_id(payload: Any) -> str | None:
    tags = payload.get("tags") if isinstance(payload, dict) else None
    return tags.get("request_id") if isinstance(tags, dict) else None


def _tell(item_type: str, event_id: Any, size: int = 0, **details: Any) -> None:
    for observer in _observers:
        observer(Outgoing(item_type, event_id, size, **details))
