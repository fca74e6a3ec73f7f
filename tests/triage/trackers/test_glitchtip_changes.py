"""What is changed on GlitchTip: one issue at a time, and its answer is not believed."""

from collections.abc import Callable

import pytest

from apps.triage.query import Query
from apps.triage.trackers import TrackerError
from apps.triage.trackers.base import Capability, Ignoring, NotFound, Resolution, Unsupported
from apps.triage.trackers.glitchtip import GlitchTip
from tests.triage.glitchtip_double import GlitchTipDouble
from tests.triage.glitchtip_events import event

CHANGES: dict[str, Callable[[GlitchTip, str], None]] = {
    "resolved": lambda tracker, issue: tracker.resolve(issue, Resolution()),
    "ignored": lambda tracker, issue: tracker.ignore(issue, Ignoring()),
    "unresolved": lambda tracker, issue: tracker.reopen(issue),
}
OTHERS: dict[str, Callable[[GlitchTip, str], None]] = {
    "deleted": lambda tracker, issue: tracker.delete(issue),
    "commented": lambda tracker, issue: tracker.comment(issue, "looked at it"),
}


@pytest.fixture
def issues(double: GlitchTipDouble) -> list[str]:
    """The IDs of three issues, which have each another status."""
    stored = [double.store.ingest(event(f"broken {number}")) for number in range(3)]
    for issue, status in zip(stored, CHANGES, strict=True):
        issue.status = status
    return [str(issue.id) for issue in stored]


@pytest.mark.parametrize("status", CHANGES)
@pytest.mark.parametrize("before", range(3))
def test_a_status_is_changed_of_that_issue_alone(
    double: GlitchTipDouble, glitchtip: GlitchTip, issues: list[str], status: str, before: int
) -> None:
    CHANGES[status](glitchtip, issues[before])

    expected = ["resolved", "ignored", "unresolved"]
    expected[before] = status
    assert [glitchtip.issue(issue).status for issue in issues] == expected


def test_an_issue_may_be_named_by_its_short_id(
    double: GlitchTipDouble, glitchtip: GlitchTip, issues: list[str]
) -> None:
    glitchtip.resolve("GOIMG-3", Resolution())
    glitchtip.comment("GOIMG-3", "done")
    glitchtip.delete("GOIMG-2")

    assert [issue.short_id for issue in glitchtip.issues(Query())] == ["GOIMG-3", "GOIMG-1"]
    assert glitchtip.issue("GOIMG-3").status == "resolved"
    assert [comment.text for comment in glitchtip.comments("GOIMG-3")] == ["done"]


def test_a_new_event_reopens_what_is_resolved_and_not_what_is_ignored(
    double: GlitchTipDouble, glitchtip: GlitchTip, issues: list[str]
) -> None:
    for number in range(3):
        double.store.ingest(event(f"broken {number}"))

    assert [glitchtip.issue(issue).status for issue in issues] == ["unresolved", "ignored", "unresolved"]


@pytest.mark.parametrize("change", [*CHANGES.values(), *OTHERS.values()])
def test_no_change_uses_a_url_that_could_mean_other_issues(
    double: GlitchTipDouble, glitchtip: GlitchTip, issues: list[str], change: Callable[[GlitchTip, str], None]
) -> None:
    change(glitchtip, issues[1])

    [target] = [target for method, target in double.asked if method != "GET"]
    assert f"/issues/{issues[1]}/" in target
    assert "?" not in target


