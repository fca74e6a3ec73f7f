"""`manage.py sentry_triage`: reading and changing issues."""

import io
import json
import re
import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.triage import config
from apps.triage.rendering import changes
from apps.triage.trackers import payload
from apps.triage.trackers.base import Resolution, TrackerError
from tests.triage.fake_tracker import LACKS, Deaf, FakeTracker

HOSTILE = "[red]\x1b[2J\x1b]0;owned\x07\u202egnp.exe\r\nfake line"
STYLE = re.compile(r"\x1b\[[\d;]*m|\x1b\]8;[^\x1b\x07]*\x1b\\")
URL = "https://tracker.example.com/issues/"
EVENT = "0123456789abcdef0123456789abcdef"


@dataclass
class Ran:
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def tracker() -> FakeTracker:
    return FakeTracker(clock=datetime.now(UTC))


@pytest.fixture
def run(tracker: FakeTracker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    def run(*arguments: str, on: FakeTracker = tracker) -> Ran:
        monkeypatch.setattr(config, "tracker", lambda: on)
        code, sentence = 0, ""
        try:
            call_command("sentry_triage", *arguments)
        except SystemExit as stop:
            code = int(str(stop.code))
        except CommandError as error:
            code, sentence = error.returncode, str(error)
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err + sentence)

    return run


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    def terminal(width: int) -> None:
        monkeypatch.setattr("sys.stdout.isatty", lambda: True)
        monkeypatch.setenv("COLUMNS", str(width))

    return terminal


