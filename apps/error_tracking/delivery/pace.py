"""When to try again: after failures later and later, and when the tracker says so."""

import random
import time
from collections.abc import Mapping
from typing import Any

from .wire import CATEGORIES, KNOWN_CATEGORIES, Answer, Outcome

# So many refusals, with nothing sent in between, are no bad envelopes but a wrong key: wait as after a failure.
_REFUSALS_IN_A_ROW = 3
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
        self._limits: dict[str, float] = {}  # by category; "": all

    def heard(self, answer: Answer) -> None:
        """Learn from an answer."""
        for category, seconds in answer.limits.items():
            self._limit(category, seconds)
        if answer.outcome is Outcome.SENT:
            self.failures, self.why, self._until, self._refusals = 0, "", 0.0, 0
        elif answer.outcome is Outcome.REFUSED:
            self._refusals += 1
        if answer.outcome is Outcome.FAILED or self._refusals >= _REFUSALS_IN_A_ROW:
            self._failed(answer.why)
        elif answer.outcome is Outcome.LIMITED:
            self.why = answer.why

    def _failed(self, why: str) -> None:
        wait = min(self.most, self.first * 2.0 ** min(self.failures, 30)) * random.uniform(0.5, 1)  # noqa: S311
        self.failures += 1
        self.why = why
        self._until = time.monotonic() + wait

    def _limit(self, category: str, seconds: float) -> None:
        if category in KNOWN_CATEGORIES:  # a note may name as many as it likes
            self._limits[category] = time.monotonic() + min(max(seconds, 0.0), MAX_SERVER_WAIT)

    def wait(self, kind: str = "") -> float:
        """Return in how many seconds an item of this type may be tried; 0: now."""
        limits = (self._limits.get(name, 0.0) for name in ("", CATEGORIES.get(kind, kind)))
        return max(0.0, max(self._until, *limits) - time.monotonic())

    def forgive(self) -> None:
        """Forget the wait after failures, for one last attempt; what the tracker asked for stays."""
        self._until = 0.0

    def note(self) -> dict[str, Any]:
        """Return what another process must know, with times of the clock."""
        now, clock = time.monotonic(), time.time()
        return {
            "failures": self.failures,
            "why": self.why,
            "until": clock + max(0.0, self._until - now),
            "limits": {name: clock + until - now for name, until in self._limits.items() if until > now},
        }

    def adopt(self, note: Mapping[str, Any]) -> None:
        """Take over what another process noted, as far as it is believable and not yet over."""
        try:
            clock = time.time()
            for category, until in note["limits"].items():
                self._limit(str(category), float(until) - clock)
            if float(note["until"]) > clock:
                self.failures, self.why = max(0, int(note["failures"])), str(note["why"])
                self._until = time.monotonic() + min(float(note["until"]) - clock, self.most)
        except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError):
            return
