"""From measurements to ratios: what goimg adds to an application, over what the stock SDK adds to it."""

import json
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from .measure import Cost, Weight

STOCK, OURS = "stock", "goimg"
_LEAST = 0.05  # ms, or MiB


@dataclass(frozen=True, slots=True)
class Spread:
    """Over the rounds of one run."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Self:
        """Return the spread of at least one value."""
        return cls(min(values), statistics.median(values), max(values))


@dataclass(frozen=True, slots=True)
class Results:
    """All of one run."""

    costs: list[Cost]
    sizes: dict[str, list[int]]
    weights: list[Weight]
    starts: dict[str, list[float]]
    machine: str

    def save(self, path: Path) -> None:
        """Write it as JSON, for the picture."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what save wrote."""
        said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        said["costs"] = [Cost(**cost) for cost in said["costs"]]
        said["weights"] = [Weight(**weight) for weight in said["weights"]]
        return cls(**said)

    def settings(self) -> list[tuple[str, float]]:
        """Return each (worker class, traces) that was measured, in order."""
        return list(dict.fromkeys((cost.worker, cost.traces) for cost in self.costs))

    def requests(self) -> list[str]:
        """Return each request that was measured, in order."""
        return list(dict.fromkeys(cost.request for cost in self.costs))

    def rounds(self, setting: tuple[str, float], request: str, kind: str, what: str) -> list[float]:
        """Return one figure (cpu, thread or latency) of each round."""
        wanted = (*setting, request, kind)
        found = (cost for cost in self.costs if (cost.worker, cost.traces, cost.request, cost.kind) == wanted)
        return [float(getattr(cost, what)) for cost in found]

    def added(self, setting: tuple[str, float], request: str, kind: str, what: str) -> list[float]:
        """Return what a kind adds to the application without tracking, by round."""
        without = self.rounds(setting, request, "off", what)
        return [much - little for much, little in zip(self.rounds(setting, request, kind, what), without, strict=True)]

    def ratio(self, setting: tuple[str, float], request: str, what: str) -> Spread:
        """Return what goimg adds over what the stock SDK adds."""
        ours, stock = (self.added(setting, request, kind, what) for kind in (OURS, STOCK))
        return Spread.of(list(_quotients(ours, stock)))


def _quotients(ours: Iterable[float], stock: Iterable[float]) -> Iterable[float]:
    rounds = list(zip(ours, stock, strict=True))
    # A round in which the stock SDK seems to cost next to nothing is noise, and so would its ratio be.
    told = [(mine, theirs) for mine, theirs in rounds if theirs >= _LEAST] or [max(rounds, key=lambda one: one[1])]
    return (mine / max(theirs, _LEAST) for mine, theirs in told)


def against(ours: Sequence[float], stock: Sequence[float], off: Sequence[float]) -> Spread:
    """Return the ratio of what is added, of figures that were taken in rounds."""
    added: Callable[[Sequence[float]], list[float]] = lambda kind: [a - b for a, b in zip(kind, off, strict=True)]  # noqa: E731
    return Spread.of(list(_quotients(added(ours), added(stock))))
