"""`manage.py sentry_watch` on each tracker, over real HTTP and real SMTP."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sentry_sdk
from django.core.management import CommandError, call_command

from apps.error_tracking.sink import Sink
from apps.triage import config
from apps.triage.notify.local import Local
from apps.triage.query import Query
from apps.triage.trackers.base import Resolution
from apps.triage.watch import running
from tests.conftest import ROOT
from tests.triage import commands
from tests.triage.commands import Ran
from tests.triage.trackers.sending import client, fail

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


def test_an_error_is_told_once_to_those_whom_its_priority_names(
    dsn: str, local: Local, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reasons(look(capsys)) == []
    with client(dsn):
        fail(KeyError("poster"), priority="P0", user="u1")

    assert reasons(look(capsys)) == [["new issue"]]
    assert [(one.kind, one.to) for one in local.received] == [("pagerduty", ("pager",)), ("slack", ("chat",))]
    for one in local.received:
        assert "P0 production: KeyError: 'poster'" in one.text
        assert "new issue" in one.text
        assert "goimg-api@1.0.0" in one.text
        assert config.tracker().url in one.text
        assert "docs/deployment/runbook.md" in one.text

    assert reasons(look(capsys)) == []
    assert len(local.received) == 2


def test_all_rules_fire_on_each_tracker(dsn: str, local: Local, capsys: pytest.CaptureFixture[str]) -> None:
    look(capsys)
    with client(dsn):
        for number in range(11):
            fail(KeyError("poster"), priority="P2", user=f"u{number}")

    document = look(capsys)

    assert reasons(document) == [["new issue", "spike", "user impact"]]
    assert document["fired"][0]["events"] == 11
    (mail,) = local.received
    assert mail.kind == "email"
    assert "11 events within 1 minute (spike)" in mail.text
    assert "affected (user impact)" in mail.text


def test_ten_events_of_ten_users_are_no_spike_and_no_impact(
    dsn: str, local: Local, capsys: pytest.CaptureFixture[str]
) -> None:
    look(capsys)
    with client(dsn):
        for number in range(10):
            fail(KeyError("poster"), user=f"u{number}")

    assert reasons(look(capsys)) == [["new issue"]]


def test_an_issue_that_comes_back_is_told(dsn: str, local: Local, capsys: pytest.CaptureFixture[str]) -> None:
    with client(dsn):
        fail(KeyError("poster"))
    look(capsys)
    tracker = config.tracker()
    (issue,) = tracker.issues(Query())
    tracker.resolve(issue.id, Resolution())
    assert reasons(look(capsys)) == []

    with client(dsn):
        fail(KeyError("poster"))

    assert reasons(look(capsys)) == [["new issue"]]
    assert "came back (new issue)" in local.received[0].text


def test_staging_is_not_production(dsn: str, local: Local, capsys: pytest.CaptureFixture[str]) -> None:
    look(capsys)
    with client(dsn, environment="staging"):
        fail(KeyError("poster"))
    assert reasons(look(capsys)) == []

    with client(dsn, environment="production"):
        fail(KeyError("poster"))
    assert reasons(look(capsys)) == [["new issue"]]


def test_personal_data_that_is_on_the_tracker_is_not_told(
    dsn: str, local: Local, capsys: pytest.CaptureFixture[str]
) -> None:
    look(capsys)
    with client(dsn):
        fail(KeyError("no account for jane@example.com"))

    look(capsys)

    assert "jane@" not in local.received[0].text
    assert "jane@" not in (Path(os.environ["WATCH_STATE_DIR"]) / "state.json").read_text()


def test_a_dry_run_tells_and_keeps_nothing(dsn: str, local: Local, capsys: pytest.CaptureFixture[str]) -> None:
    look(capsys)
    with client(dsn):
        fail(KeyError("poster"), priority="P1")

    code, out, _ = run(capsys, "--dry-run")
    assert code == 0
    (row, sentence) = out.splitlines()
    assert row.split("\t")[0] == "P1"
    assert row.split("\t")[2:] == ["KeyError: 'poster'", "new issue", "chat", "production"]
    assert sentence == "1 issue changed, 1 to be told."
    assert local.received == []

    assert reasons(look(capsys)) == [["new issue"]]


def test_a_dry_run_says_of_what_a_rule_is_silent_and_why(
    dsn: str, local: Local, capsys: pytest.CaptureFixture[str]
) -> None:
    look(capsys)
    with client(dsn, environment="staging"):
        fail(KeyError("poster"))

    out = run(capsys, "--dry-run").out
    document = look(capsys, "--dry-run")

    (issue,) = {one["issue"] for one in document["silent"]}
    assert out == (
        f"new issue tells nobody of {issue}: it is about production, and this happened in staging.\n"
        "1 issue changed, none to be told.\n"
    )
    assert look(capsys)["silent"] is None


def test_a_tracker_that_refuses_is_not_said_to_have_nothing_new(
    bugsink_dsn: str, local: Local, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_TOKEN", "wrong" * 8)

    code, out, err = run(capsys, "--dry-run")

    assert (code, out) == (1, "")
    assert "answered 401" in err


def test_a_dry_run_needs_no_receivers(dsn: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--dry-run")[0] == 0


def test_a_first_look_says_what_it_does_not_tell_and_since_changes_that(
    dsn: str, local: Local, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with client(dsn):
        fail(KeyError("poster"))

    assert look(capsys)["remarks"] == ["First look: what began before it is known, and nobody is told of it (1 issue)."]
    (folder / "state.json").unlink()
    first = look(capsys, "--since", "2026-01-01T00:00Z")
    assert reasons(first) == [["new issue"]]
    assert first["remarks"] == [
        "First look: what began since 2026-01-01 00:00 UTC is new; what began before is known, and nobody is told of "
        "it (0 issues)."
    ]
    assert look(capsys, "--since", "1h")["remarks"] == [
        "--since is for a first look; this one goes on where the last one ended."
    ]


def test_a_receiver_that_is_down_gets_it_later_and_the_others_at_once(
    dsn: str, local: Local, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    look(capsys)
    with client(dsn):
        fail(KeyError("poster"), priority="P0")
    local.refuses = {"slack": 503}

    document = look(capsys)

    assert document["problems"] == ["chat: Slack answered 503"]
    assert document["waiting"] == 1
    assert [one.kind for one in local.received] == ["pagerduty"]

    local.refuses = {}
    _be_patient(folder)
    assert look(capsys)["waiting"] == 0
    assert [one.kind for one in local.received] == ["pagerduty", "slack"]


def _be_patient(folder: Path) -> None:
    """Let the time pass after which a receiver is tried again."""
    state = json.loads((folder / "state.json").read_text())
    for trouble in state["troubles"].values():
        trouble["after"] = "2026-01-01T00:00:00+00:00"
    (folder / "state.json").write_text(json.dumps(state))


def test_a_tracker_that_is_down_is_said_and_what_happened_meanwhile_is_told_later(
    dsn: str, local: Local, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    look(capsys)
    with client(dsn):
        fail(KeyError("poster"))
    with monkeypatch.context() as patch:
        patch.setenv("TRACKER_TOKEN", "wrong" * 8)
        document = look(capsys)
    assert document["problems"]
    assert "wrong" not in str(document)

    assert reasons(look(capsys)) == [["new issue"]]


def test_a_state_that_cannot_be_read_is_said_and_repeats_nothing(
    dsn: str, local: Local, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    look(capsys)
    with client(dsn):
        fail(KeyError("poster"))
    assert reasons(look(capsys)) == [["new issue"]]
    (folder / "state.json").write_text("{")

    document = look(capsys)

    assert document["fired"] == []
    assert len(document["problems"]) == 1
    assert "put aside as state-" in document["problems"][0]
    assert reasons(look(capsys)) == []
    assert len(local.received) == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--interval", "1s"], "'1s' is no interval: write 60s or 5m, 5s at least."),
        (["--interval", "soon"], "'soon' is no interval"),
        (["--since", "tomorrow"], "'tomorrow' is no moment in the past: write 2h (ago), or 2026-11-24T09:00+01:00."),
        (["--since", "2999-01-01T00:00Z"], "is no moment in the past"),
        (["--file", "nowhere.toml"], "nowhere.toml:1: the file cannot be read (FileNotFoundError)"),
    ],
)
def test_wrong_usage_is_one_sentence(arguments: list[str], sentence: str, folder: Path) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("sentry_watch", *arguments)

    assert sentence in str(refused.value)


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


@pytest.fixture
def bugsink_dsn(project: Any) -> str:
    return str(project.dsn)


def test_a_configuration_that_cannot_be_used_ends_with_code_2_and_no_traceback(bugsink_dsn: str, folder: Path) -> None:
    with process(ALERT_PAGERDUTY_KEY="k" * 32) as child:
        out, err = child.communicate(timeout=PATIENCE)

    assert (child.returncode, out) == (2, "")
    assert err == "goimg: ALERT_SLACK_URL (or ALERT_SLACK_URL_FILE) must be set: " + (
        "the receiver chat in the alerts file needs it.\n"
    )


def test_a_watch_that_is_killed_between_sending_and_keeping_says_that_it_may_repeat_itself(
    bugsink_dsn: str, local: Local, capsys: pytest.CaptureFixture[str]
) -> None:
    look(capsys)
    with client(bugsink_dsn):
        fail(KeyError("poster"), priority="P1")
    # Slack has it, and then the process is gone before it can say so.
    killed = (
        "import os, signal\n"
        "from apps.triage.notify import slack\n"
        "post = slack.post\n"
        "def killed(*arguments):\n"
        "    post(*arguments)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "slack.post = killed\n"
    )
    with process(code=killed) as child:
        child.communicate(timeout=PATIENCE)
    assert child.returncode == -signal.SIGKILL
    assert len(local.received) == 1
    assert "sent before, perhaps" not in local.received[0].text

    assert look(capsys)["fired"] == []
    assert len(local.received) == 2
    assert "sent before, perhaps: the last attempt was interrupted" in local.received[1].text

    look(capsys)
    assert len(local.received) == 2


def test_a_watch_that_is_killed_before_it_sends_misses_nothing(
    bugsink_dsn: str, local: Local, capsys: pytest.CaptureFixture[str]
) -> None:
    look(capsys)
    with client(bugsink_dsn):
        fail(KeyError("poster"), priority="P1")
    killed = (
        "import os, signal\n"
        "from apps.triage.watch import service\n"
        "service.deliver = lambda *arguments: os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    with process(code=killed) as child:
        child.communicate(timeout=PATIENCE)
    assert child.returncode == -signal.SIGKILL

    look(capsys)
    look(capsys)

    assert len(local.received) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_with_an_interval_it_goes_on_until_it_is_told_to_stop(
    bugsink_dsn: str, local: Local, folder: Path, number: signal.Signals
) -> None:
    with process("--interval", "5s", "--json") as child:
        wait_until((folder / "heartbeat").exists, "the first look")
        with client(bugsink_dsn):
            fail(KeyError("poster"), priority="P1")
        wait_until(lambda: local.received, "the message")
        child.send_signal(number)
        out, err = child.communicate(timeout=PATIENCE)

    assert child.returncode == 0, err
    rounds = [json.loads(line) for line in out.splitlines()]
    assert [one["rules"] for line in rounds for one in line["fired"]] == [["new issue"]]


def test_with_an_interval_the_tracker_hears_that_the_watch_is_alive(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    from apps.error_tracking import sdk
    from apps.error_tracking.config import Config

    sdk.start(Config(dsn=sink.dsn, environment="test", release="goimg-api@0.0.1"))
    try:
        running.check_in(timedelta(seconds=60), well=True)
        running.check_in(timedelta(seconds=90), well=False)
        sentry_sdk.flush(timeout=60)
    finally:
        sentry_sdk.get_client().close(timeout=1)
        sentry_sdk.get_global_scope().set_client(None)

    first, second = [item.payload for item in sink.items("check_in")]
    assert (first["monitor_slug"], first["status"]) == ("sentry-watch", "ok")
    assert first["monitor_config"]["schedule"] == {"type": "interval", "value": 1, "unit": "minute"}
    assert (second["status"], second["monitor_config"]["schedule"]["value"]) == ("error", 2)


def test_secrets_are_not_in_what_a_failing_watch_prints(
    bugsink_dsn: str, local: Local, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    look(capsys)
    with client(bugsink_dsn):
        fail(KeyError("poster"), priority="P0")
    monkeypatch.setenv("ALERT_SLACK_URL", "http://127.0.0.1:1/services/topsecret")
    monkeypatch.setenv("ALERT_PAGERDUTY_HOST", "http://127.0.0.1:1")

    with process("--json") as child:
        out, err = child.communicate(timeout=PATIENCE)

    assert child.returncode == 1
    problems: Sequence[str] = json.loads(out)["problems"]
    assert sorted(problems) == [
        "chat: Slack cannot be reached (ConnectError)",
        "pager: PagerDuty cannot be reached (ConnectError)",
    ]
    assert "topsecret" not in out + err
    assert os.environ["ALERT_PAGERDUTY_KEY"] not in out + err
