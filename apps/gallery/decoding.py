"""From an uploaded file to pixels: what is refused and why, each time before it costs anything."""

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageSequence
from rest_framework.exceptions import UnsupportedMediaType

from apps.api.errors import PayloadTooLarge, Unprocessable

from . import jpeg, profiles

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 100_000_000
# Its decoder keeps two canvases and hands over a third: about three times the memory of other formats.
MAX_WEBP_PIXELS = 50_000_000
# A progressive JPEG has about ten.
MAX_SCANS = 50
MAX_FRAMES = 100
# Over all frames: re-encoding an animation costs far more per pixel than a still does.
MAX_ANIMATION_PIXELS = 20_000_000
# https://developers.google.com/speed/webp/docs/api#encodingapi : WEBP_MAX_DIMENSION.
WEBP_MAX_SIDE = 16_383

FORMATS = {"JPEG": "jpg", "PNG": "png", "GIF": "gif", "WEBP": "webp"}
_JPEG = b"\xff\xd8\xff"
_SIGNATURES = (_JPEG, b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
# What Pillow raises on broken files, gathered by feeding it mutated images: tests/gallery/test_processing.py.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    TypeError,
    LookupError,
    OverflowError,
    struct.error,
    zlib.error,
)
_BOMB = (Image.DecompressionBombWarning, Image.DecompressionBombError)

# Pillow warns above MAX_IMAGE_PIXELS and refuses above twice that; here both refuse, so that no frame of an
# animation grows past the limit unseen (https://pillow.readthedocs.io/en/stable/reference/Image.html#PIL.Image.open).
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
# Other warnings are about metadata, which is thrown away; nobody could act on them.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")
warnings.simplefilter("error", Image.DecompressionBombWarning)

_ORIENTATION_TAG = 0x0112
# https://www.media.mit.edu/pia/Research/deepview/exif.html, tag 0x0112.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded upload: upright frames without metadata (one, unless animated), timings in milliseconds."""

    format: str
    frames: list[Image.Image]
    durations: list[int]
    loop: int | None
    icc_profile: bytes | None


def check(data: bytes) -> int:
    """Return the pixels of a JPEG, PNG, GIF or WebP file of at most 10 MiB, without decoding any.

    At most 100 megapixels; 50 for WebP, which needs about three times the memory of the others.
    Raises PayloadTooLarge (413), UnsupportedMediaType (415) for other content, Unprocessable (422) for a file
    that is corrupt or has too many pixels or scans.
    """
    if len(data) > MAX_BYTES:
        raise PayloadTooLarge(f"The file is larger than {MAX_BYTES // 1024**2} MB. Upload a smaller one.")
    if not (data.startswith(_SIGNATURES) or (data[:4], data[8:12]) == (b"RIFF", b"WEBP")):
        raise UnsupportedMediaType("", "The file is not a JPEG, PNG, GIF or WebP image. Upload one of these.")
    if data.startswith(_JPEG) and jpeg.has_more_scans(data, MAX_SCANS):
        raise Unprocessable(f"The JPEG has more than {MAX_SCANS} scans. Save it again as a baseline JPEG.")
    with _opened(data) as image:
        _check_size(image)
        return image.width * image.height


def decode(data: bytes) -> Picture:
    """Decode a file that `check` accepted.

    Animated GIF, PNG and WebP files keep up to 100 frames and 20 megapixels over all frames; more is refused.
    Of a multi-picture JPEG (depth maps, gain maps) only the main picture is kept.
    Raises Unprocessable (422) for a file that is corrupt, truncated or has too many frames.
    """
    with _opened(data) as image:
        return _read(image)


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    try:
        with Image.open(BytesIO(data), formats=list(FORMATS)) as image:
            yield image
    except _BOMB as error:
        raise _too_many_pixels(MAX_PIXELS) from error
    except _BROKEN as error:
        raise _corrupt() from error


def _read(image: Image.Image) -> Picture:
    animated = image.format != "MPO" and getattr(image, "is_animated", False)
    if animated:
        _check_frames(image)
    icc_profile, loop = image.info.get("icc_profile"), image.info.get("loop")
    frames, durations = [], []
    for frame in ImageSequence.Iterator(image) if animated else [image]:
        frame.load()
        durations.append(int(frame.info.get("duration", 0)))
        # An animation is read through one moving object, and a WebP's object keeps its decoder's canvases alive.
        detached = frame.copy() if animated or image.format == "WEBP" else frame
        frames.append(_bare(_upright(detached)))
    return Picture(_own_format(image), frames, durations, loop, profiles.cleaned(icc_profile, frames[0].mode))


def _own_format(image: Image.Image) -> str:
    # Pillow calls a JPEG that holds more than one picture MPO.
    return "JPEG" if image.format == "MPO" else str(image.format)


def _check_size(image: Image.Image) -> None:
    limit = MAX_WEBP_PIXELS if image.format == "WEBP" else MAX_PIXELS
    # A WebP file can claim a larger canvas than any of its frames can have.
    if image.format == "WEBP" and max(image.size) > WEBP_MAX_SIDE:
        raise _corrupt()
    if image.width * image.height > limit:
        raise _too_many_pixels(limit, "WebP image" if image.format == "WEBP" else "image")


def _check_frames(image: Image.Image) -> None:
    """Count no further than allowed: a file of 10 MB can hold half a million frames."""
    size = image.size
    for number in range(1, min(MAX_FRAMES, MAX_ANIMATION_PIXELS // (size[0] * size[1])) + 1):
        try:
            image.seek(number)
        except EOFError:
            image.seek(0)
            return
        if image.size != size:
            raise _corrupt()
    raise Unprocessable(
        f"An animation may have at most {MAX_FRAMES} frames and {MAX_ANIMATION_PIXELS // 10**6} megapixels "
        "over all its frames. Upload a shorter or smaller one."
    )


def _upright(image: Image.Image) -> Image.Image:
    try:
        orientation = image.getexif().get(_ORIENTATION_TAG)
    except _BROKEN:
        # EXIF is thrown away in any case; a picture is not refused for a broken label.
        orientation = None
    return image.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else image


def _bare(image: Image.Image) -> Image.Image:
    # Encoders write comments and more from `info` unasked.
    image.info = {name: value for name, value in image.info.items() if name == "transparency"}
    return image


def _corrupt() -> Unprocessable:
    return Unprocessable("The image is corrupt or incomplete. Export it again and upload the new file.")


def _too_many_pixels(limit: int, kind: str = "image") -> Unprocessable:
    return Unprocessable(f"The {kind} has more than {limit // 10**6} megapixels. Upload a smaller one.")
