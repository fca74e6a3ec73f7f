"""`manage.py sentry_triage list`, once and again and again."""

import json
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from apps.triage.trackers.base import TrackerError
from tests.triage.commands import Ran
from tests.triage.desk import HOSTILE, STYLE, URL, Run, world
from tests.triage.fake_tracker import FakeTracker


def test_a_list_in_a_pipe_is_a_line_for_each_issue(tracker: FakeTracker, run: Run) -> None:
    world(tracker)
    tracker.counts["1"] = (0,) * 22 + (1, 4)

    ran = run("list")

    first, second = (line.split("\t") for line in ran.out.splitlines())
    seen = [
        f"{tracker.kept['1'].first_seen:%Y-%m-%dT%H:%M:%S}+0000",
        f"{tracker.kept['1'].last_seen:%Y-%m-%dT%H:%M:%S}+0000",
    ]
    assert first == [
        *("GOIMG-1", "KeyError: 'poster'", "error", "P1", "unresolved", "2", "2", *seen, "·" * 11 + "█"),
        "jane@example.com",
        "https://tracker.example.com/issues/1",
    ]
    assert second[:4] == ["GOIMG-2", "OperationalError: refused", "error", "P0"]
    assert (ran.code, ran.err) == (0, "")


def test_a_list_takes_a_query(tracker: FakeTracker, run: Run) -> None:
    world(tracker)

    assert run("list", "is:resolved").out.startswith("GOIMG-3\t")
    assert run("list", "is:unresolved", "error.type:OperationalError").out.startswith("GOIMG-2\t")
    assert len(run("list", "").out.splitlines()) == 3


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        ("last_seen", ["GOIMG-1", "GOIMG-3", "GOIMG-2"]),
        ("first_seen", ["GOIMG-3", "GOIMG-2", "GOIMG-1"]),
        ("events", ["GOIMG-1", "GOIMG-3", "GOIMG-2"]),
        ("users", ["GOIMG-1", "GOIMG-3", "GOIMG-2"]),
        ("priority", ["GOIMG-2", "GOIMG-1", "GOIMG-3"]),
    ],
)
def test_a_list_is_sorted(tracker: FakeTracker, run: Run, order: str, ids: list[str]) -> None:
    world(tracker)

    lines = run("list", "", f"--sort={order}").out.splitlines()

    assert [line.split("\t")[0] for line in lines] == ids


