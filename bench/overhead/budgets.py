"""What goimg may cost, as shares of what the stock SDK costs in the same run, and whether it does."""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass

from .figures import OURS, STOCK, Results, Spread, against

CAPTURE, CPU, MEMORY, GROWTH, BYTES, START = 0.27, 0.5, 0.5, 0.02, 0.6, 0.5


@dataclass(frozen=True, slots=True)
class Budget:
    """One of them; `ratio` is judged by its median, over the rounds of the run."""

    name: str
    at_most: float
    ratio: Spread

    @property
    def met(self) -> bool:
        """Whether it is kept."""
        return self.ratio.median <= self.at_most


def judged(results: Results) -> Iterator[Budget]:
    """Return each budget with what was measured."""
    settings = results.settings()
    yield from (_capture(results, setting) for setting in settings if setting[1] == 0)
    for setting in settings:
        yield from (_cpu(results, setting, request) for request in ("trivial", "unhandled"))
    yield from _memory(results)
    sizes = {kind: statistics.median(results.sizes[kind]) for kind in (STOCK, OURS)}
    yield Budget("bytes of an error on the wire", BYTES, Spread.of([sizes[OURS] / sizes[STOCK]]))
    started = (results.starts[kind] for kind in (OURS, STOCK, "off"))
    yield Budget("CPU to start", START, against(*started))


def _capture(results: Results, setting: tuple[str, float]) -> Budget:
    name = f"capture of an unhandled error, request's thread ({setting[0]})"
    return Budget(name, CAPTURE, results.ratio(setting, "unhandled", "thread"))


def _cpu(results: Results, setting: tuple[str, float], request: str) -> Budget:
    article = "an" if request[0] in "aeiou" else "a"
    what = f"{article} {request} {'error' if request == 'unhandled' else 'request'}"
    name = f"CPU of {what}, traces {setting[1]:g} ({setting[0]})"
    return Budget(name, CPU, results.ratio(setting, request, "cpu"))


def _memory(results: Results) -> Iterator[Budget]:
    off, stock, ours = (next(w for w in results.weights if w.kind == kind) for kind in ("off", STOCK, OURS))
    yield Budget("memory of a warm worker", MEMORY, against([ours.warm], [stock.warm], [off.warm]))
    # Of its own size, not of what the stock SDK grows by: that one forgets the errors, and has nothing to keep.
    grown = (ours.all - ours.some) / ours.some
    yield Budget(
        "growth of a worker, from 500 to 2,000 errors against a tracker that hangs", GROWTH, Spread.of([grown])
    )
