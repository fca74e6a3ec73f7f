"""What is changed on Sentry, and what is said when its answer shows that it was not."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from apps.triage.trackers import TrackerError
from apps.triage.trackers.base import Ignoring, NotFound, Resolution
from apps.triage.trackers.sentry import Sentry
from tests.triage.sentry_double import SentryDouble
from tests.triage.sentry_store import StoredIssue, event

NOW, SHA = Resolution(), "a" * 40


@pytest.fixture
def kept(double: SentryDouble) -> StoredIssue:
    user = {"id": "7", "name": "Jane", "username": "jane", "email": "jane@example.com"}
    double.store.members = [{"id": "1", "user": user}]
    return double.store.ingest(event(release="goimg-api@1"))


def test_an_issue_is_resolved_and_reopened(sentry: Sentry, kept: StoredIssue) -> None:
    sentry.resolve(kept.id, NOW)
    assert (kept.status, sentry.issue(kept.id).status) == ("resolved", "resolved")

    sentry.reopen(kept.short_id)
    assert kept.status == "unresolved"


def test_resolved_in_a_release_it_returns_with_that_release_only(
    double: SentryDouble, sentry: Sentry, kept: StoredIssue
) -> None:
    sentry.create_release("goimg-api@2")
    sentry.resolve(kept.id, Resolution(release="goimg-api@2"))

    double.store.ingest(event(release="goimg-api@1"))
    assert sentry.issue(kept.id).status == "resolved"

    double.store.ingest(event(release="goimg-api@2"))
    assert sentry.issue(kept.id).status == "unresolved"


def test_resolved_in_the_next_release_it_returns_with_one_that_is_new(
    double: SentryDouble, sentry: Sentry, kept: StoredIssue
) -> None:
    sentry.resolve(kept.id, Resolution(next_release=True))

    double.store.ingest(event(release="goimg-api@1"))
    assert sentry.issue(kept.id).status == "resolved"

    double.store.ingest(event(release="goimg-api@2"))
    assert sentry.issue(kept.id).status == "unresolved"


def test_resolved_in_a_commit_whichever_repository_has_it(
    double: SentryDouble, sentry: Sentry, kept: StoredIssue
) -> None:
    double.store.repositories = ["empty", "acme/goimg"]
    double.store.releases["goimg-api@1"].commits = [{"id": SHA, "repository": "acme/goimg"}]

    sentry.resolve(kept.id, Resolution(commit=SHA))

    assert kept.resolution["inCommit"]["id"] == SHA


def test_a_commit_or_a_release_that_sentry_does_not_know_is_said_to_be(sentry: Sentry, kept: StoredIssue) -> None:
    with pytest.raises(TrackerError, match=f"Sentry has no commit {SHA} in a repository of acme"):
        sentry.resolve(kept.id, Resolution(commit=SHA))
    with pytest.raises(TrackerError, match=r"Unable to find a release with the given version\."):
        sentry.resolve(kept.id, Resolution(release="goimg-api@99"))

    assert kept.status == "unresolved"


def test_ignored_for_good_it_stays_so_whatever_comes(double: SentryDouble, sentry: Sentry, kept: StoredIssue) -> None:
    sentry.ignore(kept.id, Ignoring())

    assert (kept.status, kept.substatus) == ("ignored", "archived_forever")


def test_ignored_for_a_time_it_returns(double: SentryDouble, sentry: Sentry, kept: StoredIssue) -> None:
    sentry.ignore(kept.id, Ignoring(minutes=60))
    assert sentry.issue(kept.id).status == "ignored"

    double.store.later = timedelta(minutes=61)
    assert sentry.issue(kept.id).status == "unresolved"


def test_ignored_until_a_number_of_events_it_returns(double: SentryDouble, sentry: Sentry, kept: StoredIssue) -> None:
    sentry.ignore(kept.id, Ignoring(events=2))

    double.store.ingest(event())
    assert sentry.issue(kept.id).status == "ignored"
    double.store.ingest(event())
    assert sentry.issue(kept.id).status == "unresolved"


def test_what_was_ignored_with_a_limit_is_not_said_to_be_ignored_for_good(sentry: Sentry, kept: StoredIssue) -> None:
    sentry.ignore(kept.id, Ignoring(minutes=60))

    with pytest.raises(TrackerError, match="was ignored already, and Sentry keeps the limit; reopen it first"):
        sentry.ignore(kept.id, Ignoring())


def test_an_issue_is_assigned_by_e_mail_and_taken_away_again(sentry: Sentry, kept: StoredIssue) -> None:
    sentry.assign(kept.id, "jane@example.com")
    assert sentry.issue(kept.id).assignee == "jane@example.com"

    sentry.assign(kept.id, None)
    assert sentry.issue(kept.id).assignee is None


def test_somebody_whom_sentry_does_not_know_is_an_error(sentry: Sentry, kept: StoredIssue) -> None:
    with pytest.raises(TrackerError, match="Unable to resolve actor identifier"):
        sentry.assign(kept.id, "nobody@example.com")


@pytest.mark.parametrize(
    ("priority", "stored", "read"),
    [("P0", "high", "P1"), ("P1", "high", "P1"), ("P2", "medium", "P2"), ("P3", "low", "P3")],
)
def test_four_priorities_become_three(sentry: Sentry, kept: StoredIssue, priority: str, stored: str, read: str) -> None:
    sentry.prioritise(kept.id, priority)

    assert (kept.priority, sentry.issue(kept.id).priority) == (stored, read)


def test_comments_are_read_oldest_first_with_their_authors(sentry: Sentry, kept: StoredIssue) -> None:
    sentry.comment(kept.id, "first\nsecond line")
    sentry.comment(kept.short_id, "second")

    comments = sentry.comments(kept.id)

    assert [comment.text for comment in comments] == ["first\nsecond line", "second"]
    assert {comment.author for comment in comments} == {"jane@example.com"}
    assert sentry.issue(kept.id).comments == 2


def test_a_comment_that_sentry_has_heard_within_the_hour_is_kept_with_its_moment(
    sentry: Sentry, kept: StoredIssue
) -> None:
    """Else a note that becomes true for the second time would be missing."""
    for text in ("[goimg triage] priority=P1", "[goimg triage] priority=P2", "[goimg triage] priority=P1"):
        sentry.comment(kept.id, text)

    last = sentry.comments(kept.id)[-1].text

    assert re.fullmatch(r"\[goimg triage\] priority=P1\n\(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\)", last)


def test_issues_are_merged(double: SentryDouble, sentry: Sentry, kept: StoredIssue) -> None:
    others = [double.store.ingest(event(kind=kind)) for kind in ("A", "B")]
    double.store.ingest(event(kind="Alone"))

    sentry.merge([kept.id, others[0].short_id, others[1].id])

    assert sentry.issue(kept.id).events == 3
    assert len(double.store.issues) == 2


def test_one_issue_is_not_merged_with_itself(sentry: Sentry, kept: StoredIssue) -> None:
    with pytest.raises(TrackerError, match="name two different issues"):
        sentry.merge([kept.id, kept.short_id])


def delete_at(double: SentryDouble, *gone: str) -> Callable[[str, str], None]:
    """Return what somebody does who deletes issues right before a change arrives."""

    def meanwhile(method: str, path: str) -> None:
        for number in gone if method in ("PUT", "POST", "DELETE") else ():
            double.store.issues.pop(number, None)

    return meanwhile


def test_nothing_else_is_merged_when_somebody_deletes_all_of_them_meanwhile(
    double: SentryDouble, sentry: Sentry, kept: StoredIssue
) -> None:
    """For IDs that are not there Sentry takes what the query finds, and without one what is unresolved."""
    other = double.store.ingest(event(kind="Other"))
    bystanders = [double.store.ingest(event(kind=kind)) for kind in ("A", "B")]
    double.meanwhile = delete_at(double, kept.id, other.id)

    with pytest.raises(TrackerError, match="Sentry merged nothing: it found none of GOIMG-1,GOIMG-2 any more"):
        sentry.merge([kept.id, other.id])

    assert set(double.store.issues) == {issue.id for issue in bystanders}


def test_a_merge_of_which_one_issue_is_gone_is_none(double: SentryDouble, sentry: Sentry, kept: StoredIssue) -> None:
    other = double.store.ingest(event(kind="Other"))
    double.meanwhile = delete_at(double, other.id)

    with pytest.raises(TrackerError, match="Sentry did not merge all of GOIMG-1,GOIMG-2"):
        sentry.merge([kept.id, other.id])


def test_an_issue_is_deleted_with_its_events(double: SentryDouble, sentry: Sentry, kept: StoredIssue) -> None:
    sentry.delete(kept.id)

    assert double.store.issues == {}
    with pytest.raises(NotFound):
        sentry.delete(kept.id)


CHANGES: dict[str, Callable[[Sentry, str], None]] = {
    "resolve": lambda sentry, issue: sentry.resolve(issue, NOW),
    "ignore": lambda sentry, issue: sentry.ignore(issue, Ignoring()),
    "reopen": lambda sentry, issue: sentry.reopen(issue),
    "assign": lambda sentry, issue: sentry.assign(issue, "jane@example.com"),
    "prioritise": lambda sentry, issue: sentry.prioritise(issue, "P2"),
    "comment": lambda sentry, issue: sentry.comment(issue, "text"),
    "delete": lambda sentry, issue: sentry.delete(issue),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_issue_that_is_deleted_meanwhile_is_not_found(
    double: SentryDouble, sentry: Sentry, kept: StoredIssue, change: Callable[[Sentry, str], None]
) -> None:
    double.meanwhile = delete_at(double, kept.id)

    with pytest.raises(NotFound):
        change(sentry, kept.id)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_issue_of_another_project_is_not_changed(
    double: SentryDouble, sentry: Sentry, change: Callable[[Sentry, str], None]
) -> None:
    foreign = double.store.ingest(event(), project="2")
    before = json.dumps([foreign.status, foreign.priority, foreign.comments])

    with pytest.raises(NotFound):
        change(sentry, foreign.id)

    assert json.dumps([foreign.status, foreign.priority, foreign.comments]) == before
    assert foreign.id in double.store.issues


@pytest.mark.parametrize("change", ["resolve", "ignore", "assign", "prioritise"])
def test_a_change_that_is_answered_and_not_made_is_an_error(
    double: SentryDouble, sentry: Sentry, kept: StoredIssue, change: str
) -> None:
    double.drop = {"status", "assignedTo", "priority"}

    with pytest.raises(TrackerError, match=r"Sentry answered that issue \d+ is changed, but"):
        CHANGES[change](sentry, kept.id)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda sentry, issue: sentry.resolve(issue, Resolution(next_release=True)),
            "not with the release",
        ),
        (lambda sentry, issue: sentry.ignore(issue, Ignoring(minutes=5)), "without the limit"),
        (lambda sentry, issue: sentry.ignore(issue, Ignoring(events=5)), "without the limit"),
    ],
)
def test_details_that_are_dropped_are_an_error(
    double: SentryDouble,
    sentry: Sentry,
    kept: StoredIssue,
    call: Callable[[Sentry, str], None],
    sentence: str,
) -> None:
    double.drop = {"statusDetails"}

    with pytest.raises(TrackerError, match=sentence):
        call(sentry, kept.id)


def test_a_token_that_may_not_delete_is_told(double: SentryDouble, sentry: Sentry, kept: StoredIssue) -> None:
    double.scopes = frozenset({"event:write", "project:read"})

    with pytest.raises(TrackerError, match=r"answered 403\. Check TRACKER_TOKEN"):
        sentry.delete(kept.id)

    assert double.store.issues


def test_the_moment_until_which_it_is_ignored_is_as_asked(
    double: SentryDouble, sentry: Sentry, kept: StoredIssue
) -> None:
    before = double.store.now()

    sentry.ignore(kept.id, Ignoring(minutes=90))

    until = datetime.fromisoformat(kept.snooze["ignoreUntil"])
    assert before + timedelta(minutes=90) <= until <= double.store.now() + timedelta(minutes=90)
