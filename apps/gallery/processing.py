"""From an uploaded file to pictures that are safe to serve. Pure: no database, no files, no settings.

Every picture that leaves here was decoded to pixels and encoded again, so nothing of the uploaded file's
structure survives: no GPS position, device, time, embedded thumbnail, XMP, comment or appended data.
"""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from threading import Lock
from typing import Any

from PIL import Image

from . import profiles
from .decoding import Picture, check, decode
from .encoding import WEBP_SIZES, Rendition, original, reduced, web_size
from .metrics import timed_step

# A picture in memory takes four bytes per pixel, and decoding it up to four times as much: one at a time.
LARGE_PIXELS = 20_000_000
_one_large_picture = Lock()


def process(data: bytes) -> list[Rendition]:
    """Decode an uploaded file and encode it in each of SIZES, in their order.

    An upload of more than 20 megapixels waits until no other one is decoded in this process.
    Raises PayloadTooLarge (413), UnsupportedMediaType (415) or Unprocessable (422): decoding.py says when.
    """
    with _room_for(check(data)):
        full, small = _full_size_work(data)
    return [*_web_sizes(small), full]


def process_original(data: bytes) -> Rendition:
    """Do the part of `process` that says whether an upload is a good image; raises the same."""
    with _room_for(check(data)):
        return _original(_decode(data))


def process_web_sizes(data: bytes, pixels: int) -> list[Rendition]:
    """Do the rest of it, from the content of the original; `pixels` is how many that has.

    Raises Unprocessable when it cannot be decoded.
    """
    with _room_for(pixels):
        small = _small(_decode(data))
    return _web_sizes(small)


@dataclass(frozen=True, slots=True)
class _Small:
    """All that the web sizes need of a picture."""

    image: Image.Image
    icc_profile: bytes | None


def _room_for(pixels: int) -> AbstractContextManager[Any]:
    return _one_large_picture if pixels > LARGE_PIXELS else nullcontext()


def _full_size_work(data: bytes) -> tuple[Rendition, _Small]:
    """All that needs the full picture, which is gone on return."""
    picture = _decode(data)
    return _original(picture), _small(picture)


def _decode(data: bytes) -> Picture:
    with timed_step("decode", "decode the upload", bytes=len(data)):
        return decode(data)


def _original(picture: Picture) -> Rendition:
    with timed_step("encode", "encode original", size="original"):
        return original(picture)


def _small(picture: Picture) -> _Small:
    with timed_step("reduce", "reduce to the largest web size"):
        return _Small(reduced(picture), profiles.of_rgb(picture.icc_profile))


def _web_sizes(small: _Small) -> list[Rendition]:
    return [_web_size(small, name) for name in WEBP_SIZES]


def _web_size(small: _Small, name: str) -> Rendition:
    with timed_step("encode", f"encode {name}", size=name):
        return web_size(small.image, name, small.icc_profile)
