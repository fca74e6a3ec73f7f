"""`manage.py sentry_triage` typed wrong, interrupted, or with a tracker that cannot be asked."""

import signal
from datetime import UTC, datetime
from typing import Any

import pytest

from apps.triage.rendering import changes
from apps.triage.trackers.base import TrackerError
from tests.triage.commands import Ran
from tests.triage.desk import Run, answer, world
from tests.triage.fake_tracker import FakeTracker


def test_what_is_not_there_is_one_sentence(run: Run) -> None:
    assert run("show", "r-404") == Ran(1, "", "Bugsink 2.6 has no issue, event or request r-404.")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["list", 'title:"x'], "QUERY: a quotation mark is not closed."),
        (["list", "is:open"], "QUERY: is: is one of unresolved, resolved, ignored."),
        (["resolve"], "Name issues, or give --query: one of the two."),
        (["resolve", "1", "--query", "x"], "Name issues, or give --query: one of the two."),
        (["resolve", "--query", ""], "--query: an empty query is every issue;"),
        (["resolve", "--query", "  "], "--query: an empty query is every issue;"),
        (["delete", "--query", "is:"], "--query: is: has no value;"),
        (["comment", "1", "  "], "TEXT is empty."),
        (["list", "\udcff"], "'\\udcff' is not written in UTF-8."),
        (["show", "\udcff"], "'\\udcff' is not written in UTF-8."),
        (["assign", "1", "\udcff"], "'\\udcff' is not written in UTF-8."),
        (["merge", "1"], "merge needs two issues or more."),
    ],
)
def test_what_was_typed_wrong_is_one_sentence(tracker: FakeTracker, run: Run, words: list[str], sentence: str) -> None:
    tracker.put()

    ran = run(*words)

    assert ran.code == 2
    assert sentence in ran.err
    assert tracker.kept["1"].status == "unresolved"


@pytest.mark.parametrize(
    "words",
    [
        ["list", "--limit=0"],
        ["list", "--sort=color"],
        ["resolve", "1", "--next-release", "--commit=abc"],
        ["resolve", "1", "--in-release", "two words"],
        ["ignore", "1", "--for=7y"],
        ["ignore", "1", "--until=-1"],
        ["priority", "P9", "1"],
        ["priority", "P0", "P1", "1"],
        ["assign"],
        ["digest", "--since=yesterday"],
        ["explode"],
        [],
    ],
)
def test_a_wrong_option_is_refused(run: Run, words: list[str]) -> None:
    ran = run(*words)

    assert ran.code in (1, 2)  # 2 on a command line; call_command has 1 for whatever argparse refuses
    assert ran.err.startswith("Error: ")


def test_an_interrupted_bulk_change_says_what_was_done(run: Run) -> None:
    class Interrupted(FakeTracker):
        def delete(self, issue_id: str) -> None:
            if issue_id == "2":
                signal.raise_signal(signal.SIGINT)
            super().delete(issue_id)

    tracker = Interrupted(clock=datetime.now(UTC))
    for _ in range(4):
        tracker.put()

    ran = run("delete", "1", "2", "3", "4", "--yes", on=tracker)

    assert ran.code == 130
    assert [line.split("\t")[2] for line in ran.out.splitlines()] == [
        "deleted",
        "in doubt",
        "not reached",
        "not reached",
    ]
    assert ran.err.endswith("1 deleted, 1 in doubt, 2 not reached.\n")


@pytest.mark.parametrize("where", ["while searching", "while asking"])
def test_a_bulk_change_that_is_interrupted_before_it_begins_says_so(
    tracker: FakeTracker, run: Run, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def interrupted(*arguments: object) -> Any:
        raise KeyboardInterrupt

    world(tracker)
    answer(monkeypatch, "")
    if where == "while searching":
        monkeypatch.setattr(tracker, "issues", interrupted)
    else:
        monkeypatch.setattr("sys.stdin.readline", interrupted)

    ran = run("resolve", "--query", "is:unresolved")

    assert (ran.code, ran.err.splitlines()[-1].removeprefix("Resolve 2 issues? [y/N] ")) == (
        130,
        "Nothing was changed.",
    )


def test_a_bulk_change_that_is_interrupted_while_it_tells_still_counts(
    tracker: FakeTracker, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(outcomes: object) -> Any:
        raise KeyboardInterrupt

    world(tracker)
    monkeypatch.setattr(changes, "show", interrupted)

    ran = run("resolve", "--query", "is:unresolved", "--yes")

    assert (ran.code, ran.err.splitlines()[-1]) == (130, "2 changed.")


def test_an_interrupted_search_ends_quietly(tracker: FakeTracker, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(query: object) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(tracker, "issues", interrupted)

    assert run("list") == Ran(130, "", "")


def test_a_tracker_that_cannot_be_asked_is_one_sentence(
    tracker: FakeTracker, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(query: object) -> Any:
        raise TrackerError("GET https://tracker.example.com/ answered 502.")

    monkeypatch.setattr(tracker, "issues", failing)

    assert run("list") == Ran(1, "", "The tracker cannot be asked: GET https://tracker.example.com/ answered 502.")
