"""Whether the DSN's host answers, encrypted."""

import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from apps.error_tracking.sink import Sink
from apps.triage.gate.checks import tls
from scripts import secrets
from tests.daemons import free_port
from tests.triage.gate.conftest import MakeScope

KEY = "0" * 32


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificate")
    secrets.make("localhost", folder)
    return folder


@pytest.fixture
def https(certificate: Path) -> Iterator[int]:
    """A server on localhost with a certificate that nobody knows, and that says 501 to everything."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "tls.crt", certificate / "tls.key")

    class Silent(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Silent) as server:
        server.handle_error = lambda request, address: None  # type: ignore[method-assign]
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_a_certificate_that_is_known_holds(
    https: int, certificate: Path, make_scope: MakeScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "tls.crt"))

    found = tls.dsn(make_scope(dsn=f"https://{KEY}@localhost:{https}/1"))

    assert found.state == "held"
    assert found.said == "SENTRY_DSN: localhost answers over TLSv1.3, its certificate is valid."


def test_a_certificate_that_nobody_knows_has_failed(https: int, make_scope: MakeScope) -> None:
    found = tls.dsn(make_scope(dsn=f"https://{KEY}@localhost:{https}/1"))

    assert found.state == "failed"
    assert found.said.startswith("SENTRY_DSN: localhost cannot be reached (its certificate is not valid: self-signed")


def test_no_tls_where_https_is_said_has_failed(sink: Sink, make_scope: MakeScope) -> None:
    assert tls.dsn(make_scope(dsn=sink.dsn.replace("http", "https"))).state == "failed"


@pytest.mark.parametrize("environment", ["development", "staging", "production"])
def test_plain_http_on_loopback_is_the_named_exception_in_each_environment(
    sink: Sink, make_scope: MakeScope, environment: str
) -> None:
    found = tls.dsn(make_scope(dsn=sink.dsn, environment=environment))

    assert found.state == "held"
    assert "plain http, the exception for what stays on this host (127.0.0.1)" in found.said


@pytest.mark.parametrize("environment", ["development", "staging", "production"])
def test_plain_http_to_anybody_else_has_failed_in_each_environment(make_scope: MakeScope, environment: str) -> None:
    found = tls.dsn(make_scope(dsn=f"http://{KEY}@tracker.example.com/1", environment=environment))

    assert found.state == "failed"
    assert found.said.startswith("SENTRY_DSN: tracker.example.com is plain http: errors cross the network unencrypted")


def test_a_name_without_a_dot_that_is_somewhere_on_the_internet_has_failed(
    make_scope: MakeScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What a resolver with a search domain may answer.
    outside = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 0))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: [outside])

    assert "is plain http" in tls.dsn(make_scope(dsn=f"http://{KEY}@tracker:8000/1")).said


def test_a_host_that_is_none_has_failed(make_scope: MakeScope, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*args: object, **kwargs: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    assert tls.dsn(make_scope(dsn=f"http://{KEY}@tracker:8000/1")).said == (
        "SENTRY_DSN: tracker is no host that is known (gaierror)."
    )


def test_nobody_there_has_failed(make_scope: MakeScope) -> None:
    dsn = f"http://{KEY}@127.0.0.1:{free_port()}/1"

    assert tls.dsn(make_scope(dsn=dsn)).said == "SENTRY_DSN: 127.0.0.1 cannot be reached (ConnectError)."


def test_no_dsn_has_failed(make_scope: MakeScope) -> None:
    assert tls.dsn(make_scope()).said == "SENTRY_DSN is not set: no error reaches anybody."


def test_the_key_is_in_no_sentence(sink: Sink, make_scope: MakeScope) -> None:
    assert KEY not in tls.dsn(make_scope(dsn=sink.dsn)).said
