"""The images' files under MEDIA_ROOT: one folder per image, there as a whole or not at all.

images/7f/<image id>/large.webp; the shard is the ID's end because its beginning is the time.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

from django.conf import settings

from apps.api.errors import StorageUnavailable
from apps.error_tracking import capture_error

_FULL_OR_GONE = "Image files cannot be stored or read right now. Try again in a moment."


class Folder:
    """A new image's folder: files are written aside and appear together with `publish`."""

    def __init__(self, image_id: UUID) -> None:
        self._staging = _root() / "incoming" / str(image_id)
        self._relative = _relative(image_id)

    def create(self) -> None:
        """Make the empty folder; raises StorageUnavailable."""
        with storage_errors():
            _make_folder(self._staging)

    def write(self, name: str, content: bytes) -> str:
        """Write one file, readable by this service's user alone.

        Returns its path relative to MEDIA_ROOT once published; raises StorageUnavailable.
        """
        with storage_errors():
            _write(self._staging / name, content)
        return str(self._relative / name)

    def publish(self) -> None:
        """Move the folder to its place in one step; raises StorageUnavailable."""
        target = _root() / self._relative
        with storage_errors():
            _make_folder(target.parent)
            self._staging.rename(target)

    def discard(self) -> None:
        """Remove every trace, published or not."""
        shutil.rmtree(self._staging, ignore_errors=True)
        shutil.rmtree(_root() / self._relative, ignore_errors=True)


@contextmanager
def new_folder(image_id: UUID) -> Iterator[Folder]:
    """Yield the folder of a new image; on any error inside the block nothing of it is left."""
    folder = Folder(image_id)
    try:
        folder.create()
        yield folder
    except BaseException:
        folder.discard()
        raise


def add(image_id: UUID, name: str, content: bytes) -> str:
    """Put a file into the folder of a stored image: as a whole or not at all, in place of one of the same name.

    Returns its path relative to MEDIA_ROOT; raises StorageUnavailable, also when the folder is gone.
    """
    folder = _relative(image_id)
    # A name of its own: the same image may be worked on twice at the same time.
    aside = _root() / folder / f"{uuid4()}.part"
    with storage_errors():
        try:
            _write(aside, content)
            aside.rename(_root() / folder / name)
        except OSError:
            aside.unlink(missing_ok=True)
            raise
    return str(folder / name)


def open_file(path: str) -> BinaryIO:
    """Open a stored file by its path relative to MEDIA_ROOT.

    Raises StorageUnavailable (503 and an event) also when the file is missing: its row says that it exists, so
    it is our fault and may pass (a volume not mounted), while a 404 would make clients forget the image.
    """
    with storage_errors():
        return (_root() / path).open("rb")


def remove(image_id: UUID) -> None:
    """Delete an image's folder. Its row is gone already, so a failure is reported, not raised."""
    try:
        shutil.rmtree(_root() / _relative(image_id))
    except FileNotFoundError:
        return
    except OSError as error:
        capture_error(error, tags={"dependency": "storage"}, details={"image_id": str(image_id)})


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turn what the file system refuses (full, read-only, no permission, gone) into StorageUnavailable."""
    try:
        yield
    except OSError as error:
        raise StorageUnavailable(_FULL_OR_GONE) from error


def _root() -> Path:
    return Path(settings.MEDIA_ROOT)


def _relative(image_id: UUID) -> Path:
    return Path("images") / image_id.hex[-2:] / str(image_id)


def _write(path: Path, content: bytes) -> None:
    path.touch(mode=settings.FILE_UPLOAD_PERMISSIONS)
    path.write_bytes(content)


def _make_folder(path: Path) -> None:
    # mkdir's mode holds for the last folder only, so each missing parent is made by itself.
    for folder in [*reversed(path.parents), path]:
        folder.mkdir(mode=settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS, exist_ok=True)
