"""Real image files to upload, good and bad."""

import struct
import zlib
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageCms, ImageDraw
from PIL.PngImagePlugin import PngInfo

SCRIPT = "<script>alert(1)</script>"
CAMERA = "Spycam 3000"
LATITUDE = (48.0, 51.0, 29.6)


def picture(width: int = 400, height: int = 300, mode: str = "RGB") -> Image.Image:
    """A red picture with a blue top left quarter: which way up it is can be seen."""
    image = Image.new("RGB", (width, height), (200, 30, 30))
    ImageDraw.Draw(image).rectangle((0, 0, width // 2, height // 2), fill=(30, 30, 200))
    return image.convert(mode)


def encoded(image: Image.Image, file_format: str, **options: object) -> bytes:
    buffer = BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def jpeg(width: int = 400, height: int = 300, **options: object) -> bytes:
    return encoded(picture(width, height), "JPEG", **options)


def png(width: int = 400, height: int = 300, **options: object) -> bytes:
    return encoded(picture(width, height), "PNG", **options)


def animation(file_format: str, frames: int = 3, side: int = 20, **options: object) -> bytes:
    first, *rest = [
        Image.new("RGB", (side, side), (number * 67 % 256, number * 151 % 256, 90)) for number in range(frames)
    ]
    return encoded(first, file_format, save_all=True, append_images=rest, duration=100, **options)


def exif(orientation: int = 1) -> Image.Exif:
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010E] = SCRIPT
    data[0x0110] = CAMERA
    data[0x0132] = "2026:01:02 03:04:05"
    data.get_ifd(0x8825).update({1: "N", 2: LATITUDE, 3: "E", 4: (2.0, 17.0, 40.2)})
    return data


def icc_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def grey_profile() -> bytes:
    """A profile like the ones of scanners: a white point and a gamma of 2.2."""
    white = b"XYZ \0\0\0\0" + struct.pack(">3I", 0xF6D6, 0x10000, 0xD32D)
    gamma = b"curv\0\0\0\0" + struct.pack(">IH", 1, 563) + bytes(2)
    tags = struct.pack(">I4s2I4s2I", 2, b"wtpt", 156, 20, b"kTRC", 176, 14)
    header = struct.pack(">I4xI4s4s4s12x4s28x12s48x", 192, 0x02100000, b"scnr", b"GRAY", b"XYZ ", b"acsp", white[8:])
    return header + tags + white + gamma


def labelled_files() -> dict[str, bytes]:
    """One file per format that says who took it, where and with what, in every place the format has."""
    text = PngInfo()
    text.add_text("Author", SCRIPT)
    text.add_itxt("Camera", CAMERA, zip=False)
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{SCRIPT}{CAMERA}</x:xmpmeta>".encode()
    return {
        "JPEG": jpeg(exif=exif(), comment=SCRIPT, xmp=xmp) + CAMERA.encode(),
        "PNG": png(exif=exif(), pnginfo=text) + CAMERA.encode(),
        "GIF": encoded(picture(), "GIF", comment=SCRIPT.encode()) + CAMERA.encode(),
        "WEBP": encoded(picture(), "WEBP", exif=exif(), xmp=xmp) + CAMERA.encode(),
    }


def huge_png(width: int, height: int, *, rgba: bool = False) -> bytes:
    """A valid black PNG of any size that takes no memory to make: one bit per pixel, or 32."""
    packer = zlib.compressobj(9)
    bits, depth, kind = (32, 8, 6) if rgba else (1, 1, 0)
    row = bytes(1 + (width * bits + 7) // 8)
    pixels = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )


def as_file(content: bytes, name: str = "picture.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def upload(client: Client, headers: dict[str, str], content: bytes | None = None, **fields: object):
    """POST /images and return the response."""
    form = {"file": as_file(content or jpeg()), **fields}
    return client.post("/api/v1/images", form, headers=headers)


def uploaded(client: Client, headers: dict[str, str], content: bytes | None = None, **fields: object) -> dict:
    """POST /images, which must succeed, and return the image."""
    response = upload(client, headers, content, **fields)
    assert response.status_code == 201, response.content
    return response.json()
