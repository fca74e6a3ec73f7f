"""The commands of docs/triage.md do what the page says, on a real Bugsink, in the order of the page."""

import io
import re
import shlex
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.triage.query import Query
from apps.triage.trackers.bugsink import Bugsink
from tests.triage.real_bugsink import Project, RealBugsink
from tests.triage.runbook import Example, examples, same
from tests.triage.scenario.world import Sent, send

PAGE = Path(__file__).parents[2] / "docs" / "triage.md"
EVERYTHING = Query()
STYLE = re.compile(r"\x1b\[[\d;]*m|\x1b\]8;[^\x1b]*\x1b\\")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Screen(io.StringIO):
    """What a person sees: both outputs in one."""

    def isatty(self) -> bool:
        return True


class Errors(io.StringIO):
    """Standard error: no terminal, so that no progress is drawn over the rest."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen

    def write(self, text: str) -> int:
        return self._screen.write(text)


@pytest.mark.django_db(transaction=True)
def test_every_command_of_the_page_prints_what_stands_below_it(
    real_bugsink: RealBugsink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = real_bugsink.project(name="goimg")
    for name, value in {**project.variables(), "COLUMNS": "104", "TERM": "xterm"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    sent = send(project.dsn)
    _wait(project, len(sent))
    wrong = []
    for example in examples(PAGE.read_text(encoding="utf-8")):
        if example.command.endswith("list release:goimg-api@1.2.0"):
            send(project.dsn, [("prices", 0, "goimg-api@1.2.0", "production")])
            _wait(project, len(sent) + 1)
        printed = _run(_named(example, sent))
        if not same(example.lines, printed.splitlines()):
            wrong.append(f"$ {example.command}\n{printed}")

    assert wrong == [], "docs/triage.md says something else than:\n\n" + "\n".join(wrong)


def _named(example: Example, sent: list[Sent]) -> str:
    """Return the command with the ID of a request or a person that there is."""
    first = next(one for one in sent if one.kind == "prices")
    alone = next(one for one in sent if one.kind == "upload")
    return UUID.sub(alone.user if "sentry_erase" in example.command else first.request_id, example.command)


def _run(command: str) -> str:
    screen = Screen()
    with redirect_stdout(screen), redirect_stderr(Errors(screen)):
        try:
            call_command(*shlex.split(command))
        except SystemExit:
            pass  # its code is no part of what is shown
        except CommandError as error:
            screen.write(f"CommandError: {error}\n")
    return STYLE.sub("", screen.getvalue())


def _wait(project: Project, events: int) -> None:
    tracker = Bugsink(project.url, project.project, project.token)
    _until(lambda: sum(issue.events for issue in tracker.issues(EVERYTHING)) == events)


def _until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline, "the errors did not arrive"
        time.sleep(0.2)


@pytest.mark.parametrize(
    ("written", "printed", "holds"),
    [
        (["a", "…", "c"], ["a", "b", "b", "c"], True),
        (["a", "…"], ["a", "b"], True),
        (["a", "c"], ["a", "b", "c"], False),
        (["14 events, first seen now"], ["14 events, first seen 3m ago"], True),
        (["14 events"], ["15 events"], False),
        (["GOIMG-1  x   now"], ["GOIMG-1  x   12m"], True),
    ],
)
def test_an_example_is_held_against_its_shape(written: list[str], printed: list[str], holds: bool) -> None:
    assert same(written, printed) is holds


def test_a_block_without_a_command_is_found() -> None:
    with pytest.raises(ValueError, match="'x = 1' is no command with its output"):
        list(examples("```\nx = 1\n```\n"))
