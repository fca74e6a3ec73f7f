"""Text as it reads: look-alike letters, full-width forms, invisible characters and escapes undone."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence

from .lazy import lazy

# Cyrillic and Greek letters that look like Latin ones; a disguise where they stand beside Latin letters.
_LOOKALIKES = str.maketrans("аеорсхуіѕԁһοανρτικ", "aeopcxyisdhoavptik")
_DISGUISED = lazy(r"[аеорсхуіѕԁһοανρτικ]+")
_UNSEEN = {
    **dict.fromkeys(map(ord, "\u00ad\u180e\u200b\u200c\u200d\u2060\ufeff")),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212"), "-"),  # dashes
}
_FOREIGN_DIGIT = lazy(r"[^\x00-\x7f]")
# A character, with the accents that follow it.
_FOREIGN = lazy(r"[^\x00-\x7f\u0300-\u036f][\u0300-\u036f]{0,8}|[\x00-\x7f][\u0300-\u036f]{1,8}|[\u0300-\u036f]")
# Letters that nobody needs to escape, so that `p%61ssword` is read as what it is.
_ESCAPED = lazy(
    r"%(4[1-9A-Fa-f]|5[0-9Aa]|6[1-9A-Fa-f]|7[0-9Aa])|\\u00(4[1-9a-f]|5[0-9a]|6[1-9a-f]|7[0-9a])"
    r"|&#(6[5-9]|[7-8]\d|90|9[7-9]|1[01]\d|12[0-2]);"
)
# What URLs, JSON, Python and HTML write for a visible character, a space or a line's end.
_LAYER = lazy(
    r"(?:%|\\u00|\\x)(?P<hex>0[9AaDd]|[2-6][0-9A-Fa-f]|7[0-9A-Ea-e])|\\(?P<sign>[\\\"'/]|[nrt])"
    r"|&(?:\#(?:0{0,4}(?P<number>3[2-9]|[4-9]\d|1[01]\d|12[0-6])|[xX]0{0,4}(?P<hex2>[2-6][0-9A-Fa-f]|7[0-9A-Ea-e]))"
    r"|(?P<name>quot|amp|lt|gt|apos|nbsp|commat|period|colon|equals|sol));"
)
_SIGNS = {"n": "\n", "r": "\r", "t": "\t"}
_NAMES = {"quot": '"', "amp": "&", "lt": "<", "gt": ">", "apos": "'", "nbsp": " "} | {
    "commat": "@",
    "period": ".",
    "colon": ":",
    "equals": "=",
    "sol": "/",
}
# JSON in a query string in HTML.
_MOST_LAYERS = 3

# From where, to where, and what takes its place.
_Place = tuple[int, int, str]
_Step = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]


def undisguised(text: str) -> str:
    """Return the text as a person, or the program it is meant for, would read it; most texts are that already."""
    return reading(text, 0)


def readings(text: str) -> Iterator[tuple[int, str]]:
    """Yield at which depths a text reads differently, and how: 0 is the text itself, each further undoes escapes."""
    read = reading(text, 0)
    yield 0, read
    if not _may_hold_escapes(text):
        return
    for depth in range(1, _MOST_LAYERS + 1):
        before, read = read, _LAYER.sub(_decoded, read)
        if read == before:
            return
        yield depth, read


def reading(text: str, depth: int) -> str:
    """Return the text without disguise and with `depth` layers of escapes undone."""
    if not _may_read_differently(text):
        return text
    for pattern, replace in _steps(text, depth):
        text = pattern.sub(replace, text)
    return text


def in_original(text: str, depth: int, hits: Sequence[_Place]) -> list[_Place]:
    """Return the hits in `reading(text, depth)` as hits in the text, so that all around them stays as it was."""
    read, places = text, None
    for pattern, replace in _steps(text, depth):
        read, places = _mapped(pattern, replace, read, places or range(len(text) + 1))
    if places is None:
        return list(hits)
    return [_placed(read, places, hit) for hit in hits]


def _may_read_differently(text: str) -> bool:
    return not text.isascii() or _may_hold_escapes(text)


def _may_hold_escapes(text: str) -> bool:
    return "%" in text or "\\" in text or "&" in text


def _steps(text: str, depth: int) -> Iterable[_Step]:
    if not text.isascii():
        yield _FOREIGN, _plain
        yield _DISGUISED, _lookalike
    if _may_hold_escapes(text):
        yield _ESCAPED, _unescaped
        yield from [(_LAYER, _decoded)] * depth


def _mapped(
    pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str], text: str, places: Sequence[int]
) -> tuple[str, Sequence[int]]:
    """Do pattern.sub, and say of each character of the result, and of its end, where it began."""
    parts: list[str] = []
    moved: list[int] = []
    done = 0
    for match in pattern.finditer(text):
        plain = replace(match)
        parts += (text[done : match.start()], plain)
        moved += (*places[done : match.start()], *([places[match.start()]] * len(plain)))
        done = match.end()
    return "".join((*parts, text[done:])), [*moved, *places[done:]]


def _placed(read: str, places: Sequence[int], hit: _Place) -> _Place:
    """Return one hit in the original, without what the replacement only repeats in front and behind."""
    start, end, new = hit
    old = read[start:end]
    lead = _same(old, new[: new.find("[")] if "[" in new else new)
    tail = _same(old[lead:][::-1], new[max(lead, new.rfind("]") + 1) :][::-1])
    start, end = start + lead, end - tail
    while start < end < len(read) and places[end] == places[end - 1]:  # half of one character
        end += 1
    return places[start], places[end], new[lead : len(new) - tail]


def _same(first: str, second: str) -> int:
    """Return how many characters both begin with."""
    for index, (one, other) in enumerate(zip(first, second, strict=False)):
        if one != other:
            return index
    return min(len(first), len(second))


def _plain(match: re.Match[str]) -> str:
    return _FOREIGN_DIGIT.sub(_digit, unicodedata.normalize("NFKC", match[0].translate(_UNSEEN)))


def _digit(match: re.Match[str]) -> str:
    return str(unicodedata.decimal(match[0], match[0]))


def _lookalike(match: re.Match[str]) -> str:
    beside = match.string[max(0, match.start() - 1) : match.start()] + match.string[match.end() : match.end() + 1]
    return match[0].translate(_LOOKALIKES) if re.search("[A-Za-z]", beside) else match[0]


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[3])) if match[3] else chr(int(match[1] or match[2], 16))


def _decoded(match: re.Match[str]) -> str:
    if sign := match["sign"]:
        return _SIGNS.get(sign, sign)
    if name := match["name"]:
        return _NAMES[name]
    return chr(int(match["number"])) if match["number"] else chr(int(match["hex"] or match["hex2"], 16))
