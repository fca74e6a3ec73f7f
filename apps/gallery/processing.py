"""From an uploaded file to pictures that are safe to serve. Pure: no database, no files, no settings.

Every picture that leaves here was decoded to pixels and encoded again, so nothing of the uploaded file's
structure survives: no GPS position, device, time, embedded thumbnail, XMP, comment or appended data.
"""

import struct
import warnings
import zlib
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageSequence
from rest_framework.exceptions import UnsupportedMediaType

from apps.api.errors import PayloadTooLarge, Unprocessable

from . import jpeg

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 100_000_000
# A progressive JPEG has about ten.
MAX_SCANS = 50
MAX_FRAMES = 100
# Over all frames: re-encoding an animation costs far more per pixel than a still does.
MAX_ANIMATION_PIXELS = 20_000_000

# Name -> (greatest width in pixels, WebP quality); `original` keeps its dimensions and format.
WEBP_SIZES = {"thumbnail": (160, 82), "small": (320, 85), "medium": (800, 85), "large": (1600, 88)}
SIZES = (*WEBP_SIZES, "original")
# https://developers.google.com/speed/webp/docs/api#encodingapi : WEBP_MAX_DIMENSION.
WEBP_MAX_SIDE = 16_383

FORMATS = {"JPEG": "jpg", "PNG": "png", "GIF": "gif", "WEBP": "webp"}
_JPEG = b"\xff\xd8\xff"
_SIGNATURES = (_JPEG, b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
_TOP_QUALITY: dict[str, dict[str, int]] = {
    "JPEG": {"quality": 100, "subsampling": 0},
    "PNG": {},
    "GIF": {},
    "WEBP": {"quality": 100, "method": 4},
}
# Beyond this the lossy encoder needs up to a minute at quality 100, or gives up; the other one takes seconds.
LOSSY_WEBP_PIXELS = 16_000_000
_FAST_LOSSLESS = {"lossless": True, "quality": 0, "method": 0}
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

    @property
    def mime_type(self) -> str:
        """The media type of the original."""
        return Image.MIME[self.format]


@dataclass(frozen=True, slots=True)
class Rendition:
    """One encoded picture, ready to be stored."""

    name: str
    content: bytes
    extension: str
    width: int
    height: int


def decode(data: bytes) -> Picture:
    """Decode a JPEG, PNG, GIF or WebP file of at most 10 MiB and 100 megapixels, checked before any pixel is.

    Animated GIF, PNG and WebP files keep up to 100 frames and 20 megapixels over all frames; more is refused.
    Of a multi-picture JPEG (depth maps, gain maps) only the main picture is kept.
    Raises PayloadTooLarge (413), UnsupportedMediaType (415) for other content, Unprocessable (422) for a file
    that is corrupt, truncated or has too many pixels or frames.
    """
    if len(data) > MAX_BYTES:
        raise PayloadTooLarge(f"The file is larger than {MAX_BYTES // 1024**2} MB. Upload a smaller one.")
    if not (data.startswith(_SIGNATURES) or (data[:4], data[8:12]) == (b"RIFF", b"WEBP")):
        raise UnsupportedMediaType("", "The file is not a JPEG, PNG, GIF or WebP image. Upload one of these.")
    if data.startswith(_JPEG) and jpeg.has_more_scans(data, MAX_SCANS):
        raise Unprocessable(f"The JPEG has more than {MAX_SCANS} scans. Save it again as a baseline JPEG.")
    try:
        with Image.open(BytesIO(data), formats=list(FORMATS)) as image:
            _check_size(image)
            return _read(image)
    except _BOMB as error:
        raise _too_many_pixels() from error
    except _BROKEN as error:
        raise _corrupt() from error


def render(picture: Picture, name: str) -> Rendition:
    """Encode one of SIZES: `original` in its format at top quality, the others as WebP, never upscaled."""
    if name == "original":
        return _render_original(picture)
    max_width, quality = WEBP_SIZES[name]
    image = _shrunk(picture.frames[0], max_width)
    content = _encode(image, "WEBP", quality=quality, icc_profile=_rgb_profile(picture.icc_profile))
    return Rendition(name, content, "webp", *image.size)


def _render_original(picture: Picture) -> Rendition:
    options: dict[str, object] = {**_top_quality(picture), "icc_profile": picture.icc_profile}
    if len(picture.frames) > 1:
        options |= {"save_all": True, "append_images": picture.frames[1:], "duration": picture.durations}
        # Frames are complete pictures here. GIF: clear each before the next, or what turns transparent stays.
        options |= {"loop": picture.loop, "disposal": 2 if picture.format == "GIF" else None}
    first = picture.frames[0]
    content = _encode(first, picture.format, **options)
    return Rendition("original", content, FORMATS[picture.format], *first.size)


def _top_quality(picture: Picture) -> dict[str, int]:
    width, height = picture.frames[0].size
    if picture.format == "WEBP" and width * height > LOSSY_WEBP_PIXELS:
        return _FAST_LOSSLESS
    return _TOP_QUALITY[picture.format]


def _encode(image: Image.Image, file_format: str, **options: object) -> bytes:
    buffer = BytesIO()
    image.save(buffer, file_format, **{name: value for name, value in options.items() if value is not None})
    return buffer.getvalue()


def _read(image: Image.Image) -> Picture:
    animated = image.format != "MPO" and getattr(image, "is_animated", False)
    if animated:
        _check_frames(image)
    icc_profile, loop = image.info.get("icc_profile"), image.info.get("loop")
    frames, durations = [], []
    for frame in ImageSequence.Iterator(image) if animated else [image]:
        frame.load()
        durations.append(int(frame.info.get("duration", 0)))
        # An animation is read through one moving object; a large still is not copied without need.
        frames.append(_bare(_upright(frame.copy() if animated else frame)))
    return Picture(_own_format(image), frames, durations, loop, icc_profile)


def _own_format(image: Image.Image) -> str:
    # Pillow calls a JPEG that holds more than one picture MPO.
    return "JPEG" if image.format == "MPO" else str(image.format)


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise _too_many_pixels()
    # A WebP file can claim a larger canvas than any of its frames can have.
    if image.format == "WEBP" and max(image.size) > WEBP_MAX_SIDE:
        raise _corrupt()


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


def _shrunk(image: Image.Image, max_width: int) -> Image.Image:
    """Return it in RGB or RGBA and so that it fits; aspect kept."""
    scale = min(1, max_width / image.width, WEBP_MAX_SIDE / image.height)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    colour = _colour(image)
    return colour.resize(size, Image.Resampling.LANCZOS, reducing_gap=3) if size != image.size else colour


def _colour(image: Image.Image) -> Image.Image:
    # Pillow would cut 16-bit grey off at 255, which is white, instead of scaling it.
    if image.mode.startswith("I;16"):
        image = image.point(lambda value: value / 256).convert("L")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == mode else image.convert(mode)


def _rgb_profile(profile: bytes | None) -> bytes | None:
    """Return the profile only if it describes RGB: WebP pictures are RGB even if the original is not."""
    return profile if profile and profile[16:20] == b"RGB " else None


def _corrupt() -> Unprocessable:
    return Unprocessable("The image is corrupt or incomplete. Export it again and upload the new file.")


def _too_many_pixels() -> Unprocessable:
    return Unprocessable(f"The image has more than {MAX_PIXELS // 10**6} megapixels. Upload a smaller one.")
