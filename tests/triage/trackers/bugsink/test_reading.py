"""Issues and events of a real Bugsink."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sentry_sdk

from apps.triage.query import Query, parse
from apps.triage.trackers import Bugsink
from apps.triage.trackers.base import NotFound
from tests.triage.real_bugsink import Project, RealBugsink
from tests.triage.trackers.sending import client, fail

EARLIER = datetime.now(UTC) - timedelta(days=1)
LATER = datetime.now(UTC) + timedelta(days=1)


def titles(adapter: Bugsink) -> list[str]:
    return [issue.title for issue in adapter.issues(Query())]


def test_an_empty_project_has_nothing(adapter: Bugsink) -> None:
    assert list(adapter.issues(Query())) == []
    assert list(adapter.events_since(EARLIER)) == []
    assert adapter.event("0" * 32) is None


def test_an_issue_tells_what_bugsink_knows(project: Project, adapter: Bugsink) -> None:
    with client(project.dsn):
        fail(KeyError("poster\nsecond line"))
        fail(KeyError("frame"))

    (issue,) = adapter.issues(Query())

    assert (issue.short_id, issue.title, issue.type) == (f"{project.slug}-1", "KeyError: 'frame'", "KeyError")
    assert (issue.culprit, issue.level, issue.status, issue.events) == ("api/images", "", "unresolved", 2)
    assert issue.first_seen < issue.last_seen
    assert issue.first_seen.tzinfo is not None
    assert (issue.users, issue.assignee, issue.priority, issue.comments) == (None, None, None, None)
    assert issue.url == f"{project.url}/issues/issue/{issue.id}/event/last/"


@pytest.mark.parametrize(
    ("error", "title"),
    [(ValueError("first\nsecond"), "ValueError: first"), (ValueError(""), "ValueError"), (ValueError("a: b"), None)],
)
def test_the_title_is_that_of_bugsinks_pages(
    project: Project, adapter: Bugsink, error: Exception, title: str | None
) -> None:
    with client(project.dsn):
        fail(error)

    assert titles(adapter) == [title or f"ValueError: {error}"]


def test_a_message_has_no_type(project: Project, adapter: Bugsink) -> None:
    with client(project.dsn):
        sentry_sdk.capture_message("Disk is full\nsecond line")

    (issue,) = adapter.issues(Query())

    assert (issue.title, issue.type) == ("Disk is full", "")


def test_issues_come_last_seen_first(project: Project, adapter: Bugsink) -> None:
    with client(project.dsn):
        fail(KeyError())
        fail(ValueError())
        fail(TypeError())
        fail(KeyError())

    assert titles(adapter) == ["KeyError", "TypeError", "ValueError"]


def test_every_page_is_read(project: Project, adapter: Bugsink) -> None:
    """Bugsink's pages have 250 rows."""
    with client(project.dsn):
        for number in range(252):
            fail(type(f"Error{number}", (Exception,), {})())
            if number % 50 == 0:
                sentry_sdk.flush(timeout=60)  # the SDK's queue is short

    assert titles(adapter) == [f"Error{number}" for number in reversed(range(252))]


def test_no_term_is_bugsinks_to_check(project: Project, adapter: Bugsink) -> None:
    with client(project.dsn):
        fail(KeyError())
    query = parse("is:resolved environment:production nothing like it")

    assert adapter.answers(query) == frozenset()
    assert len(list(adapter.issues(query))) == 1


def test_an_issue_is_found_by_either_id(project: Project, adapter: Bugsink) -> None:
    with client(project.dsn):
        fail(KeyError())
    (issue,) = adapter.issues(Query())

    for name in (issue.id, issue.short_id, issue.short_id.lower()):
        assert adapter.issue(name) == issue
        assert [event.issue_id for event in adapter.events(name)] == [issue.id]


NO_ISSUES = ["", "nonsense", "../projects/1", "a/b-1", "GOIMG-API-1?x=y", "NOPE-1", str(UUID(int=0))]


