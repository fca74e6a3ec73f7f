"""Writing: images are stored, changed and deleted as a whole or not at all."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.utils.text import slugify
from kombu.exceptions import OperationalError as BrokerError
from rest_framework.exceptions import NotFound

from apps.accounts.models import User
from apps.api.errors import StorageUnavailable, Unprocessable
from apps.error_tracking import breadcrumb, capture_error, count, timed_span

from . import files, processing, selectors
from .encoding import SIZES, Rendition
from .models import Image, Tag, Variant, Visibility


@dataclass(frozen=True, slots=True)
class Details:
    """What an owner says of an image; tags are names."""

    title: str = ""
    description: str = ""
    visibility: str = Visibility.PRIVATE
    tags: Sequence[str] = ()


def upload_image(owner: User, content: bytes, details: Details) -> Image:
    """Decode, re-encode and store an uploaded file; return the saved image.

    In every size where tasks run inline; else the original alone, and a task makes the others.
    Raises PayloadTooLarge, UnsupportedMediaType or Unprocessable for a file that is not a good image, and
    StorageUnavailable or a database error when it cannot be stored; then neither a file nor a row is left.
    """
    breadcrumb("image received", category="image", bytes=len(content))
    # Inline, nobody would try again later: all sizes or no image, and the file is decoded once.
    inline: bool = settings.CELERY_TASK_ALWAYS_EAGER
    renditions = processing.process(content) if inline else [processing.process_original(content)]
    image = _new_image(owner, details, renditions)
    with files.new_folder(image.pk) as folder:
        variants = [_store_variant(folder.write, image, rendition) for rendition in renditions]
        with timed_span("image.database", "save the rows"), transaction.atomic():
            image.save(force_insert=True)
            Variant.objects.bulk_create(variants)
            _set_tags(image, details.tags)
            # Last, so that a folder in place has its rows a moment later or is discarded.
            folder.publish()
    count("image.uploaded", format=_original(renditions).format)
    if not inline:
        ask_for_variants(image.pk)
    return image


def ask_for_variants(image_id: UUID) -> None:
    """Have a worker call `make_variants`.

    A broker that is down is reported, not raised: the image is stored, and the periodic task asks again.
    """
    from .tasks import make_variants  # it imports this module

    try:
        make_variants.delay(str(image_id))
    except BrokerError as error:
        capture_error(error)


def make_variants(image_id: UUID) -> None:
    """Make and store the sizes of an image that are not there yet, all of them or none; nothing if the image is gone.

    May be called twice, also at the same time. Raises StorageUnavailable, also when the original cannot be decoded.
    """
    image = Image.objects.filter(pk=image_id).first()
    if image is None or image.variants.count() == len(SIZES):
        return
    renditions = _web_sizes(image)
    variants = [_store_variant(partial(files.add, image_id), image, rendition) for rendition in renditions]
    with timed_span("image.database", "save the rows"), transaction.atomic():
        # Deleted meanwhile? Its files are then gone too, or go with the next line of whoever deletes it.
        if Image.objects.select_for_update().filter(pk=image_id).exists():
            Variant.objects.bulk_create(variants, ignore_conflicts=True)


def complete_images() -> None:
    """Ask again for the variants of images that should have had them for some time."""
    for image_id in selectors.incomplete_images():
        ask_for_variants(image_id)


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


def _web_sizes(image: Image) -> list[Rendition]:
    with files.open_file(image.variants.get(size="original").path) as original:
        content = original.read()
    try:
        return processing.process_web_sizes(content, image.width * image.height)
    except Unprocessable as error:
        # An upload that cannot be decoded is its sender's fault; a file of ours that cannot is not.
        raise StorageUnavailable("A stored original is damaged.") from error


def _store_variant(write: Callable[[str, bytes], str], image: Image, rendition: Rendition) -> Variant:
    size, content = rendition.name, rendition.content
    with timed_span("storage.write", f"write {size}", bytes=len(content)):
        path = write(f"{size}.{rendition.extension}", content)
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
