"""Whatever the tracker does: all 200 of 200 errors arrive after it has recovered, once each."""

import errno
import gzip
import json
import os
import resource
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
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
from tests.conftest import ROOT, Tracked
from tests.daemons import free_port, wait_until

ERRORS = 200
# An answer that is late on a busy machine must not be given up: what the tracker took would be sent again.
QUICK: dict[str, Any] = {"retry_first": 0.02, "retry_most": 0.2, "send_timeout": 5.0, "outbox_rate": 10_000.0}
# Answers 429 that ask for no wait.
NO_WAIT = ["rate_limited_for_no_time", "rate_limited_until_long_ago", "rate_limited_for_others"]
FAULTS = (
    "error_500 html_502 html_503 rate_limited rate_limited_retry_after rate_limited_categories web_page reset "
    "reset_in_body drip hang"
).split() + NO_WAIT


@pytest.fixture
def options(tmp_path: Path) -> DeliveryOptions:
    return DeliveryOptions(outbox_dir=str(tmp_path / "outbox"), **QUICK)


@pytest.fixture
def outbox(tracked: Tracked, options: DeliveryOptions) -> Iterator[Outbox]:
    tracked.start(delivery=options)
    found = outbox_for(tracked.sink.dsn, options)
    assert found is not None
    yield found
    sentry_sdk.get_client().close(timeout=1)


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
