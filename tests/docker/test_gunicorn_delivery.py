"""What was captured arrives, however the worker ends."""

import signal
from pathlib import Path

from apps.error_tracking.sink import Sink
from tests.docker.outages import IN_HASTE, PRELOAD, WORKERS
from tests.docker.server import Server

ERRORS = 20


def numbers(sink: Sink) -> list[str]:
    return sorted(event["exception"]["values"][-1]["value"] for event in sink.events())


def fail_often(server: Server) -> list[str]:
    for number in range(ERRORS):
        assert server.get(f"/fail?number={number}").status == 500
    return sorted(f"failure number {number}" for number in range(ERRORS))


@WORKERS
@PRELOAD
def test_sigterm_right_after_errors_loses_none(tmp_path: Path, threads: str, arguments: list[str]) -> None:
    with Sink() as sink, Server(tmp_path, *arguments, SENTRY_DSN=sink.dsn, WEB_THREADS=threads) as server:
        expected = fail_often(server)
        assert server.stop() == 0
        assert numbers(sink) == expected


@WORKERS
def test_recycled_workers_lose_nothing(tmp_path: Path, threads: str) -> None:
    with (
        Sink() as sink,
        Server(tmp_path, SENTRY_DSN=sink.dsn, WEB_THREADS=threads, WEB_MAX_REQUESTS="3") as server,
    ):
        expected = fail_often(server)
        assert server.stop() == 0
        assert server.errors.read_text().count("Autorestarting worker") >= ERRORS // 3 - 1
        assert numbers(sink) == expected


@PRELOAD
def test_a_reload_loses_nothing_and_is_no_death(tmp_path: Path, arguments: list[str]) -> None:
    with Sink() as sink, Server(tmp_path, *arguments, SENTRY_DSN=sink.dsn, WEB_CONCURRENCY="2") as server:
        expected = fail_often(server)
        server.process.send_signal(signal.SIGHUP)
        server.wait_for_match(r"(?s)Hang up.*Worker exiting.*Worker exiting")
        assert server.get("/fine").status == 200
        assert server.stop() == 0
        assert numbers(sink) == expected


def test_a_tracker_that_hangs_does_not_stop_the_stop(tmp_path: Path) -> None:
    with Sink() as sink, Server(tmp_path, SENTRY_DSN=sink.dsn, **IN_HASTE) as server:
        sink.behaviour = "hang"
        server.get("/fail?number=1")
        assert server.stop() == 0