def answer(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    typed = io.StringIO(text)
    typed.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stdin", typed)


def world(tracker: FakeTracker) -> None:
    tracker.put(
        {"user_id": "u1", "tags": {"priority": "P1"}}, {"user_id": "u2", "age": 30}, assignee="jane@example.com"
    )
    tracker.put({"age": 3, "tags": {"priority": "P0"}}, title="OperationalError: refused", type="OperationalError")
    tracker.put({"age": 2}, status="resolved")


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


def show_world(tracker: FakeTracker) -> None:
    frames = [
        {"filename": "django/core/handlers/base.py", "function": f"f{n}", "lineno": n, "module": "django.core"}
        for n in range(4)
    ] + [
        {
            "filename": "apps/gallery/views.py",
            "function": "post",
            "lineno": 12,
            "in_app": True,
            "pre_context": ["def post(self):", "    if True:"],
            "context_line": "        prices['poster']",
            "post_context": ["    return 1"],
        }
    ]
    data = {
        "exception": {"values": [{"type": "KeyError", "value": "'poster'", "stacktrace": {"frames": frames}}]},
        "breadcrumbs": {"values": [{"timestamp": 0, "category": "query", "message": "SELECT 1", "data": {"ms": 2}}]},
    }
    issue = tracker.put(
        {"event_id": EVENT, "user_id": "u1", "tags": {"request_id": "r-7", "priority": "P1"}},
        {"age": 20, "user_id": "u2", "tags": {"request_id": "r-8"}, "release": "goimg-api@0.9.0"},
    )
    read = payload.event(data, issue_id=issue.id, url="", taken_in=datetime.now(UTC))
    newest = tracker.stored[issue.id][0]
    tracker.stored[issue.id][0] = replace(newest, raised=read.raised, crumbs=read.crumbs, data=data)


@pytest.mark.parametrize("name", ["1", EVENT, "01234567-89ab-cdef-0123-456789abcdef", "r-7"])
def test_an_issue_is_shown_whatever_it_is_named_by(tracker: FakeTracker, run: Run, name: str) -> None:
    show_world(tracker)
    tracker.comment("1", "[goimg triage] priority=P0\nbecause of the sale")

    lines = run("show", name).out.splitlines()

    assert lines[0] == "GOIMG-1  KeyError: 'poster'"
    assert lines[1] == "P0, error, unresolved, unassigned"
    assert lines[2] == "2 events, 2 users, first seen 20h ago, last 1h ago"
    assert f"Event {EVENT}" in lines
    stack = lines.index("Stack")
    assert lines[stack + 1 : stack + 8] == [
        "  … 4 frames of django",
        "  apps/gallery/views.py:12 in post",
        "       10  def post(self):",
        "       11      if True:",
        "  >    12          prices['poster']",
        "       13      return 1",
        "KeyError: 'poster'",
    ]
    assert "  00:00:00  query: SELECT 1 ms=2" in lines
    tags = lines.index("Tags, 2 events")
    assert lines[tags + 1 : tags + 6] == [
        "  environment: production 2",
        "  priority: P1 1",
        "  release: goimg-api@1.0.0 1, goimg-api@0.9.0 1",
        "  request_id: r-7 1, r-8 1",
        "  user.id: u1 1, u2 1",
    ]
    assert any(line.endswith("goimg-api@0.9.0  r-8") for line in lines)
    assert lines[-2:] == ["[goimg triage] priority=P0", "because of the sale"]


def test_another_event_is_shown(tracker: FakeTracker, run: Run) -> None:
    show_world(tracker)
    other = tracker.stored["1"][1].event_id

    assert f"Event {other}\n" in run("show", "1", "--event", other).out
    assert run("show", "1", "--event", "f" * 32) == Ran(1, "", f"GOIMG-1 has no event {'f' * 32}.")


def test_an_event_is_shown_raw_and_an_issue_as_json(tracker: FakeTracker, run: Run) -> None:
    show_world(tracker)

    assert json.loads(run("show", "1", "--raw").out)["exception"]["values"][0]["type"] == "KeyError"
    document = json.loads(run("show", "1", "--json").out)
    assert document["issue"]["short_id"] == "GOIMG-1"
    assert document["event"]["raised"][0]["frames"][4]["source"][2] == [12, "        prices['poster']"]
    assert document["tags"]["release"] == {"goimg-api@1.0.0": 1, "goimg-api@0.9.0": 1}
    assert document["comments"] == []


def test_comments_that_cannot_be_read_are_not_an_empty_list(run: Run) -> None:
    deaf = Deaf(clock=datetime.now(UTC))
    deaf.put()

    assert run("show", "1", on=deaf).out.endswith("Comments\nBugsink 2.6 cannot list comments without SENTRY_DSN.\n")
    assert json.loads(run("show", "1", "--json", on=deaf).out)["comments"] is None


def test_what_is_not_there_is_one_sentence(run: Run) -> None:
    assert run("show", "r-404") == Ran(1, "", "Bugsink 2.6 has no issue, event or request r-404.")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["list", 'title:"x'], "QUERY: a quotation mark is not closed."),
        (["list", "is:open"], "QUERY: is: is one of unresolved, resolved, ignored."),
        (["resolve"], "Name issues, or give --query: one of the two."),
        (["resolve", "1", "--query", "x"], "Name issues, or give --query: one of the two."),
        (["resolve", "--query", ""], "--query: an empty query is every issue;"),
        (["resolve", "--query", "  "], "--query: an empty query is every issue;"),
        (["delete", "--query", "is:"], "--query: is: has no value;"),
        (["comment", "1", "  "], "TEXT is empty."),
        (["list", "\udcff"], "'\\udcff' is not written in UTF-8."),
        (["show", "\udcff"], "'\\udcff' is not written in UTF-8."),
        (["assign", "1", "\udcff"], "'\\udcff' is not written in UTF-8."),
        (["merge", "1"], "merge needs two issues or more."),
    ],
)
def test_what_was_typed_wrong_is_one_sentence(tracker: FakeTracker, run: Run, words: list[str], sentence: str) -> None:
    tracker.put()

    ran = run(*words)

    assert ran.code == 2
    assert sentence in ran.err
    assert tracker.kept["1"].status == "unresolved"


@pytest.mark.parametrize(
    "words",
    [
        ["list", "--limit=0"],
        ["list", "--sort=color"],
        ["resolve", "1", "--next-release", "--commit=abc"],
        ["resolve", "1", "--in-release", "two words"],
        ["ignore", "1", "--for=7y"],
        ["ignore", "1", "--until=-1"],
        ["priority", "P9", "1"],
        ["priority", "P0", "P1", "1"],
        ["assign"],
        ["digest", "--since=yesterday"],
        ["explode"],
        [],
    ],
)
def test_a_wrong_option_is_refused(run: Run, words: list[str]) -> None:
    ran = run(*words)

    assert ran.code in (1, 2)  # 2 on a command line; call_command has 1 for whatever argparse refuses
    assert ran.err.startswith("Error: ")


