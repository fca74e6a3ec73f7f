"""Lines on a terminal and in a pipe."""

import uuid

import pytest

from apps.triage.rendering.lines import Line, print_lines

LONG = "x" * 60


@pytest.mark.parametrize(
    "text", [f"{LONG} https://tracker.example.com/i/7", f"{LONG} {uuid.UUID(int=7)}", LONG + "0" * 32]
)
def test_what_is_copied_is_neither_cut_nor_broken(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    terminal(monkeypatch)

    print_lines([Line(text)])

    assert capsys.readouterr().out == f"{text}\n"


def test_other_lines_are_cut_to_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal(monkeypatch)

    print_lines([Line(LONG)])

    assert capsys.readouterr().out == f"{LONG[:39]}…\n"


def test_a_pipe_gets_the_whole_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_lines([Line(LONG)])

    assert capsys.readouterr().out == f"{LONG}\n"


def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("TERM", "dumb")
