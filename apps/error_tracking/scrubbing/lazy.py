"""Regular expressions that are compiled when they are first used.

There are hundreds in the rules, and to compile them took more time than all else that loads with error tracking. A
command that goes well needs none of them; a server calls `prepare` before its first request.
"""

import re
from typing import Any, cast

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split", "pattern", "flags")


_all: list["_Lazy"] = []


class _Lazy:
    def __init__(self, *arguments: Any) -> None:
        self._arguments = arguments
        _all.append(self)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        compiled = re.compile(*self._arguments)
        # From now on they are found before this method is asked: as fast as the expression itself.
        vars(self).update({method: getattr(compiled, method) for method in _METHODS})
        return getattr(compiled, name)


def lazy(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Do what re.compile does, later; a pattern that is wrong raises re.PatternError only then."""
    return cast("re.Pattern[str]", _Lazy(pattern, flags))


def prepare() -> None:
    """Compile all of them now."""
    for expression in _all:
        _ = expression.pattern
