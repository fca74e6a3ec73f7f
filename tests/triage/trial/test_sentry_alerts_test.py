"""`manage.py sentry_alerts test`: real errors, each tracker, receivers that confirm what they got."""

import io
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sentry_sdk
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from apps.triage import config
from apps.triage.alerts import file
from apps.triage.notify.local import Local
from apps.triage.query import Query
from tests.triage import commands
from tests.triage.alerts import NET
from tests.triage.commands import Ran
from tests.triage.real_bugsink import Project

pytestmark = pytest.mark.django_db
RULES = ["new issue", "spike", "user impact"]


@pytest.fixture(autouse=True)
def _own_client() -> Iterator[None]:
    with sentry_sdk.isolation_scope():
        yield
    sentry_sdk.get_client().close(timeout=1)
    sentry_sdk.get_global_scope().set_client(None)


@pytest.fixture
def gate(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GATE_DIR", str(folder.parent / "gate"))
    return folder.parent / "gate" / "fired.json"


@pytest.fixture
def sending(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENTRY_DSN", dsn)
    monkeypatch.setenv("SENTRY_ENVIRONMENT", "production")


@pytest.fixture
def on_bugsink(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENTRY_ENVIRONMENT", "production")


def run(capsys: pytest.CaptureFixture[str], *words: str) -> Ran:
    return commands.run(capsys, "sentry_alerts", "test", *words)


def trials(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    code, out, _ = run(capsys, "--json", *arguments)
    return code, json.loads(out)["trials"]


def fired(path: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(path.read_text())["fired"]
    return entries


def test_each_rule_fires_for_each_priority_on_each_tracker_and_the_record_says_so(
    sending: None, gate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, tried = trials(capsys, "--receiver", "local")

    assert [(one["rule"], one["priority"], one["told"], one["problems"]) for one in tried] == [
        (rule, priority, told, [])
        for rule in RULES
        for priority, told in (("P0", ["pager", "chat"]), ("P1", ["chat"]), ("P2", ["team"]))
    ]
    assert code == 0
    alerts = file.load(Path(os.environ["ALERTS_FILE"]))
    tracker = config.tracker()
    entries = fired(gate)
    assert [entry["rule"] for entry in entries] == RULES
    for entry, rule in zip(entries, alerts.rules, strict=True):
        assert entry["sha256"] == alerts.fingerprint(rule)
        assert entry["kinds"] == ["email", "pagerduty", "slack"]
        assert (entry["receiver"], entry["evaluated_by"]) == ("local", "watch")
        assert (entry["tracker"], entry["environment"]) == (tracker.name, "production")
        assert all(tracker.event(event_id) for event_id in entry["event_ids"])
    assert {issue.status for issue in tracker.issues(Query())} == {"resolved"}
    assert "127.0.0.1" not in gate.read_text()


def test_real_receivers_get_test_in_front(
    on_bugsink: None, local: Local, gate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, tried = trials(capsys, "new issue")

    assert code == 0, tried
    assert [(one.kind, one.to) for one in local.received] == [
        ("pagerduty", ("pager",)),
        ("slack", ("chat",)),
        ("slack", ("chat",)),
        ("email", ("team@example.com",)),
    ]
    assert all("TEST P" in one.text for one in local.received)
    assert [entry["receiver"] for entry in fired(gate)] == ["real"]


def test_a_receiver_that_refuses_is_a_failure_and_no_record(
    on_bugsink: None, local: Local, gate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    local.refuses = {"pagerduty": 400}

    code, tried = trials(capsys, "new issue")

    assert code == 1
    assert [one["problems"] for one in tried] == [["pager: PagerDuty answered 400"], [], []]
    assert tried[0]["told"] == ["chat"]
    assert not gate.exists()


def test_the_watch_that_runs_beside_it_tells_nobody(
    on_bugsink: None, local: Local, gate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("sentry_watch")
    trials(capsys, "--receiver", "local")

    call_command("sentry_watch")

    assert local.received == []


@pytest.mark.parametrize("dsn", ["glitchtip", "sentry"], indirect=True)
def test_what_the_tracker_sends_itself_is_asked_of_a_person(
    sending: None, gate: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(os.environ["ALERTS_FILE"])
    path.write_text(path.read_text() + NET)

    _, (before,) = trials(capsys, "net", "--receiver", "local")
    assert before["problems"] == [f"{config.tracker().name} sends this one, and nobody said that it arrived"]
    assert not gate.exists()

    _answer(monkeypatch, "y\n")
    code, _, err = run(capsys, "net", "--receiver", "local")
    assert code == 0
    assert "Did a notification about a test of 'net' reach everybody? [y/N]" in err
    assert [(entry["rule"], entry["evaluated_by"]) for entry in fired(gate)] == [("net", "tracker")]


def _answer(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    terminal = io.StringIO(text)
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal)


def test_a_rule_that_nobody_evaluates_is_a_failure(
    on_bugsink: None, gate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(os.environ["ALERTS_FILE"])
    path.write_text(path.read_text() + NET)

    code, (tried,) = trials(capsys, "net", "--receiver", "local")

    assert (code, tried["evaluated_by"]) == (1, "nobody")
    assert tried["problems"][0].startswith("Bugsink 2.6 has no alert rules in its API")


def test_a_rule_that_the_watch_evaluates_in_the_place_of_the_tracker_tells_the_others(
    on_bugsink: None, gate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(os.environ["ALERTS_FILE"])
    path.write_text(path.read_text() + NET + 'instead = ["team"]\n')

    code, (tried,) = trials(capsys, "net", "--receiver", "local")

    assert (code, tried["evaluated_by"], tried["told"], tried["problems"]) == (0, "watch", ["team"], [])
    assert [(entry["rule"], entry["kinds"]) for entry in fired(gate)] == [("net", ["email"])]


def test_a_rule_that_the_application_can_never_make_fire_is_said(
    on_bugsink: None, gate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(os.environ["ALERTS_FILE"])
    path.write_text(path.read_text().replace("events = 10", "events = 100"))

    code, tried = trials(capsys, "spike", "--receiver", "local")

    assert code == 1
    assert {problem for one in tried for problem in one["problems"]} == {
        "it never fires: the application sends 100 errors of one kind a minute at most "
        "(ERROR_TRACKING's ERRORS_PER_MINUTE)"
    }


def test_in_an_environment_that_a_rule_is_not_about_it_is_tried_and_said(
    on_bugsink: None, gate: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENTRY_ENVIRONMENT", "staging")

    code, _, err = run(capsys, "new issue", "--receiver", "local")

    assert code == 0
    assert err.count("new issue was tried in staging, which it is not about.") == 1
    assert [entry["environment"] for entry in fired(gate)] == ["staging"]


def test_errors_that_do_not_reach_the_tracker_are_a_failure(
    on_bugsink: None, gate: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENTRY_DSN", f"http://{'0' * 32}@127.0.0.1:1/1")

    code, tried = trials(capsys, "new issue", "--receiver", "local", "--timeout", "0.1")

    assert code == 1
    assert tried[0]["problems"] == ["it did not fire in 0.1 seconds: Bugsink has not got all 1 of its errors"]


def test_the_table_says_what_fired_and_what_stays(
    on_bugsink: None, gate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "new issue", "--receiver", "local")

    assert code == 0
    rows = [line.split("\t") for line in out.splitlines()]
    seconds = [row.pop(5) for row in rows]
    assert rows == [
        ["new issue", "P0", "watch", "pager, chat", "2 of 2", "fired"],
        ["new issue", "P1", "watch", "chat", "1 of 1", "fired"],
        ["new issue", "P2", "watch", "team", "1 of 1", "fired"],
    ]
    assert all(re.fullmatch(r"\d+\.\d", one) for one in seconds)
    assert "4 messages arrived on this machine; --show prints them." in err
    assert err.count("(resolved)") == 3
    assert f"What fired is in {gate}." in err
    assert "Traceback" not in err


def test_what_real_receivers_had_is_not_seen_here(
    on_bugsink: None, local: Local, gate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    local.refuses = {"slack": 503}

    code, out, err = run(capsys, "new issue")

    assert code == 1
    assert [line.split("\t")[3::2] for line in out.splitlines()] == [
        ["pager", "chat: Slack answered 503"],
        ["nobody", "chat: Slack answered 503"],
        ["team", "fired"],
    ]
    assert "--show" not in err


def test_what_arrived_on_loopback_is_shown_once_to_who_asks(
    on_bugsink: None, gate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(capsys, "new issue", "--receiver", "local", "--show")

    assert re.findall(r"^(\w+ to [\w@.]+):$", out, re.MULTILINE) == [
        "pagerduty to pager",
        "slack to chat",
        "slack to chat",
        "email to team@example.com",
    ]
    heads = [line for line in out.splitlines() if line.startswith("    TEST P")]
    assert [line.split(":")[0] for line in heads[:4]] == [
        "    TEST P0 production",
        "    TEST P0 production",
        "    TEST P1 production",
        "    TEST P2 production",
    ]
    assert re.search(r"^    Why: +new issue$", out, re.MULTILINE)
    assert "mrkdwn" not in out


def test_what_arrived_on_loopback_is_in_the_document_and_nobody_sees_it_elsewhere(
    on_bugsink: None, local: Local, gate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, here, _ = run(capsys, "new issue", "--json", "--receiver", "local")
    _, elsewhere, _ = run(capsys, "new issue", "--json")

    assert [(one["kind"], one["to"]) for one in json.loads(here)["received"]] == [
        ("pagerduty", ["pager"]),
        ("slack", ["chat"]),
        ("slack", ["chat"]),
        ("email", ["team@example.com"]),
    ]
    assert all("TEST P" in one["text"] for one in json.loads(here)["received"])
    assert json.loads(elsewhere)["received"] is None


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["new isue"], "There is no rule 'new isue'. Did you mean 'new issue'?"),
        (["--show"], "--show needs --receiver local: what arrives elsewhere is not seen here."),
        (["--timeout", "0"], "--timeout must be a number of seconds above 0."),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_code_2(folder: Path, arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("sentry_alerts", "test", *arguments)

    assert (str(refused.value), refused.value.returncode) == (sentence, 2)


def test_without_a_place_to_send_to_there_is_nothing_to_try(
    on_bugsink: None, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SENTRY_DSN")

    with pytest.raises(ImproperlyConfigured, match="SENTRY_DSN must be set"):
        call_command("sentry_alerts", "test")
