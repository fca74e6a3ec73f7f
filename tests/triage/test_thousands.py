"""Five thousand issues on trackers that answer in pages: every command comes to its end, with so many requests."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.triage.digest import LONGEST, MOST_NOTES
from tests.triage import glitchtip_double, sentry_double
from tests.triage.glitchtip_events import event

ISSUES = 5000
PAGES = ISSUES // 100
ALICE, BOB = "1", "2"
MINE = 50  # issues of one person; the newest is somebody else's too
START = 5  # requests that do not depend on how much there is: the project, the hours of a trend
Run = Callable[..., tuple[int, str, str]]
Double = glitchtip_double.GlitchTipDouble | sentry_double.SentryDouble

_RUNNING: dict[str, Callable[[], AbstractContextManager[Double]]] = {
    "glitchtip": glitchtip_double.running,
    "sentry": sentry_double.running,
}


@pytest.fixture(params=["glitchtip", "sentry"])
def double(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Double]:
    """A tracker with many issues, which the environment names."""
    with _RUNNING[request.param]() as double:
        _fill(double)
        variables = {"KIND": request.param, "URL": double.url, "ORG": "acme", "PROJECT": "goimg", "TOKEN": "t" * 40}
        for name, value in variables.items():
            monkeypatch.setenv(f"TRACKER_{name}", value)
        yield double


def _fill(double: Double) -> None:
    now = datetime.now(UTC)
    for number in range(ISSUES):
        person = ALICE if number % (ISSUES // MINE) == 0 else f"{number + 10}"
        moment = now - timedelta(seconds=ISSUES + 60 - number)
        double.store.ingest(_event(number, person, moment))
    double.store.ingest(_event(ISSUES - ISSUES // MINE, BOB, now))


def _event(number: int, person: str, moment: datetime, **changes: object) -> dict[str, object]:
    text = f"broken {number}"
    return event(text, fingerprint=[text], user={"id": person}, timestamp=f"{moment:%Y-%m-%dT%H:%M:%S.%fZ}", **changes)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command with a terminal for its progress; return its exit code, what it printed and what it said."""

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stderr.isatty", lambda: True)
        code, sentence = 0, ""
        try:
            call_command(*words)
        except SystemExit as stop:
            code = int(str(stop.code))
        except CommandError as error:
            code, sentence = error.returncode, str(error)
        printed = capsys.readouterr()
        return code, printed.out, printed.err + sentence

    return run


def test_all_are_looked_at_and_some_are_listed(double: Double, run: Run) -> None:
    code, out, said = run("sentry_triage", "list", "--limit", "20")

    assert (code, len(out.splitlines())) == (0, 20)
    assert "\r\x1b[Klooked at 5,000 issues, found 5,000" in said
    assert said.endswith("20 of 5,000; --limit N for more.\n")
    assert len(double.asked) <= PAGES + 1 + START + 3 * 20  # of each shown: its event, in two forms, and its users


def test_one_of_them_is_found_by_what_the_tracker_may_not_filter(double: Double, run: Run) -> None:
    code, out, _ = run("sentry_triage", "list", "times_seen:>1")

    assert (code, [line.split("\t")[1] for line in out.splitlines()]) == (0, ["broken 4900"])
    assert len(double.asked) <= PAGES + 1 + START + 3


def test_those_with_the_most_users_are_found_by_counting_few(double: Double, run: Run) -> None:
    code, out, said = run("sentry_triage", "list", "--sort", "users", "--limit", "20")

    assert (code, out.splitlines()[0].split("\t")[1]) == (0, "broken 4900")
    assert "\r\x1b[Kcounted the users of 20 issues" in said
    assert said.endswith("20 of 5,000; --limit N for more.\n")
    assert len(double.asked) <= PAGES + 1 + START + 3 * 20


def test_the_most_urgent_are_found_by_reading_the_priority_of_few(double: Double, run: Run) -> None:
    # Urgent once and not any more, urgent and as old as anything, and urgent because somebody said so.
    for number, priorities in ((1, ("P0", "P3")), (2, ("P1",))):
        for priority in priorities:
            double.store.ingest(_event(number, BOB, datetime.now(UTC), tags={"priority": priority}))
    run("sentry_triage", "priority", "P0", "--query", "broken 1234", "--yes")
    double.asked.clear()

    code, out, said = run("sentry_triage", "list", "--sort", "priority", "--limit", "20")

    first, second, *_ = [line.split("\t")[1:4] for line in out.splitlines()]
    assert (code, first, second) == (0, ["broken 1234", "error", "P0"], ["broken 2", "error", "P1"])
    assert "\r\x1b[Kread the priority of 20 issues" in said
    assert said.endswith("20 of 5,000; --limit N for more.\n")
    # Lists of what was tagged with each of four priorities, and the comments of the one that has some.
    assert len(double.asked) <= PAGES + 1 + START + 4 + 2 + 3 * 20


def test_those_with_many_users_are_found_by_asking_about_those_with_many_events(double: Double, run: Run) -> None:
    code, out, _ = run("sentry_triage", "list", "users:>1")

    assert (code, [line.split("\t")[1] for line in out.splitlines()]) == (0, ["broken 4900"])
    assert len(double.asked) <= PAGES + 1 + START + 3


def test_the_figures_take_a_request_for_a_hundred_events(double: Double, run: Run) -> None:
    code, out, said = run("sentry_trends", "--json")

    totals = json.loads(out)["totals"]
    assert (code, totals["events"], totals["issues"]) == (0, ISSUES + 1, ISSUES)
    assert totals["users"] == ISSUES - MINE + 2
    assert "\r\x1b[Kread 5,001 events of 5,000 issues" in said
    assert len(double.asked) <= PAGES + 1 + PAGES + 1 + START


def test_none_is_changed_before_somebody_agrees(double: Double, run: Run) -> None:
    code, out, said = run("sentry_triage", "resolve", "--query", "is:unresolved")

    assert (code, len(out.splitlines())) == (2, ISSUES)
    assert said.endswith("This would resolve 5000 issues; --yes does it without asking.")
    assert {method for method, _ in double.asked} == {"GET"}
    assert len(double.asked) <= PAGES + 1 + START


def test_the_digest_reads_of_the_last_seen_only_and_says_so(double: Double, run: Run) -> None:
    code, out, said = run("sentry_triage", "digest", "--json")

    document = json.loads(out)
    assert (code, document["unresolved"]) == (0, ISSUES)
    assert document["remarks"] == [
        f"Comments and priorities of the {MOST_NOTES} last seen of {ISSUES} unresolved issues were read."
    ]
    assert "\r\x1b[Kfound 5000 unresolved" in said
    sections = len(document["sections"])
    assert len(double.asked) <= PAGES + 2 + START + 2 * MOST_NOTES + sections * (3 * LONGEST + 1)


def test_a_person_is_erased_from_all_of_them(double: Double, run: Run, tmp_path: Path) -> None:
    receipt = tmp_path / "receipt.json"

    code, out, said = run("sentry_erase", ALICE, "--yes", "--json", "--receipt", str(receipt))

    (done,) = json.loads(receipt.read_text())["runs"]
    assert code == 1  # one is somebody else's too
    assert (len(json.loads(out)["found"]), done["searched_again"]["events"]) == (MINE, 1)
    assert f"looked at {MINE} issues, {MINE} of this user" in said
    assert f"deleted {MINE - 1} of {MINE - 1}" in said
    assert len(double.store.issues) == ISSUES - (MINE - 1)
    # Each is searched for and read; looked at before, deleted, and looked for after; the one that stays is read again.
    assert len(double.asked) <= START + 5 * MINE
