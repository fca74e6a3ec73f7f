"""Envelopes on disk, one file each, until a tracker has taken them.

Whoever lists the folder sees whole files only (parts.py). Everybody may write; who sends must hold the lock.
"""

import errno
import json
import logging
import os
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from .. import metrics
from . import files
from .entry import SUFFIX, Entry
from .lock import Lock
from .parts import Parts

logger = logging.getLogger(__name__)

# What is kept: everything else is worth no disk.
KINDS = ("event", "check_in")
MAX_REJECTED = 1000  # files
REJECTED_SHARE = 0.25  # of max_bytes, besides what waits
REJECTED = "rejected"
_NOTE = ".note"
_MAX_NOTE = 64 * 1024  # bytes
_LONGEST_LINE = 8192
# Other processes write too: each counts what is there anew after so many files of its own, or such a share of what is
# there. To look costs time for each file: without the share, the fuller an outbox, the slower it would be.
_LOOK_EVERY, _LOOK_SHARE = 64, 32
_ROOM = 0.95  # a full outbox is emptied a little further, or each file would cost a look
_STARTED = time.time() - time.monotonic()


class Outbox:
    """The files in one folder, which is made (0700) with the first of them; at most so many bytes, so many seconds."""

    def __init__(self, folder: Path, max_bytes: int, max_age: float) -> None:
        self.folder = folder
        self.max_bytes = max_bytes
        self.max_age = max_age
        self._bytes = 0
        self._unseen, self._look_after = 0, 0
        self.lock = Lock(folder / ".lock")
        self.parts = Parts(folder)

    def add(self, kind: str, event_id: str | None, body: bytes) -> Entry:
        """Keep a compressed envelope; raises OSError if the disk does not take it. Drops the oldest when full."""
        if len(body) > self.max_bytes:  # all others would have to go
            raise OSError(errno.EFBIG, "Larger than the outbox")
        self._make_room(len(body))
        entry = Entry.new(kind, event_id)
        try:
            self.parts.write(entry.name, body)
        except FileNotFoundError:  # most often there is a folder: to look first would cost each error
            self._make_folder()
            self.parts.write(entry.name, body)
        self._bytes += len(body)
        return entry

    def _make_folder(self) -> None:
        self.folder.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        files.make_folder(self.folder.parent)
        files.make_folder(self.folder)

    def entries(self) -> list[Entry]:
        """Return what is kept, oldest first. Files that are not ours are set aside; a missing folder is empty."""
        found = []
        for name in sorted(self._names()):  # names sort faster than entries, and a full outbox has many
            if entry := Entry.parse(name):
                found.append(entry)
            elif not name.startswith(".") and name != REJECTED:
                self._set_aside(name)
        return found

    def read(self, entry: Entry) -> bytes | None:
        """Return the bytes of an entry; None if they are gone, or unreadable or damaged and now set aside.

        Raises PermissionError: another user's command wrote it, and can still send it.
        """
        try:
            body = files.read(self.folder / entry.name, self.max_bytes)
        except FileNotFoundError:
            return None
        except PermissionError:
            raise
        except OSError as error:
            self._reject(entry, "corrupt", f"it cannot be read ({type(error).__name__})")
            return None
        if problem := _problem_with(entry, body):
            self._reject(entry, "corrupt", problem)
            return None
        return body

    def remove(self, entry: Entry) -> None:
        """Forget an entry that was sent; raises OSError if the disk does not let us."""
        (self.folder / entry.name).unlink(missing_ok=True)

    def recycle(self, entry: Entry) -> None:
        """Forget an entry that was sent just after it was written: more of them will come. As remove."""
        with suppress(FileNotFoundError):
            self.parts.recycle(entry.name)

    def refuse(self, entry: Entry, most: int, why: str) -> None:
        """Note that a tracker did not want an entry; set it aside the `most`-th time."""
        if entry.tries + 1 >= most:
            self._reject(entry, "refused", why)
            return
        path = self.folder / f"{entry.key}-{entry.tries + 1}{SUFFIX}"
        with suppress(FileNotFoundError):
            (self.folder / entry.name).rename(path)
            os.utime(path)

    def refused_since(self, entry: Entry) -> float:
        """Return how many seconds ago an entry was refused the last time; infinity if the clock was set back."""
        try:
            seconds = time.time() - (self.folder / entry.name).stat().st_mtime
        except FileNotFoundError:
            return 0.0
        return seconds if seconds >= 0 else float("inf")

    def expire(self) -> None:
        """Drop what is older than `max_age`, unless this process saw the clock jump: then nobody knows what is old."""
        if abs(time.time() - time.monotonic() - _STARTED) > 60:
            return
        limit = time.time() - self.max_age
        self._drop([entry for entry in self.entries() if entry.created < limit], "expired")

    def rejected(self) -> list[Path]:
        """Return the files that were set aside, oldest first."""
        folder = self.folder / REJECTED
        return sorted(folder.iterdir()) if folder.is_dir() and not folder.is_symlink() else []

    def restore(self) -> int:
        """Put back what was refused, as if it was never tried; return how many."""
        entries = [(path, entry) for path in self.rejected() if (entry := Entry.parse(path.name))]
        for path, entry in entries:
            path.rename(self.folder / f"{entry.key}-0{SUFFIX}")
        return len(entries)

    def note(self) -> dict[str, Any]:
        """Return what the last sender noted; empty if nothing, or nothing readable."""
        try:
            note = json.loads(files.read(self.folder / _NOTE, _MAX_NOTE))
        except (OSError, ValueError, RecursionError):
            return {}
        return note if isinstance(note, dict) else {}

    def leave_note(self, note: dict[str, Any]) -> None:
        """Leave a note for the next sender, which may be another process."""
        with suppress(OSError):  # a note that is missing costs one attempt
            self.parts.write(_NOTE, json.dumps(note).encode())

    def _names(self) -> list[str]:
        return [item.name for item in self._found()]

    def _found(self) -> Iterator[os.DirEntry[str]]:
        with suppress(OSError), os.scandir(self.folder) as found:
            yield from found

    def _make_room(self, size: int) -> None:
        self._unseen += 1
        if self._unseen <= self._look_after and self._bytes + size <= self.max_bytes:
            return
        self._look()
        if self._bytes + size > self.max_bytes:
            self._empty(size)

    def _look(self) -> None:
        self._unseen = self._bytes = files = 0
        for item in self._found():
            if not item.name.endswith(SUFFIX):
                self.parts.sweep(item)
                continue
            with suppress(FileNotFoundError):
                self._bytes += item.stat(follow_symlinks=False).st_size
                files += 1
        self._look_after = max(_LOOK_EVERY, files // _LOOK_SHARE)

    def _empty(self, size: int) -> None:
        victims, sizes = [], self.sizes()
        for entry in sorted(sizes, key=lambda entry: (entry.kind == "event", entry.name)):
            if self._bytes + size <= self.max_bytes * _ROOM:
                break
            self._bytes -= sizes[entry]
            victims.append(entry)
        self._drop(victims, "outbox_full")

    def sizes(self) -> dict[Entry, int]:
        """Return the bytes of each entry."""
        sizes = {}
        for entry in self.entries():
            with suppress(FileNotFoundError):
                sizes[entry] = (self.folder / entry.name).lstat().st_size
        return sizes

    def _drop(self, entries: list[Entry], reason: str) -> None:
        for entry in entries:
            with suppress(OSError):
                self.remove(entry)
                metrics.ITEMS_DROPPED.labels(entry.kind, reason).inc()
        if entries:
            logger.warning("The outbox dropped %d envelopes: %s.", len(entries), reason)

    def _reject(self, entry: Entry, reason: str, why: str) -> None:
        metrics.ITEMS_DROPPED.labels(entry.kind, reason).inc()
        logger.warning("An envelope (event %s) was set aside: %s.", entry.event_id, why)
        self._set_aside(entry.name)

    def _set_aside(self, name: str) -> None:
        folder = self.folder / REJECTED
        with suppress(OSError):
            files.make_folder(folder)
            (self.folder / name).rename(folder / name)
            self._thin_out()

    def _thin_out(self) -> None:
        """Delete the oldest of what was set aside: all but so many files, so many bytes."""
        room = self.max_bytes * REJECTED_SHARE
        for number, path in enumerate(reversed(self.rejected())):
            with suppress(OSError):
                room -= path.lstat().st_size
                if number >= MAX_REJECTED or room < 0:
                    path.unlink()


def _problem_with(entry: Entry, body: bytes) -> str:
    if not files.is_whole(body):
        return "it is damaged"
    # Power was cut, and the disk had seen the new name of a file that was written over, but not yet the bytes.
    return "" if entry.may_hold(_event_id_in(body)) else "it still holds one that was sent before"


def _event_id_in(body: bytes) -> Any:
    """Return the ID in the first line of a compressed envelope; None if there is none, or it is unusually long."""
    first = zlib.decompressobj(wbits=31).decompress(body, _LONGEST_LINE).partition(b"\n")[0]
    with suppress(ValueError, RecursionError):
        header = json.loads(first)
        return header.get("event_id") if isinstance(header, dict) else None
    return None
