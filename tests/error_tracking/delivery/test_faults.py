"""Whatever the tracker does: all 200 of 200 errors arrive after it has recovered, once each."""

import errno
import gzip
import resource
import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import sentry_sdk

from apps.error_tracking import metrics
from apps.error_tracking.delivery.entry import Entry
from apps.error_tracking.delivery.options import DeliveryOptions
from apps.error_tracking.delivery.outbox import Outbox
from apps.error_tracking.delivery.transport import current, outbox_for
from apps.error_tracking.sink import Sink
from tests.conftest import Tracked
from tests.daemons import free_port, wait_until
from tests.error_tracking.delivery.arriving import ERRORS, NO_WAIT, QUICK, arrived_once, capture, kept

FAULTS = (
    "error_500 html_502 html_503 rate_limited rate_limited_retry_after rate_limited_categories web_page reset "
    "reset_in_body drip hang"
).split() + NO_WAIT


@pytest.mark.parametrize("fault", FAULTS)
def test_a_tracker_that_is_broken_gets_all_of_them_once_it_works(tracked: Tracked, outbox: Outbox, fault: str) -> None:
    tracked.sink.behaviour = fault
    expected = capture()
    kept(outbox, ERRORS)
    assert tracked.sink.events() == []

    tracked.sink.behaviour = "ok"

    arrived_once(tracked.sink, expected)
    wait_until(lambda: outbox.entries() == [])


@pytest.mark.parametrize("fault", ["too_large", "bad_request", "forbidden"])
def test_a_tracker_that_refuses_for_a_while_gets_all_of_them(tracked: Tracked, outbox: Outbox, fault: str) -> None:
    tracked.sink.behaviour = fault
    expected = capture()
    wait_until(lambda: any(entry.tries for entry in outbox.entries()))
    assert tracked.sink.events() == []

    tracked.sink.behaviour = "ok"

    arrived_once(tracked.sink, expected)


def test_a_tracker_that_answers_late_gets_all_of_them_and_no_request_waits(tracked: Tracked, outbox: Outbox) -> None:
    tracked.sink.behaviour = "slow"
    expected = capture()
    tracked.sink.wait_for(2)
    assert len(tracked.sink.events()) < ERRORS

    tracked.sink.behaviour = "ok"

    arrived_once(tracked.sink, expected)


def test_a_closed_port(tracked: Tracked, options: DeliveryOptions) -> None:
    port = free_port()
    with Sink(port) as closed:
        dsn = closed.dsn
    tracked.start(dsn=dsn, delivery=options)
    expected = capture()
    outbox = outbox_for(dsn, options)
    assert outbox is not None
    kept(outbox, ERRORS)

    with Sink(port) as opened:
        arrived_once(opened, expected)


