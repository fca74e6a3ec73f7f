"""Answers without end: each has one here, and it is said."""

import gzip
import json
from collections.abc import Iterator

import pytest

from apps.triage.query import Query
from apps.triage.trackers import bounds
from apps.triage.trackers.base import TrackerError
from apps.triage.trackers.bugsink import Bugsink
from apps.triage.trackers.glitchtip.client import Client as GlitchTip
from apps.triage.trackers.http import Api
from apps.triage.trackers.sentry.client import Client as Sentry
from tests.triage.trackers.answering import Answer, Server, answering

CONTINUE = b"HTTP/1.1 100 Continue\r\nX-Padding: " + b"x" * 5000 + b"\r\n\r\n"
MB = 1024 * 1024
GZIP = {"Content-Encoding": "gzip"}
ROW = {
    "id": "1",
    "friendly_id": "G-1",
    "last_seen": "2026-11-24T00:00Z",
    "calculated_type": "KeyError",
    "calculated_value": "x",
    "is_resolved": False,
    "is_muted": False,
}


@pytest.fixture
def server() -> Iterator[Server]:
    with answering() as server:
        yield server


@pytest.fixture
def api(server: Server) -> Api:
    return Api("Tracker", f"{server.url}/api/0/", "t0ken" * 8)


def page(row: dict[str, object], cursor: str) -> Answer:
    """Return a page as Bugsink writes it."""
    return Answer(body=json.dumps({"results": [row], "next": f"/api/canonical/0/issues/?cursor={cursor}"}))


def linked(rows: list[dict[str, object]], cursor: str) -> Answer:
    """Return a page as Sentry and GlitchTip write it."""
    link = f'<http://x/?cursor={cursor}>; rel="next"; results="true"; cursor="{cursor}"'
    return Answer(body=json.dumps(rows), headers={"Link": link})


def refused(api: Api) -> str:
    with pytest.raises(TrackerError) as error:
        api.get("issues/")
    return str(error.value)


@pytest.mark.parametrize("status", [200, 400])
def test_an_answer_that_does_not_end_is_left(server: Server, api: Api, status: int) -> None:
    server.answers = [Answer(status, b" " * MB, endless=True)]

    assert refused(api) == f"{server.url}/api/0/issues/ answers with more than 32 MB."


def test_an_answer_that_does_not_come_to_its_end_in_time_is_left(
    server: Server, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MAX_SECONDS", 0.0)
    server.answers = [Answer(body=b" ", endless=True)]

    assert refused(api) == f"{server.url}/api/0/issues/ did not come to the end of its answer in 0 seconds."


def test_heads_without_end_are_left(server: Server, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_MEGABYTES", 1)
    server.answers = [Answer(head=CONTINUE, more=CONTINUE * 100)]

    assert refused(api) == f"{server.url}/api/0/issues/ answers with more than 1 MB."
    assert len(server.asked) == 1


def test_a_head_that_does_not_come_to_its_end_in_time_is_left(
    server: Server, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MAX_SECONDS", 0.0)
    server.answers = [Answer(head=b"HTTP/1.1 200 OK\r\nX-Padding: ", more=b".")]

    assert refused(api) == f"{server.url}/api/0/issues/ did not come to the end of its answer in 0 seconds."
    assert len(server.asked) == 1


@pytest.mark.parametrize("line", [b"x", b"X-More: 1\r\n"], ids=["in one line", "in many lines"])
def test_a_head_that_is_too_long_is_left(server: Server, api: Api, line: bytes) -> None:
    server.answers = [Answer(head=b"HTTP/1.1 200 OK\r\nX: ", more=line * 1000)]

    assert refused(api) == f"{server.url}/api/0/issues/ cannot be reached (RemoteProtocolError)."


def test_an_answer_that_grows_when_unpacked_is_left(server: Server, api: Api) -> None:
    server.answers = [Answer(body=gzip.compress(b" " * (33 * MB)), headers=GZIP)]

    assert "answers with more than 32 MB" in refused(api)


def test_a_packed_answer_is_read(server: Server, api: Api) -> None:
    big = ["x" * 1000] * 3000
    server.answers = [Answer(body=gzip.compress(json.dumps(big).encode()), headers=GZIP)]

    assert api.get("issues/") == big


@pytest.mark.parametrize(
    ("body", "coding"),
    [(b"{}", "gzip"), (gzip.compress(b"{}")[:-9], "gzip"), (gzip.compress(gzip.compress(b"{}")), "gzip, gzip")],
    ids=["not packed", "broken off", "packed twice"],
)
def test_an_answer_that_cannot_be_unpacked_is_named(server: Server, api: Api, body: bytes, coding: str) -> None:
    server.answers = [Answer(body=body, headers={"Content-Encoding": coding})]

    assert refused(api) == f"{server.url}/api/0/issues/ cannot be reached (DecodingError)."


@pytest.mark.parametrize("depth", [201, 100_000])
def test_an_answer_that_is_too_deep_is_named(server: Server, api: Api, depth: int) -> None:
    server.answers = [Answer(body="[" * depth + "]" * depth)]

    assert refused(api) == f"{server.url}/api/0/issues/ did not answer JSON; is {server.url}/api/0/ Tracker?"


def test_bugsinks_pages_that_go_round_have_an_end(server: Server) -> None:
    server.answers = [page({**ROW, "id": "1"}, "a"), page({**ROW, "id": "2"}, "b"), page({**ROW, "id": "3"}, "a")]

    with pytest.raises(TrackerError, match="issues/: Bugsink answers with the same page for ever"):
        list(Bugsink(server.url, "1", "t").issues(Query()))


def test_bugsinks_same_page_under_another_link_has_an_end(server: Server) -> None:
    server.answers = [page(ROW, str(number)) for number in range(4)]

    with pytest.raises(TrackerError, match="issues/: Bugsink answers with the same page for ever"):
        list(Bugsink(server.url, "1", "t").issues(Query()))
    assert len(server.asked) == 2


@pytest.mark.parametrize("kind", [Sentry, GlitchTip])
def test_pages_that_go_round_have_an_end(server: Server, kind: type[Sentry | GlitchTip]) -> None:
    server.answers = [linked([{"id": "1"}], "a"), linked([{"id": "2"}], "b"), linked([{"id": "3"}], "a")]

    with pytest.raises(TrackerError, match="answers with the same page for ever"):
        list(kind(server.url, "acme", "goimg", "t").pages("issues/"))
    assert len(server.asked) == 3


@pytest.mark.parametrize("kind", [Sentry, GlitchTip])
def test_the_same_page_under_another_cursor_has_an_end(server: Server, kind: type[Sentry | GlitchTip]) -> None:
    server.answers = [linked([{"id": "1"}], str(number)) for number in range(4)]

    with pytest.raises(TrackerError, match="answers with the same page for ever"):
        list(kind(server.url, "acme", "goimg", "t").pages("issues/"))
    assert len(server.asked) == 2


@pytest.mark.parametrize("kind", [Sentry, GlitchTip])
def test_ever_more_pages_have_an_end(
    server: Server, kind: type[Sentry | GlitchTip], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MAX_PAGES", 3)
    server.answers = [linked([], str(number)) for number in range(9)]

    with pytest.raises(TrackerError, match="answers with more than 3 pages"):
        list(kind(server.url, "acme", "goimg", "t").pages("issues/"))
