"""From an uploaded file to pictures that are safe to serve. Pure: no database, no files, no settings.

Every picture that leaves here was decoded to pixels and encoded again, so nothing of the uploaded file's
structure survives: no GPS position, device, time, embedded thumbnail, XMP, comment or appended data.
"""

from contextlib import nullcontext
from threading import Lock

from PIL import Image

from apps.error_tracking import timed_span

from . import profiles
from .decoding import check, decode
from .encoding import WEBP_SIZES, Rendition, original, reduced, web_size

# A picture in memory takes four bytes per pixel, and decoding it up to four times as much: one at a time.
LARGE_PIXELS = 20_000_000
_one_large_picture = Lock()


def process(data: bytes) -> list[Rendition]:
    """Decode an uploaded file and encode it in each of SIZES, in their order.

    An upload of more than 20 megapixels waits until no other one is decoded in this process.
    Raises PayloadTooLarge (413), UnsupportedMediaType (415) or Unprocessable (422): decoding.py says when.
    """
    pixels = check(data)
    with _one_large_picture if pixels > LARGE_PIXELS else nullcontext():
        full, small, profile = _full_size_work(data)
    return [*(_encode_web_size(small, name, profile) for name in WEBP_SIZES), full]


def _full_size_work(data: bytes) -> tuple[Rendition, Image.Image, bytes | None]:
    """All that needs the full picture, which is gone on return."""
    with timed_span("image.decode", "decode the upload", bytes=len(data)):
        picture = decode(data)
    with timed_span("image.encode", "encode original", size="original"):
        full = original(picture)
    with timed_span("image.reduce", "reduce to the largest web size"):
        return full, reduced(picture), profiles.of_rgb(picture.icc_profile)


def _encode_web_size(image: Image.Image, name: str, icc_profile: bytes | None) -> Rendition:
    with timed_span("image.encode", f"encode {name}", size=name):
        return web_size(image, name, icc_profile)
