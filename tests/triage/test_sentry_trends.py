"""`manage.py sentry_trends`: the same figures in every form."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.triage import config
from apps.triage.trackers.base import TrackerError
from apps.triage.trends.tables import duration, sparkline
from tests.triage import memory_tracker
from tests.triage.memory_tracker import ALICE, BOB, MemoryTracker


@pytest.fixture
def tracker(monkeypatch: pytest.MonkeyPatch) -> MemoryTracker:
    monkeypatch.setattr(memory_tracker, "NOW", datetime.now(UTC))
    found = MemoryTracker()
    monkeypatch.setattr(config, "tracker", lambda: found)
    found.add(1, 2, 200, user=[ALICE, BOB], title="KeyError: '[red]poster'")
    found.add(3, user=ALICE, title="=HYPERLINK(1)\x1b[2J", environment="staging", status="resolved")
    return found


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    call_command("sentry_trends", *arguments)
    return capsys.readouterr().out


def test_in_a_pipe_each_table_has_its_name_and_its_head(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = run(capsys).splitlines()

    assert "This week and the one before" in lines
    assert "figure\tnow\tbefore\tchange" in lines
    assert "events\t3\t1\t+200 %" in lines
    assert "production\t2\t1\t2\t······█" in lines
    assert "GOIMG-2\t=HYPERLINK(1) [2J\tnew\t1\t1\t······█" in lines
    assert lines[-2].startswith("Mean time to resolution: unknown. Bugsink 2.6 does not say when")


def test_on_a_terminal_what_an_event_says_is_no_markup(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "140")

    out = run(capsys)

    assert "KeyError: '[red]poster'" in out
    assert "\x1b[2J" not in out


def test_the_json_document_has_the_same_figures(tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(run(capsys, "--json"))

    assert document["totals"] == {"events": 3, "issues": 2, "new_issues": 1, "users": 2}
    assert document["before"]["events"] == 1
    assert document["change"]["events"] == 200.0
    assert sum(document["series"]) == 3
    assert document["releases"][0]["per_day"] > 0
    assert document["top"][0]["issue"]["short_id"] == "GOIMG-1"
    assert datetime.fromisoformat(document["end"]).tzinfo


def test_the_flat_table_has_the_same_figures_and_no_formula(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = list(csv.DictReader(io.StringIO(run(capsys, "--csv"))))

    assert set(rows[0]) == {"section", "name", "figure", "value", "before"}
    found = {(row["section"], row["name"], row["figure"]): (row["value"], row["before"]) for row in rows}
    assert found["total", "", "events"] == ("3", "1")
    assert found["environment", "staging", "users"] == ("1", "")
    assert found["release", "goimg-api@1.0.0", "events"] == ("3", "")
    assert found["issue", "GOIMG-2", "title"][0].startswith("'=HYPERLINK")
    assert found["time to resolution", "", "issues resolved"] == ("1", "")


@pytest.mark.parametrize(("period", "parts"), [("day", 24), ("week", 7), ("month", 30)])
def test_a_period_may_be_chosen(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str], period: str, parts: int
) -> None:
    document = json.loads(run(capsys, "--json", f"--period={period}"))

    assert (document["period"], len(document["series"])) == (period, parts)


def test_a_page_is_written(tracker: MemoryTracker, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "trends.html"

    out = run(capsys, "--html", str(path))

    assert out == f"Wrote {path}.\n"
    assert path.read_text().startswith("<!doctype html>")
    assert [entry.name for entry in tmp_path.iterdir()] == ["trends.html"]


@pytest.mark.parametrize("place", [".", "missing/trends.html"])
def test_a_page_that_cannot_be_written_is_refused_before_anything_is_read(
    tracker: MemoryTracker, tmp_path: Path, place: str
) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("sentry_trends", html=tmp_path / place)

    assert refused.value.returncode == 2
    assert tracker.asked == []


def test_less_than_one_event_is_refused(tracker: MemoryTracker) -> None:
    with pytest.raises(CommandError, match="--max-events must be 1 or more") as refused:
        call_command("sentry_trends", "--max-events=0")

    assert refused.value.returncode == 2


def test_a_tracker_that_cannot_be_read_is_one_sentence(tracker: MemoryTracker, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(query: object) -> Any:
        raise TrackerError("GET https://tracker.example.com/ answered 502.")

    monkeypatch.setattr(tracker, "issues", fail)

    with pytest.raises(CommandError, match=r"The tracker cannot be read: GET .* answered 502\.") as refused:
        call_command("sentry_trends")

    assert refused.value.returncode == 1


def test_ctrl_c_is_no_traceback(tracker: MemoryTracker, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(issue_id: str) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(tracker, "events", stop)

    with pytest.raises(CommandError, match=r"Interrupted; nothing was written\.") as refused:
        call_command("sentry_trends")

    assert refused.value.returncode == 130


@pytest.mark.parametrize(("series", "drawn"), [((0, 1, 4, 8), "·▁▄█"), ((), ""), ((0, 0), "··"), ((1000, 1), "█▁")])
def test_a_sparkline_shows_that_something_was_there(series: tuple[int, ...], drawn: str) -> None:
    assert sparkline(series) == drawn


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0 min"), (59, "59 min"), (60, "1 h"), (61, "1 h 1 min"), (1500, "1 d 1 h")],
)
def test_a_duration_is_told_in_two_units_at_most(minutes: int, text: str) -> None:
    assert duration(timedelta(minutes=minutes)) == text