@pytest.mark.parametrize("change", [*CHANGES.values(), *OTHERS.values()])
@pytest.mark.parametrize("gone", ["never there", "of another project", "deleted", "deleted and removed"])
def test_an_issue_that_is_not_there_is_not_changed(
    double: GlitchTipDouble, glitchtip: GlitchTip, change: Callable[[GlitchTip, str], None], gone: str
) -> None:
    issue = double.store.ingest(event(), project=2 if gone == "of another project" else 1)
    issue.status = "ignored"
    issue.deleted = gone.startswith("deleted")
    if gone == "deleted and removed":
        double.store.purge()

    with pytest.raises(NotFound):
        change(glitchtip, "99" if gone == "never there" else str(issue.id))

    assert (issue.status, issue.comments) == ("ignored", [])
    assert {method for method, _ in double.asked} == {"GET"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (CHANGES["resolved"], "answered that issue 2 is changed, but it is still ignored"),
        (CHANGES["unresolved"], "answered that issue 2 is changed, but it is still ignored"),
        (OTHERS["deleted"], "answered that issue 2 is deleted, but it is still there"),
        (OTHERS["commented"], "answered that issue 2 has the comment, but with another text"),
    ],
)
def test_a_yes_that_changed_nothing_is_an_error(
    double: GlitchTipDouble,
    glitchtip: GlitchTip,
    issues: list[str],
    change: Callable[[GlitchTip, str], None],
    sentence: str,
) -> None:
    double.lies = True

    with pytest.raises(TrackerError, match=sentence):
        change(glitchtip, issues[1])


def test_what_is_deleted_is_gone_before_the_worker_removed_it(
    double: GlitchTipDouble, glitchtip: GlitchTip, issues: list[str]
) -> None:
    double.idle = True

    glitchtip.delete(issues[0])

    assert [issue.id for issue in glitchtip.issues(Query())] == [issues[2], issues[1]]


def test_comments_come_oldest_first_from_all_pages(
    double: GlitchTipDouble, glitchtip: GlitchTip, issues: list[str]
) -> None:
    double.store.issues[1].comments = [(double.store.now(), f"number {number}") for number in range(130)]
    glitchtip.comment("1", 'the last: "<b>" ü')

    comments = glitchtip.comments("1")

    assert [comment.text for comment in comments] == [*(f"number {n}" for n in range(130)), 'the last: "<b>" ü']
    assert {comment.author for comment in comments} == {"owner@example.com"}
    assert comments[0].moment < comments[-1].moment
    assert glitchtip.issue("1").comments == 131


@pytest.mark.parametrize(
    ("capability", "ask"),
    [
        (Capability.RESOLVE_IN_RELEASE, lambda tracker: tracker.resolve("1", Resolution(release="goimg-api@2"))),
        (Capability.RESOLVE_IN_NEXT_RELEASE, lambda tracker: tracker.resolve("1", Resolution(next_release=True))),
        (Capability.RESOLVE_IN_COMMIT, lambda tracker: tracker.resolve("1", Resolution(commit="f" * 40))),
        (Capability.IGNORE_FOR, lambda tracker: tracker.ignore("1", Ignoring(minutes=60))),
        (Capability.IGNORE_UNTIL, lambda tracker: tracker.ignore("1", Ignoring(events=100))),
        (Capability.ASSIGN, lambda tracker: tracker.assign("1", "jane@example.com")),
        (Capability.PRIORITY, lambda tracker: tracker.prioritise("1", "P1")),
        (Capability.MERGE, lambda tracker: tracker.merge(["1", "2"])),
        (Capability.COMMITS, lambda tracker: tracker.set_commits("goimg-api@2", [])),
        (Capability.DEPLOYS, lambda tracker: tracker.deploy("goimg-api@2", "production")),
    ],
)
def test_what_it_cannot_do_is_said_and_nothing_is_sent(
    double: GlitchTipDouble, glitchtip: GlitchTip, capability: Capability, ask: Callable[[GlitchTip], None]
) -> None:
    with pytest.raises(Unsupported) as refused:
        ask(glitchtip)

    assert str(refused.value) == glitchtip.lacks[capability]
    assert double.asked == []


def test_everything_it_lacks_is_a_sentence(glitchtip: GlitchTip) -> None:
    for sentence in glitchtip.lacks.values():
        assert sentence.startswith("GlitchTip 5 has no ")
        assert sentence.endswith(".")