@pytest.mark.parametrize("name", NO_ISSUES)
def test_what_is_no_issue_is_not_there(adapter: Bugsink, name: str) -> None:
    with pytest.raises(NotFound):
        adapter.issue(name)


def test_an_issue_of_another_project_is_not_there(real_bugsink: RealBugsink, adapter: Bugsink) -> None:
    other = real_bugsink.project()
    with client(other.dsn):
        fail(KeyError())

    with pytest.raises(NotFound, match=r"is an issue of another project than TRACKER_PROJECT says"):
        adapter.issue(f"{other.slug}-1")


def test_an_event_is_whole_and_says_what_was_sent(project: Project, adapter: Bugsink) -> None:
    with client(project.dsn, release="goimg-api@2.0.0", environment="staging"):
        sent = fail(KeyError("poster"), user="7", level="warning", request_id="req-1")

    event = adapter.event(sent)

    assert event is not None
    assert (event.event_id, event.level, event.environment) == (sent, "warning", "staging")
    assert (event.release, event.user_id, event.request_id) == ("goimg-api@2.0.0", "7", "req-1")
    assert [(raised.type, raised.value) for raised in event.raised] == [("KeyError", "'poster'")]
    assert event.data["tags"] == {"request_id": "req-1"}
    assert event.url.startswith(f"{project.url}/issues/issue/{event.issue_id}/event/")


def test_an_event_is_found_in_whichever_issue_it_is(project: Project, adapter: Bugsink) -> None:
    with client(project.dsn):
        sent = [fail(error) for error in (KeyError(), ValueError(), KeyError(), TypeError())]

    for event_id in sent:
        found = adapter.event(event_id.upper())
        assert found is not None
        assert found.event_id == event_id
    assert adapter.event("f" * 32) is None
    assert adapter.event("no event ID") is None


def test_events_come_newest_first(project: Project, adapter: Bugsink) -> None:
    with client(project.dsn):
        sent = [fail(KeyError(number)) for number in range(4)]
    (issue,) = adapter.issues(Query())

    assert [event.event_id for event in adapter.events(issue.id)] == sent[::-1]
    assert adapter.latest_event(issue.id).event_id == sent[-1]


def test_events_of_an_issue_that_is_gone_are_not_there(adapter: Bugsink) -> None:
    with pytest.raises(NotFound):
        list(adapter.events(str(UUID(int=0))))
    with pytest.raises(NotFound):
        adapter.latest_event("NOPE-1")


def test_what_was_taken_in_since_then_is_found(project: Project, adapter: Bugsink) -> None:
    with client(project.dsn):
        fail(KeyError("before"))
        fail(OSError("before"))
    then = adapter.issue(f"{project.slug}-2").last_seen + timedelta(microseconds=1)
    with client(project.dsn):
        sent = [fail(error) for error in (KeyError("after"), ValueError("after"), KeyError("after"))]

    assert [event.event_id for event in adapter.events_since(then)] == [sent[2], sent[0], sent[1]]
    assert len(list(adapter.events_since(EARLIER))) == 5
    assert list(adapter.events_since(LATER)) == []


def test_users_are_counted_once_each(project: Project, adapter: Bugsink) -> None:
    with client(project.dsn):
        for user in ("1", "2", "1", "", "3"):
            fail(KeyError(), user=user)
        fail(ValueError())
    counts = {issue.type: adapter.users(issue) for issue in adapter.issues(Query())}

    assert counts == {"KeyError": 3, "ValueError": 0}


def test_a_trend_has_an_hour_for_each_of_the_last_24(project: Project, adapter: Bugsink) -> None:
    with client(project.dsn):
        for _ in range(3):
            fail(KeyError())
        fail(ValueError())
    issues = list(adapter.issues(Query()))

    trends = adapter.trends(issues)

    assert {issue.type: trends[issue.id] for issue in issues} == {
        "KeyError": (*[0] * 23, 3),
        "ValueError": (*[0] * 23, 1),
    }
    assert adapter.trends([]) == {}
