"""What is on disk: private, whole, bounded, oldest first."""

import errno
import gzip
import json
import os
import stat
import time
import zlib
from pathlib import Path
from typing import Any

import pytest

from apps.error_tracking import metrics
from apps.error_tracking.delivery import files
from apps.error_tracking.delivery import outbox as module
from apps.error_tracking.delivery.outbox import REJECTED, Outbox
from tests.error_tracking.delivery.entries import BODY, add, denied


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "outbox" / "tracker", max_bytes=10_000, max_age=3600)


def dropped(kind: str, reason: str) -> float:
    return float(metrics.ITEMS_DROPPED.labels(kind, reason)._value.get())


def test_what_is_added_is_read_back_oldest_first(outbox: Outbox) -> None:
    added = [add(outbox, event_id=f"{number:032x}") for number in range(3)]

    assert outbox.entries() == added
    assert [outbox.read(entry) for entry in added] == [BODY] * 3


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("12345678-1234-4234-8234-123456789ABC", "12345678123442348234123456789abc"),
        ("0123456789abcdef", "0" * 32),
        (None, "0" * 32),
    ],
)
def test_an_id_in_any_spelling_costs_no_error(outbox: Outbox, given: str | None, named: str) -> None:
    entry = outbox.add("event", given, BODY)

    assert entry.event_id == named
    assert outbox.entries() == [entry]


def test_nobody_else_can_read_it(outbox: Outbox) -> None:
    entry = add(outbox)

    modes = [outbox.folder.parent, outbox.folder, outbox.folder / entry.name]
    assert [stat.S_IMODE(path.stat().st_mode) for path in modes] == [0o700, 0o700, 0o600]


def test_a_folder_that_is_not_there_is_empty(outbox: Outbox) -> None:
    assert outbox.entries() == []
    assert outbox.rejected() == []
    with outbox.lock.held() as mine:
        assert not mine


def test_what_was_removed_is_gone(outbox: Outbox) -> None:
    entry = add(outbox)
    outbox.remove(entry)
    outbox.remove(entry)

    assert outbox.entries() == []
    assert outbox.read(entry) is None