@pytest.mark.parametrize(
    ("words", "status", "how"),
    [
        (["resolve", "1"], "resolved", "[goimg triage] resolved"),
        (["resolve", "1", "--in-release", "v2"], "resolved", "[goimg triage] resolved-in=v2"),
        (["resolve", "1", "--next-release"], "resolved", "[goimg triage] resolved-in=next-release"),
        (["resolve", "1", "--commit", "abc"], "resolved", "[goimg triage] resolved-in=commit:abc"),
        (["ignore", "1", "--until", "100"], "ignored", "[goimg triage] ignored-until-events=101"),
        (["priority", "P0", "1"], "unresolved", "[goimg triage] priority=P0"),
        (["priority", "1", "P0"], "unresolved", "[goimg triage] priority=P0"),
        (["comment", "1", "Seen again."], "unresolved", "Seen again."),
    ],
)
def test_one_issue_is_changed_without_asking(
    tracker: FakeTracker, run: Run, words: list[str], status: str, how: str
) -> None:
    tracker.put()

    ran = run(*words)

    assert ran == Ran(0, f"GOIMG-1\tKeyError: 'poster'\tchanged\t{URL}1\n", "1 changed.\n")
    assert tracker.kept["1"].status == status
    assert [comment.text for comment in tracker.said["1"]] == [how]


def test_an_issue_is_assigned_and_taken_away_again(tracker: FakeTracker, run: Run) -> None:
    tracker.put()

    run("assign", "1", "jane@example.com")
    assert tracker.kept["1"].assignee == "jane@example.com"
    run("assign", "1", "nobody")
    assert tracker.kept["1"].assignee is None


