"""What a worker does at its end; what gunicorn makes of it: tests/docker."""

import os
import threading
from contextvars import copy_context
from pathlib import Path
from types import SimpleNamespace
from typing import NoReturn

import pytest

from apps.error_tracking import capture_error
from apps.error_tracking.delivery import courier
from apps.error_tracking.delivery.options import DeliveryOptions
from apps.error_tracking.server import hooks
from tests.conftest import Tracked
from tests.daemons import wait_until


def test_a_worker_with_a_request_that_hangs_waits_for_the_answer_to_what_it_sends(
    tracked: Tracked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(code: int) -> NoReturn:
        raise SystemExit(code)

    monkeypatch.setattr(os, "_exit", end)
    monkeypatch.setattr(hooks, "FLUSH_SECONDS", 0.05)
    monkeypatch.setattr(courier, "_LAST", 60.0)
    hanging = {threading.get_ident(): copy_context()}
    worker = SimpleNamespace(overdue=lambda: hanging, drain=lambda seconds: None, ended_in_order=bytearray(b"\1"))
    tracked.start(delivery=DeliveryOptions(outbox_dir=str(tmp_path)))
    tracked.sink.behaviour = "slow"
    capture_error(ValueError("x"))
    wait_until(lambda: tracked.sink.answered)

    with pytest.raises(SystemExit):
        hooks.before_exit(worker)

    assert list(tmp_path.glob("*/*.envelope")) == []
