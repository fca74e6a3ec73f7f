"""What a tracker may answer at most: no answer keeps a command busy for ever, or fills its memory."""

import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import httpx

from .base import TrackerError

MAX_MEGABYTES = 32  # of one answer, unpacked
MAX_SECONDS = 60.0  # for one answer, head and body; httpx limits the wait for each piece of it only
MAX_PAGES = 10_000  # of one list
_MAX_DEPTH = 200  # of lists and objects in one another; what reads them calls itself for each
_MEGABYTE = 1024 * 1024


class Endless(httpx.TransportError):
    """An answer is longer than any tracker's, or takes longer. It is not asked for again."""


def transport() -> httpx.HTTPTransport:
    """Return a transport whose every answer ends, from its first byte on. Raises Endless.

    The head of one answer has 100 kB at most (h11), but before it there may be others without end (status 100).
    """
    made = httpx.HTTPTransport()
    pool: Any = made._pool
    pool._network_backend = _Network(pool._network_backend)
    return made


class _Network:
    """A network backend of httpcore (https://www.encode.io/httpcore/network-backends/) with bounded streams."""

    def __init__(self, network: Any) -> None:
        self._network = network
        self.sleep = network.sleep

    def connect_tcp(self, **place: Any) -> "_Stream":
        return _Stream(self._network.connect_tcp(**place))


class _Stream:
    """A connection; what is written to it is a request, and what is read then its answer."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.close, self.get_extra_info = stream.close, stream.get_extra_info
        self._left, self._ends = 0, 0.0

    def start_tls(self, **how: Any) -> "_Stream":
        return _Stream(self._stream.start_tls(**how))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._left, self._ends = MAX_MEGABYTES * _MEGABYTE, time.monotonic() + MAX_SECONDS
        self._stream.write(buffer, timeout)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data: bytes = self._stream.read(max_bytes, timeout)
        self._left -= len(data)
        if self._left < 0:
            raise Endless(f"answers with more than {MAX_MEGABYTES} MB.")
        if time.monotonic() > self._ends:
            raise Endless(f"did not come to the end of its answer in {MAX_SECONDS:.0f} seconds.")
        return data


class Pages:
    """The way through the pages of one list; `what` is the tracker's name, `path` the list's."""

    def __init__(self, what: str, path: str) -> None:
        self._what, self._path = what, path
        self._links: set[str] = set()
        self._rows: set[int] = set()

    def next(self, rows: Sequence[Any], link: str) -> str:
        """Return the link that stands below `rows`. Raises TrackerError where the pages go round, or never end."""
        before = len(self._rows)
        self._rows.update(hash(repr(row)) for row in rows)
        # A page may be empty: what was on it can be gone.
        if link in self._links or (rows and len(self._rows) == before):
            raise TrackerError(f"{self._path}: {self._what} answers with the same page for ever.")
        self._links.add(link)
        if len(self._links) >= MAX_PAGES:
            raise TrackerError(f"{self._path}: {self._what} answers with more than {MAX_PAGES} pages.")
        return link


def read(response: httpx.Response) -> httpx.Response:
    """Return a streamed answer with its body. Raises Endless, and httpx.HTTPError where it breaks off."""
    body = bytearray()
    for part in _unpacked(response):
        body += part
        if len(body) > MAX_MEGABYTES * _MEGABYTE:
            raise Endless(f"answers with more than {MAX_MEGABYTES} MB.")
    plain = [(name, value) for name, value in response.headers.multi_items() if name != "content-encoding"]
    return httpx.Response(response.status_code, headers=plain, content=bytes(body), request=response.request)


def too_deep(value: Any) -> bool:
    """Say whether lists and objects are in one another more often than any tracker's answer needs."""
    level = [value]
    for _ in range(_MAX_DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return False
    return True


def _inside(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _unpacked(response: httpx.Response) -> Iterator[bytes]:
    """Yield the body in pieces. httpx would unpack at once whatever a piece grows to."""
    coding = response.headers.get("content-encoding", "identity").lower()
    if coding == "identity":
        yield from response.iter_raw()
    elif coding == "gzip":
        yield from _gunzipped(response.iter_raw())
    else:
        raise httpx.DecodingError("neither plain nor gzip")


def _gunzipped(packed: Iterator[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        for part in packed:
            yield unpacker.decompress(part, _MEGABYTE)
            while unpacker.unconsumed_tail:
                yield unpacker.decompress(unpacker.unconsumed_tail, _MEGABYTE)
            if unpacker.eof:
                return
    except zlib.error as error:
        raise httpx.DecodingError("not gzip") from error
    raise httpx.DecodingError("gzip that breaks off")
