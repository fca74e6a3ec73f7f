"""Who takes too long is told, once."""

import threading

from apps.error_tracking.delivery.watchdog import Watchdog


def test_a_block_that_takes_too_long_is_told() -> None:
    bitten = threading.Event()

    with Watchdog(0.05, bitten.set).watching():
        assert bitten.wait(60)


def test_blocks_that_are_done_in_time_are_left_alone_and_share_one_thread() -> None:
    bitten = threading.Event()
    watchdog = Watchdog(60, bitten.set)
    before = threading.active_count()

    for _ in range(3):
        with watchdog.watching():
            pass

    assert not bitten.is_set()
    assert threading.active_count() <= before + 1