def test_a_write_that_fails_leaves_nothing(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    add(outbox)

    def fail(*args: object) -> None:
        raise OSError("full")

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(OSError, match="full"):
        add(outbox)
    assert list(outbox.folder.glob(".part-*")) == []


@pytest.mark.parametrize(
    "damage",
    [BODY[:-5], BODY[:5], b"", b"no gzip", BODY + b"x", gzip.compress(b"no envelope")],
    ids=["cut", "cut early", "empty", "no gzip", "longer", "no envelope"],
)
def test_what_is_damaged_is_set_aside(outbox: Outbox, damage: bytes) -> None:
    entry = add(outbox)
    (outbox.folder / entry.name).write_bytes(damage)

    assert outbox.read(entry) is None
    assert outbox.entries() == []
    assert [path.name for path in outbox.rejected()] == [entry.name]


def test_a_file_with_the_bytes_of_one_that_was_sent_before_is_not_sent_again(outbox: Outbox) -> None:
    sent, entry = (event_id * 32 for event_id in "ab")
    before = gzip.compress(json.dumps({"event_id": sent}).encode() + b'\n{"type":"event"}\n{}')
    kept = outbox.add("event", entry, before)  # as if the disk had seen the renaming, and the writing not yet

    assert outbox.read(kept) is None
    assert [path.name for path in outbox.rejected()] == [kept.name]


def test_what_is_not_ours_is_set_aside(outbox: Outbox) -> None:
    kept = add(outbox)
    (outbox.folder / "notes.txt").write_text("hello")

    assert outbox.entries() == [kept]
    assert [path.name for path in outbox.rejected()] == ["notes.txt"]


def test_a_file_that_only_another_user_may_read_stays(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = add(outbox)
    denied(monkeypatch, entry.name)

    with pytest.raises(PermissionError):
        outbox.read(entry)
    assert outbox.entries() == [entry]


def test_a_note_that_the_disk_does_not_take_leaves_nothing_behind(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(outbox)

    def full(path: Path, body: bytes) -> None:
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "write_new", full)

    outbox.leave_note({"failures": 1})

    assert list(outbox.folder.glob(".part-*")) == []
    assert outbox.note() == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_what_root_writes_into_a_services_folder_is_the_services(outbox: Outbox) -> None:
    outbox.folder.parent.mkdir()
    os.chown(outbox.folder.parent, 65534, 65534)

    entry = add(outbox)
    outbox.leave_note({"failures": 1})
    with outbox.lock.held() as mine:
        assert mine
    outbox.refuse(add(outbox), most=1, why="413")

    made = [outbox.folder, *(outbox.folder / name for name in (entry.name, ".note", ".lock", REJECTED))]
    assert {path.stat().st_uid for path in made} == {65534}
    assert outbox.read(entry) == BODY


def symbolic(path: Path) -> None:
    path.symlink_to(Path(__file__))


def hard(path: Path) -> None:
    other = path.with_name(".other")
    other.write_bytes(BODY)
    path.hardlink_to(other)


def bomb(path: Path) -> None:
    packer = zlib.compressobj(9, wbits=31)
    pieces = [packer.compress(b"{"), *(packer.compress(bytes(1 << 20)) for _ in range(65)), packer.flush()]
    path.write_bytes(b"".join(pieces))


@pytest.mark.parametrize("make", [os.mkfifo, symbolic, hard, os.mkdir, bomb])
def test_what_is_no_envelope_of_ours_is_set_aside_and_never_waited_for(outbox: Outbox, make: Any) -> None:
    outbox.max_bytes = 1_000_000
    entry = add(outbox)
    (outbox.folder / entry.name).unlink()
    make(outbox.folder / entry.name)

    assert outbox.read(entry) is None
    assert outbox.entries() == []
    assert [path.name for path in outbox.rejected()] == [entry.name]


def test_what_was_set_aside_is_bounded(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_REJECTED", 2)
    add(outbox)
    for number in range(4):
        (outbox.folder / f"{number}.txt").write_text("")
        outbox.entries()

    assert [path.name for path in outbox.rejected()] == ["2.txt", "3.txt"]


def test_a_file_that_is_larger_than_the_outbox_is_not_read_whole_and_not_kept(outbox: Outbox) -> None:
    entry = add(outbox)
    (outbox.folder / entry.name).write_bytes(gzip.compress(b"{" + os.urandom(outbox.max_bytes)))

    assert outbox.read(entry) is None
    assert outbox.entries() == []
    assert outbox.rejected() == []


def test_what_was_set_aside_is_bounded_in_bytes_too(outbox: Outbox) -> None:
    add(outbox)
    for number in range(5):
        (outbox.folder / f"{number}.bin").write_bytes(bytes(1000))
        outbox.entries()

    assert [path.name for path in outbox.rejected()] == ["3.bin", "4.bin"]


def test_an_envelope_that_is_larger_than_the_outbox_does_not_empty_it(outbox: Outbox) -> None:
    kept = [add(outbox) for _ in range(3)]

    with pytest.raises(OSError, match="Larger than the outbox"):
        outbox.add("event", "b" * 32, bytes(outbox.max_bytes + 1))

    assert outbox.entries() == kept


def test_when_it_is_full_check_ins_go_first_then_the_oldest_errors(outbox: Outbox) -> None:
    outbox.max_bytes = 10 * len(BODY)
    before = dropped("event", "outbox_full"), dropped("check_in", "outbox_full")
    errors = [add(outbox) for _ in range(8)]
    check_ins = [add(outbox, "check_in") for _ in range(2)]

    newest = [add(outbox) for _ in range(4)]

    kept = outbox.entries()
    assert not set(check_ins) & set(kept)
    assert errors[0] not in kept
    assert set(newest) < set(kept)
    assert sum(outbox.sizes().values()) <= outbox.max_bytes
    assert dropped("check_in", "outbox_full") == before[1] + 2
    assert dropped("event", "outbox_full") > before[0]


def test_it_sees_what_other_processes_wrote(outbox: Outbox) -> None:
    other = Outbox(outbox.folder, outbox.max_bytes, outbox.max_age)
    for _ in range(3):
        add(outbox)
    outbox.max_bytes = other.max_bytes = 12 * len(BODY)
    for _ in range(70):
        add(other)
    for _ in range(70):
        add(outbox)

    assert sum(outbox.sizes().values()) <= 12 * len(BODY)


def test_what_is_too_old_is_dropped(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    old = outbox.folder / f"{time.time_ns() - 4000 * 10**9:019d}-{'0' * 16}-event-{'b' * 32}-0.envelope"
    young = add(outbox)
    old.write_bytes(BODY)
    before = dropped("event", "expired")

    outbox.expire()

    assert outbox.entries() == [young]
    assert dropped("event", "expired") == before + 1


@pytest.mark.parametrize("jump", [-30 * 86400, 30 * 86400])
def test_when_the_clock_jumped_nothing_is_too_old(outbox: Outbox, monkeypatch: pytest.MonkeyPatch, jump: int) -> None:
    entry = add(outbox)
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + jump)

    outbox.expire()

    assert outbox.entries() == [entry]


def test_what_is_refused_again_and_again_is_set_aside(outbox: Outbox) -> None:
    entry = add(outbox)
    outbox.refuse(entry, most=2, why="413")
    (again,) = outbox.entries()
    assert (again.key, again.tries) == (entry.key, 1)
    assert outbox.refused_since(again) < 60

    outbox.refuse(again, most=2, why="413")

    assert outbox.entries() == []
    assert len(outbox.rejected()) == 1
    assert outbox.restore() == 1
    assert [(back.key, back.tries) for back in outbox.entries()] == [(entry.key, 0)]


def test_a_clock_that_was_set_back_does_not_hold_up_what_was_refused(outbox: Outbox) -> None:
    entry = add(outbox)
    future = time.time() + 86400
    os.utime(outbox.folder / entry.name, (future, future))

    assert outbox.refused_since(entry) == float("inf")


def test_what_a_dead_process_left_half_written_is_swept(outbox: Outbox) -> None:
    add(outbox)
    fresh, stale = outbox.folder / ".part-fresh", outbox.folder / ".part-stale"
    for path in (fresh, stale):
        path.touch()
    os.utime(stale, (1, 1))

    for _ in range(65):
        add(outbox)

    assert fresh.exists()
    assert not stale.exists()


def test_a_full_folder_is_not_counted_again_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox = Outbox(tmp_path / "outbox", max_bytes=10_000_000, max_age=3600)
    add(outbox)
    for number in range(10_000):
        (outbox.folder / f"{number:019d}-{'0' * 16}-event-{'a' * 32}-0.envelope").touch()
    outbox = Outbox(outbox.folder, max_bytes=10_000_000, max_age=3600)
    scan, looks = os.scandir, list[Path]()

    def look(folder: Path) -> Any:
        if folder == outbox.folder:  # the thread of another test may be looking at its own
            looks.append(folder)
        return scan(folder)

    monkeypatch.setattr(os, "scandir", look)

    for _ in range(300):
        add(outbox)

    assert len(looks) == 1


def test_a_note_for_the_next_sender(outbox: Outbox) -> None:
    assert outbox.note() == {}
    add(outbox)
    outbox.leave_note({"failures": 2})
    assert outbox.note() == {"failures": 2}
    for text in ("", "[1]", json.dumps("x"), "[" * 50_000, json.dumps({"why": "x" * 70_000})):
        (outbox.folder / ".note").write_text(text)
        assert outbox.note() == {}


def test_the_folder_of_what_was_set_aside_is_no_entry(outbox: Outbox) -> None:
    add(outbox)
    (outbox.folder / REJECTED).mkdir()

    assert len(outbox.entries()) == 1
