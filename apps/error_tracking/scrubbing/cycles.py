"""Structures that hold themselves: a parent whose children name their parent has no end."""

from collections.abc import Mapping
from typing import Any

from . import policy

# The same list in two places is shown twice; the same ones in each other, over and over, are not.
_MOST_REPEATS = 1000


class Endless(Exception):
    """Raised when so much is nested too deep that it must be the same again and again."""


def unrolled(value: Any, depth: int) -> Any:
    """Return a copy in which no container is deeper than `depth` and none holds itself: there stands [TOO_DEEP]."""
    return _Copy(depth).of(value)


class _Copy:
    def __init__(self, depth: int) -> None:
        self._depth, self._repeats = depth, 0
        self._above: set[int] = set()
        self._seen: set[int] = set()

    def of(self, value: Any) -> Any:
        if not isinstance(value, Mapping | list | tuple | set | frozenset):
            return value
        if not self._may_enter(id(value)):
            return policy.TOO_DEEP
        self._above.add(id(value))
        copy = self._copy(value._asdict() if hasattr(value, "_asdict") else value)
        self._above.remove(id(value))
        return copy

    def _copy(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: self.of(inner) for key, inner in value.items()}
        return [self.of(inner) for inner in value]

    def _may_enter(self, identity: int) -> bool:
        self._repeats += identity in self._seen
        self._seen.add(identity)
        return identity not in self._above and len(self._above) < self._depth and self._repeats <= _MOST_REPEATS
