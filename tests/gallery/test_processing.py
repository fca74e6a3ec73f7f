"""Decoding and encoding: what is taken, what is refused and why, and that nothing personal survives."""

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO
from threading import Barrier, BrokenBarrierError

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageSequence, ImageStat
from rest_framework.exceptions import APIException, UnsupportedMediaType

from apps.api.errors import PayloadTooLarge, Unprocessable
from apps.gallery import decoding, encoding, processing, profiles
from tests.processes import run

from . import pictures


def rendered(content: bytes, size: str = "original") -> Image.Image:
    sizes = {rendition.name: rendition for rendition in processing.process(content)}
    image = Image.open(BytesIO(sizes[size].content))
    image.load()
    assert (sizes[size].width, sizes[size].height) == image.size
    return image


def all_bytes(content: bytes) -> bytes:
    return b"".join(rendition.content for rendition in processing.process(content))


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
    for size in encoding.SIZES:
        assert rendered(content, size).info["icc_profile"] == profiles.cleaned(profile, "RGB")


def test_a_profile_that_is_none_does_not_refuse_the_image() -> None:
    content = pictures.jpeg(icc_profile=b"GPS 52.5,13.4 Jane Doe" * 1000)
    for size in encoding.SIZES:
        assert "icc_profile" not in rendered(content, size).info


def test_a_grey_profile_is_kept_for_the_grey_original_alone() -> None:
    content = pictures.encoded(pictures.picture(mode="L"), "PNG", icc_profile=pictures.grey_profile())
    assert rendered(content).info["icc_profile"]
    assert "icc_profile" not in rendered(content, "small").info


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA"])
def test_the_web_sizes_look_like_the_picture(mode: str) -> None:
    """Over several strips, with sides that the reduction does not divide evenly."""
    image = pictures.picture(5003, 3001, mode)
    expected = image.convert("RGB").resize((160, 96), Image.Resampling.LANCZOS)
    difference = ImageChops.difference(rendered(pictures.encoded(image, "PNG"), "thumbnail").convert("RGB"), expected)
    assert max(ImageStat.Stat(difference).mean) < 3


def test_a_strip_of_one_pixel_is_reduced_in_either_direction() -> None:
    assert rendered(pictures.huge_png(9_000_001, 1), "small").size == (320, 1)
    assert rendered(pictures.huge_png(1, 9_000_001), "small").size == (1, 16_383)


def test_a_webp_of_more_than_fifty_megapixels_is_refused() -> None:
    content = pictures.encoded(Image.new("L", (10_000, 5001)), "WEBP", lossless=True, quality=0, method=0)
    with pytest.raises(Unprocessable, match="WebP image has more than 50 megapixels"):
        processing.process(content)


def meet(monkeypatch: pytest.MonkeyPatch, seconds: float) -> bool:
    """Return whether two uploads that are processed at once are decoded at once, waiting so long for both."""
    both = Barrier(2)
    decode = processing.decode

    def decode_together(data: bytes) -> decoding.Picture:
        with suppress(BrokenBarrierError):
            both.wait(seconds)
        return decode(data)

    monkeypatch.setattr(processing, "decode", decode_together)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(processing.process, [pictures.png()] * 2))
    return not both.broken


def test_large_pictures_are_decoded_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processing, "LARGE_PIXELS", 400 * 300 - 1)
    assert not meet(monkeypatch, 0.3)


def test_other_pictures_do_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    assert meet(monkeypatch, 30)


def test_a_large_picture_that_is_refused_lets_the_next_one_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processing, "LARGE_PIXELS", 0)
    with pytest.raises(Unprocessable):
        processing.process(pictures.jpeg()[:900])
    assert processing.process(pictures.jpeg())


