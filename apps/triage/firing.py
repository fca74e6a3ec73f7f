"""Fires the catalogue through the whole stack of this process, and holds what left against what must leave."""

import json
import logging
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import sentry_sdk
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from apps.error_tracking import sdk
from apps.error_tracking.config import Config
from apps.error_tracking.delivery.transport import Outgoing, observe

from .catalogue import urlconf
from .catalogue.canaries import Canaries, found_in
from .catalogue.cases import Case

_ITEMS = ("event", "transaction")


@dataclass(slots=True)
class Outcome:
    """What one case did; `problems` are sentences, empty when all is as it must be."""

    case: Case
    status: int
    request_id: str
    event_id: str | None = None
    left: list[Outgoing] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def redactions(self) -> dict[str, int]:
        """Return how often each kind was redacted in this case."""
        kinds = sorted({kind for item in self.left for kind in item.redactions})
        return {kind: sum(item.redactions.get(kind, 0) for item in self.left) for kind in kinds}


class _CatalogueHandler(WSGIHandler):
    """The service itself, with the catalogue's addresses added."""

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        request.urlconf = urlconf.__name__
        return super().get_response(request)


def start(config: Config, dsn: str) -> None:
    """Point this process's SDK at a DSN, with every error and the catalogue's slow request sent."""
    rates = {**config.trace_rates, f"/{urlconf.PREFIX}slow": 1.0, f"/{urlconf.PREFIX}": 0.0}
    # A sink of the command's own is gone with the command: nothing may wait for it on disk.
    delivery = config.delivery if dsn == config.dsn else replace(config.delivery, outbox_dir=None)
    sdk.start(replace(config, dsn=dsn, sample_rate=1.0, trace_rates=rates, delivery=delivery))


def fire(cases: Iterable[Case], canaries: Canaries) -> Iterator[Outcome]:
    """Fire each case and yield its outcome, checked."""
    with quiet_console(), _client() as client:
        for case in cases:
            yield _fire(client, case, canaries)
    sentry_sdk.flush(timeout=sdk.SHUTDOWN_TIMEOUT)


@contextmanager
def quiet_console() -> Iterator[None]:
    """Inside, no traceback of an error that is made on purpose reaches the terminal."""
    # Errors that are made on purpose would fill the terminal with tracebacks; the SDK sees them all the same.
    handlers, report_thread = logging.getLogger().handlers, threading.excepthook
    levels = [handler.level for handler in handlers]
    for handler in handlers:
        handler.setLevel(logging.CRITICAL + 1)
    threading.excepthook = lambda args: None
    try:
        yield
    finally:
        threading.excepthook = report_thread
        for handler, level in zip(handlers, levels, strict=True):
            handler.setLevel(level)


@contextmanager
def _client() -> Iterator[httpx.Client]:
    # https, so that a redirect to https is not all that a production configuration answers.
    transport = httpx.WSGITransport(app=_CatalogueHandler(), raise_app_exceptions=False)
    with httpx.Client(transport=transport, base_url=f"https://{_host()}/{urlconf.PREFIX}") as client:
        yield client


def _host() -> str:
    host = next(iter(settings.ALLOWED_HOSTS), "localhost")
    return "localhost" if host == "*" else f"sentry-test{host}" if host.startswith(".") else host


def _fire(client: httpx.Client, case: Case, canaries: Canaries) -> Outcome:
    left: list[Outgoing] = []
    with observe(left.append):
        response = client.request(case.method, case.path, **case.sends)
    outcome = Outcome(case, response.status_code, response.headers.get("X-Request-ID", ""), left=left)
    events = [item for item in left if item.item_type == "event" and not item.dropped]
    outcome.event_id = events[0].event_id if events else None
    outcome.problems += _status_problems(case, response, outcome.event_id)
    outcome.problems += _count_problems(case, left)
    for item in left:
        outcome.problems += _item_problems(item, outcome.request_id, canaries)
    for event in events:
        outcome.problems += _event_problems(case, event.payload)
    return outcome


def _status_problems(case: Case, response: httpx.Response, event_id: str | None) -> Iterator[str]:
    if response.status_code != case.status:
        yield f"answered {response.status_code} in place of {case.status}"
    if not response.headers.get("X-Request-ID"):
        yield "the answer has no X-Request-ID"
    if response.status_code < 400:
        return
    if response.headers.get("Content-Type") != "application/problem+json":
        yield "the answer is no problem+json"
    elif response.json().get("event_id") != event_id:
        yield "event_id in the answer is not that of the event"


def _count_problems(case: Case, left: list[Outgoing]) -> Iterator[str]:
    expected = {"event": int(case.event is not None), "transaction": int(case.traced)}
    for item_type in _ITEMS:
        count = sum(item.item_type == item_type and not item.dropped for item in left)
        if count != expected[item_type]:
            yield f"{count} items of type {item_type} left in place of {expected[item_type]}"


def _item_problems(item: Outgoing, request_id: str, canaries: Canaries) -> Iterator[str]:
    if item.failed:
        yield f"the scrubber failed on the {item.item_type}"
    if item.item_type in _ITEMS and not item.dropped and item.request_id != request_id:
        yield f"the {item.item_type} does not carry the request ID"
    for kind in found_in(json.dumps(item.payload, ensure_ascii=False), canaries):
        yield f"personal data left: the {kind} canary is in the {item.item_type}"


def _event_problems(case: Case, event: Any) -> Iterator[str]:
    title = _title(event)
    if title != case.event:
        yield f"the event is about {title!r} in place of {case.event!r}"
    if event.get("level") != case.level:
        yield f"its level is {event.get('level')} in place of {case.level}"
    tags = event.get("tags") or {}
    for name, value in case.tags.items():
        if tags.get(name) != value:
            yield f"its tag {name} is {tags.get(name)!r} in place of {value!r}"


def _title(event: Any) -> str:
    exceptions = (event.get("exception") or {}).get("values") or []
    if not exceptions:
        return str((event.get("logentry") or {}).get("formatted") or event.get("message") or "")
    # In a group, the first is the group (mechanism exception_id 0); in a chain, the last is what was raised.
    roots = [e for e in exceptions if (e.get("mechanism") or {}).get("exception_id") == 0]
    return str((roots or exceptions)[-1].get("type"))
