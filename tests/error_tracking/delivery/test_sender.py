"""What is sent at once, and what waits for company."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sentry_sdk

from apps.error_tracking.delivery import courier as carrying
from apps.error_tracking.delivery import sender as module
from apps.error_tracking.delivery.options import DeliveryOptions
from apps.error_tracking.delivery.transport import current
from tests.conftest import Tracked
from tests.daemons import wait_until


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "outbox"


@pytest.fixture
def patient(tracked: Tracked, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tracked]:
    """Return a process whose sender, once it has sent something, rests for ever."""
    monkeypatch.setattr(module, "_TOGETHER", 600.0)
    tracked.start(delivery=DeliveryOptions(outbox_dir=str(folder), retry_most=6000.0, outbox_rate=10_000.0))
    yield tracked
    sentry_sdk.get_client().close(timeout=1)


def capture(number: int) -> None:
    sentry_sdk.capture_message(f"failure {number}", level="error")


def on_disk(folder: Path) -> int:
    return len(list(folder.glob("*/*.envelope")))


def test_the_first_error_is_sent_at_once(patient: Tracked) -> None:
    capture(1)

    assert len(patient.sink.wait_for(1)) == 1


def test_those_right_behind_it_are_on_the_disk_and_are_sent_together(patient: Tracked, folder: Path) -> None:
    capture(1)
    patient.sink.wait_for(1)
    for number in range(2, 5):
        capture(number)
    wait_until(lambda: on_disk(folder) == 3)
    assert len(patient.sink.events()) == 1

    sentry_sdk.flush(timeout=60)

    assert len(patient.sink.events()) == 4


def test_a_process_that_ends_does_not_rest(patient: Tracked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "_LAST", 60.0)
    capture(1)
    patient.sink.wait_for(1)
    courier = current()
    assert courier is not None

    courier.stop()

    assert courier._sender.ended.is_set()


def test_without_an_outbox_nothing_waits(tracked: Tracked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_TOGETHER", 600.0)
    tracked.start(delivery=DeliveryOptions())

    for number in range(1, 4):
        capture(number)
        assert len(tracked.sink.wait_for(number)) == number


def test_files_to_be_written_over_do_not_stay(tracked: Tracked, folder: Path) -> None:
    tracked.start(delivery=DeliveryOptions(outbox_dir=str(folder), retry_most=0.3))
    for number in range(3):
        capture(number)
    sentry_sdk.flush(timeout=60)

    wait_until(lambda: not list(folder.glob("*/.spare-*")))

    sentry_sdk.get_client().close(timeout=1)