MEMORY = """
from pathlib import Path
from apps.gallery import processing
from tests.gallery import pictures

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * int(next(line for line in lines if line.startswith("VmHWM")).split()[1])

processing.process(pictures.jpeg())
content = pictures.huge_png(8000, 8000, rgba=True)
before = peak()
processing.process(content)
print((peak() - before) / (4 * 8000 * 8000))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_second_copy_of_a_large_picture_is_made() -> None:
    assert float(run("sqlite://:memory:", MEMORY)) < 1.9


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
        processing.process(content[:-2] + last_scan * 400 + b"\xff\xd9")


def test_what_follows_a_jpeg_does_not_count_as_scans() -> None:
    assert rendered(pictures.jpeg() + b"\xff\xda\x00\x02" * 100).size == (400, 300)


def test_more_than_ten_megabytes_are_refused() -> None:
    with pytest.raises(PayloadTooLarge, match="larger than 10 MB"):
        processing.process(b"\xff\xd8\xff" + bytes(10 * 1024 * 1024))


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
        processing.process(content)


@pytest.mark.parametrize("file_format", ["BMP", "TIFF", "ICO"])
def test_other_image_formats_are_an_unsupported_media_type(file_format: str) -> None:
    with pytest.raises(UnsupportedMediaType):
        processing.process(pictures.encoded(pictures.picture(), file_format))


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_truncated_image_is_unprocessable(file_format: str) -> None:
    content = pictures.encoded(Image.effect_noise((300, 300), 60).convert("RGB"), file_format)
    with pytest.raises(Unprocessable, match="corrupt or incomplete"):
        processing.process(content[: len(content) // 2])


@pytest.mark.parametrize(("width", "height"), [(20_000, 10_000), (12_000, 10_000), (100_001, 1000), (2**30, 1)])
def test_too_many_pixels_are_refused_before_they_are_decoded(width: int, height: int) -> None:
    content = (
        pictures.huge_png(width, height)
        if height > 1
        else pictures.png(1, 1).replace((1).to_bytes(4, "big") * 2, width.to_bytes(4, "big") + (1).to_bytes(4, "big"))
    )
    assert len(content) < 2_000_000
    with pytest.raises(Unprocessable):
        processing.process(content)


@pytest.mark.parametrize("file_format", ["GIF", "WEBP"])
def test_one_frame_more_than_allowed_is_refused(file_format: str) -> None:
    assert rendered(pictures.animation(file_format, frames=100)).n_frames == 100
    with pytest.raises(Unprocessable, match="at most 100 frames"):
        processing.process(pictures.animation(file_format, frames=101))


def test_a_gif_of_ten_thousand_frames_is_refused_after_the_first_hundred(monkeypatch: pytest.MonkeyPatch) -> None:
    content = pictures.animation("GIF", frames=10_000, side=2)
    seeks: list[int] = []
    gif = type(Image.open(BytesIO(content)))
    original = gif.seek
    monkeypatch.setattr(gif, "seek", lambda image, frame: seeks.append(frame) or original(image, frame))
    with pytest.raises(Unprocessable, match="at most 100 frames"):
        processing.process(content)
    assert max(seeks) == 100


def test_a_webp_canvas_larger_than_webp_allows_is_corrupt() -> None:
    content = bytearray(pictures.animation("WEBP"))
    content[24:27] = (20_000).to_bytes(3, "little")  # the canvas width in VP8X, minus one
    with pytest.raises(Unprocessable, match="corrupt"):
        processing.process(bytes(content))


def test_a_large_webp_loses_nothing_and_takes_seconds() -> None:
    image = pictures.picture(4100, 4000)
    content = pictures.encoded(image, "WEBP", lossless=True, quality=0, method=0)
    assert not ImageChops.difference(rendered(content), image).getbbox()


def test_an_animation_with_too_many_pixels_in_all_is_refused() -> None:
    with pytest.raises(Unprocessable, match="20 megapixels"):
        processing.process(pictures.animation("GIF", frames=6, side=2000))


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
@given(prefix=st.sampled_from([b"", *decoding._SIGNATURES, b"RIFF\x20\0\0\0WEBPVP8 "]), rest=st.binary(max_size=500))
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
