"""Tables of which there are several: named in a pipe, and one line a row on a terminal however narrow."""

from typing import Any

import pytest

from apps.triage.output import print_table

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
