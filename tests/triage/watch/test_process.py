"""A watch as a process: killed, told to stop, alive, and silent about secrets."""

import json
import os
import signal
from collections.abc import Sequence
from pathlib import Path

import pytest
import sentry_sdk

from apps.error_tracking.sink import Sink
from apps.triage.notify.local import Local
from apps.triage.watch import running
from tests.triage.trackers.sending import client, fail
from tests.triage.watch.watching import PATIENCE, look, process, wait_until


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