def test_a_name_that_cannot_be_resolved(
    tracked: Tracked, options: DeliveryOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_up, known = socket.getaddrinfo, []

    def resolve(host: Any, *others: Any, **more: Any) -> Any:
        if host == "tracker.test" and not known:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return look_up("127.0.0.1" if host == "tracker.test" else host, *others, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    dsn = tracked.sink.dsn.replace("127.0.0.1", "tracker.test")
    tracked.start(dsn=dsn, delivery=options)
    expected = capture()
    outbox = outbox_for(dsn, options)
    assert outbox is not None
    kept(outbox, ERRORS)

    known.append(True)

    arrived_once(tracked.sink, expected)


def test_a_tracker_that_does_not_speak_tls(tracked: Tracked, options: DeliveryOptions) -> None:
    tracked.start(dsn=tracked.sink.dsn.replace("http:", "https:"), delivery=options)
    expected = capture()
    outbox = outbox_for(tracked.sink.dsn, options)
    assert outbox is not None
    kept(outbox, ERRORS)
    assert tracked.sink.envelopes == []

    sentry_sdk.get_client().close(timeout=0)
    tracked.start(delivery=options)  # the DSN was put right
    courier = current()
    assert courier is not None
    courier.wake()

    arrived_once(tracked.sink, expected)


@pytest.mark.parametrize("jump", [-86400 * 365, 86400 * 365])
def test_a_clock_that_jumps(tracked: Tracked, outbox: Outbox, monkeypatch: pytest.MonkeyPatch, jump: int) -> None:
    tracked.sink.behaviour = "error_500"
    expected = capture()
    kept(outbox, ERRORS)
    now, now_ns = time.time, time.time_ns
    monkeypatch.setattr(time, "time", lambda: now() + jump)
    monkeypatch.setattr(time, "time_ns", lambda: now_ns() + jump * 10**9)
    expected = sorted(expected + capture(10))

    tracked.sink.behaviour = "ok"

    arrived_once(tracked.sink, expected)


def test_a_damaged_file_holds_nothing_up(tracked: Tracked, outbox: Outbox) -> None:
    tracked.sink.behaviour = "hang"
    expected = capture(20)
    kept(outbox, 20)
    wait_until(lambda: tracked.sink.answered)  # or the first ones may still be sent from memory
    damaged, *_ = outbox.entries()
    path = outbox.folder / damaged.name
    path.write_bytes(path.read_bytes()[:-7])
    expected.remove(damaged.event_id)

    tracked.sink.behaviour = "ok"

    arrived_once(tracked.sink, expected)
    assert [path.name for path in outbox.rejected()] == [damaged.name]


def test_what_another_user_wrote_stays_and_holds_nothing_up(
    tracked: Tracked, outbox: Outbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tracked.sink.behaviour = "hang"
    expected = capture(20)
    kept(outbox, 20)
    wait_until(lambda: tracked.sink.answered)  # or the first ones may still be sent from memory
    foreign = {entry.event_id for entry in outbox.entries()[:2]}
    read = Outbox.read

    def refuse(self: Outbox, entry: Entry) -> bytes | None:
        if entry.event_id in foreign:
            raise PermissionError
        return read(self, entry)

    monkeypatch.setattr(Outbox, "read", refuse)
    tracked.sink.behaviour = "ok"

    wait_until(lambda: len(outbox.entries()) == 2)
    arrived_once(tracked.sink, [one for one in expected if one not in foreign])
    assert {entry.event_id for entry in outbox.entries()} == foreign
    assert caplog.text.count("envelopes that another user wrote") == 1


def test_a_full_disk_is_counted_and_the_application_does_not_notice(
    tracked: Tracked, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Outbox, "add", full)
    before = metrics.SPOOL_FAILURES._value.get()

    arrived_once(tracked.sink, capture(20))

    assert metrics.SPOOL_FAILURES._value.get() == before + 20


def test_a_disk_on_which_no_file_fits(tracked: Tracked, outbox: Outbox) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        expected = capture(5)
        courier = current()
        assert courier is not None
        courier.settle(60)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    arrived_once(tracked.sink, expected)
    assert list(outbox.folder.glob(".part-*")) == []


def test_an_outbox_that_is_a_file(tracked: Tracked, options: DeliveryOptions) -> None:
    Path(str(options.outbox_dir)).write_text("")
    tracked.start(delivery=options)

    arrived_once(tracked.sink, capture(20))


def test_without_an_outbox_errors_wait_in_memory(tracked: Tracked) -> None:
    tracked.start(delivery=DeliveryOptions(**QUICK))
    tracked.sink.behaviour = "error_500"
    expected = capture()
    sentry_sdk.flush(timeout=2)

    tracked.sink.behaviour = "ok"

    arrived_once(tracked.sink, expected)


def test_who_has_nothing_to_send_does_not_wait_for_the_tracker(tracked: Tracked, outbox: Outbox) -> None:
    tracked.sink.behaviour = "hang"
    for _ in range(3):  # what others left
        outbox.add("event", "a" * 32, gzip.compress(b'{}\n{"type":"event"}\n{}\n'))
    threads = set(threading.enumerate())

    sentry_sdk.flush(timeout=60)

    assert set(threading.enumerate()) <= threads
    assert len(outbox.entries()) == 3


def test_transactions_are_not_worth_a_disk(tracked: Tracked, options: DeliveryOptions) -> None:
    tracked.start(delivery=options, traces_sample_rate=1.0)
    tracked.sink.behaviour = "error_500"
    with sentry_sdk.start_transaction(name="x", op="test"):
        pass
    sentry_sdk.flush(timeout=2)

    outbox = outbox_for(tracked.sink.dsn, options)
    assert outbox is not None
    assert outbox.entries() == []


def test_ten_thousand_envelopes_are_sent_oldest_first(tracked: Tracked, options: DeliveryOptions) -> None:
    outbox = outbox_for(tracked.sink.dsn, options)
    assert outbox is not None
    outbox.folder.mkdir(parents=True)
    yesterday = time.time_ns() - 86400 * 10**9
    for number in range(10_000):
        name = f"{yesterday + number:019d}-{number:016x}-event-{number:032x}-0.envelope"
        envelope = b'{"event_id":"%032x"}\n{"type":"event"}\n{}\n' % number
        (outbox.folder / name).write_bytes(gzip.compress(envelope, 1))
    tracked.start(delivery=options)

    newest = capture(1)

    wait_until(lambda: len(tracked.sink.envelopes) == 10_001, seconds=300)
    arrived = [envelope.header["event_id"] for envelope in tracked.sink.envelopes]
    assert arrived == [*(f"{number:032x}" for number in range(10_000)), *newest]
