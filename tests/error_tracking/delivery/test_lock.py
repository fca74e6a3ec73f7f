"""The lock of an outbox: one sender at a time."""

import os
from multiprocessing import get_context
from pathlib import Path

import pytest

from apps.error_tracking.delivery.outbox import Outbox
from apps.error_tracking.delivery.status import status
from tests.error_tracking.delivery.entries import add, denied


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "outbox" / "tracker", max_bytes=10_000, max_age=3600)


def test_a_lock_that_cannot_be_opened_is_told_once_and_shown(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    add(outbox)
    denied(monkeypatch, ".lock")

    for _ in range(2):
        with outbox.lock.held() as mine:
            assert not mine

    told = f"The lock {outbox.folder / '.lock'} cannot be opened (PermissionError): what needs it waits."
    assert caplog.text.count(told) == 1
    assert status(outbox).problem == "the lock cannot be opened (PermissionError)"
    assert status(outbox).sender is None


def test_a_lock_that_is_a_link_leads_nowhere(outbox: Outbox, tmp_path: Path) -> None:
    add(outbox)
    victim = tmp_path / "victim"
    victim.write_text("precious")
    outbox.lock.path.symlink_to(victim)

    with outbox.lock.held() as mine:
        assert not mine
    assert victim.read_text() == "precious"


def test_one_sender_at_a_time_and_the_lock_says_who(outbox: Outbox) -> None:
    add(outbox)
    other = Outbox(outbox.folder, 10_000, 3600)
    assert outbox.lock.holder() is None
    with outbox.lock.held() as first, other.lock.held() as second:
        assert (first, second) == (True, False)
        assert str(os.getpid()) in str(other.lock.holder())
    with other.lock.held() as free:
        assert free


def test_a_child_does_not_keep_the_lock_of_its_parent(outbox: Outbox) -> None:
    add(outbox)
    pipe, end = get_context("fork").Pipe()

    def child() -> None:
        outbox.lock.forget()  # as delivery/forks.py has it do
        with Outbox(outbox.folder, 1, 1).lock.held() as free:
            pipe.send(free)
        pipe.recv()

    with outbox.lock.held() as mine:
        assert mine
        process = get_context("fork").Process(target=child)
        process.start()
        assert end.recv() is False
    with Outbox(outbox.folder, 1, 1).lock.held() as free:
        assert free
    end.send("done")
    process.join()
