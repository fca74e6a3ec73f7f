"""`manage.py sentry_outbox`: in a process of its own, as an operator runs it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sentry_sdk

from apps.error_tracking.delivery.options import DeliveryOptions
from apps.error_tracking.delivery.outbox import REJECTED, Outbox
from apps.error_tracking.delivery.transport import outbox_for
from apps.error_tracking.sink import Sink
from tests.conftest import ROOT, Tracked

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(sink: Sink, tmp_path: Path) -> Run:
    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", "sentry_outbox", *arguments],
            cwd=ROOT,
            env={
                "PATH": os.environ["PATH"],
                "DJANGO_SETTINGS_MODULE": "settings.development",
                "SENTRY_DSN": sink.dsn,
                "OUTBOX_DIR": str(tmp_path),
                **variables,
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def three(tracked: Tracked, tmp_path: Path) -> Outbox:
    """An outbox in which three errors wait, of a process that is gone."""
    tracked.sink.behaviour = "error_500"
    options = DeliveryOptions(outbox_dir=str(tmp_path), retry_first=60)
    tracked.start(delivery=options)
    for number in range(3):
        sentry_sdk.capture_message(f"failure {number}", level="error")
    sentry_sdk.get_client().close(timeout=60)
    outbox = outbox_for(tracked.sink.dsn, options)
    assert outbox is not None
    assert len(outbox.entries()) == 3
    return outbox


def test_status_says_how_much_waits_and_why(run: Run, three: Outbox) -> None:
    done = run("status")

    assert done.returncode == 0, done.stderr
    assert "waiting   3 envelopes, " in done.stdout
    assert "problem   the tracker answered 500" in done.stdout
    document = json.loads(run("status", "--json").stdout)
    assert (document["waiting"], document["rejected"], document["sender"]) == (3, 0, None)
    assert document["oldest"] >= 0
    assert document["bytes"] == sum(three.sizes().values())


def test_status_of_an_empty_outbox(run: Run) -> None:
    assert "waiting   0 envelopes, 0 bytes\n" in run("status").stdout


def test_status_names_what_waits_for_another_tracker(run: Run, three: Outbox) -> None:
    assert "other     3 wait for 127.0.0.1_" in run("status", SENTRY_DSN="https://key@tracker.example.com/7").stdout


def test_flush_sends_everything_at_once(run: Run, three: Outbox, sink: Sink) -> None:
    sink.behaviour = "ok"

    done = run("flush")

    assert (done.returncode, done.stdout) == (0, "3 sent, 0 left.\n"), done.stderr
    assert sorted(event["message"] for event in sink.events()) == ["failure 0", "failure 1", "failure 2"]
    assert three.entries() == []


def test_flush_fails_when_something_is_left(run: Run, three: Outbox) -> None:
    done = run("flush", "--json")

    assert done.returncode == 1
    assert json.loads(done.stdout) == {
        "sent": 0,
        "left": 3,
        "restored": 0,
        "problem": "the tracker answered 500",
    }


def test_flush_puts_back_what_was_refused(run: Run, three: Outbox, sink: Sink) -> None:
    (three.folder / REJECTED).mkdir()
    for entry in three.entries():
        (three.folder / entry.name).rename(three.folder / REJECTED / entry.name)
    sink.behaviour = "ok"

    assert run("flush").stdout == "0 sent, 0 left.\n"
    assert run("flush", "--rejected").stdout == "3 sent, 0 left.\n"
    assert len(sink.events()) == 3


def test_purge_shows_first_and_deletes_with_yes(run: Run, three: Outbox) -> None:
    assert run("purge").stdout == "3 envelopes would be deleted; --yes deletes them.\n"
    assert len(three.entries()) == 3

    assert run("purge", "--yes").stdout == "3 envelopes deleted.\n"
    assert three.entries() == []


@pytest.mark.parametrize(("option", "count"), [(["--rejected"], 0), (["--older-than", "1h"], 1)])
def test_purge_of_some(run: Run, three: Outbox, option: list[str], count: int) -> None:
    old, *_ = three.entries()
    os.utime(three.folder / old.name, (1, 1))

    assert json.loads(run("purge", "--json", *option).stdout) == {"envelopes": count, "deleted": False}


@pytest.mark.parametrize(
    ("arguments", "variables", "says"),
    [
        (["purge", "--older-than", "soon"], {}, "'soon' is no age"),
        ([], {}, "status | flush | purge"),
        (["status"], {"SENTRY_DSN": ""}, "SENTRY_DSN is not set"),
        (["status"], {"OUTBOX_DIR": "relative"}, "OUTBOX_DIR must be the absolute path of a folder"),
    ],
)
def test_usage(run: Run, arguments: list[str], variables: dict[str, str], says: str) -> None:
    done = run(*arguments, **variables)

    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
