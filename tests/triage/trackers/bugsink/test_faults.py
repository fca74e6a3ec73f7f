"""The Bugsink adapter, over HTTP."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from apps.triage.query import Query
from apps.triage.trackers import Bugsink, TrackerError
from tests.conftest import Tracked
from tests.triage.bugsink_double import TOKEN, BugsinkDouble
from tests.triage.trackers.answering import Answer, answering

EARLIER = datetime.now(UTC) - timedelta(days=1)
LATER = datetime.now(UTC) + timedelta(days=1)


def send(tracked: Tracked, count: int) -> list[str]:
    """Send events of two issues and return their IDs."""
    import sentry_sdk

    sent = []
    for number in range(count):
        with sentry_sdk.new_scope() as scope:
            scope.set_tag("request_id", f"req-number-{number}")
            sent.append(str(sentry_sdk.capture_message("x")))
    tracked.events()
    return sent


def test_all_events_of_all_pages_are_found(tracked: Tracked, bugsink: BugsinkDouble) -> None:
    sent = send(tracked, 9)

    stored = list(Bugsink(bugsink.url, "1", TOKEN).events_since(EARLIER))

    assert {event.event_id for event in stored} == set(sent)
    assert {event.request_id for event in stored} == {f"req-number-{number}" for number in range(9)}
    assert all(event.url.startswith(f"{bugsink.url}/issues/issue/") for event in stored)


def test_what_is_older_is_not(tracked: Tracked, bugsink: BugsinkDouble) -> None:
    send(tracked, 2)

    assert list(Bugsink(bugsink.url, "1", TOKEN).events_since(LATER)) == []


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ((500, "text/html", b"<html>"), "answered 500."),
        ((403, "application/json", b"{}"), "answered 403. Check TRACKER_TOKEN"),
        ((200, "text/html", b"<html>login</html>"), "did not answer JSON; is http://127.0.0.1"),
        ((302, "text/html", b""), "answered 302."),
        ((200, "application/json", b'{"unexpected": 1}'), "is not what Bugsink answers"),
    ],
)
def test_an_answer_that_is_none_is_an_error_that_says_so(
    bugsink: BugsinkDouble, answer: tuple[int, str, bytes], sentence: str
) -> None:
    bugsink.answer = answer

    with pytest.raises(TrackerError) as refused:
        list(Bugsink(bugsink.url, "1", TOKEN).events_since(EARLIER))

    assert sentence in str(refused.value)
    assert TOKEN not in str(refused.value)


def test_a_tracker_that_is_down_is_named() -> None:
    with pytest.raises(
        TrackerError, match=r"http://127\.0\.0\.1:1/api/canonical/0/issues/ cannot be reached \(ConnectError\)"
    ):
        list(Bugsink("http://127.0.0.1:1", "1", TOKEN).events_since(EARLIER))


@pytest.mark.parametrize(
    "odd", [{"first_seen": 5}, {"last_seen": "soon"}, {"digested_event_count": [], "first_seen": None}, {"id": {}}]
)
def test_a_row_that_is_odd_is_an_error_that_says_so(odd: dict[str, object]) -> None:
    moment, row = EARLIER.isoformat(), dict.fromkeys(("is_resolved", "is_muted"), False)
    row |= dict.fromkeys(("id", "friendly_id", "transaction", "calculated_type", "calculated_value"), "x")
    page = {
        "results": [row | {"digested_event_count": 1, "first_seen": moment, "last_seen": moment} | odd],
        "next": None,
    }

    with answering() as server, pytest.raises(TrackerError, match="is not what Bugsink answers"):
        server.answers = [Answer(body=json.dumps(page))]
        list(Bugsink(server.url, "1", TOKEN).issues(Query()))


@pytest.mark.parametrize("link", [5, "http://x:port/", "http://x/\x00"])
def test_a_link_that_is_none_is_an_error_that_says_so(link: object) -> None:
    with answering() as server, pytest.raises(TrackerError, match=r"is it Bugsink\?|is not what Bugsink answers"):
        server.answers = [Answer(body=json.dumps({"results": [], "next": link}))]
        list(Bugsink(server.url, "1", TOKEN).issues(Query()))
