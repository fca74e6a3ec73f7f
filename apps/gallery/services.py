"""Writing: images are stored, changed and deleted as a whole or not at all."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.text import slugify
from rest_framework.exceptions import NotFound

from apps.accounts.models import User
from apps.error_tracking import breadcrumb, count, timed_span

from . import files, processing
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
    with timed_span("image.decode", "decode the upload", bytes=len(content)):
        picture = processing.decode(content)
    image = Image(owner=owner, title=details.title, description=details.description, visibility=details.visibility)
    with files.new_folder(image.pk) as folder:
        variants = list(_store_variants(folder, image, picture))
        _describe_original(image, picture, variants)
        with timed_span("image.database", "save the rows"), transaction.atomic():
            image.save(force_insert=True)
            Variant.objects.bulk_create(variants)
            _set_tags(image, details.tags)
            # Last, so that a folder in place has its rows a moment later or is discarded.
            folder.publish()
    count("image.uploaded", format=picture.format)
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
    """Count one view, in the database, so that simultaneous views are all counted."""
    Image.objects.filter(pk=image.pk).update(view_count=F("view_count") + 1)
    image.view_count += 1


def tag_slug(name: str) -> str:
    """Return what makes two spellings of a tag the same tag; empty if there is no letter or digit in it."""
    return slugify(name, allow_unicode=True)


def _store_variants(folder: files.Folder, image: Image, picture: processing.Picture) -> Iterator[Variant]:
    for size in processing.SIZES:
        with timed_span("image.encode", f"encode {size}", size=size):
            rendition = processing.render(picture, size)
        with timed_span("storage.write", f"write {size}", bytes=len(rendition.content)):
            path = folder.write(f"{size}.{rendition.extension}", rendition.content)
        yield Variant(
            image=image,
            size=size,
            path=path,
            width=rendition.width,
            height=rendition.height,
            byte_size=len(rendition.content),
            etag=hashlib.sha256(rendition.content).hexdigest(),
        )


def _describe_original(image: Image, picture: processing.Picture, variants: list[Variant]) -> None:
    original = next(variant for variant in variants if variant.size == "original")
    image.mime_type = picture.mime_type
    image.width, image.height, image.file_size = original.width, original.height, original.byte_size


def _set_tags(image: Image, names: Sequence[str]) -> None:
    wanted = {tag_slug(name): name for name in reversed(names)}
    # Another upload may create the same tag at the same moment.
    Tag.objects.bulk_create([Tag(slug=slug, name=name) for slug, name in wanted.items()], ignore_conflicts=True)
    image.tags.set(Tag.objects.filter(slug__in=wanted))
