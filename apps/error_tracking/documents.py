"""A stream of bytes as documents: lines of text, lines that are JSON objects, or one JSON object over many lines."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import chain, islice
from typing import Any

# A private key or a PGP message, the secrets that span lines, is one document; so many lines at most.
_LONGEST_BLOCK = 400
_SPACE = re.compile(r"\s*")


class NotUtf8Error(ValueError):
    """The bytes are no UTF-8 text; the message says in which line."""


@dataclass(frozen=True, slots=True)
class Document:
    """`text` as it came, with its line end; `value` is what it says when it is a JSON object; `line` counts from 1."""

    line: int
    text: str
    value: dict[str, Any] | None = None

    def with_value(self, value: dict[str, Any]) -> str:
        """Return another value written as this document is: on one line or indented, with the same line end."""
        if value == self.value:
            return self.text
        body = self.text.rstrip()
        written = json.dumps(value, ensure_ascii=False, indent=2 if "\n" in body else None)
        # Half of a surrogate pair, which JSON can hold and UTF-8 cannot, stays an escape.
        return written.encode("utf-8", "backslashreplace").decode() + self.text[len(body) :]


def documents(stream: Iterable[bytes], *, as_text: bool = False) -> Iterator[Document]:
    """Yield each line as soon as it is there. Raises NotUtf8Error.

    A stream that begins with `{` and whose first line is no JSON object is read to its end first: it may be one
    object. `as_text`: take every line as text.
    """
    lines = _lines(stream)
    for number, line in lines:
        if line.strip():
            first = (number, line)
            opens = not as_text and line.lstrip().startswith("{") and _json_object(line) is None
            yield from _whole([first, *lines]) if opens else _by_line(chain([first], lines), as_text=as_text)
        else:
            yield Document(number, line)


def _by_line(lines: Iterator[tuple[int, str]], *, as_text: bool = False) -> Iterator[Document]:
    for number, line in lines:
        value = None if as_text else _json_object(line)
        yield Document(number, _block(line, lines) if value is None else line, value)


def _block(line: str, lines: Iterator[tuple[int, str]]) -> str:
    """Return the line, and if a block begins in it all lines up to the block's end."""
    collected = [line]
    _, begins, after = line.partition("-----BEGIN ")
    if begins and "-----END " not in after:
        for _, following in islice(lines, _LONGEST_BLOCK):
            collected.append(following)
            if "-----END " in following:
                break
    return "".join(collected)


def _whole(lines: list[tuple[int, str]]) -> Iterator[Document]:
    """Yield the JSON objects that the lines hold, one after the other, and the lines from where there is none."""
    text, number, position = "".join(line for _, line in lines), lines[0][0], 0
    while position < len(text) and (found := _first_object(text, position)):
        value, end = found
        yield Document(number, text[position:end], value)
        number += text.count("\n", position, end)
        position = end
    yield from _by_line(enumerate(StringIO(text[position:], newline="\n"), number))


def _first_object(text: str, position: int) -> tuple[dict[str, Any], int] | None:
    """Return the object that begins at a position, and where what follows it begins."""
    try:
        value, end = _DECODER.raw_decode(text, _SPACE.match(text, position).end())  # type: ignore[union-attr]
    except (ValueError, RecursionError):
        return None
    return (value, _SPACE.match(text, end).end()) if isinstance(value, dict) else None  # type: ignore[union-attr]


def _lines(stream: Iterable[bytes]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(stream, 1):
        try:
            yield number, line.decode()
        except UnicodeDecodeError as error:
            raise NotUtf8Error(f"line {number} is not UTF-8") from error


def _json_object(text: str) -> dict[str, Any] | None:
    if not text.lstrip().startswith("{"):
        return None
    try:
        value = json.loads(text, object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        # The value that the second one hides would never be looked at; as text it is.
        raise ValueError("a key stands there twice")
    return value


_DECODER = json.JSONDecoder(object_pairs_hook=_unique)
