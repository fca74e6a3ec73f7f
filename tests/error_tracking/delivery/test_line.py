"""The second request over a connection and all others: the same bytes, and whatever a tracker may answer."""

import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import urllib3

from apps.error_tracking.delivery.wire import Answer, Outcome, Wire
from scripts import secrets
from tests.conftest import ROOT

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
HEADERS = {"User-Agent": "test", "X-Sentry-Auth": "Sentry sentry_key=none"}
SENT = Answer(Outcome.SENT)


class Scripted:
    """A tracker that says on each connection what is written for it, then hangs up.

    `heard` are the requests, by connection; `hung_up` is how many connections are over.
    """

    def __init__(self, scripts: Sequence[Sequence[bytes]]) -> None:
        self.heard: list[list[bytes]] = []
        self.hung_up = 0
        self._scripts = scripts

    def serve(self, server: socket.socket) -> None:
        """Answer one connection after the other."""
        for script in self._scripts:
            connection, _ = server.accept()
            with connection:
                self.heard.append([])
                for answer in script:
                    self.heard[-1].append(_request(connection))
                    connection.sendall(answer)
            self.hung_up += 1


def _request(connection: socket.socket) -> bytes:
    heard = connection.recv(1 << 16)
    while b"\r\n\r\n" not in heard:
        heard += connection.recv(1 << 16)
    head, _, body = heard.partition(b"\r\n\r\n")
    length = int(head.partition(b"Content-Length: ")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(1 << 16)
    return head + b"\r\n\r\n" + body


@contextmanager
def told(*scripts: Sequence[bytes], seconds: float = 5) -> Iterator[tuple[Wire, Scripted]]:
    """A wire to a scripted tracker."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        tracker = Scripted(scripts)
        thread = threading.Thread(target=tracker.serve, args=(server,))
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/api/1/envelope/"
        yield Wire(urllib3.PoolManager, url, HEADERS, seconds), tracker
        thread.join()


def test_each_request_over_a_connection_has_the_same_head_but_for_the_length() -> None:
    with told([OK, OK, OK]) as (wire, tracker):
        answers = [wire.post(body) for body in (b"first", b"and second", b"x" * 70_000)]

    assert answers == [SENT] * 3
    first, *others = tracker.heard[0]
    assert first.endswith(b"\r\n\r\nfirst")
    assert others[0] == first.replace(b"Content-Length: 5", b"Content-Length: 10")[:-5] + b"and second"
    assert others[1] == first.replace(b"Content-Length: 5", b"Content-Length: 70000")[:-5] + b"x" * 70_000


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, Outcome.SENT),
        (OK.replace(b"\r\n", b"\n"), Outcome.SENT),
        (OK.replace(b"Content-Type", b"content-type").replace(b"application/json", b"text/html"), Outcome.FAILED),
        (b"HTTP/1.1 500 \r\nContent-Length: 0\r\n\r\n", Outcome.FAILED),
        (b"HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nno.", Outcome.REFUSED),
        (b"HTTP/1.1 429 No\r\nretry-after: 7\r\nContent-Length: 0\r\n\r\n", Outcome.LIMITED),
    ],
)
def test_an_answer_means_the_same_on_a_connection_that_is_kept(answer: bytes, outcome: Outcome) -> None:
    with told([OK, answer, OK]) as (wire, tracker):
        assert [wire.post(b"x").outcome for _ in range(3)] == [Outcome.SENT, outcome, Outcome.SENT]

    assert len(tracker.heard) == 1


def test_limits_that_stand_in_two_lines_are_all_heard() -> None:
    limits = b"X-Sentry-Rate-Limits: 60:error\r\nX-Sentry-Rate-Limits: 30:transaction\r\n"

    with told([OK, OK.replace(b"\r\n", b"\r\n" + limits, 1)]) as (wire, _):
        wire.post(b"x")
        assert wire.post(b"x").limits == {"error": 60, "transaction": 30}


@pytest.mark.parametrize(
    "answer",
    [
        OK.replace(b"\r\n", b"\r\nConnection: close\r\n", 1),
        OK.replace(b"HTTP/1.1", b"HTTP/1.0"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n{}",
        OK.replace(b"Length: 2", b"Length: 1000000"),
        OK + b"more than was said",
    ],
)
def test_after_an_answer_whose_end_is_not_known_there_is_a_new_connection(answer: bytes) -> None:
    with told([OK, answer], [OK, OK]) as (wire, tracker):
        assert [wire.post(b"x") for _ in range(4)] == [SENT] * 4

    assert [len(heard) for heard in tracker.heard] == [2, 2]


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1 200 O", b"SSH-2.0-OpenSSH_9.2\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000],
    ids=["none", "half", "of something else", "endless"],
)
def test_what_is_no_answer_has_failed_and_the_next_one_goes_over_a_new_connection(answer: bytes) -> None:
    with told([OK, answer], [OK]) as (wire, _):
        assert [wire.post(b"x").outcome for _ in range(3)] == [Outcome.SENT, Outcome.FAILED, Outcome.SENT]


def test_an_envelope_does_not_meet_a_tracker_that_hung_up_meanwhile() -> None:
    with told([OK, OK], [OK, OK]) as (wire, tracker):
        assert [wire.post(b"x") for _ in range(2)] == [SENT] * 2
        eventually(lambda: tracker.hung_up == 1)
        assert [wire.post(b"x") for _ in range(2)] == [SENT] * 2

    assert [len(heard) for heard in tracker.heard] == [2, 2]


def test_a_tracker_that_answers_in_chunks_keeps_its_connection() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"

    with told([chunked] * 3) as (wire, tracker):
        assert [wire.post(b"x") for _ in range(3)] == [SENT] * 3

    assert len(tracker.heard[0]) == 3


def test_a_connection_that_was_slow_to_make_gives_no_less_time_to_later_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connects = urllib3.util.connection.create_connection
    made: list[socket.socket] = []

    def slowly(*arguments: Any, **options: Any) -> socket.socket:
        time.sleep(0.2)
        made.append(connects(*arguments, **options))
        return made[-1]

    monkeypatch.setattr(urllib3.util.connection, "create_connection", slowly)
    with told([OK, OK]) as (wire, _):
        assert [wire.post(b"x") for _ in range(2)] == [SENT] * 2
        assert [connection.gettimeout() for connection in made] == [5]


def test_what_is_being_sent_when_the_process_ends_is_answered(tmp_path: Path) -> None:
    """The thread that sends is a daemon: urllib3's connections are closed while it still waits for an answer."""
    program = tmp_path / "program.py"
    program.write_text(
        "import atexit, sys, threading, urllib3\n"
        "from apps.error_tracking.delivery.wire import Wire\n"
        "def end():\n"
        "    print('ending', flush=True)\n"
        "    sending.join(60)\n"
        "    print(answers)\n"
        "atexit.register(end)\n"  # first, so that it runs last: behind what urllib3 does
        "wire = Wire(urllib3.PoolManager, sys.argv[1], {}, 60)\n"
        "answers = [wire.post(b'x').outcome.name]\n"
        "sending = threading.Thread(target=lambda: answers.append(wire.post(b'x').outcome.name), daemon=True)\n"
        "sending.start()\n"
        "sys.stdin.readline()\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        command = [sys.executable, str(program), url]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        ) as child:
            connection, _ = server.accept()
            with connection:
                _request(connection)
                connection.sendall(OK)
                _request(connection)
                assert child.stdin and child.stdout
                child.stdin.close()  # the program comes to its end
                assert child.stdout.readline() == "ending\n"
                connection.sendall(OK)
            assert child.stdout.read() == "['SENT', 'SENT']\n"


def test_it_is_the_same_over_tls(tmp_path: Path) -> None:
    secrets.make("localhost", tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "tls.crt", tmp_path / "tls.key")
    tracker = Scripted([[OK, OK, OK]])

    with socket.create_server(("127.0.0.1", 0)) as plain, context.wrap_socket(plain, server_side=True) as server:
        thread = threading.Thread(target=tracker.serve, args=(server,))
        thread.start()
        url = f"https://localhost:{server.getsockname()[1]}/api/1/envelope/"
        wire = Wire(lambda: urllib3.PoolManager(ca_certs=str(tmp_path / "tls.crt")), url, HEADERS, 5)
        assert [wire.post(b"x") for _ in range(3)] == [SENT] * 3
        thread.join()

    assert len(tracker.heard[0]) == 3


def eventually(holds: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)
