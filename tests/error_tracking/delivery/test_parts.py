"""Files that appear whole, and what becomes of those that were sent."""

import os
from pathlib import Path

import pytest

from apps.error_tracking.delivery import files
from apps.error_tracking.delivery import parts as module
from apps.error_tracking.delivery.parts import Parts


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def parts(folder: Path) -> Parts:
    return Parts(folder)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_was_sent_is_written_over(parts: Parts, folder: Path) -> None:
    parts.write("first.envelope", b"a long one")
    number = (folder / "first.envelope").stat().st_ino

    parts.recycle("first.envelope")
    parts.write("second.envelope", b"short")

    assert names(folder) == ["second.envelope"]
    assert (folder / "second.envelope").read_bytes() == b"short"
    assert (folder / "second.envelope").stat().st_ino == number


def test_what_was_sent_has_no_name_that_is_sent_again(parts: Parts, folder: Path) -> None:
    parts.write("first.envelope", b"one")

    parts.recycle("first.envelope")

    assert names(folder) == [".spare-first"]


def test_only_so_many_are_kept_to_be_written_over(parts: Parts, folder: Path) -> None:
    for number in range(module._MOST_SPARE + 3):
        parts.write(f"{number}.envelope", b"one")
    for number in range(module._MOST_SPARE + 3):
        parts.recycle(f"{number}.envelope")

    assert len(names(folder)) == module._MOST_SPARE


def test_none_is_left_once_it_is_tidied_up(parts: Parts, folder: Path) -> None:
    for number in range(3):
        parts.write(f"{number}.envelope", b"one")
        parts.recycle(f"{number}.envelope")

    parts.tidy()

    assert names(folder) == []


def test_one_that_somebody_swept_is_not_missed(parts: Parts, folder: Path) -> None:
    parts.write("first.envelope", b"one")
    parts.recycle("first.envelope")
    (folder / ".spare-first").unlink()

    parts.write("second.envelope", b"two")

    assert (folder / "second.envelope").read_bytes() == b"two"


def test_one_that_has_a_second_name_is_not_written_into(parts: Parts, folder: Path) -> None:
    parts.write("first.envelope", b"one")
    parts.recycle("first.envelope")
    os.link(folder / ".spare-first", folder / "somebody's")

    parts.write("second.envelope", b"two")

    assert (folder / "somebody's").read_bytes() == b"one"
    assert (folder / "second.envelope").read_bytes() == b"two"


def test_a_disk_that_is_full_halfway_leaves_nothing(
    parts: Parts, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts.write("first.envelope", b"one")
    parts.recycle("first.envelope")

    def full(file: int, body: bytes) -> None:
        raise OSError("full")

    monkeypatch.setattr(files, "_write_all", full)

    with pytest.raises(OSError, match="full"):
        parts.write("second.envelope", b"two")
    assert names(folder) == []


def test_a_child_leaves_its_parents_alone(parts: Parts, folder: Path) -> None:
    parts.write("first.envelope", b"one")
    parts.recycle("first.envelope")

    parts.forget()  # as delivery/forks.py has it do
    parts.write("second.envelope", b"two")

    assert names(folder) == [".spare-first", "second.envelope"]


@pytest.mark.parametrize("prefix", [".part-", ".spare-"])
def test_what_a_process_left_that_was_killed_is_swept_after_an_hour(parts: Parts, folder: Path, prefix: str) -> None:
    for name in (".lock", f"{prefix}old", f"{prefix}new"):
        (folder / name).touch()
    for name in (".lock", f"{prefix}old"):
        os.utime(folder / name, (1, 1))

    with os.scandir(folder) as found:
        for one in found:
            parts.sweep(one)

    assert names(folder) == [".lock", f"{prefix}new"]
