"""The sink that the other tests trust: it keeps what it is sent, and fails as it is told."""

import gzip
import json
import socket

import httpx
import pytest

from apps.error_tracking.sink import BEHAVIOURS, Sink, parse_envelope
from tests.daemons import free_port

EVENT = b'{"message":"two\\nlines"}'
ENVELOPE = b'{"event_id":"a"}\n{"type":"event","length":%d}\n%s\n{"type":"attachment","length":3}\n\n\n\n\n' % (
    len(EVENT),
    EVENT,
)


def test_an_envelope_is_split_by_the_lengths_it_names() -> None:
    header, items = parse_envelope(ENVELOPE)

    assert header == {"event_id": "a"}
    assert [(item.type, item.body) for item in items] == [("event", EVENT), ("attachment", b"\n\n\n")]


def test_an_item_without_a_length_ends_with_its_line() -> None:
    for end in (b"\n", b""):
        assert [item.body for item in parse_envelope(b'{}\n{"type":"event"}\n{"a":1}' + end)[1]] == [b'{"a":1}']


@pytest.mark.parametrize("garbage", [b"", b"no json", b'{}\n{"type"'])
def test_what_is_no_envelope_is_refused(garbage: bytes) -> None:
    with pytest.raises(ValueError, match=r"Expecting|delimiter|Unterminated"):
        parse_envelope(garbage)


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_it_keeps_what_it_is_sent(sink: Sink, encoding: str) -> None:
    body = gzip.compress(ENVELOPE) if encoding == "gzip" else ENVELOPE

    response = post(sink, body, encoding)

    assert response.status_code == 200
    assert sink.events() == [json.loads(EVENT)]
    assert EVENT in sink.raw()
    assert sink.wait_for(1) == sink.events()


def test_waiting_in_vain_says_what_came(sink: Sink) -> None:
    with pytest.raises(TimeoutError, match="0 of 1 items of type event"):
        sink.wait_for(1, seconds=0.05)


@pytest.mark.parametrize("behaviour", sorted(set(BEHAVIOURS) - {"ok", "slow", "drip"}))
def test_it_fails_as_it_is_told_and_keeps_nothing(sink: Sink, behaviour: str) -> None:
    sink.behaviour = behaviour

    try:
        answer = answered(sink)
    except httpx.HTTPError as error:
        answer = type(error).__name__

    assert (
        answer
        == {
            "error_500": "500",
            "html_502": "502",
            "rate_limited_retry_after": "429 Retry-After",
            "rate_limited_categories": "429 X-Sentry-Rate-Limits",
            "bad_request": "400",
            "forbidden": "403",
            "web_page": "200",
            "reset_in_body": "ReadError",
            "html_503": "503",
            "rate_limited": "429",
            "rate_limited_for_no_time": "429 Retry-After",
            "rate_limited_until_long_ago": "429 Retry-After",
            "rate_limited_for_others": "429 X-Sentry-Rate-Limits",
            "too_large": "413",
            "reset": "RemoteProtocolError",
            "hang": "ReadTimeout",
        }[behaviour]
    )
    assert sink.envelopes == []
    assert sink.answered == [behaviour]


def test_it_refuses_the_envelopes_that_it_is_told_to_and_keeps_the_others(sink: Sink) -> None:
    sink.finds_too_large = lambda envelope: b"poison" in envelope

    poison = ENVELOPE.replace(b"type", b"poison", 1)
    assert post(sink, poison).status_code == 413
    assert post(sink).status_code == 200
    assert [envelope.raw for envelope in sink.envelopes] == [ENVELOPE]


def post(sink: Sink, body: bytes = ENVELOPE, encoding: str = "identity") -> httpx.Response:
    return httpx.post(address(sink), content=body, headers={"Content-Encoding": encoding}, timeout=60)


def answered(sink: Sink) -> str:
    seconds = 0.3 if sink.behaviour == "hang" else 60
    with httpx.Client(timeout=seconds) as client, client.stream("POST", address(sink), content=ENVELOPE) as response:
        asked = [name for name in ("Retry-After", "X-Sentry-Rate-Limits") if name in response.headers]
        return " ".join([str(response.status_code), *asked])


def test_a_slow_one_answers_late_and_keeps_what_it_is_sent(sink: Sink) -> None:
    sink.behaviour = "slow"

    assert post(sink).elapsed.total_seconds() > 0.1
    assert len(sink.envelopes) == 1


def test_an_answer_that_drips_never_ends(sink: Sink) -> None:
    sink.behaviour = "drip"

    with socket.create_connection(("127.0.0.1", sink.port), timeout=60) as raw:
        raw.sendall(b"POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx")
        seen = b"".join(raw.recv(1) for _ in range(40))

    assert seen.startswith(b"HTTP/1.1 200 OK\r\nX-Padding: ..")
    assert sink.envelopes == []


def test_it_comes_back_at_the_port_it_had(sink: Sink) -> None:
    port = free_port()
    for _ in range(2):
        with Sink(port) as one:
            assert post(one).status_code == 200


def test_when_it_is_closed_it_serves_no_connection_that_was_kept_alive(sink: Sink) -> None:
    with httpx.Client(timeout=60) as client:
        with Sink(free_port()) as closed:
            assert client.post(address(closed), content=ENVELOPE).status_code == 200
        with pytest.raises(httpx.HTTPError):
            client.post(address(closed), content=ENVELOPE)
    assert len(closed.envelopes) == 1


def address(sink: Sink) -> str:
    scheme, _, rest = sink.dsn.partition("://")
    return f"{scheme}://{rest.partition('@')[2].rpartition('/')[0]}/api/1/envelope/"
