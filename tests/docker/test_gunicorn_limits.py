"""Requests that are too large, or no HTTP: problem details, whoever answers them."""

import json
from pathlib import Path

import pytest

from tests.docker.outages import WORKERS
from tests.docker.server import Server

CANARY = "canary-7f3a9c"


@WORKERS
@pytest.mark.parametrize("size", [40, 64], ids="{} KB".format)
def test_large_headers_are_answered_by_the_application(tmp_path: Path, threads: str, size: int) -> None:
    with Server(tmp_path, WEB_THREADS=threads) as server:
        response = server.get("/fine", **{"X-Large": "x" * size * 1024})
        problem = json.loads(response.content)
        assert (response.status, problem["status"]) == (431, 431)
        assert response.headers["Content-Type"] == "application/problem+json"
        assert problem["request_id"] == response.headers["X-Request-ID"]


@WORKERS
@pytest.mark.parametrize(
    ("request_line", "header", "status"),
    [
        ("GET /fine HTTP/1.1", f"{CANARY} Bad: x", 400),
        (f"GET /fine?{CANARY} HTTP/9.9", "Host: 127.0.0.1", 400),
        (f"GET /fine?{CANARY}={'x' * 9000} HTTP/1.1", "Host: 127.0.0.1", 414),
        ("GET /fine HTTP/1.1", f"X-Large: {CANARY}{'x' * 100 * 1024}", 431),
        ("GET /fine HTTP/1.1", "\r\n".join(f"X-Many-{number}: {CANARY}" for number in range(101)), 431),
    ],
    ids=["header name", "version", "line", "header", "headers"],
)
def test_what_gunicorn_refuses_itself_is_problem_details_too(
    tmp_path: Path, threads: str, request_line: str, header: str, status: int
) -> None:
    with Server(tmp_path, WEB_THREADS=threads) as server:
        answer = server.send(f"{request_line}\r\n{header}\r\n\r\n".encode())
        head, _, body = answer.decode().partition("\r\n\r\n")
        server.stop()
        assert head.startswith(f"HTTP/1.1 {status} ")
        assert "application/problem+json" in head
        problem = json.loads(body)
        assert problem["status"] == status
        assert problem["request_id"] == problem["traceId"]
        assert f"X-Request-ID: {problem['request_id']}" in head.splitlines()
        assert problem["request_id"] in server.errors.read_text()
        assert CANARY not in answer.decode()
        assert CANARY not in server.output.read_text() + server.errors.read_text()
