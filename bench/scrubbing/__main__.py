"""`python -m bench.scrubbing`: the table on standard output, the picture in docs/images, progress on standard error."""

import argparse
import platform
import sys

from tests.error_tracking.scrubbing import corpus

from . import events, growth, plot, quality, speed, stream
from .candidate import Candidate
from .candidates import SDK, available
from .table import Row, markdown


def main() -> None:
    """Measure all that is available and show it."""
    parser = argparse.ArgumentParser(prog="python -m bench.scrubbing", description=__doc__)
    parser.add_argument("--no-plot", action="store_true", help="leave docs/images as it is")
    arguments = parser.parse_args()
    candidates, missing = available()
    _say("making events")
    events.prepare()
    streamed = stream.made()
    rows = _measured(candidates, speed.workloads(events.made(), streamed))
    print(markdown(rows, missing, SDK))
    print(f"\n{len(corpus.leaks())} leaks and {len(corpus.harmless())} harmless cases; {speed.ROUNDS} rounds, one run;")
    print(f"The stream: {len(streamed)} events, of which {stream.novelty(streamed)} was not in one before.")
    print(f"Python {platform.python_version()} on {platform.machine()}. Made by `make bench-scrubbing`.")
    for row in rows:
        if row.superlinear:
            print(f"Superlinear in {row.candidate.name}: {' '.join(map(repr, row.superlinear))}")
    if not arguments.no_plot:
        for path in plot.draw(rows):
            _say(f"wrote {path.relative_to(plot.FOLDER.parents[1])}")


def _measured(candidates: list[Candidate], works: list[speed.Workload]) -> list[Row]:
    speeds = {}
    for work in works:
        _say(f"speed: {work.name} ({work.size / 1000:.0f} kB, {speed.ROUNDS} rounds)")
        speeds[work.name] = speed.measure(work, candidates, SDK)
    return [
        _row(candidate, {name: rates[candidate.name] for name, rates in speeds.items()}) for candidate in candidates
    ]


def _row(candidate: Candidate, speeds: dict[str, speed.Speed]) -> Row:
    _say(f"corpus and growth: {candidate.name}")
    return Row(candidate, quality.of(candidate), speeds, growth.superlinear(candidate.text))


def _say(sentence: str) -> None:
    sys.stderr.write(f"bench: {sentence}\n")


if __name__ == "__main__":
    main()
