"""What waits in an outbox, and a disk that does not let it be read."""

import errno
import gzip
import os
from pathlib import Path
from typing import Any

import pytest

from apps.error_tracking.delivery.entry import Entry
from apps.error_tracking.delivery.outbox import Outbox

BODY = gzip.compress(b'{"event_id":"a"}\n{"type":"event"}\n{}')


def add(outbox: Outbox, kind: str = "event", event_id: str = "a" * 32) -> Entry:
    return outbox.add(kind, event_id, BODY)


def denied(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Have the system refuse to open a file: whoever runs the tests may be root, whom it refuses nothing."""
    opens = os.open

    def refuse(path: Any, *args: Any) -> int:
        if Path(path).name == name:
            raise PermissionError(errno.EACCES, "Permission denied")
        return opens(path, *args)

    monkeypatch.setattr(os, "open", refuse)
