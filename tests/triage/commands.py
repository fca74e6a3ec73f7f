"""How a test runs a command, and names the tracker that it asks."""

from typing import NamedTuple

import pytest
from django.core.management import call_command


class Ran(NamedTuple):
    """An exit code, and what was printed on standard output and error."""

    code: int
    out: str
    err: str


def run(capsys: pytest.CaptureFixture[str], *words: str) -> Ran:
    """Run a command. Raises CommandError."""
    code = 0
    capsys.readouterr()
    try:
        call_command(*words)
    except SystemExit as stop:
        code = int(str(stop.code))
    printed = capsys.readouterr()
    return Ran(code, printed.out, printed.err)


def name(monkeypatch: pytest.MonkeyPatch, kind: str, url: str, dsn: str) -> None:
    """Let the environment name a double, for sending and for asking."""
    variables = {"KIND": kind, "URL": url, "ORG": "acme", "PROJECT": "goimg", "TOKEN": "t" * 40}
    for variable, value in variables.items():
        monkeypatch.setenv(f"TRACKER_{variable}", value)
    monkeypatch.setenv("SENTRY_DSN", dsn)
