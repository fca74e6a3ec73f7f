"""A tracker that is away while workers come and go: all errors arrive once it is back, once each."""

import os
import re
import signal
import time
from collections import Counter
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path

import pytest

from apps.error_tracking.sink import Sink
from tests.daemons import SECONDS
from tests.docker.server import Server, hanging
from tests.docker.test_gunicorn_delivery import PRELOAD, WORKERS

ERRORS = 50


def fail_often(server: Server, first: int = 0) -> list[str]:
    """Return what the errors say that were made."""
    for number in range(first, first + ERRORS):
        assert server.get(f"/fail?number={number}").status == 500
    return sorted(f"failure number {number}" for number in range(first, first + ERRORS))


def arrived_once(sink: Sink, expected: list[str]) -> None:
    deadline = time.monotonic() + SECONDS
    while len(values := failures(sink)) < len(expected) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert sorted(values) == expected
    assert set(values.values()) == {1}


def failures(sink: Sink) -> Counter[str]:
    """Return how often each error arrived; without the reports of workers that died."""
    values = (event["exception"]["values"][-1]["value"] for event in sink.events())
    return Counter(value for value in values if value.startswith("failure number"))


def workers(server: Server) -> set[int]:
    return {int(pid) for pid in re.findall(r"Booting worker with pid: (\d+)", server.errors.read_text())}


@WORKERS
@PRELOAD
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGQUIT], ids=["sigterm", "sigquit"])
@pytest.mark.parametrize("fault", ["error_500", "hang"])
def test_a_server_that_is_stopped_during_an_outage_loses_nothing(
    tmp_path: Path, threads: str, arguments: list[str], ending: signal.Signals, fault: str
) -> None:
    with Sink() as sink:
        sink.behaviour = fault
        with Server(tmp_path, *arguments, SENTRY_DSN=sink.dsn, WEB_THREADS=threads) as server:
            expected = fail_often(server)
            server.process.send_signal(ending)
            # gunicorn's threaded worker may lock itself up on SIGQUIT (its handler shuts down a pool whose lock the
            # thread that it interrupts holds); the master kills it after graceful_timeout. Nothing is lost then either.
            server.process.wait(2 * SECONDS)
        assert sink.events() == []
        sink.behaviour = "ok"
        with Server(tmp_path, *arguments, SENTRY_DSN=sink.dsn, WEB_THREADS=threads) as server:
            server.get("/fine")
            arrived_once(sink, expected)


@WORKERS
@PRELOAD
def test_a_worker_that_is_killed_loses_nothing_that_is_older_than_50_ms(
    tmp_path: Path, threads: str, arguments: list[str]
) -> None:
    with Sink() as sink:
        sink.behaviour = "hang"
        with Server(tmp_path, *arguments, SENTRY_DSN=sink.dsn, WEB_THREADS=threads) as server:
            expected = fail_often(server)
            time.sleep(0.05)
            os.killpg(server.process.pid, signal.SIGKILL)
            server.process.wait(SECONDS)
        sink.behaviour = "ok"
        with Server(tmp_path, *arguments, SENTRY_DSN=sink.dsn, WEB_THREADS=threads) as server:
            server.get("/fine")
            arrived_once(sink, expected)


@WORKERS
def test_what_a_killed_worker_left_is_sent_by_the_others(tmp_path: Path, threads: str) -> None:
    with Sink() as sink, Server(tmp_path, SENTRY_DSN=sink.dsn, WEB_THREADS=threads, WEB_CONCURRENCY="2") as server:
        sink.behaviour = "error_500"
        expected = fail_often(server)
        time.sleep(0.05)
        for pid in workers(server):
            os.kill(pid, signal.SIGKILL)
        sink.behaviour = "ok"
        with suppress(HTTPException, OSError):
            server.get("/fine")
        server.get("/fine")
        arrived_once(sink, expected)


@WORKERS
def test_recycled_workers_lose_nothing_during_an_outage(tmp_path: Path, threads: str) -> None:
    with (
        Sink() as sink,
        Server(
            tmp_path, SENTRY_DSN=sink.dsn, WEB_THREADS=threads, WEB_MAX_REQUESTS="10", WEB_CONCURRENCY="2"
        ) as server,
    ):
        sink.behaviour = "error_500"
        expected = fail_often(server)
        assert sink.events() == []
        sink.behaviour = "ok"
        expected = sorted(expected + fail_often(server, first=ERRORS))
        arrived_once(sink, expected)


@WORKERS
def test_a_timed_out_worker_is_reported_after_the_outage(tmp_path: Path, threads: str) -> None:
    with Sink() as sink:
        sink.behaviour = "hang"
        with (
            Server(tmp_path, "--timeout", "1", SENTRY_DSN=sink.dsn, WEB_THREADS=threads) as server,
            hanging(server, "/hang"),
        ):
            server.wait_for_match("WORKER TIMEOUT")
            server.get("/fine")  # by the next worker
            sink.behaviour = "ok"
            (event, *others) = sink.wait_for(1, seconds=SECONDS)
            assert event["exception"]["values"][-1]["type"] == "WorkerTimeout"
            assert others == []


def test_four_workers_under_load_send_nothing_twice(tmp_path: Path) -> None:
    with Sink() as sink, Server(tmp_path, SENTRY_DSN=sink.dsn, WEB_CONCURRENCY="4", WEB_THREADS="2") as server:
        expected = fail_often(server)
        sink.behaviour = "reset"
        expected += fail_often(server, first=ERRORS)
        sink.behaviour = "ok"
        expected += fail_often(server, first=2 * ERRORS)
        arrived_once(sink, sorted(expected))


def test_an_outbox_that_cannot_be_made_disturbs_nobody(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with Sink() as sink, Server(tmp_path, SENTRY_DSN=sink.dsn, OUTBOX_DIR=str(tmp_path / "taken")) as server:
        expected = fail_often(server)
        assert server.stop() == 0
        arrived_once(sink, expected)
