"""One HTTP request: what a tracker answered, in words that decide what becomes of an envelope."""

import socket
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from http.client import HTTPResponse, IncompleteRead
from typing import Any, cast
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import InvalidHeader
from urllib3.util import Retry

from .. import metrics
from .line import Answered, Line
from .watchdog import Watchdog

# The tracker looked at this envelope and does not want it; one after it may be fine.
_REFUSALS = {400, 401, 403, 413, 415, 422}

# Item types and what trackers call them when they set limits:
# https://develop.sentry.dev/sdk/expected-features/rate-limiting/#definitions
CATEGORIES = {
    "event": "error",
    "check_in": "monitor",
    "log": "log_item",
    "session": "session",
    "sessions": "session",
    "transaction": "transaction",
    "span": "span",
    "trace_metric": "trace_metric",
    "client_report": "internal",
}
KNOWN_CATEGORIES = frozenset({"", *CATEGORIES.values()})


class Outcome(Enum):
    """What to do with an envelope."""

    SENT = "sent"  # forget it
    REFUSED = "refused"  # try others; this one again later, a few times
    FAILED = "failed"  # keep it, and wait
    LIMITED = "limited"  # keep it, and wait as long as `limits` say


@dataclass(frozen=True, slots=True)
class Answer:
    """`why` is for people; `limits` are seconds to wait by category ("": all)."""

    outcome: Outcome
    why: str = ""
    limits: Mapping[str, float] = field(default_factory=dict)


class Wire:
    """Posts envelopes over the pool that `make_pool` makes; one thread at a time."""

    def __init__(
        self, make_pool: Callable[[], urllib3.PoolManager], url: str, headers: Mapping[str, str], seconds: float
    ) -> None:
        self._make_pool = make_pool
        self._url = url
        self._headers = {
            **headers,
            "Content-Type": "application/x-sentry-envelope",
            "Content-Encoding": "gzip",
        }
        self._seconds = seconds
        self._watchdog = Watchdog(seconds, self._cut)
        self._timeout = urllib3.Timeout(total=seconds)
        self._send: Callable[..., urllib3.BaseHTTPResponse] | None = None
        self._connection: Any = None
        self._head = b""
        self._line: Line | None = None
        self.posted = 0  # how often

    def reset(self) -> None:
        """Hang up; in a child that was forked, forget connections: they are the parent's."""
        self._send = self._connection = self._line = None
        self._watchdog = Watchdog(self._seconds, self._cut)

    def post(self, body: bytes) -> Answer:
        """Send a compressed envelope; takes `seconds` in all, however slowly the tracker answers. Never raises."""
        self.posted += 1
        # urllib3's timeout is for each read: an answer that comes byte by byte would go on for ever.
        with metrics.SEND_SECONDS.time(), self._watchdog.watching():
            try:
                response = self._request(body)
                answer = _judge(response.status, response.headers)
            except Exception as error:  # noqa: BLE001 - whatever the network does, the envelope is kept
                return Answer(Outcome.FAILED, type(error).__name__)
            with suppress(Exception):  # the answer is known; its text is read only to use the connection again
                response.read(1 << 16)
            with suppress(Exception):  # closes only what could not be given back
                response.close()
            if not isinstance(response, Answered):
                self._line = Line.after(self._connection, self._head, response, self._seconds)
        return answer

    def _request(self, body: bytes) -> urllib3.BaseHTTPResponse | Answered:
        if self._line and self._line.is_open:
            return self._line.ask(body)
        self._line = None
        if self._send is None:
            self._send = self._way(self._watched(self._make_pool()))
        return self._send(
            body=body,
            headers=self._headers,
            timeout=self._timeout,
            retries=False,
            redirect=False,
            preload_content=False,
        )

    def _way(self, pool: urllib3.PoolManager) -> Callable[..., urllib3.BaseHTTPResponse]:
        if isinstance(pool, urllib3.ProxyManager):
            return partial(pool.urlopen, "POST", self._url)
        # To look for the connections of a host once, not each time, is a quarter of what a request costs.
        return partial(pool.connection_from_url(self._url).urlopen, "POST", urlsplit(self._url).path)

    def _cut(self) -> None:
        with suppress(Exception):  # it ended in this moment
            # Not the method of a TLS socket, which would say goodbye politely first.
            socket.socket.shutdown((self._line or self._connection).sock, socket.SHUT_RDWR)

    def _watched(self, pool: urllib3.PoolManager) -> urllib3.PoolManager:
        """Have the pool's connections tell which one is in use, and what stands at the head of a request."""
        wire = self

        def watched(base: Any) -> Any:
            class Connection(base.ConnectionCls):  # type: ignore[misc]
                response_class = _Whole

                def connect(self) -> None:
                    wire._connection = self
                    super().connect()

                def send(self, data: Any) -> None:
                    if data.startswith(b"POST "):
                        wire._head = data
                    super().send(data)

            return type(base.__name__, (base,), {"ConnectionCls": Connection})

        classes = pool.pool_classes_by_scheme
        pool.pool_classes_by_scheme = {scheme: watched(base) for scheme, base in classes.items()}
        return pool


class _Whole(HTTPResponse):
    """An answer whose headers came to their end: http.client takes a connection that closes among them for that."""

    def begin(self) -> None:
        source = self.fp
        lines = _Lines(source)
        self.fp = cast("Any", lines)
        try:
            super().begin()
        finally:
            self.fp = source
        if lines.last.strip():
            raise IncompleteRead(lines.last)


class _Lines:
    def __init__(self, source: Any) -> None:
        self._source, self.last = source, b""

    def readline(self, size: int) -> bytes:
        line: bytes = self._source.readline(size)
        self.last = line or self.last
        return line

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)


def _judge(status: int, headers: Mapping[str, str]) -> Answer:
    limits = _asked_for(headers, is_429=status == 429)
    why = f"the tracker answered {status}"
    if status == 429:
        return Answer(Outcome.LIMITED if limits else Outcome.FAILED, why, limits)
    if status in _REFUSALS:
        return Answer(Outcome.REFUSED, why, limits)
    if not 200 <= status < 300:
        return Answer(Outcome.FAILED, why, limits)
    if headers.get("Content-Type", "").startswith("text/html"):
        # A login page, a proxy's own page, a front end that answers 200 to every path.
        return Answer(Outcome.FAILED, f"{why} with a web page: that is no tracker", limits)
    return Answer(Outcome.SENT, limits=limits)


def _asked_for(headers: Mapping[str, str], *, is_429: bool) -> dict[str, float]:
    # https://develop.sentry.dev/sdk/expected-features/rate-limiting/
    if sentry := headers.get("X-Sentry-Rate-Limits"):
        return dict(_limits(sentry.split(",")))
    if is_429 and (plain := headers.get("Retry-After")):
        try:
            return {"": float(Retry().parse_retry_after(plain))}
        except (InvalidHeader, OverflowError):
            return {}
    return {}


def _limits(texts: Iterable[str]) -> Iterable[tuple[str, float]]:
    for text in texts:
        seconds, _, rest = text.strip().partition(":")
        if seconds.isascii() and seconds.isdigit() and len(seconds) < 10:
            for category in rest.partition(":")[0].split(";"):
                if category in KNOWN_CATEGORIES:
                    yield category, float(seconds)
