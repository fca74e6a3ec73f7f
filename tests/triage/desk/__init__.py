"""What the tests of `manage.py sentry_triage` share."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from apps.triage.trackers import payload
from tests.triage.commands import Ran
from tests.triage.fake_tracker import FakeTracker

HOSTILE = "[red]\x1b[2J\x1b]0;owned\x07\u202egnp.exe\r\nfake line"
STYLE = re.compile(r"\x1b\[[\d;]*m|\x1b\]8;[^\x1b\x07]*\x1b\\")
URL = "https://tracker.example.com/issues/"
EVENT = "0123456789abcdef0123456789abcdef"
Run = Callable[..., Ran]


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
