"""What is read from GlitchTip, over HTTP."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo

import pytest

from apps.triage.query import Query, parse
from apps.triage.trackers import TrackerError
from apps.triage.trackers.base import Frame, NotFound
from apps.triage.trackers.glitchtip import GlitchTip, reading
from tests.triage import glitchtip_routes
from tests.triage.glitchtip_double import TOKEN, GlitchTipDouble
from tests.triage.glitchtip_events import event, raised

EVERYTHING = Query()
NOW = datetime.now(UTC)


def test_an_issue_is_read_and_its_page_is_one_that_exists(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    first = NOW - timedelta(days=2)
    double.store.ingest(raised(), received=first)
    double.store.ingest(raised(), received=NOW)

    [issue] = glitchtip.issues(EVERYTHING)

    assert (issue.id, issue.short_id, issue.title, issue.type) == (
        "1", "GOIMG-1", "ValueError: no such size", "ValueError",
    )  # fmt: skip
    assert (issue.status, issue.events, issue.comments) == ("unresolved", 2, 0)
    assert abs(issue.first_seen - first) < timedelta(milliseconds=1)
    assert abs(issue.last_seen - NOW) < timedelta(milliseconds=1)
    assert issue.url == f"{double.url}/acme/issues/1"


def test_an_issue_without_an_exception_has_no_type(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    double.store.ingest(event("disk full"))

    [issue] = glitchtip.issues(EVERYTHING)

    assert (issue.title, issue.type) == ("disk full", "")


def test_what_it_does_not_say_rightly_is_left_out(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    double.store.ingest(event(level="warning"))
    double.store.ingest(event(level="error"))  # the issue stays a warning there

    [issue] = glitchtip.issues(EVERYTHING)

    assert (issue.level, issue.culprit, issue.users, issue.assignee, issue.priority) == ("", "", None, None, None)


def test_all_issues_of_all_pages_are_found_last_seen_first(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    for number in range(230):
        double.store.ingest(event(f"broken {number}"))

    titles = [issue.title for issue in glitchtip.issues(EVERYTHING)]

    assert titles == [f"broken {number}" for number in reversed(range(230))]


def test_an_issue_that_moves_to_the_front_during_the_walk_is_found(
    double: GlitchTipDouble, glitchtip: GlitchTip
) -> None:
    for number in range(150):
        double.store.ingest(event(f"broken {number}"))

    def once() -> None:
        double.after_page = lambda: None
        double.store.ingest(event("broken 3"))  # which would be on the second page

    double.after_page = once

    titles = [issue.title for issue in glitchtip.issues(EVERYTHING)]

    assert sorted(titles) == sorted(f"broken {number}" for number in range(150))
    assert titles[-1] == "broken 3"


def test_issues_of_other_projects_are_not(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    theirs = double.store.ingest(event("theirs"), project=2)
    double.store.ingest(event("ours"))

    assert [issue.title for issue in glitchtip.issues(EVERYTHING)] == ["ours"]
    for read in (
        glitchtip.issue,
        glitchtip.latest_event,
        glitchtip.comments,
        lambda number: [*glitchtip.events(number)],
    ):
        with pytest.raises(NotFound):
            read(str(theirs.id))


@pytest.mark.parametrize("name", ["5", "GOIMG-5", "goimg-5"])
def test_an_issue_is_found_by_its_id_and_by_its_short_id(
    double: GlitchTipDouble, glitchtip: GlitchTip, name: str
) -> None:
    for number in range(40):
        double.store.ingest(event(f"broken {number}"))

    assert glitchtip.issue(name).title == "broken 4"
    assert glitchtip.issue("GOIMG-18").title == "broken 39"  # the number is in base 32


def test_a_short_id_that_was_seen_is_looked_up_at_once(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    for number in range(230):
        double.store.ingest(event(f"broken {number}"))
    glitchtip.issue("GOIMG-1")
    double.asked.clear()

    assert glitchtip.issue("GOIMG-2").title == "broken 1"
    assert len(double.asked) == 1


@pytest.mark.parametrize("name", ["99", "9" * 40, "²", "GOIMG-ZZZ", "OTHER-1", "../members", "", "-1", "1/events"])
def test_an_issue_that_is_not_there_is_said_not_to_be(double: GlitchTipDouble, glitchtip: GlitchTip, name: str) -> None:
    double.store.ingest(event())

    with pytest.raises(NotFound, match="GlitchTip has no issue"):
        glitchtip.issue(name)
    with pytest.raises(NotFound):
        list(glitchtip.events(name))


def test_an_issue_that_was_deleted_is_not_there_although_its_own_url_still_has_it(
    double: GlitchTipDouble, glitchtip: GlitchTip
) -> None:
    double.store.ingest(event()).deleted = True

    with pytest.raises(NotFound):
        glitchtip.issue("1")


def test_events_are_listed_newest_first(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    for number in range(130):
        double.store.ingest(raised(user={"id": f"user-{number}"}, tags={"request_id": f"req-number-{number}"}))

    events = list(glitchtip.events("1"))

    assert [event.request_id for event in events] == [f"req-number-{number}" for number in reversed(range(130))]
    newest = events[0]
    assert (newest.user_id, newest.environment, newest.release) == ("user-129", "production", "goimg-api@1.0.0")
    assert newest.moment == datetime(2026, 11, 24, 9, 0, 0, 123000, tzinfo=UTC)
    assert newest.url == f"{double.url}/acme/issues/1/events/{newest.event_id}"
    assert newest.level == ""  # a list does not say it


@pytest.mark.parametrize("spelled", [lambda hexed: hexed, lambda hexed: str(uuid.UUID(hexed)), str.upper])
def test_a_whole_event_is_found_by_its_id(
    double: GlitchTipDouble, glitchtip: GlitchTip, spelled: Callable[[str], str]
) -> None:
    sent = raised(level="fatal", extra={"size": 7}, user={"id": "user-1", "segment": "beta"})
    double.store.ingest(sent)

    found = glitchtip.event(spelled(sent["event_id"]))

    assert found is not None
    assert (found.event_id, found.issue_id, found.level, found.message) == (sent["event_id"], "1", "fatal", "")
    [error] = found.raised
    assert (error.type, error.value) == ("ValueError", "no such size")
    [frame] = error.frames
    source = ((6, "def resize(size):"), (7, "    raise ValueError"), (8, ""))
    assert frame == Frame("apps.gallery", "resize", "gallery.py", 7, True, source)
    assert [(crumb.category, crumb.message) for crumb in found.crumbs] == [("query", "SELECT")]
    assert found.data["extra"] == {"size": 7}
    assert found.data["user"] == {"id": "user-1", "segment": "beta"}
    assert found.data["transaction"] == "/api/images"


def test_the_message_of_an_event_is_read(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    sent = event(logentry={"message": "%s is full", "params": ["disk"], "formatted": "disk is full"})
    double.store.ingest(sent)

    found = glitchtip.event(sent["event_id"])

    assert found is not None
    assert found.message == "disk is full"
    assert found.data["logentry"]["params"] == ["disk"]


@pytest.mark.parametrize("name", ["f" * 32, "request-id", "", "../../../x"])
def test_an_event_that_is_not_there_is_none(double: GlitchTipDouble, glitchtip: GlitchTip, name: str) -> None:
    double.store.ingest(event())

    assert glitchtip.event(name) is None


def test_an_event_of_another_project_is_none(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    sent = event()
    double.store.ingest(sent, project=2)

    assert glitchtip.event(sent["event_id"]) is None


def test_the_latest_event_is_the_one_received_last(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    double.store.ingest(event(level="error"))
    double.store.ingest(event(level="warning"))

    assert glitchtip.latest_event("1").level == "warning"


def test_events_since_a_moment_are_those_received_since(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    for hours in range(6, 0, -1):
        sent = event(f"broken {hours % 2}", level="warning", tags={"request_id": f"req-{hours}-hours"})
        double.store.ingest(sent, received=NOW - timedelta(hours=hours))
    double.store.ingest(event(), project=2)

    found = list(glitchtip.events_since(NOW - timedelta(hours=3, minutes=30)))

    assert [event.request_id for event in found] == ["req-1-hours", "req-2-hours", "req-3-hours"]
    assert {event.level for event in found} == {"warning"}


def test_the_events_of_issues_are_read_from_one_list(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    for hours in range(6, 0, -1):
        sent = event(f"broken {hours % 3}", user={"id": f"{hours}"})
        double.store.ingest(sent, received=NOW - timedelta(hours=hours))
    issues = [issue for issue in glitchtip.issues(EVERYTHING) if issue.title != "broken 2"]
    asked = len(double.asked)

    found = list(glitchtip.events_of(issues, NOW - timedelta(hours=4, minutes=30)))

    assert [(one.user_id, one.release, one.environment) for one in found] == [
        (user, "goimg-api@1.0.0", "production") for user in "134"
    ]
    assert len(double.asked) == asked + 1


def test_an_event_that_was_read_is_not_asked_for_again(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    double.store.ingest(event())
    list(glitchtip.events_since(NOW - timedelta(hours=1)))
    double.asked.clear()

    assert len(list(glitchtip.events_since(NOW - timedelta(hours=1)))) == 1
    assert [target for _, target in double.asked] == ["/api/0/projects/acme/goimg/events/?limit=100"]


def test_users_are_counted_although_the_issue_says_none(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    for number in range(12):
        double.store.ingest(event(user={"id": f"user-{number % 5}"}))
    double.store.ingest(event("nobody's", user=None))
    someones, nobodys = sorted(glitchtip.issues(EVERYTHING), key=lambda issue: issue.id)

    assert glitchtip.users(someones) == 5
    assert glitchtip.users(nobodys) == 0


def test_trends_have_all_24_hours_the_oldest_first(
    double: GlitchTipDouble, glitchtip: GlitchTip, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)

    class Clock(datetime):
        """In which no hour ends."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return now

    for module in (reading, glitchtip_routes):
        monkeypatch.setattr(module, "datetime", Clock)
    for hours, count in ((0, 3), (1, 2), (23, 1), (24, 7)):
        for _ in range(count):
            double.store.ingest(event(), received=now.replace(minute=0, second=0) - timedelta(hours=hours))
    double.store.ingest(event("other"), received=now - timedelta(days=3))

    trends = glitchtip.trends(list(glitchtip.issues(EVERYTHING)))

    assert trends == {"1": (1, *[0] * 21, 2, 3), "2": (0,) * 24}


