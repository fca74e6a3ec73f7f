"""Reads one table of a file: each mistake is a sentence with its line, and reading goes on."""

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from apps.error_tracking.scrubbing import scrub_string

from ..plain import one_line
from .lines import Path, line_of

_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)$| \(at end of document\)$")


class NotToml(ValueError):
    """The text is not TOML; the message is `file:line: what is wrong`."""


@dataclass(slots=True)
class Mistakes:
    """What is wrong with a file; `lines` say on which line what stands."""

    file: str
    lines: dict[Path, int]
    found: list[tuple[int, str]] = field(default_factory=list)

    def add(self, path: Path, sentence: str) -> None:
        """Note a mistake at `path`."""
        self.found.append((line_of(self.lines, path), sentence))

    def sentences(self) -> list[str]:
        """Return `file:line: sentence` for each, in the order of the file."""
        return [f"{self.file}:{line}: {sentence}" for line, sentence in dict.fromkeys(sorted(self.found))]


class Table:
    """A table at `path`. What is wrong is noted, and the default stands in for it."""

    def __init__(self, data: Any, path: Path, mistakes: Mistakes) -> None:
        self.path, self.mistakes = path, mistakes
        self.data: dict[str, Any] = data if isinstance(data, dict) else {}
        if not isinstance(data, dict):
            mistakes.add(path, f"{self.name} must be a table")

    @property
    def name(self) -> str:
        """How messages name it."""
        if self.path and isinstance(self.path[-1], int):
            return "this table"
        return shown(".".join(str(part) for part in self.path)) or "the file"

    def wrong(self, key: str, sentence: str) -> None:
        """Note a mistake about a key."""
        self.mistakes.add((*self.path, key), sentence)

    def known(self, *keys: str) -> None:
        """Note every other key."""
        for key in self.data:
            if key not in keys:
                self.wrong(key, f"{shown(key)} is not a key of {self.name}; {guess(key, keys)}")

    def text(self, key: str, default: str = "") -> str:
        """Return a text that is not empty."""
        value = self.data.get(key, default)
        if key in self.data and (not isinstance(value, str) or not value.strip()):
            self.wrong(key, f"{key} must be a text")
            return default
        return str(value)

    def one_of[T: str](self, key: str, choices: Sequence[T], default: T | None = None) -> T:
        """Return one of the texts, which must be there where there is no default."""
        value = self.data.get(key, default)
        if value in choices:
            return choices[choices.index(value)]
        self.wrong(key, f"{key} must be one of {', '.join(choices)}")
        return choices[0]

    def number(self, key: str, most: int) -> int:
        """Return a whole number from 1 to `most`, which must be there."""
        value = self.data.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most:
            return value
        self.wrong(key, f"{key} must be a number from 1 to {most:,}")
        return 1

    def texts(self, key: str, check: Callable[[str], str | None], default: Iterable[str] = ()) -> tuple[str, ...]:
        """Return a list of different texts; `check` gives a sentence about one that is wrong."""
        values = self.data.get(key, list(default))
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            self.wrong(key, f"{key} must be a list of texts")
            return ()
        if len(set(values)) < len(values):
            self.wrong(key, f"{key} says something twice")
        for place, value in enumerate(values):
            if sentence := check(value):
                self.mistakes.add((*self.path, key, place), sentence)
        return tuple(values)

    def tables(self, key: str) -> list["Table"]:
        """Return the tables of a list of tables."""
        values = self.data.get(key, [])
        if not isinstance(values, list):
            self.wrong(key, f"{key} must be tables, each under [[{key}]]")
            return []
        return [Table(value, (*self.path, key, place), self.mistakes) for place, value in enumerate(values)]

    def table(self, key: str) -> "Table":
        """Return the table under a key, empty where there is none."""
        return Table(self.data.get(key, {}), (*self.path, key), self.mistakes)


def shown(text: str) -> str:
    """Return what a file says in a form for a message: short, on one line, and without what may be a secret."""
    return one_line(scrub_string(text))[:60]


def guess(word: str, known: Iterable[str]) -> str:
    """Return the end of a sentence: which known word may be meant."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"did you mean {close[0]}?" if close else f"known are {', '.join(known) or 'none'}"


def toml(text: str, name: str) -> dict[str, Any]:
    """Return what the text of a file with that name says. Raises NotToml."""
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise NotToml(f"{name}:1: the file is too deeply nested") from error
    except ValueError as error:  # not only TOMLDecodeError: a number may have too many digits
        said = str(error)
        at = _AT_LINE.search(said)
        line = at[1] if at and at[1] else "1" if at is None else str(len(text.splitlines()) or 1)
        raise NotToml(f"{name}:{line}: this is not TOML: {shown(_AT_LINE.sub('', said))}") from error
