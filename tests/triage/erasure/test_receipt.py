"""The receipt of an erasure."""

import json
import re
import shutil
import stat
from pathlib import Path

import pytest

from apps.triage.receipts import subject
from tests.triage.erasure import before, last_run, receipt, run
from tests.triage.memory_tracker import ALICE, BOB, MemoryTracker


def test_a_receipt_is_not_complete_while_something_is_left(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    tracker.add(1, 2, user=[ALICE, BOB])
    receipt = tmp_path / "receipt.json"

    code, _ = run(capsys, ALICE, "--yes", "--receipt", str(receipt))

    assert code == 1
    assert json.loads(receipt.read_text())["runs"][-1]["outcome"] == "incomplete"


def test_for_a_user_without_events_command_and_receipt_say_that_nothing_was_found(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]
) -> None:
    tracker.add(1, user=BOB)

    code, out = run(capsys, ALICE)

    assert code == 0
    assert "Nothing found: check the ID." in out
    assert "Deleted" not in out
    assert "Searched again: Bugsink 2.6 has no event of this user." in out
    assert last_run()["outcome"] == "nothing found"
    assert last_run()["searched_again"] == {
        "issues": 0,
        "events": 0,
        "shared_issues": 0,
        "events_of_others": 0,
        "ids": [],
    }


def test_the_receipt_says_what_was_done_and_not_for_whom(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]
) -> None:
    issue = tracker.add(1, 2, user=ALICE)
    shared = tracker.add(1, 2, user=[ALICE, BOB])

    run(capsys, ALICE, "--yes")

    (path,) = Path().iterdir()
    assert re.fullmatch(r"erasure-\d{4}-\d\d-\d\d-[0-9a-f]{8}\.json", path.name)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert ALICE not in path.read_text()
    assert ALICE.replace("-", "") not in path.read_text()
    assert receipt()["subject"] == subject(ALICE)
    assert (receipt()["tracker"], receipt()["tool"]) == ("Bugsink 2.6", "goimg-api@1.0.0")
    assert last_run()["deleted"] == [issue.id]
    assert last_run()["found"] == {"issues": 2, "events": 3, "shared_issues": 1, "events_of_others": 1}
    left = last_run()["searched_again"]
    assert isinstance(left, dict)
    assert (left["ids"], left["events"]) == ([shared.id], 1)
    assert "background job" in str(receipt()["remains"])


def test_who_knows_the_secret_key_can_tell_whose_receipt_it_is(settings: object) -> None:
    mine = subject(ALICE)
    assert mine == subject(ALICE) != subject(BOB)

    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]

    assert subject(ALICE) != mine


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"subject": 1, "url": "", "runs": []}'])
def test_a_file_that_is_no_receipt_is_not_overwritten(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    tracker.add(1, user=ALICE)
    Path("mine.json").write_text(content)

    code, out = run(capsys, ALICE, "--yes", "--receipt", "mine.json")

    assert code == 2
    assert "mine.json is there already and is no receipt that can be read. Nothing was deleted." in out
    assert (Path("mine.json").read_text(), len(tracker.kept)) == (content, 1)


def test_the_receipt_of_somebody_else_is_not_overwritten(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, BOB, "--receipt", "mine.json")

    code, out = run(capsys, ALICE, "--receipt", "mine.json")

    assert (code, "is the receipt of another erasure" in out) == (2, True)


def test_without_a_place_for_the_receipt_nothing_is_deleted(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]
) -> None:
    tracker.add(1, user=ALICE)

    code, out = run(capsys, ALICE, "--yes", "--receipt", "missing/mine.json")

    assert code == 2
    assert "--receipt: missing/mine.json cannot be written (FileNotFoundError). Nothing was deleted." in out
    assert len(tracker.kept) == 1


def test_a_receipt_that_can_no_longer_be_written_is_missed_aloud(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]
) -> None:
    tracker.add(1, user=ALICE)
    Path("receipts").mkdir()
    before(tracker, "delete", lambda: shutil.rmtree("receipts"))

    code, out = run(capsys, ALICE, "--yes", "--receipt", "receipts/mine.json")

    assert code == 1
    assert "Deleted 1 of 1 issue. The receipt is missing: receipts/mine.json cannot be written" in out
