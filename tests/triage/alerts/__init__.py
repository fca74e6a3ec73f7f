"""What the tests of alerts share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.triage.commands import Ran

Run = Callable[..., Ran]
HOOK = "https://hooks.example.com/services/T0/B0/" + "sEcReT" * 4
SMALL = """
[receivers.chat]
kind = "slack"
url_variable = "ALERT_SLACK_URL"
[priorities]
P0 = { to = ["chat"] }
[[rules]]
name = "new"
on = "new issue"
"""
NET = """
[receivers.everybody]
kind = "members"
[[rules]]
name = "net"
on = "new issue"
environments = []
to = ["everybody"]
by = "tracker"
"""
FILE = SMALL.replace('name = "new"', 'name = "urgent"\npriorities = ["P0", "P3"]') + NET
CHAT = FILE + '[[rules]]\nname = "all to chat"\non = "new issue"\nto = ["chat"]\n'


def written(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write an alerts file, which the environment names."""
    path = folder / "alerts.toml"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("ALERTS_FILE", str(path))
    return path


def names(double: Any) -> list[str]:
    store = double.store
    return sorted(row["name"] for row in getattr(store, "alerts", None) or getattr(store, "workflows", []))
