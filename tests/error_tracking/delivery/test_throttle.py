"""One noisy error leaves room for the others, and nothing goes uncounted."""

import logging
from typing import Any

import pytest
import sentry_sdk

from apps.error_tracking import capture_error, metrics
from apps.error_tracking.delivery import throttle as module
from apps.error_tracking.delivery.options import DeliveryOptions
from apps.error_tracking.delivery.throttle import Throttle
from tests.conftest import Tracked

logger = logging.getLogger("tests.throttle")


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def fail(number: int) -> None:
    raise KeyError(f"order {number}")


def fail_elsewhere(number: int) -> None:
    raise KeyError(f"order {number}")


def capture(function: Any, number: int) -> str | None:
    try:
        function(number)
    except KeyError as error:
        return capture_error(error)
    raise AssertionError


def few(tracked: Tracked, per_minute: int) -> None:
    tracked.start(delivery=DeliveryOptions(errors_per_minute=per_minute))


def test_the_first_go_then_the_rest_evenly_and_the_next_one_tells_how_many_did_not() -> None:
    clock = Clock()
    throttle = Throttle(60, clock)

    assert [throttle.admit("x") for _ in range(62)] == [0] * 60 + [None, None]
    clock.now += 1
    assert [throttle.admit("x"), throttle.admit("x")] == [2, None]
    clock.now += 3600
    assert [throttle.admit("x") for _ in range(61)] == [1] + [0] * 59 + [None]


def test_what_is_held_back_is_counted() -> None:
    before = metrics.SUPPRESSED._value.get()
    throttle = Throttle(1, Clock())
    for _ in range(5):
        throttle.admit("x")

    assert metrics.SUPPRESSED._value.get() == before + 4


def test_it_remembers_so_many_kinds_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_KINDS", 2)
    throttle = Throttle(1, Clock())
    for kind in ("a", "b", "a", "c"):
        throttle.admit(kind)

    assert (throttle.admit("a"), throttle.admit("b")) == (None, 0)


def test_errors_of_one_kind_are_held_back_whatever_they_say(tracked: Tracked) -> None:
    few(tracked, 3)

    answered = [capture(fail, number) for number in range(10)]

    assert answered[3:] == [None] * 7
    assert [event["event_id"] for event in tracked.events()] == answered[:3]


def test_errors_of_another_place_are_another_kind(tracked: Tracked) -> None:
    few(tracked, 1)

    assert all([capture(fail, 1), capture(fail_elsewhere, 1)])
    assert not any([capture(fail, 2), capture(fail_elsewhere, 2)])


def test_log_lines_are_told_apart_by_their_template(tracked: Tracked) -> None:
    few(tracked, 1)

    for number in range(3):
        logger.error("order %d failed", number)
        logger.error("mail %d failed", number)

    assert [event["logentry"]["formatted"] for event in tracked.events()] == ["order 0 failed", "mail 0 failed"]


def test_the_next_one_carries_the_number(tracked: Tracked, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(Throttle.__init__, "__defaults__", (clock,))
    few(tracked, 1)
    for number in range(5):
        capture(fail, number)
    clock.now += 60
    capture(fail, 5)
    monkeypatch.undo()

    first, last = tracked.events()
    assert "suppressed" not in first.get("extra", {})
    assert last["extra"]["suppressed"] == 4


def test_an_error_that_is_logged_and_raised_is_counted_once(tracked: Tracked) -> None:
    few(tracked, 1)
    before = metrics.SUPPRESSED._value.get()
    answered = []
    for number in range(4):
        try:
            fail(number)
        except KeyError as error:
            logger.exception("it failed")
            answered.append(capture_error(error))

    assert [event_id is not None for event_id in answered] == [True, False, False, False]
    assert metrics.SUPPRESSED._value.get() == before + 3


def test_zero_lets_everything_pass(tracked: Tracked) -> None:
    few(tracked, 0)

    assert all(capture(fail, number) for number in range(150))


def test_transactions_and_check_ins_are_never_held_back(tracked: Tracked) -> None:
    tracked.start(delivery=DeliveryOptions(errors_per_minute=1), traces_sample_rate=1.0)
    for _ in range(3):
        with sentry_sdk.start_transaction(name="/x", op="test"):
            pass
        sentry_sdk.crons.capture_checkin(monitor_slug="nightly", status="ok")

    assert len(tracked.transactions()) == 3
    assert len(tracked.sink.items("check_in")) == 3
