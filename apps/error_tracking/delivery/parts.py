"""Files that appear whole: written under another name, then renamed. One that was sent is soon written over.

To make a file is dear on some file systems (ext4 without a journal: 0.1 to 0.5 ms, where many come and go), and would
be the larger part of what it costs to keep an error.
"""

import os
import secrets
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from . import files

_PART, _SPARE = ".part-", ".spare-"
_MOST_SPARE = 64
_STALE = 3600.0  # seconds; what a process left that was killed


class Parts:
    """Writes into one folder, from any thread; what was sent is recycled by the one that sends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.forget()

    def write(self, name: str, body: bytes) -> None:
        """Write a file that is there whole, or not at all; raises OSError."""
        with suppress(IndexError, OSError):  # none to spare; or it was swept, or is no longer ours
            self._write(self._spares.popleft(), files.write_over, name, body)
            return
        self._write(self._folder / (_PART + secrets.token_hex(8)), files.write_new, name, body)

    def _write(self, part: Path, write: Callable[[Path, bytes], None], name: str, body: bytes) -> None:
        try:
            write(part, body)
            part.rename(self._folder / name)
        except OSError:
            part.unlink(missing_ok=True)
            raise

    def recycle(self, name: str) -> None:
        """Remove a file, under whose other name the next one may be written; raises OSError."""
        path = self._folder / name
        if len(self._spares) >= _MOST_SPARE:
            path.unlink(missing_ok=True)
        else:
            self._spares.append(path.rename(self._folder / (_SPARE + path.stem)))

    def forget(self) -> None:
        """Begin with nothing to spare, as in a child that was just forked."""
        self._spares: deque[Path] = deque()

    def tidy(self) -> None:
        """Remove what nothing was written into."""
        while self._spares:
            with suppress(IndexError, OSError):
                self._spares.popleft().unlink()

    def sweep(self, found: os.DirEntry[str]) -> None:
        """Remove a file of this folder, if it is what a process left that was killed."""
        with suppress(OSError):
            if found.name.startswith((_PART, _SPARE)) and time.time() - found.stat().st_mtime > _STALE:
                (self._folder / found.name).unlink()
