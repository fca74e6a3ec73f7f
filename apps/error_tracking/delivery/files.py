"""Files in a folder that somebody else may have put something into: no link is followed, no pipe waited for."""

import errno
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MAX_UNPACKED = 64 * 1024 * 1024  # bytes; no tracker takes an envelope of more
_PIECE = 1024 * 1024


def opened(path: Path, flags: int) -> int:
    """Return the descriptor of a regular file of this user's or of its folder's owner; a new one is private (0600).

    What root makes in the folder of a service is the service's. Raises OSError, also for all that is no such file.
    """
    file = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    try:
        _claim(file, path.parent, is_new=bool(flags & os.O_CREAT))
    except OSError:
        os.close(file)
        raise
    return file


def _claim(file: int, folder: Path, *, is_new: bool) -> None:
    found = os.fstat(file)
    # More than one name: it may be a file of another folder's, which whoever linked it could not open.
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
        raise OSError(errno.EINVAL, "No file of ours")
    if is_new or found.st_uid != os.geteuid():
        _have_it_belong(file, found.st_uid, folder.stat())


def _have_it_belong(file: int, owner: int, folder: os.stat_result) -> None:
    if owner not in (os.geteuid(), folder.st_uid):
        raise OSError(errno.EINVAL, "No file of ours")
    if os.geteuid() == 0 and owner != folder.st_uid:
        os.fchown(file, folder.st_uid, folder.st_gid)


def make_folder(path: Path) -> None:
    """Make a private folder (0700) if there is none; it has the owner of the folder it is in when root makes it."""
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        if not path.is_dir():
            raise
        return
    if os.geteuid() == 0:
        around = path.parent.stat()
        os.chown(path, around.st_uid, around.st_gid)


def write_new(path: Path, body: bytes) -> None:
    """Write a file that must not be there yet; raises OSError."""
    with _open_to_write(path, os.O_CREAT | os.O_EXCL) as file:
        _write_all(file, body)


def write_over(path: Path, body: bytes) -> None:
    """Write into a file what it shall hold in place of all that it does; raises OSError."""
    with _open_to_write(path) as file:
        _write_all(file, body)
        # Not first: what is cut to nothing and written anew, ext4 writes to the disk as soon as it is closed.
        os.ftruncate(file, len(body))


@contextmanager
def _open_to_write(path: Path, flags: int = 0) -> Iterator[int]:
    file = opened(path, os.O_WRONLY | flags)
    try:
        yield file
    finally:
        os.close(file)


def _write_all(file: int, body: bytes) -> None:
    while body:
        body = body[os.write(file, body) :]


def read(path: Path, most: int) -> bytes:
    """Return the bytes of a file; raises OSError if it cannot be read or has more than `most`."""
    with os.fdopen(opened(path, os.O_RDONLY), "rb") as file:
        body = file.read(most + 1)
    if len(body) > most:
        raise OSError(errno.EFBIG, "Too large")
    return body


def is_whole(body: bytes) -> bool:
    """Whether this is one gzip stream of an envelope, to its end: a file that was cut or damaged is not.

    Unpacked in pieces, of which none is kept: a small file may hold a very large one.
    """
    stream = zlib.decompressobj(wbits=31)
    try:
        piece = stream.decompress(body, _PIECE)
        begins_well, size = piece.startswith(b"{"), len(piece)
        while piece and not stream.eof and size <= MAX_UNPACKED:
            piece = stream.decompress(stream.unconsumed_tail, _PIECE)
            size += len(piece)
    except zlib.error:
        return False
    return stream.eof and not stream.unused_data and begins_well and size <= MAX_UNPACKED
