"""The daily work with the command, on a tracker that has what `world` sent; each answer is held against that."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.triage.scenario.world import ENVIRONMENTS, KINDS, RELEASES, Sent


@dataclass(frozen=True)
class Desk:
    """Somebody at a terminal, and what was sent; `send_again` lets errors happen once more."""

    sent: list[Sent]
    capsys: pytest.CaptureFixture[str]
    send_again: Callable[[list[tuple[str, int, str, str]]], list[Sent]]

    def run(self, *words: str, code: int = 0) -> str:
        """Run the command, which must end with a code, and return what it printed."""
        self.capsys.readouterr()
        ended, said = 0, ""
        try:
            call_command("sentry_triage", *words)
        except SystemExit as stop:
            ended = int(str(stop.code))
        except CommandError as error:
            ended, said = error.returncode, str(error)
        printed = self.capsys.readouterr()
        assert ended == code, printed.out + printed.err + said
        return printed.out + printed.err + said

    def document(self, *words: str, code: int = 0) -> dict[str, Any]:
        """Run the command with --json and return its document."""
        text = self.run(*words, "--json", code=code)
        return dict(json.loads(text[text.index("{") : text.rindex("}") + 1]))

    def found(self, query: str) -> list[str]:
        """Return the kinds of what a query lists."""
        return sorted(kind_of(issue) for issue in self.document("list", query, "--limit=1000")["issues"])

    def issue(self, kind: str) -> dict[str, Any]:
        """Return the listed issue of a kind."""
        (found,) = [one for one in self.document("list", "")["issues"] if kind_of(one) == kind]
        return dict(found)


def kind_of(issue: dict[str, Any]) -> str:
    """Return the kind of failure that an issue is about."""
    (kind,) = [kind for kind, (name, *_) in KINDS.items() if name == issue["type"]]
    return kind


def everything_is_found(desk: Desk) -> None:
    """Find by request ID and by event ID, and list by every key of a query."""
    for one in {one.kind: one for one in desk.sent}.values():
        for name in (one.request_id, one.event_id):
            shown = desk.document("show", name)
            assert shown["event"]["event_id"] == one.event_id
            assert kind_of(shown["issue"]) == one.kind
            assert shown["event"]["request_id"] == one.request_id
            assert shown["event"]["user_id"] == one.user
    for query, kinds in _expected(desk.sent):
        assert desk.found(query) == sorted(kinds), query


def _expected(sent: list[Sent]) -> Iterator[tuple[str, set[str]]]:
    first = sent[0]
    yield "", set(KINDS)
    yield "is:unresolved", set(KINDS)
    yield "is:resolved", set()
    yield "!is:ignored", set(KINDS)
    for name in ENVIRONMENTS:
        yield f"environment:{name}", {one.kind for one in sent if one.environment == name}
    for version in RELEASES:
        yield f"release:{version}", {one.kind for one in sent if one.release == version}
    both = {one.kind for one in sent if (one.release, one.environment) == (RELEASES[0], ENVIRONMENTS[1])}
    yield f"release:{RELEASES[0]} environment:{ENVIRONMENTS[1]}", both
    mine = {one.kind for one in sent if one.user == first.user}
    yield f"user.id:{first.user}", mine
    yield f"!user.id:{first.user}", set(KINDS) - mine
    theirs = {one.kind for one in sent if (one.user, one.release) == (first.user, RELEASES[1])}
    yield f"user.id:{first.user} release:{RELEASES[1]}", theirs
    yield f"request_id:{first.request_id}", {first.kind}
    yield "request_id:nothing", set()
    for kind in ("prices", "import", "escape"):
        error, level, priority, count, people = KINDS[kind]
        if error:
            yield f"error.type:{error}", {kind}
            yield f"!error.type:{error}", set(KINDS) - {kind}
        yield f"times_seen:>{count}", {other for other, values in KINDS.items() if values[3] > count}
        yield f"users:<={people}", {other for other, values in KINDS.items() if values[4] <= people}
        yield f"level:{level}", {other for other, values in KINDS.items() if values[1] == level}
        if priority:
            # Of what the application gives no priority, Sentry has one of its own.
            same = {other for other, values in KINDS.items() if values[2] == priority}
            yield f'priority:{priority} !"nightly import"', same
    yield "first_seen:<1h", set(KINDS)
    yield "last_seen:>1d", set()
    yield "assigned:nobody", set(KINDS)
    yield "zerodivision", {"ratio"}
    yield '"connection refused" level:error', {"database"}


def an_issue_is_shown(desk: Desk) -> None:
    """Stack with source, breadcrumbs, tags with counts, releases, other events."""
    shown = desk.document("show", desk.issue("prices")["short_id"])
    mine = [one for one in desk.sent if one.kind == "prices"]
    assert shown["issue"]["events"] == len(mine)
    assert shown["issue"]["users"] == len({one.user for one in mine})
    assert shown["tags"]["user.id"] == {
        user: sum(one.user == user for one in mine) for user in {one.user for one in mine}
    }
    assert set(shown["tags"]["release"]) == set(RELEASES)
    frame = shown["event"]["raised"][-1]["frames"][-1]
    assert (frame["function"], frame["in_app"]) == ("_prices", True)
    assert any("poster" in text for _, text in frame["source"])
    assert {event["event_id"] for event in shown["other_events"]} < {one.event_id for one in mine}
    text = desk.run("show", mine[0].request_id)
    assert f"Event {mine[0].event_id}" in text
    assert "KeyError: 'poster'" in text
    assert json.loads(desk.run("show", mine[0].event_id, "--raw"))["exception"]
    assert "has no issue, event or request" in desk.run("show", "0123456789", code=1)


def an_issue_is_worked_on(desk: Desk) -> None:
    """Assign, prioritise, comment, resolve in a release, see it regress, ignore, reopen."""
    name = desk.issue("ratio")["short_id"]
    for words in (["assign", name, "jane@example.com"], ["priority", "P0", name]):
        assert [one["result"] for one in desk.document(*words)["issues"]] == ["changed"]
        assert [one["result"] for one in desk.document(*words)["issues"]] == ["already so"]
    assert desk.found("assigned:jane@example.com") == ["ratio"]
    assert desk.found("priority:P0") == ["database", "ratio"]
    desk.run("comment", name, "Width comes from the\nclient, as jane@example.com says.")
    comments = [one["text"] for one in desk.document("show", name)["comments"]]
    assert comments[-1] == "Width comes from the\nclient, as [EMAIL_REDACTED] says."
    desk.run("resolve", name, "--in-release", RELEASES[1])
    assert desk.found("is:resolved") == ["ratio"]
    digest = desk.document("digest")["sections"]
    assert digest["regressed"]["issues"] == []
    assert kind_of(digest["unassigned"]["issues"][0]) == "database"


def an_issue_comes_back(desk: Desk) -> None:
    """What was resolved happens again: it is unresolved, and the digest says so."""
    name = desk.issue("ratio")["short_id"]
    desk.send_again([("ratio", 0, RELEASES[1], ENVIRONMENTS[0])])
    regressed = desk.document("digest")["sections"]["regressed"]["issues"]
    assert desk.issue("ratio")["status"] == "unresolved"
    assert [one["short_id"] for one in regressed] == [name]
    desk.run("resolve", name)
    desk.run("reopen", name)
    assert desk.found("is:unresolved") == sorted(KINDS)


def issues_are_changed_by_query(desk: Desk) -> None:
    """Bulk changes name what they would change, need a yes, and report each."""
    assert "--yes does it without asking" in desk.run("ignore", "--query", "times_seen:<5", code=2)
    assert desk.found("is:ignored") == []
    for words in (["--for=7d"], ["--until=100"], []):
        answer = desk.document("ignore", "--query", "times_seen:<5", "--yes", *words)
        assert {one["result"] for one in answer["issues"]} == {"changed"}, answer
        assert desk.found("is:ignored") == ["import", "stock", "upload"]
    desk.run("reopen", "--query", "is:ignored error.type:ValueError", "--yes")
    assert desk.found("is:ignored") == ["import", "upload"]
    assert "an empty query is every issue" in desk.run("delete", "--query", "", "--yes", code=2)


def an_issue_is_deleted(desk: Desk) -> None:
    """Delete needs a yes also for one issue."""
    name = desk.issue("upload")["short_id"]
    assert "--yes" in desk.run("delete", name, code=2)
    assert [one["result"] for one in desk.document("delete", name, "--yes")["issues"]] == ["changed"]
    assert "upload" not in desk.found("")
    assert desk.run("show", name, code=1)
