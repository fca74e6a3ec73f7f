"""The figures as Markdown, and as rows for the plot."""

from dataclasses import dataclass

from tests.error_tracking.scrubbing.corpus.evaluate import Result

from . import hostile
from .candidate import Candidate
from .speed import Speed


@dataclass(frozen=True, slots=True)
class Row:
    """All figures of one candidate; `speeds` by workload."""

    candidate: Candidate
    quality: Result
    speeds: dict[str, Speed]
    superlinear: list[str]


def markdown(rows: list[Row], missing: dict[str, str], against: str) -> str:
    """Return the table; a candidate that could not run is a row that says so."""
    workloads = list(rows[0].speeds) if rows else []
    head = ["scrubber", "leaks caught", "caught, context kept", "harmless kept"]
    head += [f"{name}: MB/s (quartiles)" for name in workloads]
    head += [f"{name}: times {against}" for name in workloads if name != workloads[-1]]
    head += [f"superlinear on {len(hostile.UNITS)} hostile inputs"]
    lines = [head, ["---"] * len(head), *map(_cells, rows)]
    lines += [[name, f"not available: {why}", *[""] * (len(head) - 2)] for name, why in missing.items()]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _cells(row: Row) -> list[str]:
    quality = (row.quality.recall, row.quality.with_context, row.quality.kept)
    return [
        row.candidate.name,
        *(f"{share:.2%}" for share in quality),
        *map(_rate, row.speeds.values()),
        *(f"{speed.ratio:.3g}" for speed in list(row.speeds.values())[:-1]),
        str(len(row.superlinear)),
    ]


def _rate(speed: Speed) -> str:
    return f"{speed.median:.3g} ({speed.low:.3g} to {speed.high:.3g})"
