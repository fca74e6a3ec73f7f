"""Decoding and encoding: what is taken, what is refused and why, and that nothing personal survives."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageSequence
from rest_framework.exceptions import APIException, UnsupportedMediaType

from apps.api.errors import PayloadTooLarge, Unprocessable
from apps.gallery import processing

from . import pictures


def rendered(content: bytes, size: str = "original") -> Image.Image:
    image = Image.open(BytesIO(processing.render(processing.decode(content), size).content))
    image.load()
    return image


def all_bytes(content: bytes) -> bytes:
    picture = processing.decode(content)
    return b"".join(processing.render(picture, size).content for size in processing.SIZES)


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "GIF", "WEBP"])
def test_the_original_keeps_its_format_and_dimensions(file_format: str) -> None:
    image = rendered(pictures.encoded(pictures.picture(), file_format))
    assert (image.format, image.size) == (file_format, (400, 300))


@pytest.mark.parametrize(
    ("size", "expected"),
    [("thumbnail", (160, 120)), ("small", (320, 240)), ("medium", (800, 600)), ("large", (1600, 1200))],
)
def test_each_size_is_a_webp_of_its_width_with_the_aspect_kept(size: str, expected: tuple[int, int]) -> None:
    image = rendered(pictures.jpeg(2000, 1500), size)
    assert (image.format, image.size) == ("WEBP", expected)


@pytest.mark.parametrize("size", ["thumbnail", "small", "medium", "large"])
def test_a_small_image_is_never_enlarged(size: str) -> None:
    assert rendered(pictures.png(100, 80), size).size == (100, 80)


def test_an_image_too_tall_for_webp_is_made_to_fit() -> None:
    assert rendered(pictures.png(10, 40_000), "large").height == 16_383


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_colour_mode_of_png_is_taken(mode: str) -> None:
    content = pictures.encoded(pictures.picture(mode=mode), "PNG")
    assert rendered(content).mode == mode
    assert rendered(content, "small").size == (320, 240)


def test_a_png_loses_no_pixel() -> None:
    assert not ImageChops.difference(rendered(pictures.png()), pictures.picture()).getbbox()


def test_sixteen_bit_grey_is_scaled_not_cut_off() -> None:
    content = pictures.encoded(Image.new("I;16", (50, 50), 0x8000), "PNG")
    assert rendered(content, "small").convert("L").getpixel((25, 25)) in range(126, 131)


def test_a_cmyk_jpeg_is_taken() -> None:
    content = pictures.encoded(pictures.picture(mode="CMYK"), "JPEG", icc_profile=b"\0" * 16 + b"CMYK" + b"\0" * 108)
    assert rendered(content).mode == "CMYK"
    assert "icc_profile" not in rendered(content, "small").info


def test_transparency_is_kept() -> None:
    image = Image.new("RGBA", (50, 50), (10, 20, 30, 0))
    assert rendered(pictures.encoded(image, "PNG"), "small").getpixel((5, 5))[3] == 0


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_is_applied(orientation: int) -> None:
    upright = pictures.picture()
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Image.Transpose values that turn it as a camera would
    turned = upright.transpose(Image.Transpose(undo[orientation])) if orientation in undo else upright
    image = rendered(pictures.encoded(turned, "JPEG", exif=pictures.exif(orientation)))
    assert image.size == (400, 300)
    assert image.getpixel((50, 50))[2] > 150 > image.getpixel((350, 250))[2]
    assert 0x0112 not in image.getexif()


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "GIF", "WEBP"])
def test_no_metadata_survives_in_any_size(file_format: str) -> None:
    content = pictures.labelled_files()[file_format]
    assert pictures.CAMERA.encode() in content
    assert pictures.SCRIPT.encode() in content
    output = all_bytes(content)
    for trace in (
        pictures.SCRIPT.encode(),
        pictures.CAMERA.encode(),
        b"2026:01:02",
        b"Exif",
        b"EXIF",
        b"xmpmeta",
        b"alert",
    ):
        assert trace not in output


def test_an_embedded_thumbnail_does_not_survive() -> None:
    thumbnail = pictures.jpeg(60, 40, comment="thumbnail inside")
    content = pictures.jpeg()
    segment = b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0" + thumbnail
    content = content[:2] + b"\xff\xe1" + (len(segment) + 2).to_bytes(2, "big") + segment + content[2:]
    assert b"thumbnail inside" not in all_bytes(content)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
def test_a_broken_exif_block_does_not_refuse_the_image() -> None:
    segment = b"Exif\0\0nonsense"
    content = pictures.jpeg()
    content = content[:2] + b"\xff\xe1" + (len(segment) + 2).to_bytes(2, "big") + segment + content[2:]
    assert rendered(content).size == (400, 300)


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_the_colour_profile_is_kept_in_every_size(file_format: str) -> None:
    profile = pictures.icc_profile()
    content = pictures.encoded(pictures.picture(), file_format, icc_profile=profile)
    for size in processing.SIZES:
        assert rendered(content, size).info["icc_profile"] == profile


@pytest.mark.parametrize("file_format", ["GIF", "PNG", "WEBP"])
def test_an_animation_keeps_its_frames_and_timing(file_format: str) -> None:
    image = rendered(pictures.animation(file_format, frames=4, loop=0))
    assert image.n_frames == 4
    durations = []
    for frame in ImageSequence.Iterator(image):
        frame.load()
        durations.append(frame.info["duration"])
    assert durations == [100] * 4


def test_an_animation_with_transparency_shows_the_same_frames() -> None:
    frames = [Image.new("RGBA", (30, 30)) for _ in range(3)]
    for number, frame in enumerate(frames):
        frame.paste((255, 0, 0, 255), (10 * number, 0, 10 * number + 10, 30))
    content = pictures.encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50, disposal=2)
    for before, after in zip(frames, ImageSequence.Iterator(rendered(content)), strict=True):
        assert not ImageChops.difference(before.getchannel("A"), after.convert("RGBA").getchannel("A")).getbbox()


def test_the_small_sizes_of_an_animation_are_stills() -> None:
    assert rendered(pictures.animation("GIF"), "small").n_frames == 1


def test_the_main_picture_of_a_multi_picture_jpeg_is_kept() -> None:
    content = pictures.encoded(pictures.picture(), "MPO", save_all=True, append_images=[Image.new("RGB", (9, 9))])
    image = rendered(content)
    assert (image.format, image.size) == ("JPEG", (400, 300))
    assert getattr(image, "n_frames", 1) == 1


def test_a_progressive_jpeg_is_taken() -> None:
    assert rendered(pictures.jpeg(progressive=True)).size == (400, 300)


def test_a_jpeg_of_many_scans_is_refused_before_it_costs_anything() -> None:
    """400 KB of scans like this keep a core busy for half a minute; 10 MB for an hour."""
    content = pictures.encoded(Image.new("L", (9900, 9900)), "JPEG", progressive=True)
    last_scan = content[content.rindex(b"\xff\xda") : -2]
    with pytest.raises(Unprocessable, match="more than 50 scans"):
        processing.decode(content[:-2] + last_scan * 400 + b"\xff\xd9")


def test_what_follows_a_jpeg_does_not_count_as_scans() -> None:
    assert rendered(pictures.jpeg() + b"\xff\xda\x00\x02" * 100).size == (400, 300)


def test_more_than_ten_megabytes_are_refused() -> None:
    with pytest.raises(PayloadTooLarge, match="larger than 10 MB"):
        processing.decode(b"\xff\xd8\xff" + bytes(10 * 1024 * 1024))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello, I am a text named .png",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"RIFF....WAVE",
        b"RIFF",
    ],
)
def test_what_is_no_image_we_take_is_an_unsupported_media_type(content: bytes) -> None:
    with pytest.raises(UnsupportedMediaType, match="not a JPEG, PNG, GIF or WebP"):
        processing.decode(content)


@pytest.mark.parametrize("file_format", ["BMP", "TIFF", "ICO"])
def test_other_image_formats_are_an_unsupported_media_type(file_format: str) -> None:
    with pytest.raises(UnsupportedMediaType):
        processing.decode(pictures.encoded(pictures.picture(), file_format))


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_truncated_image_is_unprocessable(file_format: str) -> None:
    content = pictures.encoded(Image.effect_noise((300, 300), 60).convert("RGB"), file_format)
    with pytest.raises(Unprocessable, match="corrupt or incomplete"):
        processing.decode(content[: len(content) // 2])


@pytest.mark.parametrize(("width", "height"), [(20_000, 10_000), (12_000, 10_000), (100_001, 1000), (2**30, 1)])
def test_too_many_pixels_are_refused_before_they_are_decoded(width: int, height: int) -> None:
    content = (
        pictures.huge_png(width, height)
        if height > 1
        else pictures.png(1, 1).replace((1).to_bytes(4, "big") * 2, width.to_bytes(4, "big") + (1).to_bytes(4, "big"))
    )
    assert len(content) < 2_000_000
    with pytest.raises(Unprocessable):
        processing.decode(content)


@pytest.mark.parametrize("file_format", ["GIF", "WEBP"])
def test_one_frame_more_than_allowed_is_refused(file_format: str) -> None:
    assert len(processing.decode(pictures.animation(file_format, frames=100)).frames) == 100
    with pytest.raises(Unprocessable, match="at most 100 frames"):
        processing.decode(pictures.animation(file_format, frames=101))


def test_a_gif_of_ten_thousand_frames_is_refused_after_the_first_hundred(monkeypatch: pytest.MonkeyPatch) -> None:
    content = pictures.animation("GIF", frames=10_000, side=2)
    seeks: list[int] = []
    gif = type(Image.open(BytesIO(content)))
    original = gif.seek
    monkeypatch.setattr(gif, "seek", lambda image, frame: seeks.append(frame) or original(image, frame))
    with pytest.raises(Unprocessable, match="at most 100 frames"):
        processing.decode(content)
    assert max(seeks) == 100


def test_a_webp_canvas_larger_than_webp_allows_is_corrupt() -> None:
    content = bytearray(pictures.animation("WEBP"))
    content[24:27] = (20_000).to_bytes(3, "little")  # the canvas width in VP8X, minus one
    with pytest.raises(Unprocessable, match="corrupt"):
        processing.decode(bytes(content))


def test_a_large_webp_loses_nothing_and_takes_seconds() -> None:
    image = pictures.picture(4100, 4000)
    content = pictures.encoded(image, "WEBP", lossless=True, quality=0, method=0)
    assert not ImageChops.difference(rendered(content), image).getbbox()


def test_an_animation_with_too_many_pixels_in_all_is_refused() -> None:
    with pytest.raises(Unprocessable, match="20 megapixels"):
        processing.decode(pictures.animation("GIF", frames=6, side=2000))


SAMPLES = [
    pictures.jpeg(40, 30, exif=pictures.exif(6), icc_profile=pictures.icc_profile()),
    pictures.png(40, 30),
    pictures.encoded(pictures.picture(40, 30), "WEBP", exif=pictures.exif(3)),
    *(pictures.animation(file_format) for file_format in ("GIF", "PNG", "WEBP")),
    *pictures.labelled_files().values(),
]


def process_or_refuse(content: bytes) -> None:
    try:
        all_bytes(content)
    except APIException as error:
        assert error.status_code in {413, 415, 422}


# The application ignores Pillow's warnings about metadata; pytest replaces its filters.
IGNORE_METADATA = pytest.mark.filterwarnings("ignore::UserWarning:PIL")


@IGNORE_METADATA
@hypothesis_settings(deadline=None, max_examples=200)
@given(prefix=st.sampled_from([b"", *processing._SIGNATURES, b"RIFF\x20\0\0\0WEBPVP8 "]), rest=st.binary(max_size=500))
def test_random_bytes_are_processed_or_refused(prefix: bytes, rest: bytes) -> None:
    process_or_refuse(prefix + rest)


@IGNORE_METADATA
@hypothesis_settings(deadline=None, max_examples=300)
@given(
    sample=st.sampled_from(SAMPLES),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=12),
    keep=st.floats(0.3, 1),
)
def test_mutated_images_are_processed_or_refused(sample: bytes, changes: list[tuple[float, int]], keep: float) -> None:
    content = bytearray(sample)
    for place, value in changes:
        content[int(place * len(content))] = value
    process_or_refuse(bytes(content[: int(keep * len(content))]))
