"""What is read from Sentry of issues and events."""

from datetime import UTC, datetime, timedelta

import pytest
import sentry_sdk

from apps.triage.query import Query
from apps.triage.trackers import TrackerError
from apps.triage.trackers.base import NotFound
from apps.triage.trackers.sentry import Sentry
from tests.triage.sentry_double import TOKEN, SentryDouble
from tests.triage.sentry_store import event

NOW = datetime.now(UTC)


def ago(**span: int) -> str:
    return (NOW - timedelta(**span)).isoformat()


def test_an_issue_has_what_the_list_and_its_own_page_say(double: SentryDouble, sentry: Sentry) -> None:
    double.store.ingest(event("first", level="warning", timestamp=ago(days=100)))
    kept = double.store.ingest(event("last", timestamp=ago(hours=2), user={"id": "u1"}))
    kept.assigned = {"type": "user", "id": "7", "name": "Jane", "email": "jane@example.com"}
    kept.priority = "medium"

    [listed] = sentry.issues(Query())

    assert listed == sentry.issue(kept.id) == sentry.issue("GOIMG-1") == sentry.issue("goimg-1")
    assert (listed.short_id, listed.title, listed.type) == ("GOIMG-1", "ValueError: last", "ValueError")
    assert (listed.culprit, listed.level, listed.status) == ("/v1/images", "error", "unresolved")
    assert listed.events == 2  # the one of 100 days ago too
    assert listed.first_seen == NOW - timedelta(days=100)
    assert listed.last_seen == NOW - timedelta(hours=2)
    assert listed.url == f"{double.url}/organizations/acme/issues/{kept.id}/"
    assert (listed.assignee, listed.priority, listed.comments) == ("jane@example.com", "P2", 0)


def test_an_issue_may_be_a_teams(double: SentryDouble, sentry: Sentry) -> None:
    kept = double.store.ingest(event())
    kept.assigned = {"type": "team", "id": "3", "name": "backend"}

    assert sentry.issue(kept.id).assignee == "#backend"


def test_issues_come_last_seen_first_from_all_pages_and_of_this_project_only(
    double: SentryDouble, sentry: Sentry
) -> None:
    for number in range(230):
        double.store.ingest(event(kind=f"E{number}", timestamp=ago(minutes=number)))
    double.store.ingest(event(kind="Foreign"), project="2")

    assert [issue.type for issue in sentry.issues(Query())] == [f"E{number}" for number in range(230)]


def test_an_issue_that_goes_to_the_front_during_the_walk_is_not_lost(double: SentryDouble, sentry: Sentry) -> None:
    for number in range(150):
        double.store.ingest(event(kind=f"E{number}", timestamp=ago(minutes=number + 1)))
    walk = sentry.issues(Query())

    found = [next(walk).type]
    double.store.ingest(event(kind="E149"))
    found += [issue.type for issue in walk]

    assert sorted(found) == sorted(f"E{number}" for number in range(150))


@pytest.mark.parametrize("issue_id", ["9999", "GOIMG-9", "../../0", "\uff19"])
def test_an_issue_that_is_not_there_is_said_to_be(sentry: Sentry, issue_id: str) -> None:
    with pytest.raises(NotFound, match=r"Sentry has no issue .* in the project goimg \(any more\)\."):
        sentry.issue(issue_id)


def test_an_issue_of_another_project_is_none(double: SentryDouble, sentry: Sentry) -> None:
    foreign = double.store.ingest(event(), project="2")

    with pytest.raises(NotFound):
        sentry.issue(foreign.id)


def test_an_issue_that_was_merged_into_another_is_that_one(double: SentryDouble, sentry: Sentry) -> None:
    issues = [double.store.ingest(event(kind=kind)) for kind in ("A", "B")]
    double.store.merge(issues)

    assert sentry.issue(issues[1].id).id == issues[0].id


def test_events_of_a_list_have_tags_user_release_and_environment(double: SentryDouble, sentry: Sentry) -> None:
    for number in range(120):
        fields = {"timestamp": ago(minutes=number), "tags": {"request_id": f"r{number}"}, "user": {"id": f"u{number}"}}
        kept = double.store.ingest(event(environment="production", release="goimg-api@1", **fields))

    events = list(sentry.events(kept.id))

    assert [one.request_id for one in events] == [f"r{number}" for number in range(120)]
    assert [one.user_id for one in events] == [f"u{number}" for number in range(120)]
    assert {(one.environment, one.release, one.level) for one in events} == {("production", "goimg-api@1", "error")}
    assert events[0].issue_id == kept.id
    assert events[0].url == f"{double.url}/organizations/acme/issues/{kept.id}/events/{events[0].event_id}/"


