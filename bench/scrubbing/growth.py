"""How the time grows with the length of a text that was made to be slow: n, 2n, 4n. In CPU time, like the speed."""

from itertools import count
from math import log2
from time import process_time

from . import hostile
from .candidate import Text

FIRST, LAST = 1_250, 160_000  # characters
ENOUGH = 0.02  # seconds: the longest of the three texts takes at least this long, or is LAST long
TOO_LONG = 0.4  # seconds: no longer text is tried
REPEATS = 3
# Time grows with the length to the power of this: 1 is linear, 2 is quadratic.
MOST = 1.5
# Behind each text, so that none is the same as one before: a scrubber may remember those.
_MARKS = count()


def superlinear(text: Text) -> list[str]:
    """Return the units on which the time grows faster than the length, in two measurements out of two."""
    return [unit for unit in hostile.UNITS if _power(text, unit) > MOST and _power(text, unit) > MOST]


def _power(text: Text, unit: str) -> float:
    """Return by which power of the length the time grew over the last two doublings."""
    text(hostile.text(unit, FIRST))
    length, times = FIRST, [_best(text, unit, FIRST)]
    while length < LAST and times[-1] < TOO_LONG and (len(times) < 3 or times[-1] < ENOUGH):
        length *= 2
        times.append(_best(text, unit, length))
    compared = times[-3:]
    return log2(compared[-1] / compared[0]) / (len(compared) - 1) if len(compared) > 1 else MOST + 1


def _best(text: Text, unit: str, length: int) -> float:
    given = hostile.text(unit, length)
    times = [_once(text, f"{given}{next(_MARKS):07}")]
    while len(times) < REPEATS and times[0] < TOO_LONG / 2:
        times.append(_once(text, f"{given}{next(_MARKS):07}"))
    return max(min(times), 1e-7)


def _once(text: Text, given: str) -> float:
    started = process_time()
    text(given)
    return process_time() - started
