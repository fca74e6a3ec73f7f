"""A tracker that breaks in every way, and what must have arrived once it is well again."""

import itertools
import socket
import ssl
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from apps.error_tracking.sink import Sink
from tests.daemons import SECONDS, wait_until
from tests.docker.server import Server

WORKERS = pytest.mark.parametrize("threads", ["1", "4"], ids=["sync", "threads"])
PRELOAD = pytest.mark.parametrize("arguments", [[], ["--preload"]], ids=["lazy", "preload"])
KINDS = [("1", []), ("4", []), ("1", ["--preload"]), ("4", ["--preload"])]
KIND_IDS = ["sync-lazy", "threads-lazy", "sync-preload", "threads-preload"]

# The limits of production: for a server that ends, or times out, while its tracker hangs.
IN_HASTE = {"PATIENCE": "0"}
# Too short for WEB_TIMEOUT, whose rule is about a database that is not here; and long enough that a worker with nothing
# to do, which gives a sign of life once a second, is not stopped because the machine stood still.
SHORT = ("--timeout", "5")
ERRORS = 200
_numbers = itertools.count(step=ERRORS)  # no two bursts make the same errors


def fail_often(server: Server, count: int = ERRORS) -> list[str]:
    """Return what the errors say that were made, one request each."""
    first = next(_numbers)
    for number in range(first, first + count):
        assert server.get(f"/fail?number={number}").status == 500
    return [f"failure number {number}" for number in range(first, first + count)]


def arrived_once(sink: Sink, expected: Iterable[str], seconds: float = 2 * SECONDS) -> None:
    """Wait until all errors are there; none of them may be there twice."""
    missing = set(expected)
    wait_until(lambda: missing <= set(failures(sink)), f"{len(missing)} errors have not arrived", seconds)
    twice = {value: times for value, times in failures(sink).items() if times > 1}
    assert twice == {}, f"came more than once: {twice}"


def failures(sink: Sink) -> Counter[str]:
    """Return how often each error arrived; without the reports of workers that died."""
    values = (event["exception"]["values"][-1]["value"] for event in sink.events())
    return Counter(value for value in values if value.startswith("failure number"))


def kept(folder: Path) -> list[Path]:
    """Return what is in the outbox of a server with this folder."""
    return list((folder / "outbox").glob("*/*.envelope"))


@contextmanager
def held_port() -> Iterator[int]:
    """Inside the block nobody else gets this port; connections are refused while no sink listens there."""
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


def dsn(port: int, scheme: str = "http", host: str = "127.0.0.1") -> str:
    """Return the DSN of a sink at a port."""
    return f"{scheme}://{'0' * 32}@{host}:{port}/1"


class TlsSink(Sink):
    """A sink that speaks TLS, with the certificate and key in one file."""

    def __init__(self, port: int, certificate: Path) -> None:
        super().__init__(port)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        plain = self._server.socket
        # Each connection shakes hands on its own thread: one that fails is its own affair.
        self._server.socket = context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
