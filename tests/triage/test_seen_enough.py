"""Every command with a reader who, like `| head`, has seen enough: no traceback, and the right exit code."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO

import pytest
import sentry_sdk
from django.core.management import call_command, get_commands

from tests.conftest import ROOT
from tests.triage.alerts import HOOK, SMALL, written
from tests.triage.glitchtip_double import GlitchTipDouble
from tests.triage.glitchtip_events import event
from tests.triage.glitchtip_rows import member

CODES = {
    "sentry_access": 1,
    "sentry_alerts export": 0,
    "sentry_alerts validate": 0,
    "sentry_audit": 1,
    "sentry_erase 7 --json": 1,
    "sentry_erase 7 --yes": 0,
    "sentry_outbox status": 0,
    "sentry_outbox purge --json": 0,
    "sentry_release create goimg-api@1.2.3": 0,
    "sentry_scrub alerts.toml": 0,
    "sentry_scrub --explain --json alerts.toml": 0,
    "sentry_test --list": 0,
    "sentry_test --only unhandled --json": 0,
    "sentry_trends": 0,
    "sentry_triage list": 0,
    "sentry_triage digest": 0,
    "sentry_verify --list": 0,
    "sentry_verify --checklist": 0,
    "sentry_verify --only training": 1,
    "sentry_verify attest training --by Jane --expires TOMORROW": 0,
    "sentry_watch --json": 0,
    # It ends although nobody said stop.
    "sentry_watch --json --interval 60s": 1,
}


@pytest.fixture
def tracker(glitchtip: GlitchTipDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A tracker with an error and a member that are findings, and a folder for what a command writes."""
    glitchtip.store.ingest(event("no mail to jane@example.com", user={"id": "7"}))
    glitchtip.store.members = [member(1, user={"name": "Jane", "lastLogin": "2020-01-02T03:04:05Z"})]
    for name in ("GATE", "OUTBOX", "WATCH_STATE"):
        monkeypatch.setenv(f"{name}_DIR", str(tmp_path / name.lower()))
    written(tmp_path, SMALL, monkeypatch)
    monkeypatch.setenv("ALERT_SLACK_URL", HOOK)
    monkeypatch.chdir(tmp_path)
    with sentry_sdk.isolation_scope():
        yield
    sentry_sdk.get_client().close(timeout=1)
    sentry_sdk.get_global_scope().set_client(None)


@pytest.fixture
def unread() -> Iterator[TextIO]:
    """A pipe that nobody reads any more."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        yield pipe


@pytest.mark.django_db
@pytest.mark.parametrize("command", CODES)
def test_who_has_seen_enough_gets_the_right_code(
    tracker: None, unread: TextIO, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    code = 0
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", unread)
        try:
            call_command(*command.replace("TOMORROW", str(tomorrow)).split())
        except SystemExit as stop:
            code = int(str(stop.code))
        unread.flush()  # as Python does at its end

    assert code == CODES[command]


def test_a_process_says_nothing_of_it(tracker: None, unread: TextIO) -> None:
    words = [sys.executable, str(ROOT / "manage.py"), "sentry_release", "create", "goimg-api@1.2.3"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "settings.development"}
    done = subprocess.run(words, env=environment, stdout=unread, stderr=subprocess.PIPE, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_every_command_is_tried() -> None:
    ours = {name for name, app in get_commands().items() if app in ("apps.error_tracking", "apps.triage")}

    assert {command.split()[0] for command in CODES} == ours
