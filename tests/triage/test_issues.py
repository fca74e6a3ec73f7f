"""Issues are found by whatever ID somebody has, and changed one by one with a known outcome."""

import signal
from datetime import UTC, datetime

import pytest

from apps.triage import issues
from apps.triage.actions import Action, Assign, Delete, Ignore, Prioritise, Remark, Reopen, Resolve
from apps.triage.query import Query, parse
from apps.triage.references import find
from apps.triage.subject import Subject
from apps.triage.trackers.base import Capability, Ignoring, Issue, NotFound, Resolution, Unsupported
from tests.triage.fake_tracker import LACKS, NOW, Deaf, FakeTracker

EVENT = "0123456789abcdef0123456789abcdef"
PLAIN = Resolution()


def do(action: Action, tracker: FakeTracker, *chosen: Issue) -> list[tuple[str, str, str]]:
    outcomes = issues.change(action, tracker, chosen, lambda done: None)
    return [(outcome.issue.id, outcome.state, outcome.said) for outcome in outcomes]


def said(tracker: FakeTracker, issue: Issue) -> list[str]:
    return [comment.text for comment in tracker.said.get(issue.id, [])]


@pytest.mark.parametrize("text", ["2", EVENT, "01234567-89AB-cdef-0123-456789abcdef", "r-7"])
def test_an_issue_is_found_by_its_id_an_events_or_a_requests(text: str) -> None:
    tracker = FakeTracker()
    tracker.put()
    issue = tracker.put({"event_id": EVENT, "tags": {"request_id": "r-7"}}, {"age": 5})

    found = find(tracker, text, NOW)

    assert found.issue == issue
    assert (found.event.event_id if found.event else None) == (None if text == "2" else EVENT)


def test_a_request_with_several_issues_names_all_where_the_tracker_can_search() -> None:
    tracker = FakeTracker(answered=("request_id",))
    first, second = (tracker.put({"tags": {"request_id": "r-7"}, "age": age}) for age in (1, 2))

    found = find(tracker, "r-7", NOW)

    assert (found.issue, found.others) == (first, (second,))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("r-8", "Bugsink 2.6 has no issue, event or request r-8."),
        (EVENT, f"Bugsink 2.6 has no issue, event or request {EVENT}."),
        ("../projects", "'../projects' is neither the ID of an issue nor of an event nor of a request."),
        ("", "'' is neither the ID"),
    ],
)
def test_what_is_not_there_is_one_sentence(text: str, sentence: str) -> None:
    tracker = FakeTracker()
    tracker.put({"tags": {"request_id": "r-7"}})

    with pytest.raises(NotFound) as refused:
        find(tracker, text, NOW)

    assert sentence in str(refused.value)


def test_a_name_given_twice_is_one_issue() -> None:
    tracker = FakeTracker()
    issue = tracker.put({"event_id": EVENT})

    assert issues.chosen_by_name(tracker, ["1", EVENT, "1"], NOW, lambda *_: None).issues == (issue,)


def test_a_query_chooses_what_it_finds() -> None:
    tracker = FakeTracker()
    issue = tracker.put()
    tracker.put(status="ignored")

    assert issues.chosen_by_query(tracker, parse("is:unresolved"), NOW, lambda *_: None).issues == (issue,)


def test_an_empty_query_chooses_nothing_and_says_so() -> None:
    with pytest.raises(ValueError, match="an empty query is every issue"):
        issues.chosen_by_query(FakeTracker(), Query(), NOW, lambda *_: None)


