"""`manage.py sentry_triage` changes one issue, or many that it shows first."""

import io
import json
from datetime import UTC, datetime

import pytest

from apps.triage.trackers.base import Resolution
from tests.triage.commands import Ran
from tests.triage.desk import URL, Run, answer, world
from tests.triage.fake_tracker import LACKS, FakeTracker


@pytest.mark.parametrize(
    ("words", "status", "how"),
    [
        (["resolve", "1"], "resolved", "[goimg triage] resolved"),
        (["resolve", "1", "--in-release", "v2"], "resolved", "[goimg triage] resolved-in=v2"),
        (["resolve", "1", "--next-release"], "resolved", "[goimg triage] resolved-in=next-release"),
        (["resolve", "1", "--commit", "abc"], "resolved", "[goimg triage] resolved-in=commit:abc"),
        (["ignore", "1", "--until", "100"], "ignored", "[goimg triage] ignored-until-events=101"),
        (["priority", "P0", "1"], "unresolved", "[goimg triage] priority=P0"),
        (["priority", "1", "P0"], "unresolved", "[goimg triage] priority=P0"),
        (["comment", "1", "Seen again."], "unresolved", "Seen again."),
    ],
)
def test_one_issue_is_changed_without_asking(
    tracker: FakeTracker, run: Run, words: list[str], status: str, how: str
) -> None:
    tracker.put()

    ran = run(*words)

    assert ran == Ran(0, f"GOIMG-1\tKeyError: 'poster'\tchanged\t{URL}1\n", "1 changed.\n")
    assert tracker.kept["1"].status == status
    assert [comment.text for comment in tracker.said["1"]] == [how]


def test_an_issue_is_assigned_and_taken_away_again(tracker: FakeTracker, run: Run) -> None:
    tracker.put()

    run("assign", "1", "jane@example.com")
    assert tracker.kept["1"].assignee == "jane@example.com"
    run("assign", "1", "nobody")
    assert tracker.kept["1"].assignee is None


def test_a_comment_leaves_without_personal_data(
    tracker: FakeTracker, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker.put()
    monkeypatch.setattr("sys.stdin", io.StringIO("Ask jane@example.com about it.\n"))

    ran = run("comment", "1", "-")

    assert [comment.text for comment in tracker.said["1"]] == ["Ask [EMAIL_REDACTED] about it."]
    assert ran.err.startswith("Personal data or secrets in the text were replaced before it is sent.\n")


def test_a_bulk_change_shows_what_it_would_change_and_asks(
    tracker: FakeTracker, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    world(tracker)
    answer(monkeypatch, "n\n")

    ran = run("resolve", "--query", "is:unresolved")

    assert ran.out.splitlines() == [
        f"GOIMG-1\tKeyError: 'poster'\tunresolved\t2\t{URL}1",
        f"GOIMG-2\tOperationalError: refused\tunresolved\t1\t{URL}2",
    ]
    assert ran.err == "Resolve 2 issues? [y/N] Nothing was changed.\n"
    assert tracker.kept["1"].status == "unresolved"

    answer(monkeypatch, "y\n")

    assert run("resolve", "--query", "is:unresolved").err == "Resolve 2 issues? [y/N] 2 changed.\n"
    assert tracker.kept["1"].status == "resolved"


@pytest.mark.parametrize(
    "words", [["resolve", "1", "2"], ["resolve", "--query", "poster"], ["delete", "1"], ["merge", "1", "2"]]
)
def test_without_a_terminal_to_ask_on_it_needs_yes(
    tracker: FakeTracker, run: Run, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    world(tracker)
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))

    ran = run(*words)

    assert ran.code == 2
    assert "--yes does it without asking." in ran.err
    assert {issue.status for issue in tracker.kept.values()} == {"unresolved", "resolved"}

    assert run(*words, "--yes").code == 0


def test_a_query_that_finds_nothing_changes_nothing(run: Run) -> None:
    assert run("delete", "--query", "nothing", "--yes") == Ran(0, "", "No issue matches.\nNothing was changed.\n")


def test_a_bulk_change_reports_each_result(tracker: FakeTracker, run: Run) -> None:
    for _ in range(3):
        tracker.put()
    tracker.broken.add("2")
    tracker.resolve("3", Resolution())

    ran = run("resolve", "1", "2", "3", "--yes")

    assert ran.code == 1
    assert [line.split("\t")[2] for line in ran.out.splitlines()] == ["changed", "failed", "already so"]
    assert ran.err == (
        "GOIMG-2: PUT https://tracker.example.com/api/issues/2/ answered 500.\n1 changed, 1 failed, 1 already so.\n"
    )


def test_what_the_tracker_lacks_is_said_once(run: Run) -> None:
    tracker = FakeTracker(lacks=LACKS, clock=datetime.now(UTC))
    for _ in range(3):
        tracker.put()

    ran = run("assign", "--query", "is:unresolved", "--yes", "jane@example.com", on=tracker)

    assert ran.err == "Bugsink 2.6 has no assignee. It is kept as a comment.\n3 changed.\n"
    assert run("list", "assigned:jane@example.com", on=tracker).out.count("jane@example.com") == 3


def test_results_as_json(tracker: FakeTracker, run: Run) -> None:
    tracker.put()

    document = json.loads(run("resolve", "1", "--json").out)

    assert (document["tracker"], document["action"]) == ("Bugsink 2.6", "resolve")
    assert document["issues"] == [
        {
            "id": "1",
            "short_id": "GOIMG-1",
            "title": "KeyError: 'poster'",
            "url": "https://tracker.example.com/issues/1",
            "result": "changed",
            "said": None,
        }
    ]


def test_merging_where_it_cannot_be_done_is_one_sentence(run: Run) -> None:
    tracker = FakeTracker(lacks=LACKS, clock=datetime.now(UTC))
    tracker.put()
    tracker.put()

    assert run("merge", "1", "2", "--yes", on=tracker) == Ran(1, "", "Bugsink 2.6 cannot merge issues.")