def test_a_list_by_users_says_whose_were_not_counted(
    tracker: FakeTracker, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.triage.desk.reading.MOST_ASKED", 2)
    for people in (["u1"] * 4, ["u1"] * 3, ["u1", "u2"]):
        tracker.put(*({"user_id": user} for user in people))

    counted, all_of_them = (run("list", "--sort=users", "--limit=1", *more) for more in ([], ["--count-all"]))

    assert counted.out.startswith("GOIMG-1\t")
    assert counted.err == (
        "1 of 3; --limit N for more.\n"
        "Users were counted of the 2 issues with the most events: others may have more. "
        "--count-all looks at all of them.\n"
    )
    assert (all_of_them.out[:8], all_of_them.err) == ("GOIMG-3\t", "1 of 3; --limit N for more.\n")


def test_a_list_by_priority_says_whose_were_not_read(
    tracker: FakeTracker, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.triage.desk.reading.MOST_ASKED", 2)
    for priority in ("P0", "P2", "P1"):
        tracker.put({"tags": {"priority": priority}, "age": 3 - len(tracker.kept)})

    read, all_of_them = (run("list", "--sort=priority", "--limit=1", *more) for more in ([], ["--count-all"]))

    assert read.out.startswith("GOIMG-3\t")
    assert read.err == (
        "1 of 3; --limit N for more.\n"
        "Priorities were read of 2 of 3 issues: others may be more urgent. --count-all looks at all of them.\n"
    )
    assert (all_of_them.out[:8], all_of_them.err) == ("GOIMG-1\t", "1 of 3; --limit N for more.\n")


def test_a_list_says_how_many_there_are_beyond_its_limit(tracker: FakeTracker, run: Run) -> None:
    for _ in range(1200):
        tracker.put()

    ran = run("list")

    assert len(ran.out.splitlines()) == 50
    assert ran.err == "50 of 1,200; --limit N for more.\n"
    assert sum(asked.startswith("events") for asked in tracker.asked) == 50  # not of those that are not shown


def test_nothing_found_is_said(run: Run) -> None:
    assert run("list") == Ran(0, "", "No issue matches.\n")


def test_a_list_as_json_has_the_same(tracker: FakeTracker, run: Run) -> None:
    world(tracker)

    document = json.loads(run("list", "--json", "--limit=1").out)

    assert (document["tracker"], document["query"], document["found"]) == ("Bugsink 2.6", "is:unresolved", 2)
    assert document["remarks"] == ["1 of 2; --limit N for more."]
    (issue,) = document["issues"]
    assert {
        "short_id": "GOIMG-1",
        "priority": "P1",
        "users": 2,
        "assignee": "jane@example.com",
    }.items() <= issue.items()


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_a_list_fits_any_terminal(tracker: FakeTracker, run: Run, terminal: Callable[[int], None], width: int) -> None:
    world(tracker)
    tracker.put(title="A very long title that says in many words what went wrong, " * 4, short_id="GOIMG-API-1A2B")
    terminal(width)

    head, *lines = STYLE.sub("", run("list").out).splitlines()

    assert max(map(len, [head, *lines])) <= width
    assert len(lines) == 3
    assert all(name in head for name in ("issue", "title", "prio", "events"))
    assert all("GOIMG-" in line and "P" in line for line in lines)
    assert ("users" in head, "24 hours" in head, "first" in head) == (width >= 80, width >= 120, width >= 120)


def test_a_text_of_the_tracker_drives_no_terminal(
    tracker: FakeTracker, run: Run, terminal: Callable[[int], None]
) -> None:
    crumb = {"category": HOSTILE, "message": HOSTILE, "data": {HOSTILE: HOSTILE}, "level": "info"}
    event = {"message": HOSTILE, "tags": {HOSTILE: HOSTILE}, "data": {"breadcrumbs": [crumb]}}
    tracker.put(event, title=HOSTILE, url=HOSTILE)
    tracker.comment("1", HOSTILE)

    outputs = [run(*words).out for words in (["list"], ["show", "1"], ["digest"], ["digest", "--format=markdown"])]
    terminal(100)
    outputs += [run(*words).out for words in (["list"], ["show", "1"], ["digest"])]

    for out in outputs:
        assert "[red]" in out.replace("\\", "")
        assert not set("\x07\u202e\r") & set(out)
        assert "\x1b" not in STYLE.sub("", out)
        assert not any(line.startswith("fake line") for line in out.splitlines() if "Comments" not in out)


@pytest.mark.parametrize("words", [["list"], ["digest"], ["resolve", "1"]])
def test_an_issue_is_linked_on_a_terminal_and_its_address_is_last_in_a_pipe(
    tracker: FakeTracker, run: Run, terminal: Callable[[int], None], monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    tracker.put()

    (piped,) = {line.split("\t")[-1] for line in run(*words).out.splitlines() if line.startswith("GOIMG-1\t")}
    tracker.reopen("1")
    terminal(100)
    drawn = run(*words).out

    assert piped == f"{URL}1"
    assert re.search(rf"\x1b\]8;[^;]*;{URL}1\x1b\\[^\x1b]*GOIMG-1[^\x1b]*\x1b\]8;;\x1b\\", drawn)
    assert URL not in STYLE.sub("", drawn)


def test_a_key_with_a_mistake_in_it_is_said_to_be_taken_for_a_tag(tracker: FakeTracker, run: Run) -> None:
    tracker.put({"tags": {"enviroment": "production"}})

    ran = run("list", "enviroment:production", "enviroment:production", "!times_sen:>3")

    assert ran.out.startswith("GOIMG-1\t")
    assert ran.err.splitlines() == [
        f"{key}: is no key of a query, so events with a tag of that name are looked for; did you mean {meant}:?"
        for key, meant in (("enviroment", "environment"), ("times_sen", "times_seen"))
    ]
    assert "did you mean environment:?" in run("resolve", "--query", "enviroment:production", "--yes").err


def test_watching_draws_again_and_marks_what_is_new(
    tracker: FakeTracker, run: Run, terminal: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    world(tracker)
    looks = []

    def sleep(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 1:
            tracker.put()
        elif len(looks) == 2:
            monkeypatch.setattr(tracker, "issues", failing)
        else:
            raise KeyboardInterrupt

    def failing(query: object) -> Any:
        raise TrackerError("GET https://tracker.example.com/ answered 502.")

    monkeypatch.setattr("apps.triage.desk.reading.time", SimpleNamespace(sleep=sleep))  # no other thread's
    terminal(100)

    ran = run("list", "--watch", "7")

    assert ran.code == 0
    assert looks == [7, 7, 7]
    first, second = (STYLE.sub("", drawn) for drawn in ran.out.split("\x1b[H\x1b[2J")[1:])
    assert "●" not in first
    assert [line.split()[1] for line in second.splitlines() if line.startswith("●")] == ["GOIMG-4"]
    assert "answered 502." in ran.err


def test_watching_needs_a_terminal(run: Run) -> None:
    assert run("list", "--watch") == Ran(2, "", "--watch draws on a terminal; leave it out in a pipe and with --json.")
