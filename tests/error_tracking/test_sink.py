"""The sink that the other tests trust: it keeps what it is sent, and fails as it is told."""

import gzip
import json

import httpx
import pytest

from apps.error_tracking.sink import BEHAVIOURS, Sink, parse_envelope

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
    assert [item.body for item in parse_envelope(b'{}\n{"type":"event"}\n{"a":1}\n')[1]] == [b'{"a":1}']


@pytest.mark.parametrize("garbage", [b"", b"no json", b'{}\n{"type"'])
def test_what_is_no_envelope_is_refused(garbage: bytes) -> None:
    with pytest.raises(ValueError, match=r"Expecting|delimiter|Unterminated"):
        parse_envelope(garbage)


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_it_keeps_what_it_is_sent(sink: Sink, encoding: str) -> None:
    body = gzip.compress(ENVELOPE) if encoding == "gzip" else ENVELOPE

    response = httpx.post(address(sink), content=body, headers={"Content-Encoding": encoding})

    assert response.status_code == 200
    assert sink.events() == [json.loads(EVENT)]
    assert EVENT in sink.raw()
    assert sink.wait_for(1) == sink.events()


def test_waiting_in_vain_says_what_came(sink: Sink) -> None:
    with pytest.raises(TimeoutError, match="0 of 1 items of type event"):
        sink.wait_for(1, seconds=0.05)


@pytest.mark.parametrize("behaviour", sorted(set(BEHAVIOURS) - {"ok"}))
def test_it_fails_as_it_is_told_and_keeps_nothing(sink: Sink, behaviour: str) -> None:
    sink.behaviour = behaviour

    try:
        answer = str(httpx.post(address(sink), content=ENVELOPE, timeout=0.3).status_code)
    except httpx.HTTPError as error:
        answer = type(error).__name__

    assert (
        answer
        == {
            "error_500": "500",
            "html_503": "503",
            "rate_limited": "429",
            "too_large": "413",
            "reset": "RemoteProtocolError",
            "hang": "ReadTimeout",
        }[behaviour]
    )
    assert sink.envelopes == []


def address(sink: Sink) -> str:
    scheme, _, rest = sink.dsn.partition("://")
    return f"{scheme}://{rest.partition('@')[2].rpartition('/')[0]}/api/1/envelope/"
