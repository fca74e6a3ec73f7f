"""A tracker that is away while workers come and go: all errors arrive once it is back, once each."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path

import pytest

from apps.error_tracking.sink import Sink
from tests.daemons import SECONDS, wait_until
from tests.docker.outages import (
    ERRORS,
    IN_HASTE,
    PRELOAD,
    SHORT,
    WORKERS,
    arrived_once,
    fail_often,
    failures,
    kept,
)
from tests.docker.server import Server, hanging


def all_are_kept(folder: Path) -> None:
    """Wait until no error is in memory only. On a machine with nothing else to do, that is 50 ms (docs/delivery.md)."""
    wait_until(lambda: len(kept(folder)) == ERRORS, "they were not kept")


@contextmanager
def next_server(folder: Path, sink: Sink, *arguments: str, **variables: str) -> Iterator[Server]:
    """Inside the block the tracker works, and another server has had its first request."""
    sink.behaviour = "ok"
    with Server(folder, *arguments, SENTRY_DSN=sink.dsn, **variables) as server:
        server.get("/fine")
        yield server


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
        with Server(tmp_path, *arguments, SENTRY_DSN=sink.dsn, WEB_THREADS=threads, **IN_HASTE) as server:
            expected = fail_often(server)
            server.process.send_signal(ending)
            server.process.wait(SECONDS)
        assert sink.events() == []
        with next_server(tmp_path, sink, *arguments, WEB_THREADS=threads):
            arrived_once(sink, expected)


@WORKERS
@PRELOAD
def test_a_killed_server_loses_nothing_that_was_captured_a_moment_before(
    tmp_path: Path, threads: str, arguments: list[str]
) -> None:
    with Sink() as sink:
        sink.behaviour = "hang"
        with Server(tmp_path, *arguments, SENTRY_DSN=sink.dsn, WEB_THREADS=threads) as server:
            expected = fail_often(server)
            all_are_kept(tmp_path)
            os.killpg(server.process.pid, signal.SIGKILL)
            server.process.wait(SECONDS)
        with next_server(tmp_path, sink, *arguments, WEB_THREADS=threads):
            arrived_once(sink, expected)


@WORKERS
@PRELOAD
def test_what_a_killed_worker_left_is_sent_by_the_others(tmp_path: Path, threads: str, arguments: list[str]) -> None:
    variables = {"WEB_THREADS": threads, "WEB_CONCURRENCY": "2"}
    with Sink() as sink, Server(tmp_path, *arguments, SENTRY_DSN=sink.dsn, **variables) as server:
        sink.behaviour = "error_500"
        expected = fail_often(server)
        all_are_kept(tmp_path)
        for pid in workers(server):
            os.kill(pid, signal.SIGKILL)
        sink.behaviour = "ok"
        with suppress(HTTPException, OSError):
            server.get("/fine")
        server.get("/fine")
        arrived_once(sink, expected)


@WORKERS
@PRELOAD
def test_recycled_workers_lose_nothing_during_an_outage(tmp_path: Path, threads: str, arguments: list[str]) -> None:
    variables = {"WEB_THREADS": threads, "WEB_CONCURRENCY": "2", "WEB_MAX_REQUESTS": "40"}
    with Sink() as sink, Server(tmp_path, *arguments, SENTRY_DSN=sink.dsn, **variables) as server:
        sink.behaviour = "error_500"
        expected = fail_often(server)
        assert sink.events() == []
        assert len(workers(server)) > 2
        sink.behaviour = "ok"
        arrived_once(sink, [*expected, *fail_often(server)])


@WORKERS
@PRELOAD
def test_a_worker_that_times_out_during_an_outage_loses_nothing(
    tmp_path: Path, threads: str, arguments: list[str]
) -> None:
    with Sink() as sink:
        sink.behaviour = "hang"
        with (
            Server(tmp_path, *SHORT, *arguments, SENTRY_DSN=sink.dsn, WEB_THREADS=threads, **IN_HASTE) as server,
        ):
            expected = fail_often(server)
            with hanging(server, "/hang"):
                server.wait_for_match("WORKER TIMEOUT")
            server.get("/fine")  # by the next worker
            sink.behaviour = "ok"
            arrived_once(sink, expected)
            sink.wait_for(ERRORS + 1, seconds=SECONDS)
            others = [event["exception"]["values"][-1]["type"] for event in sink.events()]
            assert others.count("WorkerTimeout") == 1
            assert len(failures(sink)) == ERRORS


def test_four_workers_under_load_send_nothing_twice(tmp_path: Path) -> None:
    with Sink() as sink, Server(tmp_path, SENTRY_DSN=sink.dsn, WEB_CONCURRENCY="4", WEB_THREADS="2") as server:
        expected = fail_often(server)
        sink.behaviour = "reset"
        expected += fail_often(server)
        sink.behaviour = "ok"
        expected += fail_often(server)
        arrived_once(sink, expected)
        wait_until(lambda: not kept(tmp_path), "something was left in the outbox")