def test_an_event_is_found_by_its_id_whole(double: SentryDouble, sentry: Sentry) -> None:
    crumbs = {"values": [{"timestamp": ago(minutes=1), "category": "query", "message": "SELECT", "level": "info"}]}
    sent = event(release="goimg-api@1", breadcrumbs=crumbs, extra={"size": 3}, contexts={"trace": {"trace_id": "1"}})
    kept = double.store.ingest(sent)

    found = sentry.event(sent["event_id"])

    assert found is not None
    assert found == sentry.latest_event(kept.id)
    assert (found.event_id, found.issue_id, found.release) == (sent["event_id"], kept.id, "goimg-api@1")
    [raised] = found.raised
    assert (raised.type, raised.value) == ("ValueError", "broken")
    [frame] = raised.frames
    assert (frame.module, frame.function, frame.line, frame.in_app) == ("apps.gallery.services", "resize", 7, True)
    assert frame.source == ((6, "def resize():"), (7, "    raise ValueError"))
    assert [crumb.message for crumb in found.crumbs] == ["SELECT"]
    assert found.data["extra"] == {"size": 3}
    assert found.data["contexts"] == {"trace": {"trace_id": "1"}}


def test_an_event_by_its_id_with_dashes_and_what_is_none(double: SentryDouble, sentry: Sentry) -> None:
    sent = event()
    double.store.ingest(sent)
    foreign = event()
    double.store.ingest(foreign, project="2")
    dashed = f"{sent['event_id'][:8]}-{sent['event_id'][8:12]}-{sent['event_id'][12:]}"

    assert sentry.event(dashed)
    assert sentry.event("0" * 32) is None
    assert sentry.event("not an ID") is None
    assert sentry.event(foreign["event_id"]) is None


def test_events_since_a_moment_are_whole_newest_issue_first(double: SentryDouble, sentry: Sentry) -> None:
    for kind, minutes in (("Old", 300), ("A", 90), ("A", 20), ("B", 10)):
        double.store.ingest(event(kind=kind, timestamp=ago(minutes=minutes)))

    found = list(sentry.events_since(NOW - timedelta(hours=1)))

    assert [one.raised[0].type for one in found] == ["B", "A"]


def test_the_events_of_issues_are_read_from_one_list(double: SentryDouble, sentry: Sentry) -> None:
    kept = {kind: double.store.ingest(event(kind=kind, timestamp=ago(minutes=9))) for kind in ("A", "B", "C")}
    for kind, minutes in (("A", 90), ("A", 20), ("C", 10)):
        double.store.ingest(event(kind=kind, timestamp=ago(minutes=minutes)))
    issues = [sentry.issue(kept[kind].id) for kind in ("A", "C")]
    asked = len(double.asked)

    found = list(sentry.events_of(issues, NOW - timedelta(hours=1)))

    assert sorted(one.issue_id for one in found) == sorted([kept["A"].id] * 2 + [kept["C"].id] * 2)
    assert len(double.asked) == asked + 1


def test_users_are_those_with_an_id(double: SentryDouble, sentry: Sentry) -> None:
    for user in ({"id": "u1"}, {"id": "u1", "ip_address": "192.0.2.0"}, {"id": "u2"}, {"ip_address": "192.0.2.0"}):
        kept = double.store.ingest(event(user=user))
    nobody = double.store.ingest(event(kind="Nobody"))

    assert sentry.users(sentry.issue(kept.id)) == 2
    assert sentry.issue(nobody.id).users == 0
    assert sentry.users(sentry.issue(nobody.id)) == 0


def test_the_users_of_an_issue_that_is_deleted_meanwhile_are_not_none(double: SentryDouble, sentry: Sentry) -> None:
    issue = sentry.issue(double.store.ingest(event(user={"id": "u1"})).id)
    double.store.issues.clear()

    with pytest.raises(NotFound):
        sentry.users(issue)


