"""A first look at a text by an engine that is made for it, RE2: all rules in one scan, linear by construction.

https://github.com/google/re2. It only says which rules may hit; the rules decide.
Where it is not installed they look at every text themselves: the same results, slower.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from . import lazy
from .rules import RULES
from .rules.rule import in_ascii

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
_MOST_MEMORY = 32 * 1024 * 1024


class _Engine:
    """The expressions of all rules, which RE2 holds against a text at once."""

    def __init__(self, expressions: Any, rules: Sequence[int]) -> None:
        self._expressions, self._rules = expressions, rules

    def matching(self, text: str) -> set[int]:
        """Return the rules that match."""
        matches = self._expressions.Match(f"{_BORDER}{text}{_BORDER}".encode()) or ()
        return {self._rules[index] for index in matches}


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
    options = re2.Options()
    options.case_sensitive, options.dot_nl, options.never_capture = False, True, True
    options.max_mem, options.log_errors = _MOST_MEMORY, False
    rules, expressions = zip(*_expressions(), strict=True)
    together = re2.Set.SearchSet(options)
    for expression in expressions:
        together.Add(expression)
    together.Compile()
    return _Engine(together, rules)


def _expressions() -> Iterator[tuple[int, str]]:
    for index, rule in enumerate(RULES):
        yield from ((index, expression) for expression in rule.sketch or (in_ascii(rule.trigger),))
    yield from ((ESCAPED, expression) for expression in _ESCAPES)
    yield from ((CONTROL, expression) for expression in _CONTROLS)
