"""A first look at texts by an engine that is made for it, hyperscan, many texts in one scan.

https://github.com/darvid/python-hyperscan binds https://github.com/VectorCamp/vectorscan. It only says which rules may
hit where; the rules decide. Where it is not installed they look at every text themselves: the same results, slower.
"""

import ctypes
import sys
import threading
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from typing import Any

from .rules import RULES
from .rules.rule import in_ascii

# What stands between two texts; a text that holds one itself is not looked at here.
_BORDER = "\0"
# Not a rule but a text that reads differently once its escapes are undone.
ESCAPED = len(RULES)
_ESCAPES = (
    r"%[0-7][0-9a-f]",
    r"\\(?:u00|x|[\\\"'/nrt])",
    r"&(?:#|quot;|amp;|lt;|gt;|apos;|nbsp;|commat;|period;|colon;|equals;|sol;)",
)
# Characters of which the engine does not think as Python does: \s matches some of them in one and not in the other.
CONTROL = len(RULES) + 1
_CONTROLS = (r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]",)
# To build the engine takes 0.2 s, on the thread that scrubs: as long as the rules take for some thousand new texts.
# Most commands and quiet servers see fewer, and start without it.
_ENOUGH = 1_000
_asked = Counter(texts=0)
_Matches = list[tuple[int, int]]


class _Engine:
    """The expressions of all rules in one database, and for each thread the memory to scan with it."""

    def __init__(self, database: Any, error: type[Exception]) -> None:
        self._database, self._error, self._own = database, error, threading.local()

    def matches(self, text: str) -> _Matches | None:
        """Return which expressions match, and up to where; None if the engine cannot say."""
        matches: _Matches = []
        try:
            self._database.scan(text.encode(), _record, context=matches, scratch=self._scratch())
        except self._error:  # the rules look for themselves
            return None
        return matches

    def _scratch(self) -> Any:
        # Not one for all: a scan lets other threads run.
        scratch = getattr(self._own, "scratch", None)
        if scratch is None:
            scratch = self._own.scratch = self._database.scratch.clone()
        return scratch


def suspicions(texts: Sequence[str]) -> dict[int, set[int]] | None:
    """Return what may be found in each text, by its index: indexes of RULES, ESCAPED, CONTROL. Harmless: none.

    None if nothing can be said: there is no engine (yet), or a text holds the border or is not ASCII.
    """
    joined = _BORDER.join(("", *texts, ""))
    if joined.count(_BORDER) != len(texts) + 1 or (matches := _matches(joined, len(texts))) is None:
        return None
    # A match belongs to the text that holds its last character, or that ends with it.
    starts = list(accumulate(map((1).__add__, map(len, texts)), initial=1))
    found: dict[int, set[int]] = {}
    for rule, end in matches:
        found.setdefault(min(bisect_right(starts, end - 1), len(texts)) - 1, set()).add(rule)
    return found


def suspicion(text: str) -> set[int] | None:
    """Return the same for one text."""
    if _BORDER in text or (matches := _matches(f"{_BORDER}{text}{_BORDER}", 1)) is None:
        return None
    return {rule for rule, _ in matches}


def use_from_now_on() -> None:
    """Do not wait until it pays."""
    _asked["texts"] = _ENOUGH


def _matches(text: str, number: int) -> _Matches | None:
    if _asked["texts"] < _ENOUGH:
        _asked["texts"] += number
        return None
    engine = _engine() if text.isascii() else None
    return engine.matches(text) if engine else None


def _record(rule: int, _start: int, end: int, _flags: int, matches: _Matches) -> None:
    matches.append((rule, end))


@cache
def _engine() -> _Engine | None:
    try:
        import hyperscan
    except ImportError:
        return None
    rules, expressions = zip(*_expressions(), strict=True)
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    flags = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_DOTALL | hyperscan.HS_FLAG_PREFILTER
    try:
        database.compile(expressions=[text.encode() for text in expressions], ids=rules, flags=flags)
    except hyperscan.error:  # a processor that it does not know
        return None
    _give_memory_back()
    return _Engine(database, hyperscan.error)


def _give_memory_back() -> None:
    # Compiling takes 10 MiB for a moment, which the C library would keep: https://man7.org/linux/man-pages/man3/malloc_trim.3.html
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)


def _expressions() -> Iterator[tuple[int, str]]:
    for index, rule in enumerate(RULES):
        yield from ((index, expression) for expression in rule.sketch or (in_ascii(rule.trigger),))
    yield from ((ESCAPED, expression) for expression in _ESCAPES)
    yield from ((CONTROL, expression) for expression in _CONTROLS)
