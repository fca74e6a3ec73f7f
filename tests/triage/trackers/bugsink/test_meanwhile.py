"""What happens between two questions, which a real Bugsink does not do on demand: scripted answers."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest

from apps.triage.query import Query
from apps.triage.trackers import Bugsink
from apps.triage.trackers.base import Ignoring, Resolution, TrackerError
from apps.triage.trackers.bugsink import stored
from tests.triage.trackers.answering import Answer, Server, answering

ISSUE, OTHER, EVENT = (str(UUID(int=number)) for number in (1, 2, 3))
GONE = Answer(404, '{"detail": "No Issue matches the given query."}')


@pytest.fixture
def server() -> Iterator[Server]:
    with answering() as server:
        yield server


@pytest.fixture
def adapter(server: Server) -> Bugsink:
    return Bugsink(server.url, "1", "t" * 40)


def issue(id_: str = ISSUE, **changes: Any) -> dict[str, Any]:
    states = ("is_resolved", "is_resolved_unconditionally", "is_resolved_by_next_release", "is_muted")
    return {
        "id": id_,
        "friendly_id": "GOIMG-API-1",
        "project": 1,
        "first_seen": "2026-11-24T08:00:00Z",
        "last_seen": "2026-11-24T09:00:00Z",
        "digested_event_count": 1,
        "stored_event_count": 1,
        "calculated_type": "KeyError",
        "calculated_value": "",
        "transaction": "",
        **dict.fromkeys(states, False),
        **changes,
    }


def event(number: int) -> dict[str, Any]:
    id_ = str(UUID(int=number))
    return {"id": id_, "event_id": id_, "issue": ISSUE, "ingested_at": "2026-11-24T09:00:00Z"}


def page(*rows: dict[str, Any], more: str | None = None) -> Answer:
    return answer({"results": rows, "next": more, "previous": None})


def answer(body: Any, status: int = 200) -> Answer:
    return Answer(status, json.dumps(body))


def test_an_issue_that_comes_twice_is_told_once(server: Server, adapter: Bugsink) -> None:
    link = f"{server.url}/api/canonical/0/issues/?cursor=abc&project=1"
    server.answers = [page(issue(), more=link), page(issue(), issue(OTHER))]

    assert [found.id for found in adapter.issues(Query())] == [ISSUE, OTHER]
    assert server.asked[-1][1] == "/api/canonical/0/issues/?cursor=abc&project=1"


def test_an_issue_that_is_deleted_while_its_events_are_read_is_left_out(server: Server, adapter: Bugsink) -> None:
    server.answers = [page(issue(OTHER), issue()), GONE, page(event(3)), answer({"data": {}})]

    found = adapter.event(EVENT)

    assert found is not None
    assert found.issue_id == ISSUE


def test_an_event_that_is_removed_meanwhile_is_left_out(server: Server, adapter: Bugsink) -> None:
    server.answers = [page(event(4), event(3)), GONE, answer({"data": {}})]

    assert [found.event_id for found in adapter.events(ISSUE)] == [UUID(EVENT).hex]


def test_an_event_is_asked_for_once(server: Server, adapter: Bugsink) -> None:
    server.answers = [page(event(3)), answer({"data": {"level": "info"}}), page(event(3))]

    assert [found.level for _ in range(3) for found in adapter.events(ISSUE)] == ["info"] * 3
    assert [target for _, target, _ in server.asked].count(f"/api/canonical/0/events/{EVENT}/") == 1


def test_no_more_events_are_kept_than_said(server: Server, adapter: Bugsink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "MOST_KEPT", 2)
    content = answer({"data": {}})
    server.answers = [page(event(3), event(4), event(5)), content, content, content, page(event(5), event(3)), content]

    for _ in range(2):
        list(adapter.events(ISSUE))

    details = [target.rsplit("/", 2)[1] for _, target, _ in server.asked if "?" not in target]
    assert [int(UUID(detail)) for detail in details] == [3, 4, 5, 3]


def resolve(adapter: Bugsink) -> None:
    adapter.resolve(ISSUE, Resolution())


def ignore(adapter: Bugsink) -> None:
    adapter.ignore(ISSUE, Ignoring())


RESOLVED = {"is_resolved": True, "is_resolved_unconditionally": True}
REFUSED = answer({"detail": "Issue is already so."}, 400)


@pytest.mark.parametrize(("change", "state"), [(resolve, RESOLVED), (ignore, {"is_muted": True})])
def test_what_somebody_else_did_a_moment_ago_is_done(
    server: Server, adapter: Bugsink, change: Callable[[Bugsink], None], state: dict[str, bool]
) -> None:
    server.answers = [answer(issue()), REFUSED, answer(issue(**state))]

    change(adapter)

    assert [method for method, _, _ in server.asked] == ["GET", "POST", "GET"]


@pytest.mark.parametrize(("change", "state"), [(resolve, {"is_muted": True}), (ignore, RESOLVED)])
def test_what_somebody_else_did_otherwise_is_an_error(
    server: Server, adapter: Bugsink, change: Callable[[Bugsink], None], state: dict[str, bool]
) -> None:
    server.answers = [answer(issue()), REFUSED, answer(issue(**state))]

    with pytest.raises(TrackerError, match=r"answered 400\. It says: .*already so"):
        change(adapter)


@pytest.mark.parametrize("change", [resolve, ignore])
def test_a_success_that_changed_nothing_is_an_error(
    server: Server, adapter: Bugsink, change: Callable[[Bugsink], None]
) -> None:
    server.answers = [answer(issue())]

    with pytest.raises(TrackerError, match="with success, but GOIMG-API-1 is as it was"):
        change(adapter)


def test_a_deletion_that_deleted_nothing_is_an_error(server: Server, adapter: Bugsink) -> None:
    server.answers = [answer(issue()), Answer(204, ""), answer(issue())]

    with pytest.raises(TrackerError, match="GOIMG-API-1 is deleted, but it is still there"):
        adapter.delete(ISSUE)


def test_a_deletion_that_somebody_else_was_faster_with_is_done(server: Server, adapter: Bugsink) -> None:
    server.answers = [answer(issue()), GONE]

    adapter.delete(ISSUE)

    assert [method for method, _, _ in server.asked] == ["GET", "DELETE"]


def test_a_release_that_cannot_be_created_is_not_taken_for_one_that_was_there(server: Server, adapter: Bugsink) -> None:
    server.answers = [answer({"version": ["No."]}, 400), page()]

    with pytest.raises(TrackerError, match=r"answered 400"):
        adapter.create_release("1.2.3")


@pytest.mark.parametrize("body", [[], {"results": "odd"}, {"results": [1]}, {"results": [{"id": "1"}], "next": None}])
def test_what_no_bugsink_answers_is_named(server: Server, adapter: Bugsink, body: Any) -> None:
    server.answers = [answer(body)]

    with pytest.raises(TrackerError, match=r"is not what Bugsink answers; is TRACKER_URL a Bugsink\?"):
        list(adapter.issues(Query()))
