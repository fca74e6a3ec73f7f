"""The one scenario: what a team does with its errors in a week, each answer held against what was sent.

It knows no tracker. Which one it is, the environment says (TRACKER_URL and its kin, SENTRY_DSN).
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from .world import ENVIRONMENTS, KINDS, RELEASES, Sent, send

WORKER = "jane@example.com"
_WAIT_SECONDS = 60


class Scenario:
    """One run. `sent` is the truth; `capsys` reads what commands print."""

    def __init__(self, dsn: str, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self.dsn, self.capsys, self.folder = dsn, capsys, folder
        self.sent: list[Sent] = []
        self.ids: dict[str, str] = {}  # kind -> issue ID

    def run(self) -> None:
        """Take all steps."""
        assert self.mine() == [], "the scenario needs a project without issues"
        self.sent = send(self.dsn)
        self.wait_until_all_are_there()
        self.each_error_is_found_by_its_request_id()
        self.every_filter_finds_the_same_as_the_truth()
        self.an_issue_is_shown_in_full()
        self.work_is_shared_out()
        self.one_is_resolved_and_comes_back()
        self.one_is_ignored()
        self.a_query_changes_several()
        self.the_morning_is_digested()
        self.trends_add_up()
        self.a_release_is_announced()
        self.access_is_reviewed()
        self.a_person_is_forgotten()
        self.an_issue_is_deleted()

    def wait_until_all_are_there(self) -> None:
        """Trackers take a moment."""
        deadline = time.monotonic() + _WAIT_SECONDS
        while True:
            mine = self.mine()
            if sum(issue["events"] for issue in mine) == len(self.sent) or time.monotonic() > deadline:
                break
            time.sleep(0.5)
        assert sorted(issue["events"] for issue in mine) == sorted(count for *_, count, _ in KINDS.values())

    def each_error_is_found_by_its_request_id(self) -> None:
        """From what a user reads out to the issue."""
        for kind in KINDS:
            one = next(sent for sent in self.sent if sent.kind == kind)
            shown = self.json("sentry_triage", "show", one.request_id)
            assert shown["event"]["event_id"] == one.event_id
            assert shown["event"]["user_id"] == one.user
            assert (shown["event"]["release"], shown["event"]["environment"]) == (one.release, one.environment)
            self.ids[kind] = shown["issue"]["id"]
        assert len(set(self.ids.values())) == len(KINDS)

    def every_filter_finds_the_same_as_the_truth(self) -> None:
        """The whole search syntax."""
        users: Counter[str] = Counter(kind for kind, _ in {(sent.kind, sent.user) for sent in self.sent})
        someone = self.sent[0]
        expected: dict[str, Iterable[str]] = {
            "is:unresolved": KINDS,
            "is:resolved": (),
            "is:ignored": (),
            **{f"environment:{name}": self.kinds(lambda s, n=name: s.environment == n) for name in ENVIRONMENTS},
            **{f"release:{name}": self.kinds(lambda s, n=name: s.release == n) for name in RELEASES},
            f"release:{RELEASES[0]} environment:staging": self.kinds(
                lambda s: (s.release, s.environment) == (RELEASES[0], "staging")
            ),
            f"user.id:{someone.user}": self.kinds(lambda s: s.user == someone.user),
            f"user.id:{someone.user} release:{someone.release}": self.kinds(
                lambda s: (s.user, s.release) == (someone.user, someone.release)
            ),
            f"request_id:{someone.request_id}": {someone.kind},
            f"!user.id:{someone.user}": set(KINDS) - self.kinds(lambda s: s.user == someone.user),
            **{f"error.type:{type_}": {kind} for kind, (type_, *_) in KINDS.items() if type_},
            "level:warning": {"escape"},
            "!level:warning": set(KINDS) - {"escape"},
            "times_seen:>6": {kind for kind, (*_, count, _) in KINDS.items() if count > 6},
            "times_seen:<=3": {kind for kind, (*_, count, _) in KINDS.items() if count <= 3},
            "users:>5": {kind for kind in KINDS if users[kind] > 5},
            "users:1": {kind for kind in KINDS if users[kind] == 1},
            "first_seen:<1h": KINDS,
            "first_seen:>1h": (),
            "last_seen:<1h": KINDS,
            "priority:P0": {"database"},
            "priority:P1": {kind for kind, (_, _, priority, *_) in KINDS.items() if priority == "P1"},
            "dependency:database": {"database"},
            "ZeroDivision": {"ratio"},
            '"nightly import"': {"import"},
            "level:error times_seen:>5 environment:production priority:P1": {
                kind
                for kind in self.kinds(lambda s: s.environment == "production")
                if KINDS[kind][1:3] == ("error", "P1") and KINDS[kind][3] > 5
            },
        }
        for query, kinds in expected.items():
            assert self.found(query) == set(kinds), query

    def an_issue_is_shown_in_full(self) -> None:
        """Stack with source, tags with counts, other events."""
        shown = self.json("sentry_triage", "show", self.ids["export"])
        *_, last = shown["event"]["raised"]
        frame = last["frames"][-1]
        assert (last["type"], frame["function"], frame["in_app"]) == ("ExportError", "_export", True)
        assert any("raise ExportError" in text for _, text in frame["source"])
        mine = [sent for sent in self.sent if sent.kind == "export"]
        assert shown["tags"]["release"] == dict(Counter(sent.release for sent in mine))
        assert set(shown["tags"]["request_id"]) == {sent.request_id for sent in mine}
        assert shown["issue"]["users"] == len({sent.user for sent in mine})
        assert {event["event_id"] for event in shown["other_events"]} < {sent.event_id for sent in mine}
        printed, _ = self.printed("sentry_triage", "show", self.ids["export"])
        assert "ExportError" in printed
        assert "raise ExportError" in printed

    def work_is_shared_out(self) -> None:
        """Assign, prioritise, comment; read all of it back."""
        self.changes("assign", self.ids["ratio"], WORKER)
        self.changes("assign", self.ids["ratio"], WORKER, result="already so")
        self.changes("priority", "P2", self.ids["ratio"])
        self.changes("comment", self.ids["ratio"], "Seen by the print shop too, says jim@example.com.")
        shown = self.json("sentry_triage", "show", self.ids["ratio"])
        assert (shown["issue"]["assignee"], shown["issue"]["priority"]) == (WORKER, "P2")
        texts = {comment["text"] for comment in shown["comments"]}
        assert "Seen by the print shop too, says [EMAIL_REDACTED]." in texts
        assert self.found(f"assigned:{WORKER}") == {"ratio"}
        assert self.found("priority:P2") == {"import", "ratio"}

    def one_is_resolved_and_comes_back(self) -> None:
        """Resolve in a release, then it happens again in the next one: a regression."""
        self.changes("resolve", "--in-release", RELEASES[1], self.ids["upload"])
        assert self.found("is:resolved") == {"upload"}
        again = [("upload", 0, "goimg-api@1.2.0", "production")]
        self.sent += send(self.dsn, again)
        self.until(lambda: "upload" in self.found("is:unresolved"))
        digest = self.json("sentry_triage", "digest", "--since", "1h")
        assert self.issues_of(digest, "regressed") == {self.ids["upload"]}

    def one_is_ignored(self) -> None:
        """For a week; and back."""
        self.changes("ignore", "--for", "7d", self.ids["escape"])
        assert self.found("is:ignored") == {"escape"}
        self.changes("reopen", self.ids["escape"])
        assert self.found("is:ignored") == set()
        self.changes("ignore", "--until", "100", self.ids["escape"])
        assert self.found("is:ignored") == {"escape"}

    def a_query_changes_several(self) -> None:
        """All that only staging has… here: all with few events."""
        few = self.found("is:unresolved times_seen:<=4")
        assert few == {"import", "stock", "upload"}
        few_of_them = ("resolve", "--query", "is:unresolved times_seen:<=4")
        _, said = self.printed("sentry_triage", *few_of_them, code=2)
        assert "--yes does it without asking" in said
        _, said = self.printed("sentry_triage", "delete", "--query", "", "--yes", code=2)
        assert "an empty query is every issue" in said
        assert self.found("is:resolved") == set()
        self.changes(*few_of_them)
        assert self.found("is:resolved") == few
        self.changes("reopen", "--query", "is:resolved")
        assert self.found("is:unresolved") == set(KINDS) - {"escape"}

    def the_morning_is_digested(self) -> None:
        """The sections that can be known here."""
        digest = self.json("sentry_triage", "digest", "--since", "24h")
        assert digest["unresolved"] == len(KINDS) - 1
        assert self.issues_of(digest, "new") == {self.ids[kind] for kind in KINDS if kind != "escape"}
        assert self.ids["database"] in self.issues_of(digest, "unassigned")
        assert self.ids["ratio"] not in self.issues_of(digest, "unassigned")
        assert digest["sections"]["users"]["issues"][0]["id"] == self.ids["prices"]
        markdown, _ = self.printed("sentry_triage", "digest", "--format", "markdown")
        assert markdown.startswith("# ")

    def trends_add_up(self) -> None:
        """Figures are those of what was sent."""
        trends = self.json("sentry_trends", "--period", "day")
        assert trends["totals"]["events"] == len(self.sent)
        assert trends["totals"]["issues"] == trends["totals"]["new_issues"] == len(KINDS)
        assert trends["totals"]["users"] == len({sent.user for sent in self.sent})
        assert {one["name"]: one["events"] for one in trends["environments"]} == Counter(
            sent.environment for sent in self.sent
        )
        assert {one["version"]: one["events"] for one in trends["releases"]} == Counter(
            sent.release for sent in self.sent
        )
        page = self.folder / "trends.html"
        self.printed("sentry_trends", "--period", "day", "--html", str(page))
        assert "<svg" in page.read_text()

    def a_release_is_announced(self) -> None:
        """Twice: the second time it was there."""
        version = "goimg-api@9.9.9"
        for _ in range(2):
            assert self.json("sentry_release", "create", version)["version"] == version
        deployed = self.json("sentry_release", "deploy", version, "production")
        told = (deployed["recorded"], bool(deployed["lacking"]))
        assert told in {("the deploy to production", False), ("the release", True)}

    def access_is_reviewed(self) -> None:
        """Members, or a sentence that says that this tracker tells none."""
        review = self.json("sentry_access", code=None)
        cannot = any("members" in sentence for sentence in review["unread"])
        assert cannot != bool(review["members"]), review

    def a_person_is_forgotten(self) -> None:
        """A preview first; then their issues go, also those that others share; then nothing of them is found."""
        kinds = Counter(user for user, _ in {(sent.user, sent.kind) for sent in self.sent})
        person, _ = kinds.most_common()[-1]
        mine = [sent for sent in self.sent if sent.user == person]
        preview = self.json("sentry_erase", person, code=1)
        assert {one["issue"]: one["events_of_this_user"] for one in preview["found"]} == Counter(
            self.ids[sent.kind] for sent in mine
        )
        assert not list(Path.cwd().glob("erasure-*.json")), "a preview left a receipt"
        receipt = self.folder / "receipt.json"
        arguments = (person, "--yes", "--include-shared", "--receipt", str(receipt))
        erased = self.json("sentry_erase", *arguments)
        assert erased["receipt"]["runs"][-1]["searched_again"]["events"] == 0
        assert person not in receipt.read_text()
        gone = {sent.kind for sent in mine}
        assert self.found("") == set(KINDS) - gone
        for kind in gone:
            del self.ids[kind]

    def an_issue_is_deleted(self) -> None:
        """And the next look does not find it."""
        kind, issue = next(iter(self.ids.items()))
        self.printed("sentry_triage", "delete", issue, code=2)
        self.changes("delete", issue, result="deleted")
        assert kind not in self.found("")
        _, errors = self.printed("sentry_triage", "show", issue, code=1)
        assert errors

    def kinds(self, matches: Callable[[Sent], bool]) -> set[str]:
        """Return the kinds of what was sent and matches."""
        return {sent.kind for sent in self.sent if matches(sent)}

    def mine(self, query: str = "") -> list[dict[str, Any]]:
        """Return the issues that a query finds."""
        everything = query or "times_seen:>0"
        issues: list[dict[str, Any]] = self.json("sentry_triage", "list", everything, "--limit", "100")["issues"]
        return issues

    def found(self, query: str) -> set[str]:
        """Return the kinds of the issues that a query finds."""
        kinds = {issue: kind for kind, issue in self.ids.items()}
        return {kinds.get(issue["id"], issue["title"]) for issue in self.mine(query)}

    def changes(self, *arguments: str, result: str = "changed") -> None:
        """Change issues; that is what must become of each."""
        results = self.json("sentry_triage", *arguments, "--yes")["issues"]
        assert results
        assert {one["result"] for one in results} == {result}, results

    def issues_of(self, digest: dict[str, Any], section: str) -> set[str]:
        """Return the IDs in a section of a digest."""
        return {issue["id"] for issue in digest["sections"][section]["issues"]}

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait for it."""
        deadline = time.monotonic() + _WAIT_SECONDS
        while not holds():
            assert time.monotonic() < deadline
            time.sleep(0.5)

    def json(self, command: str, *arguments: str, code: int | None = 0) -> Any:
        """Run a command with --json and return its document."""
        digest = arguments[:1] == ("digest",)
        printed, said = self.printed(command, *arguments, *(("--format", "json") if digest else ("--json",)), code=code)
        assert printed, (command, arguments, said)
        return json.loads(printed)

    def printed(self, command: str, *arguments: str, code: int | None = 0) -> tuple[str, str]:
        """Run a command; return what it printed to standard output and to standard error."""
        self.capsys.readouterr()
        out, errors = StringIO(), StringIO()
        got = 0
        try:
            call_command(command, *arguments, stdout=out, stderr=errors)
        except SystemExit as stop:
            got = int(str(stop.code))
        except Exception as error:  # noqa: BLE001 - CommandError, as manage.py would print it
            got = getattr(error, "returncode", 70)
            errors.write(str(error))
        captured = self.capsys.readouterr()
        printed, said = out.getvalue() + captured.out, errors.getvalue() + captured.err
        assert code is None or got == code, (command, arguments, got, said, printed[-2000:])
        return printed, said