def test_trends_are_events_by_hour_of_more_issues_than_one_answer_has(double: SentryDouble, sentry: Sentry) -> None:
    now = datetime.now(UTC)
    double.store.now = lambda: now  # type: ignore[method-assign] # so that no hour ends meanwhile
    for number in range(130):
        double.store.ingest(event(kind=f"E{number}", timestamp=(now - timedelta(minutes=number)).isoformat()))
    double.store.ingest(event(kind="E0"))
    double.store.ingest(event(kind="E0", timestamp=(now - timedelta(hours=3)).isoformat()))
    issues = list(sentry.issues(Query()))

    trends = sentry.trends(issues)

    assert set(trends) == {issue.id for issue in issues}
    first = trends[next(issue.id for issue in issues if issue.type == "E0")]
    assert len(first) == 24
    assert sum(first) == 3
    assert first[-4] == 1
    assert sentry.trends([]) == {}


def test_what_the_application_sends_is_read_back(double: SentryDouble, sentry: Sentry) -> None:
    with sentry_sdk.isolation_scope(), sentry_sdk.new_scope() as scope:
        sentry_sdk.init(dsn=double.dsn, release="goimg-api@9", environment="test", default_integrations=False)
        scope.set_tag("request_id", "req-1")
        scope.set_user({"id": "u1"})
        try:
            raise LookupError("gone")
        except LookupError:
            sent = sentry_sdk.capture_exception()
        sentry_sdk.get_client().close(timeout=60)
        sentry_sdk.get_global_scope().set_client(None)

    found = sentry.event(str(sent))

    assert found is not None
    assert (found.request_id, found.user_id, found.environment) == ("req-1", "u1", "test")
    assert found.raised[0].frames[-1].function == "test_what_the_application_sends_is_read_back"
    assert found.moment > NOW


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"org": "nobody"}, "Sentry has no organisation nobody, or the token may not see it; check TRACKER_ORG."),
        (
            {"project": "none"},
            "Sentry has no project none in the organisation acme, or the token may not see it; check TRACKER_PROJECT.",
        ),
        ({"token": "x" * 40}, "Check TRACKER_TOKEN"),
    ],
)
def test_what_is_configured_wrong_is_one_sentence(double: SentryDouble, change: dict[str, str], sentence: str) -> None:
    tracker = Sentry(**{"url": double.url, "org": "acme", "project": "goimg", "token": TOKEN, **change})

    with pytest.raises(TrackerError) as refused:
        list(tracker.issues(Query()))

    assert sentence in str(refused.value)
    assert "x" * 40 not in str(refused.value)


def test_a_project_may_be_named_by_its_number(double: SentryDouble) -> None:
    double.store.ingest(event())

    assert len(list(Sentry(double.url + "/", "acme", "1", TOKEN).issues(Query()))) == 1


def test_a_token_without_a_scope_is_told(double: SentryDouble, sentry: Sentry) -> None:
    double.scopes = frozenset({"project:read"})

    with pytest.raises(TrackerError, match=r"answered 403\. Check TRACKER_TOKEN"):
        list(sentry.issues(Query()))


def test_a_busy_sentry_is_asked_again(double: SentryDouble, sentry: Sentry) -> None:
    kept = double.store.ingest(event())
    double.busy = 2

    assert sentry.issue(kept.id).title == "ValueError: broken"


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ((500, "text/html", b"<html>"), "answered 500."),
        ((200, "text/html", b"<html>login</html>"), "did not answer JSON; is "),
        ((200, "application/json", b'{"unexpected": 1}'), "This is not what Sentry answers (KeyError)"),
        ((200, "application/json", b"[]"), "This is not what Sentry answers (TypeError)"),
    ],
)
def test_an_answer_that_is_none_is_an_error_that_says_so(
    double: SentryDouble, sentry: Sentry, answer: tuple[int, str, bytes], sentence: str
) -> None:
    double.answer = answer

    with pytest.raises(TrackerError) as refused:
        list(sentry.issues(Query()))

    assert sentence in str(refused.value)


def test_the_token_goes_to_no_host_that_an_answer_names(double: SentryDouble, sentry: Sentry) -> None:
    """The double links to pages on a host that is not there, like a Sentry behind a proxy that it does not know."""
    for number in range(101):
        double.store.ingest(event(kind=f"E{number}"))

    assert len(list(sentry.issues(Query()))) == 101
