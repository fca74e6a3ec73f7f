"""`python -m bench.delivery`: a table of latencies and one of arrivals, in three minutes on a quiet machine."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path

from apps.error_tracking.sink import Sink
from scripts import processes

from . import report

KINDS = ("stock", "goimg")
TRACKERS = {"healthy": "ok", "200 ms away": "slow", "hanging": "hang", "answers 500": "error_500", "closed": ""}
OUTAGES = TRACKERS | {"resets": "reset", "answers 429": "rate_limited_retry_after"}
ROUNDS, REQUESTS, RATE = 5, 20, 40
ERRORS, AT_A_TIME = 200, 3
RECOVERY = 20.0  # seconds that the tracker has been well again when arrivals are counted


class Subject:
    """One tracked application, with a tracker and an outbox of its own."""

    def __init__(self, kind: str, behaviour: str, stack: ExitStack) -> None:
        self.stack = stack
        self.sink = stack.enter_context(Sink())
        self.port = self.sink.port
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        environment = os.environ | {"SENTRY_DSN": self.sink.dsn, "OUTBOX_DIR": folder}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.delivery.subject", kind],
            env=environment,
            cwd=Path(__file__).resolve().parent.parent.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.sink.wait_for(len(self.ask(3, RATE)), seconds=30)  # warm
        if behaviour:
            self.sink.behaviour = behaviour
        else:
            self.sink.__exit__(None, None, None)
        self.before = 3

    def start(self, count: int, rate: float) -> None:
        """Begin to answer failing requests."""
        assert self.process.stdin
        self.process.stdin.write(f"{count} {rate}\n")
        self.process.stdin.flush()

    def latencies(self) -> list[float]:
        """Return the milliseconds of what was started, once it is done."""
        assert self.process.stdout
        times: list[float] = json.loads(self.process.stdout.readline())
        return times

    def ask(self, count: int, rate: float) -> list[float]:
        self.start(count, rate)
        return self.latencies()

    def recover(self, behaviour: str) -> None:
        """Make its tracker well."""
        if behaviour:
            self.sink.behaviour = "ok"
        else:
            self.sink = self.stack.enter_context(Sink(self.port))
            self.before = 0

    def arrived(self) -> tuple[int, int]:
        """Return how many different errors arrived since it was warm, and how many came twice."""
        ids = [event["event_id"] for event in self.sink.events()][self.before :]
        return len(set(ids)), len(ids) - len(set(ids))

    def stop(self) -> None:
        """End it in order."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(60)


@contextmanager
def subjects(behaviour: str) -> Iterator[dict[str, Subject]]:
    with ExitStack() as stack:
        running = {kind: Subject(kind, behaviour, stack) for kind in KINDS}
        yield running
        for subject in running.values():
            subject.stop()


def latencies() -> Iterator[str]:
    """Return the lines of a table, each once it is measured."""
    yield from ("A request that fails, ms: median (95 %), requests of both interleaved:", "")
    yield from _head("tracker", *KINDS)
    for tracker, behaviour in TRACKERS.items():
        with subjects(behaviour) as running:
            times: dict[str, list[float]] = {kind: [] for kind in KINDS}
            for _ in range(ROUNDS):
                for kind, subject in running.items():
                    times[kind] += subject.ask(REQUESTS, RATE)
        cells = (f"{statistics.median(of):.2f} ({statistics.quantiles(of, n=20)[-1]:.2f})" for of in times.values())
        yield _row(tracker, *cells)


def arrivals() -> Iterator[str]:
    """Return the lines of a table; some outages at a time, for here no milliseconds count."""
    yield f"Of {ERRORS} errors at {RATE} a second, arrived within {RECOVERY:.0f} s of the tracker's recovery:"
    yield ""
    yield from _head("tracker", *KINDS, "twice")
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        yield from pool.map(_arrival, OUTAGES)


def _arrival(tracker: str) -> str:
    behaviour = OUTAGES[tracker]
    with subjects(behaviour) as running:
        for subject in running.values():
            subject.start(ERRORS, RATE)
        for subject in running.values():
            subject.latencies()
            subject.recover(behaviour)
        deadline = time.monotonic() + RECOVERY
        while time.monotonic() < deadline and any(s.arrived()[0] < ERRORS for s in running.values()):
            time.sleep(0.2)
        found = {kind: subject.arrived() for kind, subject in running.items()}
    return _row(tracker, *(str(found[kind][0]) for kind in KINDS), str(found["goimg"][1]))


def _head(*cells: str) -> tuple[str, str]:
    return _row(*cells), "|---" * len(cells) + "|"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Measure and show, and write it into a document if that is wanted."""
    parser = argparse.ArgumentParser(prog="python -m bench.delivery", description=__doc__)
    parser.add_argument("--into", type=Path, metavar="FILE", help=f"a document: its last section, {report.HEADING}")
    arguments = parser.parse_args()
    processes.stop_on_signals()
    lines = []
    for line in chain(report.about(), [""], latencies(), [""], arrivals()):
        print(line, flush=True)
        lines.append(line)
    if arguments.into:
        report.write(arguments.into, lines)


if __name__ == "__main__":
    processes.exit_with(main)
