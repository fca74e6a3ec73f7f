"""What an answer means."""

import gzip
import socket
from threading import Thread

import pytest
import urllib3

from apps.error_tracking.delivery.wire import Outcome, Wire, _judge
from apps.error_tracking.sink import Sink

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("status", "headers", "outcome"),
    [
        (200, JSON, Outcome.SENT),
        (202, {}, Outcome.SENT),
        (200, {"Content-Type": "text/html; charset=utf-8"}, Outcome.FAILED),
        (301, {}, Outcome.FAILED),
        (400, JSON, Outcome.REFUSED),
        (403, JSON, Outcome.REFUSED),
        (404, JSON, Outcome.FAILED),
        (413, JSON, Outcome.REFUSED),
        (429, JSON, Outcome.FAILED),
        (429, {"Retry-After": "7"}, Outcome.LIMITED),
        (429, {"X-Sentry-Rate-Limits": "60:no_such_category"}, Outcome.FAILED),
        (429, {"Retry-After": "soon"}, Outcome.FAILED),
        (500, JSON, Outcome.FAILED),
        (503, {"Content-Type": "text/html"}, Outcome.FAILED),
    ],
)
def test_what_becomes_of_the_envelope(status: int, headers: dict[str, str], outcome: Outcome) -> None:
    assert _judge(status, headers).outcome is outcome


@pytest.mark.parametrize(
    ("headers", "limits"),
    [
        ({"Retry-After": "7"}, {"": 7}),
        ({"Retry-After": "Mon, 24 Nov 2025 09:00:00 GMT"}, {"": 0}),
        (
            {"X-Sentry-Rate-Limits": "60:error;transaction:key, 2700::organization"},
            {"error": 60, "transaction": 60, "": 2700},
        ),
        ({"X-Sentry-Rate-Limits": "soon:error, -5:error, :error, 99999999999:error"}, {}),
        ({"X-Sentry-Rate-Limits": "60"}, {"": 60}),
        ({"X-Sentry-Rate-Limits": f"60:{';'.join(map(str, range(5000)))};error"}, {"error": 60}),
    ],
)
def test_how_long_it_asks_to_wait(headers: dict[str, str], limits: dict[str, float]) -> None:
    assert _judge(429, headers).limits == limits


def test_limits_may_come_with_a_success() -> None:
    answer = _judge(200, {**JSON, "X-Sentry-Rate-Limits": "60:transaction:key"})

    assert (answer.outcome, answer.limits) == (Outcome.SENT, {"transaction": 60})


@pytest.mark.parametrize("proxied", [False, True])
def test_an_envelope_arrives_directly_and_through_a_proxy(sink: Sink, proxied: bool) -> None:
    here = f"http://127.0.0.1:{sink.port}"
    make = (lambda: urllib3.ProxyManager(here)) if proxied else urllib3.PoolManager
    host = "http://tracker.test" if proxied else here  # a name that only the proxy knows
    wire = Wire(make, f"{host}/api/1/envelope/", {"X-Sentry-Auth": "Sentry"}, 5)

    for _ in range(2):
        assert wire.post(gzip.compress(b'{}\n{"type":"event"}\n{}\n')).outcome is Outcome.SENT

    assert [envelope.http_headers["Host"] for envelope in sink.envelopes] == [host.removeprefix("http://")] * 2


WHOLE = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (WHOLE, Outcome.SENT),
        (b"HTTP/1.0 200 OK\r\n\r\n", Outcome.SENT),
        (WHOLE[:-4], Outcome.FAILED),
        (b"HTTP/1.1 200 OK\r\nContent-Le", Outcome.FAILED),
        (b"HTTP/1.1 200 OK\r\n", Outcome.FAILED),
        (b"HTTP/1.1 100 Continue\r\n\r\n", Outcome.FAILED),
        (b"", Outcome.FAILED),
    ],
)
def test_an_answer_that_ends_among_its_headers_is_none(answer: bytes, outcome: Outcome) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        Thread(target=_answer_once, args=(server, answer)).start()
        wire = Wire(urllib3.PoolManager, f"http://127.0.0.1:{server.getsockname()[1]}/api/1/envelope/", {}, 5)

        assert wire.post(b"x").outcome is outcome


def _answer_once(server: socket.socket, answer: bytes) -> None:
    connection, _ = server.accept()
    with connection, connection.makefile("rb") as request:
        while request.readline().strip():
            pass
        request.read(1)
        connection.sendall(answer)
