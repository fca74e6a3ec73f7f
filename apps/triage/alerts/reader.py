"""Reads one table of a file: each mistake is a sentence with its line, and reading goes on."""

import difflib
import itertools
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from apps.error_tracking.scrubbing import scrub_string

from ..plain import one_line
from .lines import Path, line_of

MOST_BROKEN = 20  # statements of one file that are said
_STATEMENT = re.compile(r"""\s*(\[|[\w."'-]+\s*=)""")  # where one begins
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

    def read_as(self, path: Path, meant: Path) -> None:
        """Give what stands at a path that is misspelt its line under the path that is meant."""
        depth = len(path)
        self.lines |= {meant + one[depth:]: line for one, line in self.lines.items() if one[:depth] == path}

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
        """Note every other key. One that is misspelt is read as the one that is meant: there may be more to say."""
        for key in list(self.data):
            if key not in keys:
                self.wrong(key, f"{shown(key)} is not a key of {self.name}; {guess(key, keys)}")
                for meant in difflib.get_close_matches(key, keys, n=1):
                    self._read_as(key, meant)

    def _read_as(self, key: str, meant: str) -> None:
        there, found = self.data.get(meant), self.data[key]
        if isinstance(there, dict) and isinstance(found, dict):
            self.data[meant] = found | there
        elif isinstance(there, list) and isinstance(found, list):
            for place in range(len(found)):
                self.mistakes.read_as((*self.path, key, place), (*self.path, meant, len(there) + place))
            self.data[meant] = there + found
        elif meant not in self.data:
            self.data[meant] = found
        else:
            return
        self.mistakes.read_as((*self.path, key), (*self.path, meant))
        del self.data[key]

    def text(self, key: str, default: str = "") -> str:
        """Return a text that is not empty."""
        value = self.data.get(key, default)
        if key in self.data and (not isinstance(value, str) or not value.strip()):
            self.wrong(key, f"{key} must be a text")
            return default
        return str(value)

    def one_of[T: str](self, key: str, choices: Sequence[T], default: T) -> T:
        """Return one of the texts."""
        return (self.choice(key, choices) or default) if key in self.data else default

    def choice[T: str](self, key: str, choices: Sequence[T]) -> T | None:
        """Return one of the texts, which must be there: the one that is meant, None where nobody can know."""
        value = self.data.get(key)
        if value in choices:
            return choices[choices.index(value)]
        self.wrong(key, f"{key} must be one of {', '.join(choices)}")
        close = difflib.get_close_matches(value, choices, n=1) if isinstance(value, str) else []
        return choices[choices.index(close[0])] if close else None

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
        texts = [value for value in values if isinstance(value, str)] if isinstance(values, list) else []
        if len(set(texts)) < len(texts):
            self.wrong(key, f"{key} says something twice")
        for place, value in enumerate(values if texts else ()):
            if isinstance(value, str) and (sentence := check(value)):
                self.mistakes.add((*self.path, key, place), sentence)
        return tuple(texts)

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


def all_that_is_not_toml(text: str, name: str) -> list[str]:
    """Return a sentence for each statement that is not TOML by itself, MOST_BROKEN at most.

    It is empty where the rest is not TOML without them: nobody can know then what is meant.
    """
    lines = text.split("\n")
    starts = [place for place, line in enumerate(lines) if _STATEMENT.match(line)]
    said: list[str] = []
    for start, end in itertools.pairwise([*starts, len(lines)]):
        statement = "\n".join(lines[start:end])
        if _sentence(statement, name):
            said += _sentence("\n" * start + statement, name)
            lines[start:end] = [""] * (end - start)
        if len(said) == MOST_BROKEN:
            return said
    return [] if _sentence("\n".join(lines), name) else said


def _sentence(text: str, name: str) -> list[str]:
    """Return why a text is not TOML; nothing where it is."""
    try:
        toml(text, name)
    except NotToml as error:
        return [str(error)]
    return []
