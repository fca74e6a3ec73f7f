"""A receiver whose answer does not come to an end is left all the same, byte by byte in time or as fast as it can."""

import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Thread

import pytest

from apps.triage.alerts.rules import Receiver
from apps.triage.notify import line
from apps.triage.notify.errors import Undelivered
from apps.triage.notify.receivers import opened
from tests.triage.watch.test_post import message

CHAT = Receiver(name="chat", kind="slack", variable="ALERT_SLACK_URL")
TEAM = Receiver(name="team", kind="email", to=("team@example.com",))
SLOW = "did not come to the end of its answer in 0.2 seconds"
END = b"\r\n\r\n"
GO_ON = b"250 go on\r\n"
BEFORE_AN_ANSWER = {
    "its greeting": [b"220-"],
    "whether it took the mail": [b"220 mail\r\n", b"250 mail\r\n", GO_ON, GO_ON, b"354 go on\r\n", b"250-"],
}


@contextmanager
def dripping(*said: bytes) -> Iterator[int]:
    """Serve one connection: say the first at once, each of the others after hearing something, and then drip."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=_serve, args=(server, said))
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            thread.join()


def _serve(server: socket.socket, said: Sequence[bytes]) -> None:
    connection, _ = server.accept()
    with connection, suppress(ConnectionError):  # who listens goes away
        for number, text in enumerate(said):
            _ = number and connection.recv(1 << 16)
            connection.sendall(text)
        for _ in range(300):  # longer than anybody listens, and not for ever
            connection.sendall(b"x")
            time.sleep(0.01)
        connection.sendall(END)


def refusal(receiver: Receiver, **environ: str) -> Undelivered:
    with pytest.raises(Undelivered) as error:
        opened([receiver], environ)[receiver.name].send([message()])
    return error.value


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "MAX_SECONDS", 0.2)


@pytest.mark.parametrize("before", [b"", b"HTTP/1.1 100 Continue\r\n\r\n"])
def test_a_webhook_that_drips_the_head_of_its_answer(before: bytes) -> None:
    with dripping(b"", before + b"HTTP/1.1 200 OK\r\nX-Padding: ") as port:
        error = refusal(CHAT, ALERT_SLACK_URL=f"http://127.0.0.1:{port}/services/topsecret")

    assert str(error) == f"Slack {SLOW}"
    assert error.unsure


def test_of_one_that_drips_its_reason_the_status_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "MAX_SECONDS", 2)  # until then the status must be there, on a busy machine too
    with dripping(b"", b"HTTP/1.1 403 Forbidden\r\nContent-Length: 1000\r\n\r\n") as port:
        error = refusal(CHAT, ALERT_SLACK_URL=f"http://127.0.0.1:{port}/services/topsecret")

    assert str(error) == "Slack answered 403"
    assert not error.unsure


@pytest.mark.parametrize("said", BEFORE_AN_ANSWER.values(), ids=BEFORE_AN_ANSWER)
def test_a_mail_server_that_drips(said: Sequence[bytes]) -> None:
    with dripping(*said) as port:
        url = f"smtp+plain://127.0.0.1:{port}"
        error = refusal(TEAM, ALERT_SMTP_URL=url, ALERT_MAIL_FROM="alerts@example.com")

    assert str(error) == f"the mail server 127.0.0.1 {SLOW}"
    assert error.unsure


@pytest.mark.parametrize("said", BEFORE_AN_ANSWER.values(), ids=BEFORE_AN_ANSWER)
def test_a_mail_server_whose_answer_has_lines_without_end(
    said: Sequence[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "MAX_SECONDS", 30)  # of which none is waited for
    *before, last = said
    with dripping(*before, (last[:4] + b"more of it\r\n") * 100_000) as port:
        url = f"smtp+plain://127.0.0.1:{port}"
        error = refusal(TEAM, ALERT_SMTP_URL=url, ALERT_MAIL_FROM="alerts@example.com")

    assert str(error) == "the mail server 127.0.0.1 answers with more than 64 kB"
    assert error.unsure


def test_where_nobody_answered_yet_nothing_is_cut() -> None:
    mine = line.Line()

    mine.cut()

    assert not mine.was_cut
