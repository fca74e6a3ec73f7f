"""What the tests of alerts share."""

from collections.abc import Callable
from typing import Any

Run = Callable[..., tuple[int, str]]
HOOK = "https://hooks.example.com/services/T0/B0/" + "sEcReT" * 4
FILE = """
[receivers.everybody]
kind = "members"
[receivers.chat]
kind = "slack"
url_variable = "ALERT_SLACK_URL"
[priorities]
P0 = { to = ["chat"] }
[[rules]]
name = "urgent"
on = "new issue"
priorities = ["P0", "P3"]
[[rules]]
name = "net"
on = "new issue"
to = ["everybody"]
by = "tracker"
"""
CHAT = FILE + '[[rules]]\nname = "all to chat"\non = "new issue"\nto = ["chat"]\n'


def names(double: Any) -> list[str]:
    store = double.store
    return sorted(row["name"] for row in getattr(store, "alerts", None) or getattr(store, "workflows", []))
