"""Colour profiles: only the numbers that say what the colours mean; no text, name, date or device.

https://www.color.org/specification/ICC.1-2022-05.pdf, sections 7.2 (header), 7.3 (tag table) and 10 (types).
"""

import struct
from io import BytesIO

from PIL import ImageCms

MAX_BYTES = 64 * 1024

# Colour space -> the tags that define it, and the modes of pictures it can describe.
_TAGS = {
    b"RGB ": (b"wtpt", b"chad", b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC"),
    b"GRAY": (b"wtpt", b"chad", b"kTRC"),
}
_MODES = {b"RGB ": ("RGB", "RGBA", "P"), b"GRAY": ("1", "L", "LA", "I;16", "I;16B")}
_PARAMETERS = (1, 3, 4, 5, 7)
_D50 = struct.pack(">3I", 0xF6D6, 0x10000, 0xD32D)


def cleaned(profile: bytes | None, mode: str) -> bytes | None:
    """Return a profile with the colour definition of this one alone, for a picture of this mode.

    None for a profile above 64 KiB, of another colour space, that defines its colours by tables (as printers' do),
    or that LittleCMS cannot use: the picture is then taken as sRGB.
    """
    if not profile or len(profile) > MAX_BYTES or mode not in _MODES.get(profile[16:20], ()):
        return None
    try:
        clean = _rebuilt(profile)
        _try_out(clean)
    except (struct.error, LookupError, ValueError, OSError, ImageCms.PyCMSError):
        return None
    # Tags that overlap in the file do not here.
    return clean if len(clean) <= MAX_BYTES else None


def of_rgb(profile: bytes | None) -> bytes | None:
    """Return the profile only if it describes RGB: WebP pictures are RGB even if the original is grey."""
    return profile if profile and profile[16:20] == b"RGB " else None


def _rebuilt(profile: bytes) -> bytes:
    wanted = _TAGS[profile[16:20]]
    values = {name: _numbers(value) for name, value in _tags(profile) if name in wanted}
    # Values are stored once: red, green and blue often have the same curve.
    place, places, body = 132 + 12 * len(values), dict[bytes, int](), b""
    for value in dict.fromkeys(values.values()):
        places[value] = place + len(body)
        body += value + bytes(-len(value) % 4)
    table = b"".join(struct.pack(">4s2I", name, places[value], len(value)) for name, value in values.items())
    # Of the header: version, colour space and connection space; what is zero here is optional.
    header = struct.pack(
        ">I4x4s4s8s12x4s28x12s48x", place + len(body), profile[8:12], b"mntr", profile[16:24], b"acsp", _D50
    )
    return header + struct.pack(">I", len(values)) + table + body


def _tags(profile: bytes) -> list[tuple[bytes, bytes]]:
    (count,) = struct.unpack_from(">I", profile, 128)
    entries = [struct.unpack_from(">4s2I", profile, 132 + 12 * number) for number in range(min(count, 100))]
    return [(name, profile[start : start + size]) for name, start, size in entries]


def _numbers(value: bytes) -> bytes:
    """Return a tag's value without what follows its numbers; raises ValueError for one that is not numbers."""
    kind = value[:4]
    if kind == b"curv":
        length = 12 + 2 * int(struct.unpack_from(">I", value, 8)[0])
    elif kind == b"para":
        length = 12 + 4 * _PARAMETERS[struct.unpack_from(">H", value, 8)[0]]
    else:
        length = {b"XYZ ": 20, b"sf32": 44}[kind]
    if length > len(value):
        raise ValueError("a tag is shorter than it says")
    # Four bytes after the type are reserved.
    return kind + bytes(4) + value[8:length]


def _try_out(profile: bytes) -> None:
    mode = "RGB" if of_rgb(profile) else "L"
    ImageCms.buildTransform(ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB"), mode, "RGB")
