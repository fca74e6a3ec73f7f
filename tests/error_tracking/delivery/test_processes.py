"""Processes that share an outbox, or leave one behind."""

import json
import os
import subprocess
import sys
from pathlib import Path

from apps.error_tracking.sink import Sink
from tests.conftest import ROOT
from tests.error_tracking.delivery.arriving import arrived_once

LEAVE = """
import json, sys
import sentry_sdk
from apps.error_tracking import sdk
from apps.error_tracking.config import Config
from apps.error_tracking.delivery.options import DeliveryOptions
from apps.error_tracking.delivery import courier
from apps.error_tracking.delivery.transport import current
courier._LAST = 60  # on a busy machine an answer takes longer than a process that ends waits for it in production
dsn, folder, first, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
quick = dict(retry_first=0.02, retry_most=0.2, send_timeout=60, outbox_rate=10_000.0)
sdk.start(Config(dsn=dsn, traces_sample_rate=0, delivery=DeliveryOptions(outbox_dir=folder, **quick)))
ids = [sentry_sdk.capture_message(f"failure {number}", level="error") for number in range(first, first + count)]
current().wake()
sentry_sdk.flush(timeout=60)
print(json.dumps(ids))
"""


# Who has no errors of its own does not wait for those of others.
STAY = f"""{LEAVE}
import glob, time
while glob.glob(f"{{folder}}/*/*.envelope"):
    time.sleep(0.05)
"""


def processes(dsn: str, folder: str, count: int, each: int, code: str = LEAVE) -> list[str]:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, dsn, folder, str(number * each), str(each)],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "settings.test"},
            stdout=subprocess.PIPE,
        )
        for number in range(count)
    ]
    try:
        return sorted(event_id for process in started for event_id in json.loads(process.communicate(timeout=300)[0]))
    finally:
        for process in started:
            process.kill()


def test_four_processes_that_share_an_outbox_send_nothing_twice(tmp_path: Path, sink: Sink) -> None:
    expected = processes(sink.dsn, str(tmp_path), 4, 50)

    arrived_once(sink, expected)


def test_what_processes_left_that_are_gone_is_sent_by_the_next(tmp_path: Path, sink: Sink) -> None:
    sink.behaviour = "error_500"
    expected = processes(sink.dsn, str(tmp_path), 2, 20)
    assert sink.events() == []

    sink.behaviour = "ok"
    processes(sink.dsn, str(tmp_path), 4, 0, STAY)

    arrived_once(sink, expected)


def test_what_a_process_is_sending_while_it_ends_is_not_sent_again(tmp_path: Path, sink: Sink) -> None:
    sink.behaviour = "slow"
    in_haste = LEAVE.replace(
        "sentry_sdk.flush(timeout=60)", "current().settle(60); sentry_sdk.get_client().close(timeout=0)"
    )
    expected = processes(sink.dsn, str(tmp_path), 1, 100, in_haste)
    assert len(sink.events()) < len(expected)

    sink.behaviour = "ok"
    newest = processes(sink.dsn, str(tmp_path), 1, 1)  # waits for its own error, which is sent last

    arrived_once(sink, sorted(expected + newest))
