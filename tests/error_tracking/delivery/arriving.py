"""Errors that are captured, wait on disk, and arrive."""

from collections import Counter
from typing import Any

import sentry_sdk

from apps.error_tracking.delivery.outbox import Outbox
from apps.error_tracking.sink import Sink
from tests.daemons import wait_until

ERRORS = 200
# An answer that is late on a busy machine must not be given up: what the tracker took would be sent again.
QUICK: dict[str, Any] = {"retry_first": 0.02, "retry_most": 0.2, "send_timeout": 5.0, "outbox_rate": 10_000.0}
# Answers 429 that ask for no wait.
NO_WAIT = ["rate_limited_for_no_time", "rate_limited_until_long_ago", "rate_limited_for_others"]


def capture(count: int = ERRORS) -> list[str]:
    return sorted(str(sentry_sdk.capture_message(f"failure {number}", level="error")) for number in range(count))


def kept(outbox: Outbox, count: int) -> None:
    """Wait until so many are on disk."""
    wait_until(lambda: len(outbox.entries()) == count)


def arrived_once(sink: Sink, expected: list[str]) -> None:
    sink.wait_for(len(expected))
    sentry_sdk.flush(timeout=2)
    counted = Counter(event["event_id"] for event in sink.events())
    assert sorted(counted) == expected
    assert set(counted.values()) == {1}
