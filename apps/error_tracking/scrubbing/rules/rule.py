"""What a rule is."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ..lazy import lazy


class Hit(NamedTuple):
    """A part of a text (from `start` up to `end`) and what takes its place."""

    start: int
    end: int
    replacement: str


class Anchored(NamedTuple):
    """A sketch that is costly to look for beside all others: first they look for its anchor, then it for the whole.

    What costs are runs, because the engine has a state for each combination of what may be under way: with the runs of
    all rules in one set it worked out new states for nearly each character (270 µs for a text instead of 2).
    """

    anchor: str
    after: str = ""
    before: str = ""

    @property
    def whole(self) -> str:
        """Return the expression, in which the anchor cannot be missed."""
        return f"{self.before}{self.anchor}{self.after}"


DIGITS = "0123456789"
Find = Callable[[str], Iterator[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing to find in a text.

    What harmless text costs is these tests: a text shorter than `least`, with fewer than `digits` digits, without any
    of the characters `needs`, or in which (in lower case) the expression `trigger` finds nothing, holds no hit.
    `sketch` says the same to engine.py, in expressions that are simple and rarely match for nothing: an ASCII text in
    which, in whatever case, none of them matches holds no hit. There \x00 begins and ends the text. None: `trigger`.
    `find` yields the hits from left to right, without overlap. Linear in the text: bounded quantifiers, no
    quantifier inside another over the same characters.
    """

    kind: str
    why: str
    trigger: str
    find: Find
    needs: str
    least: int
    digits: int = 0
    sketch: tuple[str | Anchored, ...] = ()


def matches(pattern: str, replace: Callable[[re.Match[str]], str], flags: re.RegexFlag = re.NOFLAG) -> Find:
    """Find by an expression; a `replace` that returns the match unchanged says that it was no hit after all."""
    compiled = lazy(pattern, flags)

    def find(text: str) -> Iterator[Hit]:
        for match in compiled.finditer(text):
            replacement = replace(match)
            if replacement != match[0]:
                yield Hit(match.start(), match.end(), replacement)

    return find


def around(anchor: str, pattern: str, replace: Callable[[re.Match[str]], str], before: int, after: int) -> Find:
    """Find by an expression whose beginning is costly to look for: only around what its middle, `anchor`, matches.

    A match begins at most `before` characters in front of the anchor and ends at most `after` behind it.
    """
    middle, compiled = lazy(anchor), lazy(pattern)

    def find(text: str) -> Iterator[Hit]:
        done = 0
        for place in middle.finditer(text):
            if place.start() < done:
                continue
            match = compiled.search(text, max(done, place.start() - before), place.end() + after)
            if match:
                done = match.end()
                if (replacement := replace(match)) != match[0]:
                    yield Hit(match.start(), match.end(), replacement)

    return find


def in_ascii(expression: str) -> str:
    """Return an expression for ASCII texts: without the alternatives and characters that these cannot hold."""
    narrowed = re.sub(r"\[[^\[\]]*[a-z][^\[\]]*\]", lambda characters: _ascii(characters[0]), expression)
    return _ascii(re.sub(r"\|[^|()]*[^\x00-\x7f][^|()]*(?=[|)]|\Z)", "", narrowed))


def _ascii(text: str) -> str:
    return "".join(filter(str.isascii, text))


def always(placeholder: str) -> Callable[[re.Match[str]], str]:
    """Return a `replace` that needs no second look."""
    return lambda match: placeholder


def keeping(template: str) -> Callable[[re.Match[str]], str]:
    r"""Return a `replace` that keeps named groups: keeping(r"\g<key>[REDACTED]")."""
    return lambda match: match.expand(template)