@pytest.mark.parametrize(
    ("action", "before", "after", "note"),
    [
        (Resolve(PLAIN), "unresolved", "resolved", "resolved"),
        (Resolve(Resolution(release="goimg-api@1.2.3")), "ignored", "resolved", "resolved-in=goimg-api@1.2.3"),
        (Resolve(Resolution(next_release=True)), "unresolved", "resolved", "resolved-in=next-release"),
        (Resolve(Resolution(commit="abc123")), "unresolved", "resolved", "resolved-in=commit:abc123"),
        (Ignore(Ignoring(), NOW), "unresolved", "ignored", "ignored"),
        (Ignore(Ignoring(minutes=60), NOW), "unresolved", "ignored", "ignored-until=2026-11-24T13:00Z"),
        (Ignore(Ignoring(events=100), NOW), "unresolved", "ignored", "ignored-until-events=101"),
        (Reopen(), "resolved", "unresolved", "reopened"),
        (Prioritise("P0"), "unresolved", "unresolved", "priority=P0"),
    ],
)
def test_a_change_is_made_and_noted(action: Action, before: str, after: str, note: str) -> None:
    tracker = FakeTracker()
    issue = tracker.put(status=before)

    assert do(action, tracker, issue) == [(issue.id, "changed", "")]
    assert tracker.kept[issue.id].status == after
    assert said(tracker, issue) == [f"[goimg triage] {note}"]


@pytest.mark.parametrize(
    "action",
    [
        Resolve(PLAIN),
        Resolve(Resolution(release="goimg-api@1.2.3")),
        Ignore(Ignoring(), NOW),
        Assign("jane@example.com"),
        Assign(None),
        Prioritise("P2"),
    ],
)
@pytest.mark.parametrize("lacks", [{}, LACKS])
def test_what_is_so_already_is_left_alone(action: Action, lacks: dict[Capability, str]) -> None:
    tracker = FakeTracker(lacks=lacks)
    issue = tracker.put()
    do(action, tracker, issue)
    written = said(tracker, issue)

    assert do(action, tracker, issue) == [(issue.id, "already so", "")]
    assert said(tracker, issue) == written


def test_an_open_issue_is_open_already() -> None:
    tracker = FakeTracker()
    assert do(Reopen(), tracker, tracker.put())[0][1] == "already so"


def test_resolved_in_another_release_is_another_resolution() -> None:
    tracker = FakeTracker(lacks=LACKS)
    issue = tracker.put()

    for release in ("goimg-api@1.0.0", "goimg-api@1.1.0"):
        assert do(Resolve(Resolution(release=release)), tracker, issue)[0][1] == "changed"

    assert said(tracker, issue)[-1] == "[goimg triage] resolved-in=goimg-api@1.1.0"


@pytest.mark.parametrize(
    ("action", "status", "note", "sentence"),
    [
        (
            Resolve(Resolution(release="goimg-api@1.2.3")),
            "resolved",
            "resolved-in=goimg-api@1.2.3",
            "Bugsink 2.6 cannot resolve in a release of one's choice. It is resolved as of now; a comment says in "
            "what.",
        ),
        (
            Ignore(Ignoring(minutes=60), NOW),
            "ignored",
            "ignored-until=2026-11-24T13:00Z",
            "Bugsink 2.6 cannot ignore for a time. It stays ignored; a comment says until when, and the digest lists "
            "it from then on.",
        ),
        (
            Assign("jane@example.com"),
            "unresolved",
            "assigned=jane@example.com",
            "Bugsink 2.6 has no assignee. It is kept as a comment.",
        ),
        (Prioritise("P0"), "unresolved", "priority=P0", "Bugsink 2.6 has no priority. It is kept as a comment."),
    ],
)
def test_where_a_way_is_missing_the_nearest_is_done_noted_and_said(
    action: Action, status: str, note: str, sentence: str
) -> None:
    tracker = FakeTracker(lacks=LACKS)
    issue = tracker.put()

    assert do(action, tracker, issue) == [(issue.id, "changed", sentence)]
    assert tracker.kept[issue.id].status == status
    assert said(tracker, issue) == [f"[goimg triage] {note}"]