def test_trends_of_more_issues_than_it_answers_at_once(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    for number in range(230):
        double.store.ingest(event(f"broken {number}"))

    trends = glitchtip.trends(list(glitchtip.issues(EVERYTHING)))

    assert sum(sum(hours) for hours in trends.values()) == 230


def test_the_events_of_an_application_that_reports_to_it_are_found(
    double: GlitchTipDouble, glitchtip: GlitchTip, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sentry_sdk

    from apps.error_tracking import sdk
    from apps.error_tracking.config import Config

    with sentry_sdk.isolation_scope():
        sdk.start(Config(dsn=double.dsn, environment="test", release="goimg-api@0.0.1", traces_sample_rate=0.0))
        try:
            sentry_sdk.set_tag("request_id", "req-number-1")
            event_id = str(sentry_sdk.capture_message("hello", level="warning"))
            sentry_sdk.flush(timeout=60)
        finally:
            sentry_sdk.get_client().close(timeout=1)
            sentry_sdk.get_global_scope().set_client(None)

    [issue] = glitchtip.issues(parse("request_id:req-number-1 release:goimg-api@0.0.1"))
    found = glitchtip.event(event_id)

    assert found is not None
    assert (found.issue_id, found.level, found.environment) == (issue.id, "warning", "test")


def test_its_name_has_its_version(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    assert glitchtip.name == "GlitchTip 5.2"


def test_a_version_that_it_does_not_know_itself_is_that_which_the_adapter_is_written_for(
    double: GlitchTipDouble, glitchtip: GlitchTip
) -> None:
    double.version = "0.0.0-unknown"

    assert glitchtip.name == "GlitchTip 5"


def test_a_name_is_no_reason_to_fail() -> None:
    assert GlitchTip("http://127.0.0.1:1", "acme", "goimg", TOKEN).name == "GlitchTip 5"


@pytest.mark.parametrize(
    "ask",
    [
        lambda tracker: list(tracker.issues(EVERYTHING)),
        lambda tracker: tracker.issue("1"),
        lambda tracker: tracker.event("f" * 32),
        lambda tracker: list(tracker.releases()),
    ],
)
def test_a_wrong_organisation_is_named(double: GlitchTipDouble, ask: Callable[[GlitchTip], object]) -> None:
    with pytest.raises(TrackerError, match=r"GlitchTip has no organisation acne, .* check TRACKER_ORG") as refused:
        ask(GlitchTip(double.url, "acne", "goimg", TOKEN))

    assert not isinstance(refused.value, NotFound)


def test_a_wrong_project_is_named_with_those_there_are(double: GlitchTipDouble) -> None:
    wrong = GlitchTip(double.url, "acme", "goming", TOKEN)

    with pytest.raises(TrackerError, match=r"no project goming in acme, but goimg, other; check TRACKER_PROJECT"):
        list(wrong.issues(EVERYTHING))


def test_a_project_may_be_named_by_its_number(double: GlitchTipDouble) -> None:
    double.store.ingest(event())

    [found] = GlitchTip(double.url, "acme", "1", TOKEN).events_since(NOW - timedelta(hours=1))

    assert found.issue_id == "1"
