"""The listener of a process that answers no other requests."""

import socket

import pytest

from apps.api import scraping
from tests.daemons import free_port


def test_who_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(scraping._Silent, "timeout", 0.1)
    port = free_port()
    scraping.listen("127.0.0.1", port)

    with socket.create_connection(("127.0.0.1", port), timeout=10) as neighbour:
        neighbour.sendall(b"GET /metrics HTTP/1.1\r\n")

        assert neighbour.recv(1) == b""
    assert capfd.readouterr().err == ""
