"""`manage.py sentry_erase`: what is deleted, what is not, and how it is proved."""

import json
import re
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.triage import config, erasure
from apps.triage.query import Query
from apps.triage.receipts import subject
from apps.triage.trackers.base import Issue, TrackerError
from tests.triage.memory_tracker import ALICE, BOB, NOW, MemoryTracker, event_of


@pytest.fixture(params=[False, True], ids=["searched here", "searched by the tracker"])
def tracker(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> MemoryTracker:
    found = MemoryTracker(exact=request.param)
    monkeypatch.setattr(config, "tracker", lambda: found)
    monkeypatch.setattr(erasure, "_PAUSE", 0)
    monkeypatch.chdir(tmp_path)
    return found


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Run the command; return its exit code and what it printed."""
    code = 0
    try:
        call_command("sentry_erase", *arguments)
    except SystemExit as stop:
        code = int(str(stop.code))
    except CommandError as error:
        code = error.returncode
        print(error)  # noqa: T201 - as manage.py does
    printed = capsys.readouterr()
    return code, printed.out + printed.err


def receipt() -> dict[str, object]:
    (path,) = Path().glob("erasure-*.json")
    found: dict[str, object] = json.loads(path.read_text())
    return found


def last_run() -> dict[str, object]:
    runs = receipt()["runs"]
    assert isinstance(runs, list)
    found: dict[str, object] = runs[-1]
    return found


def before(tracker: MemoryTracker, method: str, action: Callable[[], None]) -> None:
    """Let something happen right before the tracker's next `method`."""
    original = getattr(tracker, method)

    def wrapped(*arguments: object) -> object:
        action()
        return original(*arguments)

    setattr(tracker, method, wrapped)


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


def test_a_receipt_is_not_complete_while_something_is_left(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    tracker.add(1, 2, user=[ALICE, BOB])
    receipt = tmp_path / "receipt.json"

    code, _ = run(capsys, ALICE, "--yes", "--receipt", str(receipt))

    assert code == 1
    assert json.loads(receipt.read_text())["runs"][-1]["outcome"] == "incomplete"


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


@pytest.mark.parametrize("name", ["Bugsink 2.6", "GlitchTip 5", "Sentry"])
def test_what_stays_behind_is_told_for_each_tracker(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    tracker.name = name

    out = run(capsys, ALICE)[1]

    assert f"- {name.split(maxsplit=1)[0]} hides a deleted issue at once" in out
    assert "- Backups of the tracker's database have everything" in out


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


def test_an_issue_with_more_events_than_are_looked_at_counts_as_shared(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "MOST_EVENTS", 2)
    tracker.add(1, 2, 3, user=ALICE)

    code, out = run(capsys, ALICE, "--yes")

    assert (code, len(tracker.kept)) == (1, 1)
    assert "0 or more" in out


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
