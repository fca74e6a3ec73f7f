"""What gunicorn's logs say, and what they must not."""

import json
import os
import signal
from pathlib import Path

from apps.error_tracking.sink import Sink
from tests.docker.outages import WORKERS
from tests.docker.server import Server, hanging

CANARY = "canary-7f3a9c"


@WORKERS
def test_an_access_line_has_the_request_id_that_the_response_had(tmp_path: Path, threads: str) -> None:
    with Server(tmp_path, WEB_THREADS=threads) as server:
        response = server.get(f"/fine?token={CANARY}", **{"User-Agent": "curl/8.0"})
        server.stop()
        (line,) = server.access_lines()
        assert line["request_id"] == response.headers["X-Request-ID"]
        assert (line["method"], line["path"], line["status"]) == ("GET", "/fine", 200)
        assert line["bytes"] == len(response.content)
        assert line["client"] == "127.0.0.0"
        assert line["user_agent"] == "curl/8.0"
        assert isinstance(line["duration_ms"], float)
        assert CANARY not in server.output.read_text() + server.errors.read_text()


@WORKERS
def test_an_access_line_names_the_user_of_its_request_and_of_no_other(tmp_path: Path, threads: str) -> None:
    with Server(tmp_path, WEB_THREADS=threads) as server:
        server.get("/signed-in")
        server.get("/fine")
        server.stop()
        # By path: a thread writes its line after the answer is out, so the next request's line may be there first.
        users = {line["path"]: line["user_id"] for line in server.access_lines()}
        assert users == {"/signed-in": "018f0000-0000-7000-8000-000000000001", "/fine": None}


@WORKERS
def test_the_lines_of_a_request_lead_to_its_event_and_are_scrubbed_like_it(tmp_path: Path, threads: str) -> None:
    with Sink() as sink, Server(tmp_path, WEB_THREADS=threads, SENTRY_DSN=sink.dsn) as server:
        response = server.get("/tell/jane", **{"User-Agent": "jane@example.com"})
        (event,) = sink.wait_for(1)
        server.stop()
        (access,) = server.access_lines()
        lines = [json.loads(line) for line in server.errors.read_text().splitlines()]
    told, answered = [line for line in lines if line["request_id"] != "-"]
    same = {
        "request_id": response.headers["X-Request-ID"],
        "trace_id": event["contexts"]["trace"]["trace_id"],
        "user_id": event["user"]["id"],
        "route": "/tell/{name}",
    }
    for line in (access, told, answered):
        assert same.items() <= line.items()
    assert (access["method"], access["status"]) == ("GET", 500)
    assert access["duration_ms"] > 0
    assert (told["message"], told["password"], told["rows"]) == ("mailed [EMAIL_REDACTED]", "[REDACTED]", 3)
    assert "RuntimeError: [EMAIL_REDACTED] again" in answered["exc_info"]
    written = server.output.read_text() + server.errors.read_text()
    assert "jane@" not in written
    assert CANARY not in written


def test_a_request_without_a_route_has_none(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        server.get("/nowhere")
        server.stop()
        (line,) = server.access_lines()
        assert (line["route"], line["trace_id"], line["status"]) == (None, None, 404)


def test_a_request_that_took_too_long_has_its_route_and_its_trace(tmp_path: Path) -> None:
    with Sink() as sink, Server(tmp_path, SENTRY_DSN=sink.dsn, WEB_TIMEOUT="10") as server:
        server.get("/hang")
        (event,) = sink.wait_for(1)
        server.stop()
        (line,) = server.access_lines()
        assert (line["route"], line["status"]) == ("/hang", 500)
        assert line["trace_id"] == event["contexts"]["trace"]["trace_id"]


def test_the_address_behind_our_proxy_is_the_client_masked(tmp_path: Path) -> None:
    with Server(tmp_path, TRUSTED_PROXY_COUNT="1") as server:
        server.get("/fine", **{"X-Forwarded-For": "203.0.113.77"})
        server.stop()
        assert server.access_lines()[0]["client"] == "203.0.113.0"
        assert "203.0.113.77" not in server.output.read_text()


def test_nothing_in_a_request_can_forge_a_line(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        server.get("/fine/%0a%7b%22status%22:1%7d%00%e2%80%a8", **{"User-Agent": 'a"}\t{"b\\'})
        server.stop()
        (line,) = server.access_lines()
        assert line["path"] == "/fine/%0a%7b%22status%22:1%7d%00%e2%80%a8"
        assert line["user_agent"] == 'a"}\t{"b\\'


def test_a_request_that_is_not_http_has_no_request_id_of_the_one_before(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        server.get("/fine")
        assert server.send(b"GET /fine HTTP/1.1\r\nHost: 127.0.0.1\r\nBad Header: x\r\n\r\n").startswith(
            b"HTTP/1.1 400"
        )
        server.stop()
        assert all(line["request_id"] is None for line in server.access_lines()[1:])
        assert "Invalid request from ip=127.0.0.0: " in server.errors.read_text()


def test_a_request_that_is_cut_short_by_ctrl_c_is_no_error(tmp_path: Path) -> None:
    with Sink() as sink, Server(tmp_path, SENTRY_DSN=sink.dsn) as server:
        with hanging(server, "/drip") as connection, connection.getresponse() as response:
            os.kill(int(response.readline()), signal.SIGINT)
            server.wait_for_match("Error handling request")
        server.stop()
        lines = [json.loads(line) for line in server.errors.read_text().splitlines()]
        assert {line["level"] for line in lines} == {"INFO"}
        assert "Traceback" not in server.errors.read_text()
        assert sink.events() == []


def test_the_error_log_is_json(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        server.stop()
        lines = [json.loads(line) for line in server.errors.read_text().splitlines()]
        assert {"time", "level", "logger", "message"} <= lines[0].keys()
        assert lines[-1]["message"] == "Shutting down: Master"


def test_answers_do_not_tell_the_version_of_the_server(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        assert server.get("/fine").headers["Server"] == "gunicorn"
