"""How a test watches: in this process, or in one of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.triage import commands
from tests.triage.commands import Ran

PATIENCE = 180  # seconds


def run(capsys: pytest.CaptureFixture[str], *words: str) -> Ran:
    return commands.run(capsys, "sentry_watch", *words)


def look(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    code, out, err = run(capsys, "--json", *arguments)
    document: dict[str, Any] = json.loads(out)
    assert code == bool(document["problems"]), err
    return document


def reasons(document: dict[str, Any]) -> list[list[str]]:
    assert document["problems"] == []
    return [one["rules"] for one in document["fired"]]


def environment(**variables: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name.startswith(("TRACKER_", "ALERT", "WATCH_"))}
    return {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "settings.development", **kept, **variables}


@contextmanager
def process(*arguments: str, code: str = "", **variables: str) -> Iterator[subprocess.Popen[str]]:
    """The command in a process of its own; `code` runs there before it."""
    start = ["-c", f"{code}\nimport sys, manage\nmanage.main()"] if code else ["manage.py"]
    with subprocess.Popen(
        [sys.executable, *start, "sentry_watch", *arguments],
        cwd=ROOT,
        env=environment(**variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        try:
            yield child
        finally:
            if child.poll() is None:
                child.kill()


def wait_until(happened: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, f"{what} did not happen in {PATIENCE} s"
        time.sleep(0.02)