def test_a_comment_leaves_without_personal_data(
    tracker: FakeTracker, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker.put()
    monkeypatch.setattr("sys.stdin", io.StringIO("Ask jane@example.com about it.\n"))

    ran = run("comment", "1", "-")

    assert [comment.text for comment in tracker.said["1"]] == ["Ask [EMAIL_REDACTED] about it."]
    assert ran.err.startswith("Personal data or secrets in the text were replaced before it is sent.\n")


def test_a_bulk_change_shows_what_it_would_change_and_asks(
    tracker: FakeTracker, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    world(tracker)
    answer(monkeypatch, "n\n")

    ran = run("resolve", "--query", "is:unresolved")

    assert ran.out.splitlines() == [
        f"GOIMG-1\tKeyError: 'poster'\tunresolved\t2\t{URL}1",
        f"GOIMG-2\tOperationalError: refused\tunresolved\t1\t{URL}2",
    ]
    assert ran.err == "Resolve 2 issues? [y/N] Nothing was changed.\n"
    assert tracker.kept["1"].status == "unresolved"

    answer(monkeypatch, "y\n")

    assert run("resolve", "--query", "is:unresolved").err == "Resolve 2 issues? [y/N] 2 changed.\n"
    assert tracker.kept["1"].status == "resolved"


@pytest.mark.parametrize(
    "words", [["resolve", "1", "2"], ["resolve", "--query", "poster"], ["delete", "1"], ["merge", "1", "2"]]
)
def test_without_a_terminal_to_ask_on_it_needs_yes(
    tracker: FakeTracker, run: Run, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    world(tracker)
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))

    ran = run(*words)

    assert ran.code == 2
    assert "--yes does it without asking." in ran.err
    assert {issue.status for issue in tracker.kept.values()} == {"unresolved", "resolved"}

    assert run(*words, "--yes").code == 0


def test_a_query_that_finds_nothing_changes_nothing(run: Run) -> None:
    assert run("delete", "--query", "nothing", "--yes") == Ran(0, "", "No issue matches.\nNothing was changed.\n")


def test_a_bulk_change_reports_each_result(tracker: FakeTracker, run: Run) -> None:
    for _ in range(3):
        tracker.put()
    tracker.broken.add("2")
    tracker.resolve("3", Resolution())

    ran = run("resolve", "1", "2", "3", "--yes")

    assert ran.code == 1
    assert [line.split("\t")[2] for line in ran.out.splitlines()] == ["changed", "failed", "already so"]
    assert ran.err == (
        "GOIMG-2: PUT https://tracker.example.com/api/issues/2/ answered 500.\n1 changed, 1 failed, 1 already so.\n"
    )


def test_what_the_tracker_lacks_is_said_once(run: Run) -> None:
    tracker = FakeTracker(lacks=LACKS, clock=datetime.now(UTC))
    for _ in range(3):
        tracker.put()

    ran = run("assign", "--query", "is:unresolved", "--yes", "jane@example.com", on=tracker)

    assert ran.err == "Bugsink 2.6 has no assignee. It is kept as a comment.\n3 changed.\n"
    assert run("list", "assigned:jane@example.com", on=tracker).out.count("jane@example.com") == 3


def test_an_interrupted_bulk_change_says_what_was_done(run: Run) -> None:
    class Interrupted(FakeTracker):
        def delete(self, issue_id: str) -> None:
            if issue_id == "2":
                signal.raise_signal(signal.SIGINT)
            super().delete(issue_id)

    tracker = Interrupted(clock=datetime.now(UTC))
    for _ in range(4):
        tracker.put()

    ran = run("delete", "1", "2", "3", "4", "--yes", on=tracker)

    assert ran.code == 130
    assert [line.split("\t")[2] for line in ran.out.splitlines()] == [
        "deleted",
        "in doubt",
        "not reached",
        "not reached",
    ]
    assert ran.err.endswith("1 deleted, 1 in doubt, 2 not reached.\n")


@pytest.mark.parametrize("where", ["while searching", "while asking"])
def test_a_bulk_change_that_is_interrupted_before_it_begins_says_so(
    tracker: FakeTracker, run: Run, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def interrupted(*arguments: object) -> Any:
        raise KeyboardInterrupt

    world(tracker)
    answer(monkeypatch, "")
    if where == "while searching":
        monkeypatch.setattr(tracker, "issues", interrupted)
    else:
        monkeypatch.setattr("sys.stdin.readline", interrupted)

    ran = run("resolve", "--query", "is:unresolved")

    assert (ran.code, ran.err.splitlines()[-1].removeprefix("Resolve 2 issues? [y/N] ")) == (
        130,
        "Nothing was changed.",
    )


def test_a_bulk_change_that_is_interrupted_while_it_tells_still_counts(
    tracker: FakeTracker, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(outcomes: object) -> Any:
        raise KeyboardInterrupt

    world(tracker)
    monkeypatch.setattr(changes, "show", interrupted)

    ran = run("resolve", "--query", "is:unresolved", "--yes")

    assert (ran.code, ran.err.splitlines()[-1]) == (130, "2 changed.")


def test_an_interrupted_search_ends_quietly(tracker: FakeTracker, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(query: object) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(tracker, "issues", interrupted)

    assert run("list") == Ran(130, "", "")


def test_results_as_json(tracker: FakeTracker, run: Run) -> None:
    tracker.put()

    document = json.loads(run("resolve", "1", "--json").out)

    assert (document["tracker"], document["action"]) == ("Bugsink 2.6", "resolve")
    assert document["issues"] == [
        {
            "id": "1",
            "short_id": "GOIMG-1",
            "title": "KeyError: 'poster'",
            "url": "https://tracker.example.com/issues/1",
            "result": "changed",
            "said": None,
        }
    ]


def test_merging_where_it_cannot_be_done_is_one_sentence(run: Run) -> None:
    tracker = FakeTracker(lacks=LACKS, clock=datetime.now(UTC))
    tracker.put()
    tracker.put()

    assert run("merge", "1", "2", "--yes", on=tracker) == Ran(1, "", "Bugsink 2.6 cannot merge issues.")


def test_a_tracker_that_cannot_be_asked_is_one_sentence(
    tracker: FakeTracker, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(query: object) -> Any:
        raise TrackerError("GET https://tracker.example.com/ answered 502.")

    monkeypatch.setattr(tracker, "issues", failing)

    assert run("list") == Ran(1, "", "The tracker cannot be asked: GET https://tracker.example.com/ answered 502.")


def test_the_digest_has_what_is_new_and_what_is_urgent(tracker: FakeTracker, run: Run) -> None:
    world(tracker)

    out = run("digest").out

    assert ": 2 unresolved\n" in out
    assert "\nNew (first seen since" in out
    assert "\nUnassigned P0 and P1 (unresolved, and nobody's)\nGOIMG-2\tOperationalError: refused\tP0\t1\t0\t" in out
    assert "\nRegressed (seen again after sentry_triage resolved it): nothing\n" in out


def test_the_digest_as_json_and_markdown(tracker: FakeTracker, run: Run) -> None:
    world(tracker)

    document = json.loads(run("digest", "--json").out)
    assert json.loads(run("digest", "--format=json").out)["sections"].keys() == document["sections"].keys()
    assert [issue["short_id"] for issue in document["sections"]["unassigned"]["issues"]] == ["GOIMG-2"]
    text = run("digest", "--format=markdown", "--since=7d").out
    assert text.startswith("# Bugsink 2.6, ")
    assert "- [GOIMG-2](https://tracker.example.com/issues/2) OperationalError: refused: P0, 1 event, 0 users" in text


def test_the_digest_covers_the_span_that_is_asked_for(tracker: FakeTracker, run: Run) -> None:
    world(tracker)

    document = json.loads(run("digest", "--json", "--since=2h").out)

    assert datetime.fromisoformat(document["until"]) - datetime.fromisoformat(document["since"]) == timedelta(hours=2)
    assert document["sections"]["new"]["issues"] == []
