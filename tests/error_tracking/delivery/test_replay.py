"""At which rate the outbox is emptied, and what is counted."""

import gzip
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import sentry_sdk
import urllib3

from apps.error_tracking import metrics
from apps.error_tracking.delivery import replay as module
from apps.error_tracking.delivery.options import DeliveryOptions
from apps.error_tracking.delivery.outbox import Outbox
from apps.error_tracking.delivery.pace import Pace
from apps.error_tracking.delivery.replay import Replay
from apps.error_tracking.delivery.transport import outbox_for
from apps.error_tracking.delivery.wire import Wire
from apps.error_tracking.sink import Sink
from tests.conftest import Tracked

BODY = gzip.compress(b'{}\n{"type":"event"}\n{}\n')
NAMES = ("ITEMS_SPOOLED", "ITEMS_SENT", "ITEMS_REPLAYED")


class Clock(threading.Event):
    """A clock that goes on only while somebody waits; keeps for how long."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 100.0
        self.waits: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self.waits.append(timeout)
        self.now += timeout
        return False


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=clock.monotonic))
    return clock


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "outbox", 1_000_000, 3600)


def replay(sink: Sink, outbox: Outbox, clock: Clock, rate: float) -> Replay:
    wire = Wire(urllib3.PoolManager, f"http://127.0.0.1:{sink.port}/api/1/envelope/", {}, 5)
    made = Replay(outbox, wire, Pace(1, 60), rate)
    made.stopped = clock
    return made


@pytest.mark.parametrize(("rate", "gap"), [(50, 0.02), (4, 0.25), (0.5, 2.0)])
def test_no_more_leave_in_a_second_than_the_rate_says(
    sink: Sink, outbox: Outbox, clock: Clock, rate: float, gap: float
) -> None:
    for _ in range(4):
        outbox.add("event", None, BODY)

    assert replay(sink, outbox, clock, rate).run() is None

    assert len(sink.envelopes) == 4
    assert clock.waits == pytest.approx([0, gap, gap, gap])


def test_the_time_that_passed_anyway_is_not_waited_for_again(sink: Sink, outbox: Outbox, clock: Clock) -> None:
    sender = replay(sink, outbox, clock, rate=0.5)
    for passed in (0, 1.5, 10):
        clock.now += passed
        outbox.add("event", None, BODY)
        sender.run()

    assert clock.waits == pytest.approx([0, 0.5, 0])


def test_after_a_hundred_what_waits_in_memory_has_its_turn(sink: Sink, outbox: Outbox, clock: Clock) -> None:
    for _ in range(101):
        outbox.add("event", None, BODY)
    sender = replay(sink, outbox, clock, rate=50)

    assert sender.run() == 0
    assert len(sink.envelopes) == 100
    assert sender.run() is None
    assert len(sink.envelopes) == 101


def counted(kind: str) -> list[float]:
    """Return how many were written to disk, sent, and sent late."""
    return [getattr(metrics, name).labels(kind)._value.get() for name in NAMES]


def since(before: list[float], kind: str = "event") -> list[float]:
    return [now - then for now, then in zip(counted(kind), before, strict=True)]


@pytest.fixture
def options(tmp_path: Path) -> Iterator[DeliveryOptions]:
    yield DeliveryOptions(outbox_dir=str(tmp_path / "outbox"))
    sentry_sdk.get_client().close(timeout=0)


def capture(count: int) -> None:
    for number in range(count):
        sentry_sdk.capture_message(f"failure {number}", level="error")


def test_what_is_sent_at_once_is_written_and_sent_and_not_late(tracked: Tracked, options: DeliveryOptions) -> None:
    tracked.start(delivery=options)
    capture(1)  # starts the threads
    sentry_sdk.flush(timeout=60)
    before = counted("event")

    capture(1)
    sentry_sdk.flush(timeout=60)

    assert since(before) == [1, 1, 0]


def test_what_others_left_is_sent_late(tracked: Tracked, options: DeliveryOptions) -> None:
    outbox = outbox_for(tracked.sink.dsn, options)
    assert outbox is not None
    before = {kind: counted(kind) for kind in ("event", "check_in")}
    outbox.add("event", None, BODY)
    outbox.add("check_in", None, BODY)
    tracked.start(delivery=options)

    capture(1)
    tracked.sink.wait_for(3)
    sentry_sdk.flush(timeout=60)

    assert since(before["check_in"], "check_in") == [0, 1, 1]
    assert since(before["event"])[:2] == [1, 2]


def test_what_waited_for_the_tracker_is_sent_late(sink: Sink, outbox: Outbox, clock: Clock) -> None:
    sender, before = replay(sink, outbox, clock, rate=50), counted("event")
    sink.behaviour = "error_500"
    for _ in range(2):
        sender.written(outbox.add("event", None, BODY), BODY)
        sender.run()
    sink.behaviour = "ok"
    sender.run(urgent=True)
    sender.written(outbox.add("event", None, BODY), BODY)
    sender.run()

    assert since(before) == [0, 3, 2]


def test_without_an_outbox_nothing_is_written_and_all_is_counted_as_sent(tracked: Tracked) -> None:
    before = counted("event")

    tracked.start(delivery=DeliveryOptions())
    capture(3)
    sentry_sdk.flush(timeout=60)

    assert since(before) == [0, 3, 0]


def test_what_was_just_written_is_sent_without_being_read_again(
    sink: Sink, outbox: Outbox, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = replay(sink, outbox, clock, rate=50)
    sender.written(outbox.add("event", None, BODY), BODY)
    monkeypatch.setattr(Outbox, "read", lambda *args: pytest.fail("it was read"))

    sender.run()

    assert len(sink.events()) == 1
    assert outbox.entries() == []


def test_only_so_much_of_what_was_written_stays_in_memory(sink: Sink, outbox: Outbox, clock: Clock) -> None:
    sender = replay(sink, outbox, clock, rate=50)
    large = gzip.compress(b'{}\n{"type":"event"}\n{"message":"%s"}\n' % os.urandom(module._SMALL).hex().encode())

    sender.written(outbox.add("event", None, large), large)
    for _ in range(module._IN_HAND + 10):
        sender.written(outbox.add("event", None, BODY), BODY)

    assert sorted(set(sender._punctual.values())) == [b"", BODY]
    sender.run()
    sender.run()
    assert len(sink.events()) == module._IN_HAND + 11
    assert sender._punctual == {}


def test_what_another_process_sent_does_not_stay_in_memory(sink: Sink, outbox: Outbox, clock: Clock) -> None:
    sender, other = (replay(sink, outbox, clock, rate=50) for _ in range(2))
    for _ in range(3):
        sender.written(outbox.add("event", None, BODY), BODY)
    other.run()

    sender.run()

    assert sender._punctual == {}
    assert not sender.pending
