"""Searches what left for canaries, in whatever they may be wrapped."""

import base64
import binascii
import hashlib
import html
import re
from collections.abc import Iterator
from urllib.parse import unquote, unquote_plus

from tests.error_tracking.places import Canary

_HASHES = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{10,}={0,2}")
_HEX = re.compile(r"(?:[0-9a-f]{2}){10,}")
_SPACES = re.compile(r"[\s.\-_/+]+|%20|\\[nt]")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|\\([\"'\\/])")


def found(wire: str, canaries: dict[str, Canary]) -> list[str]:
    """Return the names of the canaries that the wire holds, wrapped or not."""
    # Most events repeat most of the others' texts, and no canary holds a quote or a line break.
    wire = "\n".join(set(re.split(r'["\n]', wire)))
    texts = list(_unwrapped(wire))
    compact = [_SPACES.sub("", text) for text in texts[:2]]
    return sorted(name for name, canary in canaries.items() if _is_in(canary, texts, compact)) + _hashed(wire, canaries)


def _is_in(canary: Canary, texts: list[str], compact: list[str]) -> bool:
    needles = [form for needle in canary.needles for form in (needle.lower(), needle.lower()[::-1])]
    return any(needle in text for text in (compact if canary.compact else texts) for needle in needles)


def _unwrapped(wire: str) -> Iterator[str]:
    """Yield the wire and, once, whatever differs from it when one or two layers of wrapping are undone."""
    texts = [wire, *_layers(wire)]
    yield "\n".join(text.lower() for text in dict.fromkeys(texts))
    deeper = (inner for text in dict.fromkeys(texts[1:]) for inner in _layers(text))
    yield "\n".join(text.lower() for text in dict.fromkeys(deeper))


def _layers(text: str) -> list[str]:
    """Return what a text says without one layer of URL, HTML, JSON or Python escapes, base64 and hex."""
    lines = set(text.replace("\\n", "\n").splitlines())
    interesting = [line for line in lines if any(sign in line for sign in "%&\\")]
    undone = [function(line) for line in interesting for function in (unquote, unquote_plus, html.unescape, _unescaped)]
    words = {word for line in lines for word in _BASE64.findall(line)}
    decoded = [inner for word in words for inner in _decoded(word)]
    return ["\n".join(undone), "\n".join(decoded)]


def _unescaped(text: str) -> str:
    # Without NUL, UTF-16 that was taken for Latin-1 reads as what it is.
    return _ESCAPE.sub(lambda match: match[3] or chr(int(match[1] or match[2], 16)), text).replace("\0", "")


def _decoded(word: str) -> Iterator[str]:
    plain = word.rstrip("=").replace("-", "+").replace("_", "/")
    # A secret inside of a longer text may begin at any of base64's four positions.
    for start in range(4):
        piece = plain[start:]
        try:
            yield base64.b64decode(piece + "=" * (-len(piece) % 4)).decode("latin-1")
        except binascii.Error:
            continue
    yield from (bytes.fromhex(hexed).decode("latin-1") for hexed in _HEX.findall(word.lower()))


def _hashed(wire: str, canaries: dict[str, Canary]) -> list[str]:
    text = wire.lower()
    digests = set(re.findall(r"[0-9a-f]{32,128}", text))
    return sorted(
        f"{name} ({algorithm})"
        for name, canary in canaries.items()
        for algorithm in _HASHES
        for value in {canary.text, *canary.needles}
        if hashlib.new(algorithm, value.encode()).hexdigest() in digests
    )
