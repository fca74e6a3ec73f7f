"""One process at a time, on one machine, whatever the container."""

import fcntl
import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from . import files

logger = logging.getLogger(__name__)

_MOST = 1000  # bytes of who holds it


class Lock:
    """A lock of the kernel's on a file: it ends with its process, however that ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem = ""  # why nobody can hold it
        self._file: int | None = None

    @contextmanager
    def held(self) -> Iterator[bool]:
        """Inside the block nobody else holds it; False: somebody else does, or there is no folder. Never waits."""
        held = self._acquire()
        try:
            yield held
        finally:
            if held and self._file is not None:
                fcntl.flock(self._file, fcntl.LOCK_UN)  # closing is not enough while a child has the file too
                self.forget()

    def forget(self) -> None:
        """Close the file in a child that was forked meanwhile; the parent goes on holding the lock."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def holder(self) -> str | None:
        """Return who holds it at this moment, or None."""
        with self.held() as free:
            if free or self.problem:
                return None
            try:
                return files.read(self.path, _MOST).decode("utf-8", "replace") or "unknown"
            except OSError:  # no folder, or it vanished meanwhile
                return None

    def _acquire(self) -> bool:
        try:
            file = files.opened(self.path, os.O_RDWR | os.O_CREAT)
        except FileNotFoundError:
            return False
        except OSError as error:
            self._tell(error)
            return False
        self.problem = ""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            return False
        self._file = file
        with suppress(OSError):  # for people to read; a full disk is no reason not to go on
            holder = f"process {os.getpid()} on {socket.gethostname()}".encode()
            if os.pread(file, _MOST, 0) != holder:  # to write costs ten times as much, and most often it was us
                os.truncate(file, 0)
                os.pwrite(file, holder, 0)
        return True

    def _tell(self, error: OSError) -> None:
        if not self.problem:  # once: the sender asks again every few seconds
            logger.warning("The lock %s cannot be opened (%s): what needs it waits.", self.path, type(error).__name__)
        self.problem = f"the lock cannot be opened ({type(error).__name__})"
