"""On which line of a TOML file something stands, which tomllib does not tell."""

import tomllib
from collections.abc import Iterator
from typing import Any

Path = tuple[str | int, ...]


def lines_of(text: str) -> dict[Path, int]:
    """Return the line of every header, key and item of a file that tomllib reads; the tables of a list by number.

    A statement is the fewest lines that are TOML by themselves: https://toml.io/en/v1.0.0
    """
    lines: dict[Path, int] = {}
    tables: dict[Path, int] = {}  # how many tables a list has so far
    header: Path = ()
    for number, chunk in _statements(text):
        read = tomllib.loads(chunk)
        if not chunk.lstrip().startswith("["):
            lines |= dict.fromkeys((header + path for path in _paths(read)), number)
            continue
        header = _header(read, tables)
        lines[header] = number
    return lines


def line_of(lines: dict[Path, int], path: Path) -> int:
    """Return the line of what stands at `path`, of its first table, or of the nearest thing that it is in."""
    for end in range(len(path), 0, -1):
        for place in (path[:end], (*path[:end], 0)):
            if place in lines:
                return lines[place]
    return 1


def _statements(text: str) -> Iterator[tuple[int, str]]:
    chunk, begin = "", 1
    for number, line in enumerate(text.split("\n"), 1):
        chunk += line + "\n"
        if line.rstrip().endswith(",") and "#" not in line:
            continue  # no statement ends so; without this, a long list would be read again at each of its lines
        try:
            read = tomllib.loads(chunk)
        except tomllib.TOMLDecodeError:
            continue  # an array or a string goes on in the next line
        if read:
            yield begin, chunk
        chunk, begin = "", number + 1


def _header(read: dict[str, Any], tables: dict[Path, int]) -> Path:
    path: Path = ()
    value: Any = read
    while isinstance(value, dict) and value:
        name, value = next(iter(value.items()))
        path += (name,)
        if isinstance(value, list):
            tables[path] = tables.get(path, -1) + 1
            value = None
        if path in tables:
            path += (tables[path],)
    return path


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        yield (*path, key)
        yield from _paths(item, (*path, key))
