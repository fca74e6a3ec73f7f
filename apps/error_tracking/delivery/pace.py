"""When to try again: after failures later and later, and when the tracker says so."""

import random
import time
from collections.abc import Mapping
from typing import Any

from .wire import CATEGORIES, KNOWN_CATEGORIES, Answer, Outcome

# More refusals than that, with nothing sent in between, may be no bad envelopes but a wrong key: wait, and try others.
# More failures than that may be no tracker that is down, but one envelope that breaks it.
_IN_A_ROW = 3
_MOST_AFTER_REFUSALS = 5.0  # seconds: it may be bad envelopes after all, with good ones behind them
# What a tracker may ask for, at most: one wrong header must not silence a service for a day.
MAX_SERVER_WAIT = 600.0  # seconds


class Pace:
    """Waits of `first` to `most` seconds, doubled with each failure, with jitter: many must not come back at once."""

    def __init__(self, first: float, most: float) -> None:
        self.first = first
        self.most = most
        self.failures = 0
        self.why = ""
        self._refusals = 0
        self._until = 0.0  # time.monotonic
        # Of what was refused before: it must not hold up what never was.
        self._refusals_again, self._until_again = 0, 0.0
        self._limits: dict[str, float] = {}  # by category; "": all

    @property
    def doubtful(self) -> bool:
        """Whether it may be what is next that is bad, or the key or the tracker: better try something else."""
        return max(self._refusals, self.failures) >= _IN_A_ROW

    def heard(self, answer: Answer, kind: str = "event", *, again: bool = False) -> None:
        """Learn from the answer to an item of this type; `again`: one that was refused before."""
        for category, seconds in answer.limits.items():
            self._limit(category, seconds)
        if answer.outcome is Outcome.SENT:
            self.failures, self.why, self._until, self._refusals = 0, "", 0.0, 0
            self._refusals_again, self._until_again = 0, 0.0
        elif answer.outcome is Outcome.REFUSED:
            self._refused_again() if again else self._refused(answer.why)
        # An answer 429 that asks for no wait, or for one of other types, must not be an endless loop.
        elif answer.outcome is Outcome.FAILED or not self.wait(kind):
            self._failed(answer.why, self.most)
        else:
            self.why = answer.why

    def _refused(self, why: str) -> None:
        self._refusals += 1
        if self._refusals > _IN_A_ROW:
            self._failed(why, min(self.most, _MOST_AFTER_REFUSALS))

    def _refused_again(self) -> None:
        self._refusals_again += 1
        if self._refusals_again > _IN_A_ROW:
            failures = self._refusals_again - _IN_A_ROW - 1
            self._until_again = time.monotonic() + self._back_off(failures, self.most)

    def _failed(self, why: str, most: float) -> None:
        self._until = time.monotonic() + self._back_off(self.failures, most)
        self.failures += 1
        self.why = why

    def _back_off(self, failures: int, most: float) -> float:
        return min(most, self.first * 2.0 ** min(failures, 30)) * random.uniform(0.5, 1)  # noqa: S311

    def _limit(self, category: str, seconds: float) -> None:
        if category in KNOWN_CATEGORIES:  # a note may name as many as it likes
            self._limits[category] = time.monotonic() + min(max(seconds, 0.0), MAX_SERVER_WAIT)

    def wait(self, kind: str = "", *, again: bool = False) -> float:
        """Return in how many seconds an item of this type may be tried, or tried `again`; 0: now."""
        limits = (self._limits.get(name, 0.0) for name in ("", CATEGORIES.get(kind, kind)))
        until = max(self._until, self._until_again) if again else self._until
        return max(0.0, max(until, *limits) - time.monotonic())

    def pause(self, tries: int) -> float:
        """Return how many seconds an item that was refused so often is not tried again."""
        return self.most * 2.0 ** (tries - 2)

    def forgive(self) -> None:
        """Forget the wait after failures, for one last attempt; what the tracker asked for stays."""
        self._until = 0.0

    def note(self) -> dict[str, Any]:
        """Return what another process must know, with times of the clock."""
        now, clock = time.monotonic(), time.time()
        return {
            "at": clock,
            "failures": self.failures,
            "why": self.why,
            "until": clock + max(0.0, self._until - now),
            "limits": {name: clock + until - now for name, until in self._limits.items() if until > now},
        }

    def adopt(self, note: Mapping[str, Any]) -> None:
        """Take over what another process noted, as far as it is believable and not yet over."""
        try:
            # A clock that was set back since then must not make the wait longer.
            clock = max(time.time(), float(note["at"]))
            for category, until in note["limits"].items():
                self._limit(str(category), float(until) - clock)
            if float(note["until"]) > clock:
                self.failures, self.why = max(0, int(note["failures"])), str(note["why"])
                self._until = time.monotonic() + min(float(note["until"]) - clock, self.most)
        except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError):
            return
