"""Whatever the tracker does to a real server: all 200 of 200 errors arrive after it has recovered, once each."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from apps.error_tracking.sink import Sink
from tests.daemons import wait_until
from tests.docker.app.world import FILE, HOST
from tests.docker.outages import (
    ERRORS,
    IN_HASTE,
    KIND_IDS,
    KINDS,
    TlsSink,
    arrived_once,
    dsn,
    fail_often,
    held_port,
    kept,
)
from tests.docker.server import Server

FAULTS = (
    "error_500 html_502 html_503 rate_limited rate_limited_retry_after rate_limited_categories "
    "rate_limited_for_no_time web_page reset reset_in_body drip hang"
).split()
REFUSALS = ["too_large", "bad_request", "forbidden"]
YEAR = 365 * 86400
# Long enough that nothing is refused for the fifth time, and set aside, while errors are still being made; and that
# no answer of a tracker that works is given up on a busy machine: what it took would be sent again.
# And one worker for all tests: for its successor, whose clock is right, what it wrote a year ago would be too old.
PATIENT = {"RETRY_MOST": "1", "WEB_MAX_REQUESTS": "0", **IN_HASTE}


@dataclass
class Running:
    """A server, and the port at which it believes its tracker to be."""

    server: Server
    folder: Path
    port: int

    def fail_and_keep(self) -> list[str]:
        """Make errors; return what they say, once all are on disk."""
        expected = fail_often(self.server)
        wait_until(lambda: len(kept(self.folder)) == ERRORS, "they were not kept")
        return expected

    def deliver(self, sink: Sink, expected: list[str]) -> None:
        """Wait until all have arrived, once each, and nothing is left on disk."""
        arrived_once(sink, expected)
        wait_until(lambda: not kept(self.folder), "something was left in the outbox")


@pytest.fixture(scope="module", params=KINDS, ids=KIND_IDS)
def kind(request: pytest.FixtureRequest) -> Any:
    """How a server runs: its number of threads, and its arguments."""
    return request.param


@pytest.fixture(scope="module")
def running(kind: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    threads, arguments = kind
    folder = tmp_path_factory.mktemp("faults")
    with (
        held_port() as port,
        Server(folder, *arguments, SENTRY_DSN=dsn(port), WEB_THREADS=threads, **PATIENT) as server,
    ):
        yield Running(server, folder, port)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return two certificates with their keys; the server trusts one of them."""
    if not shutil.which("openssl"):
        pytest.skip("openssl makes the certificates, and is not installed")
    folder = tmp_path_factory.mktemp("certificates")
    for name in ("trusted", "foreign"):
        make = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2".split()
        names = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
        files = ["-keyout", folder / f"{name}.key", "-out", folder / f"{name}.crt"]
        subprocess.run(["openssl", *make, *names, *files], check=True, capture_output=True)
        both = (folder / f"{name}.crt").read_text() + (folder / f"{name}.key").read_text()
        (folder / f"{name}.pem").write_text(both)
    return {path.name: path for path in folder.iterdir()}


@pytest.fixture(scope="module")
def secure(kind: Any, certificates: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server that reaches its tracker by name, over TLS."""
    threads, arguments = kind
    folder = tmp_path_factory.mktemp("secure")
    (folder / FILE).touch()
    with held_port() as port:
        variables = {"SENTRY_DSN": dsn(port, "https", HOST), "SSL_CERT_FILE": str(certificates["trusted.crt"])}
        with Server(folder, *arguments, WEB_THREADS=threads, **PATIENT, **variables) as server:
            yield Running(server, folder, port)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_tracker_that_is_broken_gets_all_of_them_once_it_works(running: Running, fault: str) -> None:
    with Sink(running.port) as sink:
        sink.behaviour = fault
        expected = running.fail_and_keep()
        wait_until(lambda: fault in sink.answered)
        assert sink.events() == []

        sink.behaviour = "ok"

        running.deliver(sink, expected)


@pytest.mark.parametrize("fault", REFUSALS)
def test_a_tracker_that_refuses_for_a_while_gets_all_of_them(running: Running, fault: str) -> None:
    with Sink(running.port) as sink:
        sink.behaviour = fault
        expected = running.fail_and_keep()
        assert sink.events() == []

        sink.behaviour = "ok"

        running.deliver(sink, expected)


def test_a_tracker_that_answers_late_gets_all_of_them(running: Running) -> None:
    with Sink(running.port) as sink:
        sink.behaviour = "slow"
        expected = fail_often(running.server)
        sink.wait_for(2)
        assert len(sink.events()) < ERRORS

        sink.behaviour = "ok"

        running.deliver(sink, expected)


def test_a_closed_port(running: Running) -> None:
    expected = running.fail_and_keep()

    with Sink(running.port) as sink:
        running.deliver(sink, expected)


@pytest.mark.parametrize("offset", [-YEAR, YEAR])
@pytest.mark.parametrize("fault", ["error_500", "rate_limited_retry_after"])
def test_a_clock_that_jumps(running: Running, fault: str, offset: int) -> None:
    with Sink(running.port) as sink, right_again(running.server):
        sink.behaviour = fault
        expected = fail_often(running.server, ERRORS // 2)
        running.server.get(f"/clock?offset={offset}")
        expected += fail_often(running.server, ERRORS // 2)
        wait_until(lambda: len(kept(running.folder)) == ERRORS, "they were not kept")

        sink.behaviour = "ok"

        running.deliver(sink, expected)


@contextmanager
def right_again(server: Server) -> Iterator[None]:
    """After the block the server's clock is right, whatever happened inside."""
    try:
        yield
    finally:
        server.get("/clock?offset=0")


def test_a_name_that_cannot_be_resolved(secure: Running, certificates: dict[str, Path]) -> None:
    with TlsSink(secure.port, certificates["trusted.pem"]) as sink:
        (secure.folder / FILE).unlink()
        expected = secure.fail_and_keep()
        assert sink.answered == []

        (secure.folder / FILE).touch()

        secure.deliver(sink, expected)


def test_a_tracker_that_does_not_speak_tls(secure: Running, certificates: dict[str, Path]) -> None:
    with Sink(secure.port) as sink:
        expected = secure.fail_and_keep()
        assert sink.envelopes == []

    with TlsSink(secure.port, certificates["trusted.pem"]) as sink:
        secure.deliver(sink, expected)


def test_a_tracker_with_a_certificate_of_somebody_else(secure: Running, certificates: dict[str, Path]) -> None:
    with TlsSink(secure.port, certificates["foreign.pem"]) as sink:
        expected = secure.fail_and_keep()
        assert sink.envelopes == []

    with TlsSink(secure.port, certificates["trusted.pem"]) as sink:
        secure.deliver(sink, expected)
