"""From pixels to files that are safe to serve: the original at top quality, the web sizes as WebP."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from .decoding import FORMATS, WEBP_MAX_SIDE, Picture

# Name -> (greatest width in pixels, WebP quality); `original` keeps its dimensions and format.
WEBP_SIZES = {"thumbnail": (160, 82), "small": (320, 85), "medium": (800, 85), "large": (1600, 88)}
SIZES = (*WEBP_SIZES, "original")

_TOP_QUALITY: dict[str, dict[str, int]] = {
    "JPEG": {"quality": 100, "subsampling": 0},
    "PNG": {},
    "GIF": {},
    "WEBP": {"quality": 100, "method": 4},
}
# Beyond this the lossy encoder needs up to a minute at quality 100, or gives up; the other one takes seconds.
LOSSY_WEBP_PIXELS = 16_000_000
_FAST_LOSSLESS = {"lossless": True, "quality": 0, "method": 0}

# The averaging filter leaves at least this many times the wanted size to the better and slower one:
# https://pillow.readthedocs.io/en/stable/reference/Image.html#PIL.Image.Image.resize, reducing_gap.
_REDUCING_GAP = 2
_STRIP_PIXELS = 4_000_000


@dataclass(frozen=True, slots=True)
class Rendition:
    """One encoded picture, ready to be stored; `format` is Pillow's name of it."""

    name: str
    format: str
    content: bytes
    width: int
    height: int

    @property
    def mime_type(self) -> str:
        """Its media type."""
        return Image.MIME[self.format]

    @property
    def extension(self) -> str:
        """How its file's name ends."""
        return FORMATS[self.format]


def original(picture: Picture) -> Rendition:
    """Encode the picture in its own format, with all frames, at top quality."""
    options: dict[str, object] = {**_top_quality(picture), "icc_profile": picture.icc_profile}
    if len(picture.frames) > 1:
        options |= {"save_all": True, "append_images": picture.frames[1:], "duration": picture.durations}
        # Frames are complete pictures here. GIF: clear each before the next, or what turns transparent stays.
        options |= {"loop": picture.loop, "disposal": 2 if picture.format == "GIF" else None}
    return _rendition("original", picture.frames[0], picture.format, options)


def reduced(picture: Picture) -> Image.Image:
    """Return the first frame in RGB or RGBA and as wide as `large` at most: all that the web sizes need."""
    full = picture.frames[0]
    size = _fitting(full, max(width for width, _ in WEBP_SIZES.values()))
    factor = tuple(max(1, before // (after * _REDUCING_GAP)) for before, after in zip(full.size, size, strict=True))
    averaged = _averaged(full, (factor[0], factor[1]))
    # Without the box, what the last column and row average over less than a factor would be stretched.
    box = (0, 0, full.width / factor[0], full.height / factor[1])
    return averaged.resize(size, Image.Resampling.LANCZOS, box)


def web_size(image: Image.Image, name: str, icc_profile: bytes | None) -> Rendition:
    """Encode one of WEBP_SIZES from what `reduced` returned; never upscaled."""
    max_width, quality = WEBP_SIZES[name]
    small = image.resize(_fitting(image, max_width), Image.Resampling.LANCZOS)
    return _rendition(name, small, "WEBP", {"quality": quality, "icc_profile": icc_profile})


def _averaged(image: Image.Image, factor: tuple[int, int]) -> Image.Image:
    """Reduce strip by strip: changing the colour mode of all of it would take up to two more full-size copies."""
    height = max(1, _STRIP_PIXELS // (image.width * factor[1])) * factor[1]
    tops = range(0, image.height, height)
    boxes = [(0, top, image.width, min(top + height, image.height)) for top in tops]
    strips = [_colour(image.crop(box)).reduce(factor) for box in boxes]
    whole = Image.new(strips[0].mode, (strips[0].width, sum(strip.height for strip in strips)))
    for number, strip in enumerate(strips):
        whole.paste(strip, (0, number * strips[0].height))
    return whole


def _fitting(image: Image.Image, max_width: int) -> tuple[int, int]:
    scale = min(1, max_width / image.width, WEBP_MAX_SIDE / image.height)
    return max(1, round(image.width * scale)), max(1, round(image.height * scale))


def _colour(image: Image.Image) -> Image.Image:
    # Pillow would cut 16-bit grey off at 255, which is white, instead of scaling it.
    if image.mode.startswith("I;16"):
        image = image.point(lambda value: value / 256).convert("L")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == mode else image.convert(mode)


def _top_quality(picture: Picture) -> dict[str, int]:
    width, height = picture.frames[0].size
    if picture.format == "WEBP" and width * height > LOSSY_WEBP_PIXELS:
        return _FAST_LOSSLESS
    return _TOP_QUALITY[picture.format]


def _rendition(name: str, image: Image.Image, file_format: str, options: dict[str, object]) -> Rendition:
    buffer = BytesIO()
    image.save(buffer, file_format, **{option: value for option, value in options.items() if value is not None})
    return Rendition(name, file_format, buffer.getvalue(), *image.size)
