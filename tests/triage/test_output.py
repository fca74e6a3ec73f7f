"""Tables of which there are several: named in a pipe, and one line a row on a terminal however narrow."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apps.triage.output import print_table
from tests.triage.glitchtip_double import TOKEN, running
from tests.triage.glitchtip_events import event
from tests.triage.glitchtip_rows import member

ROOT = Path(__file__).resolve().parents[2]

ROWS: list[dict[str, Any]] = [
    {"issue": f"GOIMG-{number}", "title": "ValueError: " + "x" * 100, "events": number, "trend": "▁▂▃▄▅▆▇█" * 4}
    for number in (1, 20)
]


def lines(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int) -> list[str]:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "dumb")
    print_table(ROWS, "Most events", ("trend", "events"))
    return [line.rstrip() for line in capsys.readouterr().out.splitlines()]


def test_in_a_pipe_a_table_has_its_name_and_its_head(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(ROWS, "Most events")

    out = capsys.readouterr().out.splitlines()
    assert out[:2] == ["Most events", "issue\ttitle\tevents\ttrend"]
    assert out[2].startswith("GOIMG-1\tValueError: xxx")


def test_a_table_without_rows_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([], "Most events")

    assert capsys.readouterr().out == ""


def test_a_wide_terminal_shows_every_column(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    title, head, first, _ = lines(capsys, monkeypatch, 100)

    assert title == "Most events"
    assert head.split() == ["issue", "title", "events", "trend"]
    assert first.endswith("▁▂▃▄▅▆▇█")


@pytest.mark.parametrize(("columns", "kept"), [(60, ["issue", "title", "events"]), (27, ["issue", "title"])])
def test_a_narrow_terminal_loses_columns_and_wraps_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int, kept: list[str]
) -> None:
    found = lines(capsys, monkeypatch, columns)

    assert len(found) == 2 + len(ROWS)
    assert found[1].split() == kept
    assert max(map(len, found)) <= columns


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    """What names a tracker with an error and a member that are findings, for a process of its own."""
    with running() as double:
        double.store.ingest(event("no mail to jane@example.com", user={"id": "7"}))
        double.store.members = [member(1, user={"name": "Jane", "lastLogin": "2020-01-02T03:04:05Z"})]
        names = {"KIND": "glitchtip", "URL": double.url, "ORG": "acme", "PROJECT": "goimg", "TOKEN": TOKEN}
        named = {f"TRACKER_{name}": value for name, value in names.items()}
        yield {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "settings.development", **named}


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("sentry_trends", 0),
        ("sentry_audit", 1),
        ("sentry_access", 1),
        ("sentry_alerts export", 0),
        ("sentry_erase 7 --yes", 0),
        ("sentry_triage list", 0),
    ],
)
def test_who_has_seen_enough_gets_no_traceback_and_the_right_code(
    environment: dict[str, str], tmp_path: Path, command: str, code: int
) -> None:
    nobody_reads, written = os.pipe()
    os.close(nobody_reads)
    words = [sys.executable, str(ROOT / "manage.py"), *command.split()]
    with os.fdopen(written, "wb") as pipe:
        done = subprocess.run(
            words, cwd=tmp_path, env=environment, stdout=pipe, stderr=subprocess.PIPE, text=True, check=False
        )

    assert (done.returncode, done.stderr) == (code, "")
