import socket
from collections.abc import Iterator

import pytest

from scripts import Problem, ports
from tests.daemons import free_port


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as server:
        server.bind((ports.HOST, 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_port_number_is_read() -> None:
    assert ports.read("PORT", "8001") == 8001


@pytest.mark.parametrize("text", ["0", "65536", "-1", "80a", "8000 ", "٨٠", "", "1e3"])
def test_anything_else_is_refused_in_one_sentence_that_names_the_variable(text: str) -> None:
    with pytest.raises(Problem, match=r"^TRACKER_PORT must be a port number from 1 to 65535; ") as problem:
        ports.read("TRACKER_PORT", text)
    assert problem.value.exit_code == 2


def test_a_taken_port_is_refused_with_the_way_out(taken_port: int) -> None:
    with pytest.raises(Problem, match=rf"^Port {taken_port} is taken by another program; .* make run PORT=") as problem:
        ports.require_free("PORT", taken_port)
    assert problem.value.exit_code == 2


def test_a_port_is_free_again_when_its_server_is_gone() -> None:
    with socket.socket() as server:
        # As gunicorn does. The server's side closes first, so the connection lingers (TIME_WAIT).
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        port = free_port()  # which nobody else takes as soon as it is free
        server.bind((ports.HOST, port))
        server.listen()
        client = socket.create_connection((ports.HOST, port))
        server.accept()[0].close()
        client.close()
    ports.require_free("PORT", port)
