"""What waits for company, and what does not."""

import threading

import pytest
import sentry_sdk

from apps.error_tracking import capture_error
from apps.error_tracking.delivery import courier
from apps.error_tracking.delivery.transport import Outgoing, current, observe
from tests.conftest import Tracked


def trace(count: int = 1) -> None:
    for number in range(count):
        with sentry_sdk.start_transaction(name=f"job {number}", source="task"):
            pass


def test_a_transaction_alone_leaves_by_itself_after_a_while(tracked: Tracked) -> None:
    tracked.start(traces_sample_rate=1.0)

    trace()

    assert len(tracked.sink.wait_for(1, "transaction")) == 1


def test_transactions_in_company_all_leave_once(tracked: Tracked) -> None:
    tracked.start(traces_sample_rate=1.0)

    trace(courier._COMPANY * 2 + 1)

    names = [one["transaction"] for one in tracked.transactions()]
    assert sorted(names) == sorted(f"job {number}" for number in range(courier._COMPANY * 2 + 1))


def test_whoever_observes_does_not_miss_those_that_wait(tracked: Tracked) -> None:
    tracked.start(traces_sample_rate=1.0)
    seen: list[Outgoing] = []

    with observe(seen.append):
        trace()
        capture_error(ValueError("x"))

    assert {one.item_type for one in seen} == {"transaction", "event"}


def test_those_that_wait_are_counted_and_bounded(tracked: Tracked) -> None:
    carrier = current()
    assert carrier is not None

    carrier._later.extend([None] * courier.QUEUE_SIZE)

    assert carrier.waiting >= courier.QUEUE_SIZE
    assert carrier.full
    carrier._later.clear()


def test_when_no_sender_can_be_started_one_keeper_waits_and_nothing_is_lost(
    tracked: Tracked, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, start = set(threading.enumerate()), threading.Thread.start

    def refuse(thread: threading.Thread) -> None:
        if thread.name == "error-tracking-sender":
            raise RuntimeError("can't start new thread")
        start(thread)

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        for number in range(5):
            capture_error(ValueError(f"refused {number}"))
        keepers = [one for one in set(threading.enumerate()) - before if one.name == "error-tracking-keeper"]
    capture_error(ValueError("started"))

    assert len(keepers) == 1
    assert len(tracked.events()) == 6
