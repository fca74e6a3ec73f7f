"""`manage.py sentry_erase`: what is deleted, what is not, and what it asks before."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.triage import erasure
from tests.triage.erasure import run
from tests.triage.memory_tracker import ALICE, BOB, MemoryTracker


def test_issues_with_events_of_this_user_only_are_deleted(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]
) -> None:
    tracker.add(1, 2, user=ALICE)
    others = tracker.add(3, user=BOB)

    code, out = run(capsys, ALICE, "--yes")

    assert code == 0
    assert list(tracker.kept) == [others.id]
    assert "2 events in 1 issue, 0 of them with others' events too. 1 issue to delete." in out
    assert "Deleted 1 of 1 issue." in out
    assert "Searched again: Bugsink 2.6 has no event of this user." in out


@pytest.mark.parametrize("other", [BOB, ""])
def test_an_issue_with_events_of_others_or_of_nobody_is_kept(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str], other: str
) -> None:
    tracker.add(1, 2, 3, user=[ALICE, other])

    code, out = run(capsys, ALICE, "--yes")

    assert code == 1
    assert len(tracker.kept) == 1
    assert "Searched again: 2 events of this user left in 1 issue. 1 of them have events of others too" in out


def test_a_shared_issue_is_deleted_when_asked_for(tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]) -> None:
    tracker.add(1, 2, user=[ALICE, BOB])

    code, out = run(capsys, ALICE, "--yes", "--include-shared")

    assert (code, tracker.kept) == (0, {})
    assert "1 events of others go with them" in out


def test_the_preview_says_whose_the_events_are(tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]) -> None:
    tracker.add(1, 2, 3, 4, user=[ALICE, BOB, "carol", ""])

    code, out = run(capsys, ALICE, "--json")

    document = json.loads(out[: out.rindex("}") + 1])
    assert code == 1
    (issue,) = document["found"]
    assert (issue["events_of_this_user"], issue["events_of_others"], issue["other_users"]) == (1, 3, 2)


def test_what_is_all_shared_is_no_erasure_and_leaves_no_receipt(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    tracker.add(1, 2, user=[ALICE, BOB])
    receipt = tmp_path / "receipt.json"

    code, out = run(capsys, ALICE, "--receipt", str(receipt))

    assert code == 1
    assert "--include-shared deletes them" in out
    assert not receipt.exists()


def test_without_a_terminal_and_without_yes_nothing_is_deleted(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]
) -> None:
    tracker.add(1, user=ALICE)

    code, out = run(capsys, ALICE)

    assert code == 1
    assert "This would delete 1 issue; --yes does it without asking." in out
    assert "Nothing was deleted." in out
    assert len(tracker.kept) == 1
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(("answer", "kept"), [("y", 0), ("YES", 0), ("n", 1), ("", 1), ("yep", 1)])
def test_on_a_terminal_it_asks(
    tracker: MemoryTracker,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    kept: int,
) -> None:
    tracker.add(1, user=ALICE)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda question: answer)

    run(capsys, ALICE)

    assert len(tracker.kept) == kept


def test_a_question_that_is_not_answered_is_a_no(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(question: str) -> str:
        raise EOFError

    tracker.add(1, user=ALICE)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", end)

    code, out = run(capsys, ALICE)

    assert (code, len(tracker.kept)) == (1, 1)
    assert "Nothing was deleted." in out


@pytest.mark.parametrize("name", ["Bugsink 2.6", "GlitchTip 5", "Sentry"])
def test_what_stays_behind_is_told_for_each_tracker(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    tracker.name = name

    out = run(capsys, ALICE)[1]

    assert f"- {name.split(maxsplit=1)[0]} hides a deleted issue at once" in out
    assert "- Backups of the tracker's database have everything" in out


def test_an_issue_with_more_events_than_are_looked_at_counts_as_shared(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "MOST_EVENTS", 2)
    tracker.add(1, 2, 3, user=ALICE)

    code, out = run(capsys, ALICE, "--yes")

    assert (code, len(tracker.kept)) == (1, 1)
    assert "0 or more" in out


def test_thousands_of_issues_are_deleted(tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(3000):
        tracker.add(1, user=ALICE)

    code, out = run(capsys, ALICE, "--yes")

    assert code == 0
    assert "… and 2,950 more; --json has them all." in out
    assert "Deleted 3,000 of 3,000 issues." in out


def test_on_a_terminal_progress_is_told(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker.add(1, user=ALICE)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)

    out = run(capsys, ALICE, "--yes")[1]

    assert "looked at 1 issue, 1 of this user" in out
    assert "deleted 1 of 1" in out


def test_a_uuid_may_be_written_in_any_form(tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]) -> None:
    tracker.add(1, user=ALICE)

    assert run(capsys, ALICE.replace("-", "").upper(), "--yes")[0] == 0
    assert tracker.kept == {}


@pytest.mark.parametrize("text", ["jane@example.com", "", "*", "nonsense", 'a"b', "-5", "1.5", "٣", "1" * 21, "a:b"])
def test_what_is_no_id_is_refused_and_not_repeated(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("sentry_erase", "--", text)

    assert refused.value.returncode == 2
    assert "jane" not in str(refused.value)
    assert tracker.asked == []
    assert list(Path().iterdir()) == []
