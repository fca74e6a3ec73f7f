"""An erasure that is interrupted, or that the tracker or somebody else disturbs."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from apps.triage.query import Query
from apps.triage.trackers.base import Issue, TrackerError
from tests.triage.erasure import before, last_run, receipt, run
from tests.triage.memory_tracker import ALICE, BOB, NOW, MemoryTracker, event_of


def test_ctrl_c_says_what_was_done_and_a_second_run_goes_on(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        tracker.add(1, user=ALICE)
    delete = tracker.delete

    def stop_at_the_third(issue_id: str) -> None:
        if len(tracker.kept) == 3:
            raise KeyboardInterrupt
        delete(issue_id)

    monkeypatch.setattr(tracker, "delete", stop_at_the_third)
    code, out = run(capsys, ALICE, "--yes")

    assert code == 130
    assert "Deleted 2 of 5 issues, then it was interrupted: run it again to go on." in out
    assert (last_run()["outcome"], last_run()["searched_again"]) == ("interrupted", None)

    monkeypatch.setattr(tracker, "delete", delete)
    assert run(capsys, ALICE, "--yes")[0] == 0
    runs = receipt()["runs"]
    assert isinstance(runs, list)
    assert [len(one["deleted"]) for one in runs] == [2, 3]
    assert [one["outcome"] for one in runs] == ["interrupted", "complete"]


def test_ctrl_c_while_it_searches_deletes_nothing(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker.add(1, user=ALICE)

    def stop(issue_id: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(tracker, "events", stop)

    assert run(capsys, ALICE, "--yes") == (130, "Interrupted; nothing was deleted.\n")


def test_a_tracker_that_fails_in_the_middle_is_told_with_what_was_done(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        tracker.add(1, user=ALICE)
    delete = tracker.delete

    def fail_at_the_last(issue_id: str) -> None:
        if len(tracker.kept) == 1:
            raise TrackerError("DELETE https://tracker.example.com/ answered 502.")
        delete(issue_id)

    monkeypatch.setattr(tracker, "delete", fail_at_the_last)
    code, out = run(capsys, ALICE, "--yes")

    assert code == 1
    assert "Deleted 2 of 3 issues, then the tracker failed: DELETE https://tracker.example.com/ answered 502." in out
    assert "nothing is proved" in out
    assert last_run()["outcome"] == "failed"


def test_an_issue_that_somebody_deletes_meanwhile_is_as_good_as_deleted(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]
) -> None:
    first = tracker.add(1, user=ALICE)
    tracker.add(2, user=ALICE)
    before(tracker, "issue", lambda: _lose(tracker, first))

    code, out = run(capsys, ALICE, "--yes")

    assert code == 0
    assert "Deleted 1 of 2 issues, 1 were gone already." in out
    assert last_run()["gone_before"] == [first.id]


def test_an_issue_that_fails_for_somebody_else_meanwhile_is_left_alone(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]
) -> None:
    issue = tracker.add(1, user=ALICE)
    before(tracker, "issue", lambda: _fail_for(tracker, issue, BOB))

    code, out = run(capsys, ALICE, "--yes")

    assert code == 1
    assert "1 were left: others' events came in meanwhile" in out
    assert list(tracker.kept) == [issue.id]


def test_a_tracker_that_says_deleted_and_keeps_it_is_found_out(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker.add(1, user=ALICE)
    monkeypatch.setattr(tracker, "delete", lambda issue_id: None)

    code, out = run(capsys, ALICE, "--yes")

    assert code == 1
    assert "Searched again: 1 event of this user left in 1 issue." in out


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), 130, "then it was interrupted"),
        (TrackerError("GET https://tracker.example.com/ answered 502."), 1, "then the tracker failed: GET https://"),
    ],
)
def test_an_erasure_that_could_not_be_proved_is_not_called_complete(
    tracker: MemoryTracker,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    code: int,
    said: str,
) -> None:
    tracker.add(1, user=ALICE)
    tracker.add(1, user=BOB)
    issues = tracker.issues

    def fail_when_deleted(query: Query) -> Iterator[Issue]:
        if len(tracker.kept) == 1:
            raise error
        return issues(query)

    monkeypatch.setattr(tracker, "issues", fail_when_deleted)

    found, out = run(capsys, ALICE, "--yes")

    assert found == code
    assert f"Deleted 1 of 1 issue, {said}" in out
    assert (last_run()["searched_again"], last_run()["deleted"]) == (None, ["i1"])


def test_a_tracker_that_cannot_be_read_is_one_sentence(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(query: object) -> None:
        raise TrackerError("GET https://tracker.example.com/ answered 502.")

    monkeypatch.setattr(tracker, "issues", fail)

    code, out = run(capsys, ALICE, "--yes")

    assert code == 1
    assert (
        out == "The tracker cannot be read, and nothing was deleted: GET https://tracker.example.com/ answered 502.\n"
    )


def _lose(tracker: MemoryTracker, issue: Issue) -> None:
    tracker.kept.pop(issue.id, None)
    tracker.stored.pop(issue.id, None)


def _fail_for(tracker: MemoryTracker, issue: Issue, user: str) -> None:
    moment = NOW + timedelta(seconds=1)
    tracker.kept[issue.id] = replace(issue, events=2, last_seen=moment)
    if len(tracker.stored[issue.id]) == 1:
        tracker.stored[issue.id].append(event_of(issue, moment, user, "goimg-api@1.0.0", "production"))
