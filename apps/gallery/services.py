"""Writing: images are stored, changed and deleted as a whole or not at all."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.utils.text import slugify
from rest_framework.exceptions import NotFound

from apps.accounts.models import User
from apps.error_tracking import breadcrumb, capture_error, count, timed_span

from . import files, processing
from .encoding import Rendition
from .models import Image, Tag, Variant, Visibility


@dataclass(frozen=True, slots=True)
class Details:
    """What an owner says of an image; tags are names."""

    title: str = ""
    description: str = ""
    visibility: str = Visibility.PRIVATE
    tags: Sequence[str] = ()


def upload_image(owner: User, content: bytes, details: Details) -> Image:
    """Decode, re-encode in every size and store an uploaded file; return the saved image.

    Raises PayloadTooLarge, UnsupportedMediaType or Unprocessable for a file that is not a good image, and
    StorageUnavailable or a database error when it cannot be stored; then neither a file nor a row is left.
    """
    breadcrumb("image received", category="image", bytes=len(content))
    renditions = processing.process(content)
    image = _new_image(owner, details, renditions)
    with files.new_folder(image.pk) as folder:
        variants = [_store_variant(folder, image, rendition) for rendition in renditions]
        with timed_span("image.database", "save the rows"), transaction.atomic():
            image.save(force_insert=True)
            Variant.objects.bulk_create(variants)
            _set_tags(image, details.tags)
            # Last, so that a folder in place has its rows a moment later or is discarded.
            folder.publish()
    count("image.uploaded", format=_original(renditions).format)
    return image


def update_image(image: Image, changes: Mapping[str, Any]) -> None:
    """Change title, description, visibility or tags (a list of names): what is not named stays as it is.

    Raises NotFound if the image was deleted meanwhile.
    """
    fields = [name for name in ("title", "description", "visibility") if name in changes]
    for name in fields:
        setattr(image, name, changes[name])
    try:
        with transaction.atomic():
            # Named fields only: a view counted meanwhile is not overwritten.
            image.save(update_fields=[*fields, "updated_at"])
            if "tags" in changes:
                _set_tags(image, changes["tags"])
    except Image.NotUpdated as error:
        raise NotFound("The image was deleted meanwhile.") from error


def delete_image(image: Image) -> None:
    """Delete the row; signals.py removes the files once that is committed."""
    image.delete()
    count("image.deleted")


def count_view(image: Image) -> None:
    """Count one view, in the database, so that simultaneous views are all counted.

    A view that the database cannot write is reported, not raised: nobody looks at an image to have it counted.
    """
    try:
        with _hardly_waiting():
            Image.objects.filter(pk=image.pk).update(view_count=F("view_count") + 1)
    except OperationalError as error:
        capture_error(error)
        return
    image.view_count += 1


def tag_slug(name: str) -> str:
    """Return a tag as everybody sees it, however it was typed; empty if there is no letter or digit in it."""
    return slugify(name, allow_unicode=True)


def _original(renditions: Sequence[Rendition]) -> Rendition:
    return next(rendition for rendition in renditions if rendition.name == "original")


def _new_image(owner: User, details: Details, renditions: Sequence[Rendition]) -> Image:
    original = _original(renditions)
    return Image(
        owner=owner,
        title=details.title,
        description=details.description,
        visibility=details.visibility,
        mime_type=original.mime_type,
        width=original.width,
        height=original.height,
        file_size=len(original.content),
    )


def _store_variant(folder: files.Folder, image: Image, rendition: Rendition) -> Variant:
    size, content = rendition.name, rendition.content
    with timed_span("storage.write", f"write {size}", bytes=len(content)):
        path = folder.write(f"{size}.{rendition.extension}", content)
    return Variant(
        image=image,
        size=size,
        path=path,
        width=rendition.width,
        height=rendition.height,
        byte_size=len(content),
        etag=hashlib.sha256(content).hexdigest(),
    )


def _set_tags(image: Image, names: Sequence[str]) -> None:
    image.tags.all().delete()
    slugs = {tag_slug(name) for name in names}
    # Another update of the same image may add the same tag at the same moment.
    Tag.objects.bulk_create([Tag(image=image, slug=slug) for slug in slugs], ignore_conflicts=True)


@contextmanager
def _hardly_waiting() -> Iterator[None]:
    """Wait 100 ms for SQLite's one writer, not the seconds that a real write may wait.

    Other databases lock the row alone. https://www.sqlite.org/pragma.html#pragma_busy_timeout
    """
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    execute = connection.connection.execute
    (usual,) = execute("PRAGMA busy_timeout").fetchone()
    execute("PRAGMA busy_timeout = 100")
    try:
        yield
    finally:
        execute(f"PRAGMA busy_timeout = {usual}")