def test_who_and_how_urgent_are_read_back_from_the_notes() -> None:
    tracker = FakeTracker(lacks=LACKS)
    issue = tracker.put({"tags": {"priority": "P3"}})

    do(Assign("jane@example.com"), tracker, issue)
    do(Prioritise("P0"), tracker, issue)
    do(Assign(None), tracker, issue)

    subject = Subject(tracker, tracker.kept[issue.id])
    assert (subject.assignee, subject.priority) == (None, "P0")


def test_a_tracker_with_three_priorities_keeps_four() -> None:
    tracker = FakeTracker()
    issue = tracker.put()

    do(Prioritise("P0"), tracker, issue)

    assert tracker.kept[issue.id].priority == "P1"
    assert Subject(tracker, tracker.kept[issue.id]).priority == "P0"


def test_a_resolution_that_could_not_be_noted_is_still_one() -> None:
    tracker = Deaf()
    issue = tracker.put()

    ((_, state, why),) = do(Resolve(PLAIN), tracker, issue)

    assert state == "changed"
    assert why == ("The comment that says so could not be kept: Bugsink 2.6 cannot list comments without SENTRY_DSN.")


def test_an_assignee_that_can_be_kept_nowhere_has_failed() -> None:
    tracker = Deaf(lacks=LACKS)
    issue = tracker.put()

    assert do(Assign("jane@example.com"), tracker, issue) == [
        (issue.id, "failed", "Bugsink 2.6 cannot list comments without SENTRY_DSN.")
    ]


def test_each_outcome_is_told_and_none_stops_the_others() -> None:
    tracker = FakeTracker()
    first, gone, broken, already, last = (tracker.put() for _ in range(5))
    tracker.delete(gone.id)
    tracker.broken.add(broken.id)
    tracker.resolve(already.id, PLAIN)

    outcomes = do(Resolve(PLAIN), tracker, first, gone, broken, already, last)

    assert [(one, state) for one, state, _ in outcomes] == [
        ("1", "changed"),
        ("2", "gone"),
        ("3", "failed"),
        ("4", "already so"),
        ("5", "changed"),
    ]
    assert outcomes[2][2].endswith("answered 500.")


def test_an_interruption_leaves_no_doubt_but_for_the_one_in_between() -> None:
    class Interrupted(FakeTracker):
        def resolve(self, issue_id: str, how: Resolution) -> None:
            if issue_id == "2":
                signal.raise_signal(signal.SIGINT)
            super().resolve(issue_id, how)

    tracker = Interrupted()
    chosen = [tracker.put() for _ in range(4)]

    assert [state for _, state, _ in do(Resolve(PLAIN), tracker, *chosen)] == [
        "changed",
        "in doubt",
        "not reached",
        "not reached",
    ]


def test_a_comment_is_added_and_an_issue_deleted() -> None:
    tracker = FakeTracker()
    issue = tracker.put()

    assert do(Remark("Seen in staging too."), tracker, issue)[0][1] == "changed"
    assert said(tracker, issue) == ["Seen in staging too."]
    assert do(Delete(), tracker, issue)[0][1] == "deleted"
    assert tracker.kept == {}


def test_issues_are_merged_or_the_tracker_says_that_it_cannot() -> None:
    tracker = FakeTracker()
    chosen = [tracker.put() for _ in range(3)]

    assert issues.merge(tracker, chosen).said == "merged with GOIMG-2, GOIMG-3"
    assert tracker.merged == [["1", "2", "3"]]
    with pytest.raises(Unsupported, match=r"Bugsink 2\.6 cannot merge issues\."):
        issues.merge(FakeTracker(lacks=LACKS), chosen)


def test_a_moment_is_noted_in_utc() -> None:
    tracker = FakeTracker()
    issue = tracker.put()

    do(Ignore(Ignoring(minutes=7 * 24 * 60), datetime(2026, 11, 24, 12, tzinfo=UTC)), tracker, issue)

    assert said(tracker, issue) == ["[goimg triage] ignored-until=2026-12-01T12:00Z"]
