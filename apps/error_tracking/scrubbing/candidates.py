"""Which rules may hit a text: tests that cost little, so that most texts are proven harmless by them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from . import engine
from .lazy import lazy
from .rules import RULES
from .rules.rule import DIGITS

_WITHOUT_DIGITS = dict.fromkeys(map(ord, DIGITS))
_TRIGGERS = tuple(lazy(rule.trigger) for rule in RULES)
_NEEDS = tuple(frozenset(rule.needs) for rule in RULES)


@dataclass(frozen=True, slots=True)
class _Group:
    """Rules that need one of the same characters, with one expression that finds any of their triggers."""

    needs: frozenset[str]
    digits: int
    least: int
    trigger: re.Pattern[str]
    rules: tuple[int, ...]


def _groups() -> Iterator[_Group]:
    for needs, digits in dict.fromkeys((rule.needs, rule.digits) for rule in RULES):
        indexes = tuple(index for index, rule in enumerate(RULES) if (rule.needs, rule.digits) == (needs, digits))
        rules = [RULES[index] for index in indexes]
        trigger = lazy("|".join(f"(?:{rule.trigger})" for rule in rules))
        yield _Group(frozenset(needs), digits, min(rule.least for rule in rules), trigger, indexes)


_GROUPS = tuple(_groups())


class Candidates:
    """The rules that may hit a text, by their indexes in RULES, also while it changes under their hits."""

    def __init__(self, text: str) -> None:
        self._text, self._lowered = text, text.lower()
        self._all: list[int] | None = None

    def all(self) -> list[int]:
        """Return those whose tests the text passes, in their order."""
        if self._all is None:
            characters, digits = set(self._text), self._digits()
            self._all = sorted(
                index
                for group in _GROUPS
                if len(self._text) >= group.least
                and digits >= group.digits
                and not group.needs.isdisjoint(characters)
                and group.trigger.search(self._lowered)
                for index in group.rules
                if len(self._text) >= RULES[index].least and _TRIGGERS[index].search(self._lowered)
            )
        return self._all

    def among(self, suspected: set[int] | None, done: int = -1) -> Iterator[int]:
        """Yield those of the suspected rules behind `done`; all, if the engine could not say which to suspect."""
        if suspected is None or engine.CONTROL in suspected:
            yield from (index for index in self.all() if index > done)
            return
        yield from (index for index in sorted(suspected) if done < index < len(RULES) and self._passes(index))

    def _passes(self, index: int) -> bool:
        rule = RULES[index]
        return (
            len(self._text) >= rule.least
            and _TRIGGERS[index].search(self._lowered) is not None
            and not _NEEDS[index].isdisjoint(self._text)
            and (not rule.digits or self._digits() >= rule.digits)
        )

    def _digits(self) -> int:
        return len(self._text) - len(self._text.translate(_WITHOUT_DIGITS))
