"""Colour profiles: what is kept of them, and that it means the same colours."""

import struct
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageCms

from apps.gallery.profiles import MAX_BYTES, cleaned

from . import pictures

TEXT = b"GPS 52.5,13.4 Jane Doe"


def with_tag(profile: bytes, name: bytes, value: bytes) -> bytes:
    """Add a tag, or change where an existing one points to; the value goes to the end."""
    count = struct.unpack_from(">I", profile, 128)[0]
    entries = [struct.unpack_from(">4s2I", profile, 132 + 12 * number) for number in range(count)]
    end = 132 + 12 * count
    moved = [(tag, start + 12, size) for tag, start, size in entries if tag != name]
    padding = bytes(12 * (count - len(moved)))
    place = len(profile) + 12
    table = b"".join(struct.pack(">4s2I", *entry) for entry in [*moved, (name, place, len(value))])
    changed = profile[:128] + struct.pack(">I", len(moved) + 1) + table + padding + profile[end:] + value
    return struct.pack(">I", len(changed)) + changed[4:]


def to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    source = ImageCms.ImageCmsProfile(BytesIO(profile))
    return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")


def wide_gamut() -> bytes:
    """sRGB with red and green exchanged: nobody can take it for sRGB."""
    profile = pictures.icc_profile()
    return profile.replace(b"rXYZ", b"----").replace(b"gXYZ", b"rXYZ").replace(b"----", b"gXYZ")


def test_the_colours_stay_the_same() -> None:
    image = Image.merge("RGB", [Image.linear_gradient("L"), Image.radial_gradient("L"), Image.new("L", (256, 256), 80)])
    profile = wide_gamut()
    clean = cleaned(profile, "RGB")
    assert clean
    assert not ImageChops.difference(to_srgb(image, profile), to_srgb(image, clean)).getbbox()
    assert ImageChops.difference(to_srgb(image, clean), image).getbbox()


def test_a_grey_profile_is_kept_too() -> None:
    image = Image.linear_gradient("L")
    profile = pictures.grey_profile()
    clean = cleaned(profile, "L")
    assert clean
    assert not ImageChops.difference(to_srgb(image, profile), to_srgb(image, clean)).getbbox()


def test_a_cleaned_profile_is_no_larger() -> None:
    assert len(cleaned(pictures.icc_profile(), "RGB")) < len(pictures.icc_profile())


def test_a_profile_whose_tags_overlap_does_not_grow_above_the_limit() -> None:
    def curve(points: int) -> bytes:
        return b"curv\0\0\0\0" + struct.pack(">I", points) + bytes(2 * points)

    profile = with_tag(pictures.icc_profile(), b"rTRC", curve(16_000))
    assert cleaned(profile, "RGB")
    # Three curves of 32 KB in 40: each begins inside of the one before.
    inside = bytearray(curve(19_000))
    for number in (1, 2):
        inside[100 * number : 100 * number + 12] = curve(16_000)[:12]
    overlapping = bytearray(with_tag(profile[: -len(curve(16_000))], b"rTRC", bytes(inside)))
    for number in range(struct.unpack_from(">I", overlapping, 128)[0]):
        entry = 132 + 12 * number
        shift = {b"rTRC": 0, b"gTRC": 100, b"bTRC": 200}.get(bytes(overlapping[entry : entry + 4]))
        if shift is not None:
            place = len(overlapping) - len(inside) + shift
            overlapping[entry + 4 : entry + 12] = struct.pack(">2I", place, len(inside) - shift)
    assert len(overlapping) < MAX_BYTES
    assert cleaned(bytes(overlapping), "RGB") is None


def test_cleaning_twice_changes_nothing_more() -> None:
    clean = cleaned(pictures.icc_profile(), "RGB")
    assert cleaned(clean, "RGB") == clean


@pytest.mark.parametrize("name", [b"desc", b"cprt", b"dmnd", b"priv"])
def test_no_text_survives(name: bytes) -> None:
    clean = cleaned(with_tag(pictures.icc_profile(), name, b"text\0\0\0\0" + TEXT), "RGB")
    assert clean
    assert TEXT not in clean


def test_nothing_behind_the_numbers_survives() -> None:
    curve = b"curvJANE" + struct.pack(">IH", 1, 563) + TEXT
    clean = cleaned(with_tag(pictures.icc_profile(), b"rTRC", curve) + TEXT, "RGB")
    assert clean
    assert TEXT not in clean
    assert b"JANE" not in clean


def test_no_name_of_a_device_or_maker_survives_in_the_header() -> None:
    profile = bytearray(pictures.icc_profile())
    for start, end in ((4, 8), (12, 16), (24, 36), (40, 64), (80, 128)):
        profile[start:end] = (b"Jane" * 12)[: end - start]
    clean = cleaned(bytes(profile), "RGB")
    assert clean
    assert b"Jane" not in clean


@pytest.mark.parametrize(
    ("profile", "mode"),
    [
        (None, "RGB"),
        (b"", "RGB"),
        (TEXT, "RGB"),
        (pictures.icc_profile()[:128] + bytes(4), "RGB"),
        (pictures.icc_profile()[:200], "RGB"),
        (pictures.icc_profile() + bytes(MAX_BYTES), "RGB"),
        (pictures.icc_profile(), "L"),
        (pictures.icc_profile(), "CMYK"),
        (pictures.grey_profile(), "RGB"),
        (with_tag(pictures.icc_profile(), b"rTRC", b"text\0\0\0\0" + TEXT), "RGB"),
        (with_tag(pictures.icc_profile(), b"rTRC", b"para\0\0\0\0\0\x09\0\0"), "RGB"),
        (with_tag(pictures.icc_profile(), b"rTRC", b"curv\0\0\0\0\xff\xff\xff\xff"), "RGB"),
    ],
)
def test_what_is_no_usable_profile_of_the_picture_is_dropped(profile: bytes | None, mode: str) -> None:
    assert cleaned(profile, mode) is None


@hypothesis_settings(deadline=None, max_examples=200)
@given(changes=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=12))
def test_a_mutated_profile_is_cleaned_or_dropped(changes: list[tuple[int, int]]) -> None:
    profile = bytearray(pictures.icc_profile())
    for place, value in changes:
        profile[place] = value
    clean = cleaned(bytes(profile), "RGB")
    assert clean is None or len(clean) <= MAX_BYTES
