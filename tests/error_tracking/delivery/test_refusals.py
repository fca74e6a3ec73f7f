"""What a tracker refuses, for ever or for a while, holds up nothing else and is not tried for ever."""

import gzip
from dataclasses import replace

import pytest
import sentry_sdk

from apps.error_tracking import metrics
from apps.error_tracking.delivery.options import DeliveryOptions
from apps.error_tracking.delivery.outbox import Outbox
from apps.error_tracking.delivery.transport import current, outbox_for
from tests.conftest import Tracked
from tests.daemons import wait_until
from tests.error_tracking.delivery.arriving import NO_WAIT, QUICK, arrived_once, capture


def test_an_envelope_that_is_refused_for_ever_is_set_aside_and_holds_nothing_up(
    tracked: Tracked, outbox: Outbox
) -> None:
    tracked.sink.behaviour = "too_large"
    capture(1)
    wait_until(outbox.rejected)
    assert tracked.sink.answered == ["too_large"] * 5
    assert outbox.entries() == []

    tracked.sink.behaviour = "ok"

    arrived_once(tracked.sink, capture(5))


def test_many_that_are_refused_for_ever_hold_up_neither_those_behind_them_nor_new_ones(
    tracked: Tracked, options: DeliveryOptions
) -> None:
    outbox = outbox_for(tracked.sink.dsn, options)
    assert outbox is not None
    tracked.sink.finds_too_large = lambda envelope: b"poison" in envelope
    for number in range(20):
        outbox.add("event", f"{number:032x}", gzip.compress(b'{}\n{"type":"event"}\n{"message":"poison"}\n'))
    # After a single wait at its longest nothing would arrive before the test gives up.
    tracked.start(delivery=replace(options, retry_first=0.02, retry_most=600))

    arrived_once(tracked.sink, capture(5))
    arrived_once(tracked.sink, sorted([event["event_id"] for event in tracked.sink.events()] + capture(5)))

    sentry_sdk.get_client().close(timeout=0)


def test_an_envelope_that_breaks_the_tracker_holds_up_no_others_and_is_set_aside(
    tracked: Tracked, options: DeliveryOptions
) -> None:
    outbox = outbox_for(tracked.sink.dsn, options)
    assert outbox is not None
    tracked.sink.breaks_at = lambda envelope: b"poison" in envelope
    outbox.add("event", "f" * 32, gzip.compress(b'{}\n{"type":"event"}\n{"message":"poison"}\n'))
    tracked.start(delivery=options)

    expected = capture(20)

    arrived_once(tracked.sink, expected)
    for _ in range(100):  # each time others are sent, what fails again is one step nearer to its end
        if outbox.rejected():
            break
        expected = sorted([*expected, *capture(1)])
        tracked.sink.wait_for(len(expected))
    arrived_once(tracked.sink, expected)
    (rejected,) = outbox.rejected()
    assert "f" * 32 in rejected.name


@pytest.mark.parametrize("in_memory", [False, True])
@pytest.mark.parametrize("fault", NO_WAIT)
def test_a_429_that_asks_for_no_wait_is_no_endless_loop(
    tracked: Tracked, options: DeliveryOptions, fault: str, in_memory: bool
) -> None:
    tracked.sink.behaviour = fault
    folder = None if in_memory else options.outbox_dir
    tracked.start(delivery=replace(options, outbox_dir=folder, retry_first=600, retry_most=600))
    courier = current()
    assert courier is not None
    capture(1)
    wait_until(lambda: courier.pace.failures > 0)
    capture(5)
    courier.settle(60)

    assert tracked.sink.answered == [fault]

    sentry_sdk.get_client().close(timeout=0)


@pytest.mark.parametrize("fault", ["too_large", "bad_request", "forbidden"])
def test_without_an_outbox_what_is_refused_for_a_while_is_tried_again(tracked: Tracked, fault: str) -> None:
    tracked.start(delivery=DeliveryOptions(**QUICK))
    tracked.sink.behaviour = fault
    expected = capture(20)
    wait_until(lambda: len(tracked.sink.answered) > 3)

    tracked.sink.behaviour = "ok"

    arrived_once(tracked.sink, expected)


def test_without_an_outbox_what_is_refused_for_ever_is_tried_five_times_and_dropped(tracked: Tracked) -> None:
    tracked.start(delivery=DeliveryOptions(**QUICK))
    tracked.sink.behaviour = "too_large"
    before = metrics.ITEMS_DROPPED.labels("event", "refused")._value.get()
    capture(1)
    wait_until(lambda: metrics.ITEMS_DROPPED.labels("event", "refused")._value.get() > before)
    assert tracked.sink.answered == ["too_large"] * 5

    tracked.sink.behaviour = "ok"

    arrived_once(tracked.sink, capture(5))


def test_without_an_outbox_many_that_are_refused_hold_up_no_others(tracked: Tracked) -> None:
    tracked.start(delivery=DeliveryOptions(**{**QUICK, "retry_most": 600}))
    tracked.sink.finds_too_large = lambda envelope: b"poison" in envelope
    for number in range(20):
        sentry_sdk.capture_message(f"poison {number}", level="error")

    arrived_once(tracked.sink, capture(5))
    sentry_sdk.get_client().close(timeout=0)
