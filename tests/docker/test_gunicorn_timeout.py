"""A worker that is stopped by its timeout, or that just dies, leaves an event."""

import json
import re
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from apps.error_tracking.sink import Sink
from tests.docker.outages import PRELOAD, SHORT, WORKERS
from tests.docker.server import Server, hanging

CANARY = "canary-7f3a9c"


def the_event(sink: Sink) -> dict[str, Any]:
    (event,) = sink.events()
    return event


@WORKERS
@PRELOAD
def test_a_timeout_leaves_one_event_with_the_stack_of_the_request(
    tmp_path: Path, threads: str, arguments: list[str]
) -> None:
    with (
        Sink() as sink,
        Server(tmp_path, *SHORT, *arguments, SENTRY_DSN=sink.dsn, WEB_THREADS=threads) as server,
        hanging(server, f"/hang?token={CANARY}"),
    ):
        sink.wait_for(1)
        assert server.get("/fine").status == 200  # by the next worker
        assert server.stop() == 0

        event = the_event(sink)
        exception = event["exception"]["values"][-1]
        frames = [frame["function"] for frame in exception["stacktrace"]["frames"] if frame["in_app"]]
        assert exception["type"] == "WorkerTimeout"
        assert frames[-1] == "hang_here"
        assert event["level"] == "fatal"
        assert event["tags"]["priority"] == "P1"
        assert event["fingerprint"] == ["WorkerTimeout", "tests.docker.app.urls", "hang_here"]
        assert CANARY.encode() not in sink.raw()
        assert CANARY not in server.output.read_text() + server.errors.read_text()


@WORKERS
def test_the_event_of_a_timeout_has_the_request_id_that_the_access_log_has(tmp_path: Path, threads: str) -> None:
    proxy = {"TRUSTED_PROXY_COUNT": "1", "WEB_THREADS": threads}
    with Sink() as sink, Server(tmp_path, *SHORT, SENTRY_DSN=sink.dsn, **proxy) as server:
        with hanging(server, "/hang", **{"X-Request-ID": "0a1b2c3d4e5f6071"}):
            (event,) = sink.wait_for(1)
        assert event["tags"]["request_id"] == "0a1b2c3d4e5f6071"


def test_the_answer_and_the_access_log_say_which_request_timed_out(tmp_path: Path) -> None:
    with Sink() as sink, Server(tmp_path, *SHORT, SENTRY_DSN=sink.dsn) as server:
        response = server.get("/hang")
        problem = json.loads(response.content)
        (line,) = server.access_lines()
        (event,) = sink.wait_for(1)
        assert response.status == 500
        assert problem["event_id"] == event["event_id"]
        assert problem["request_id"] == line["request_id"] == event["tags"]["request_id"]
        assert problem["request_id"] == response.headers["X-Request-ID"]
        assert (line["status"], line["path"], line["duration_ms"]) == (500, "/hang", 5000.0)


def test_a_client_that_sends_too_slowly_is_not_taken_for_the_request_before(tmp_path: Path) -> None:
    with Sink() as sink, Server(tmp_path, *SHORT, SENTRY_DSN=sink.dsn) as server:
        before = server.get("/fine").headers["X-Request-ID"]
        _, _, body = server.send(b"GET /fine HTTP/1.1\r\n").partition(b"\r\n\r\n")
        assert json.loads(body)["request_id"] not in (before, None)
        (event,) = sink.wait_for(1)
        assert "request_id" not in event.get("tags", {})


def test_other_requests_of_a_threaded_worker_are_no_part_of_its_timeout(tmp_path: Path) -> None:
    with Sink() as sink, Server(tmp_path, "--timeout", "8", SENTRY_DSN=sink.dsn, WEB_THREADS="4") as server:
        with hanging(server, "/hang?first"):
            server.get("/nap?seconds=5")
            with hanging(server, "/nap?seconds=5") as other:
                sink.wait_for(1)
                with other.getresponse() as response:
                    assert response.status == 200
        assert server.stop() == 0
        assert the_event(sink)["transaction"] == "/hang"


def test_without_a_dsn_a_timeout_ends_the_worker_all_the_same(tmp_path: Path) -> None:
    with Server(tmp_path, *SHORT) as server:
        assert server.get("/hang").status == 500
        assert server.get("/fine").status == 200


def test_a_request_that_hangs_while_a_threaded_worker_stops_is_reported(tmp_path: Path) -> None:
    with Sink() as sink, Server(tmp_path, *SHORT, SENTRY_DSN=sink.dsn, WEB_THREADS="4") as server:
        with hanging(server, "/drip") as connection, connection.getresponse() as response:
            response.readline()  # it is under way: only what has taken too long by the end of the stop is reported
            assert server.stop() == 0
        assert the_event(sink)["exception"]["values"][-1]["type"] == "WorkerTimeout"
        assert re.search(r"Worker \(pid:\d+\) exited with code 1", server.errors.read_text())  # and was not killed


@WORKERS
@PRELOAD
def test_a_killed_worker_is_reported_by_the_next(tmp_path: Path, threads: str, arguments: list[str]) -> None:
    with Sink() as sink, Server(tmp_path, *arguments, SENTRY_DSN=sink.dsn, WEB_THREADS=threads) as server:
        with pytest.raises((HTTPException, OSError)):
            server.get("/die")
        server.get("/fine")
        assert server.stop() == 0
        exception = the_event(sink)["exception"]["values"][-1]
        assert exception["type"] == "WorkerDied"
        assert the_event(sink)["level"] == "fatal"
        assert the_event(sink)["fingerprint"] == ["WorkerDied"]


def test_a_worker_that_cannot_react_to_its_timeout_is_reported_by_the_next(tmp_path: Path) -> None:
    with Sink() as sink, Server(tmp_path, *SHORT, SENTRY_DSN=sink.dsn) as server:
        with hanging(server, "/deaf"):
            (event,) = sink.wait_for(1)
        assert server.stop() == 0
        assert len(sink.events()) == 1
        assert event["exception"]["values"][-1]["value"].endswith("it did not react to its timeout")


def test_workers_that_end_in_order_are_not_reported(tmp_path: Path) -> None:
    with Sink() as sink, Server(tmp_path, SENTRY_DSN=sink.dsn, WEB_MAX_REQUESTS="1") as server:
        pids = {server.get("/fine").content for _ in range(4)}
        assert len(pids) == 4
        assert server.stop() == 0
        assert sink.events() == []
