"""A first look at a text by an engine that is made for it, RE2: all rules in one scan, linear by construction.

https://github.com/google/re2. It only says which rules may hit; the rules decide.
Where it is not installed they look at every text themselves: the same results, slower.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from . import lazy
from .rules import RULES
from .rules.rule import Anchored, in_ascii

# What begins and ends a text in the expressions; a text that holds one itself is not looked at here.
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
# Bytes that RE2 may keep of what it worked out. What does not fit is worked out again: slower, the same result.
# An expression alone needs little.
_MOST_MEMORY = 32 * 1024 * 1024
_LITTLE_MEMORY = 2 * 1024 * 1024


class _Engine:
    """The expressions of all rules, which RE2 holds against a text at once; then the wholes of what has an anchor."""

    def __init__(self, re2: Any) -> None:
        sketches = list(_expressions())
        self._together = _set(re2, _MOST_MEMORY, *(_anchor(sketch) for _, _, sketch in sketches))
        self._sketches = [(rule, least, _whole(re2, sketch)) for rule, least, sketch in sketches]

    def matching(self, text: str) -> set[int]:
        """Return the rules that match."""
        bordered = f"{_BORDER}{text}{_BORDER}".encode()
        found: set[int] = set()
        for index in self._together.Match(bordered) or ():
            rule, least, whole = self._sketches[index]
            if rule not in found and len(text) >= least and (whole is None or whole.Match(bordered)):
                found.add(rule)
        return found


def suspicion(text: str) -> set[int] | None:
    """Return what may be found in a text: indexes of RULES, ESCAPED, CONTROL; none of them: it is harmless.

    None if nothing can be said: there is no engine, or the text holds the border or is not ASCII.
    """
    engine = _engine() if text.isascii() and _BORDER not in text else None
    return engine.matching(text) if engine else None


def prepare() -> None:
    """Compile all expressions now (0.2 s), so that the first error of a process is on the disk as soon as any other."""
    lazy.prepare()
    _engine()


@cache
def _engine() -> _Engine | None:
    try:
        import re2
    except ImportError:
        return None
    return _Engine(re2)


def _set(re2: Any, memory: int, *expressions: str) -> Any:
    options = re2.Options()
    options.case_sensitive, options.dot_nl, options.never_capture = False, True, True
    options.max_mem, options.log_errors = memory, False
    together = re2.Set.SearchSet(options)
    for expression in expressions:
        together.Add(expression)
    together.Compile()
    return together


def _anchor(sketch: str | Anchored) -> str:
    return sketch if isinstance(sketch, str) else sketch.anchor


def _whole(re2: Any, sketch: str | Anchored) -> Any:
    return None if isinstance(sketch, str) else _set(re2, _LITTLE_MEMORY, sketch.whole)


def _expressions() -> Iterator[tuple[int, int, str | Anchored]]:
    for index, rule in enumerate(RULES):
        yield from ((index, rule.least, sketch) for sketch in rule.sketch or (in_ascii(rule.trigger),))
    yield from ((ESCAPED, 0, expression) for expression in _ESCAPES)
    yield from ((CONTROL, 0, expression) for expression in _CONTROLS)
