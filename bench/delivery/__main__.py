"""`python -m bench.delivery`: a table of latencies and one of arrivals, in about three minutes."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from apps.error_tracking.sink import Sink

KINDS = ("stock", "goimg")
TRACKERS = {"healthy": "ok", "200 ms away": "slow", "hanging": "hang", "answers 500": "error_500", "closed": ""}
OUTAGES = TRACKERS | {"resets": "reset", "answers 429": "rate_limited_retry_after"}
ROUNDS, REQUESTS, RATE = 5, 20, 40
ERRORS = 200
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


def measure_latency() -> None:
    print("Latency of a request that fails, ms: median (95 %), interleaved\n")
    print(f"| tracker | {' | '.join(KINDS)} |\n|---|---|---|")
    for tracker, behaviour in TRACKERS.items():
        with subjects(behaviour) as running:
            times: dict[str, list[float]] = {kind: [] for kind in KINDS}
            for _ in range(ROUNDS):
                for kind, subject in running.items():
                    times[kind] += subject.ask(REQUESTS, RATE)
        cells = (f"{statistics.median(of):.2f} ({statistics.quantiles(of, n=20)[-1]:.2f})" for of in times.values())
        print(f"| {tracker} | {' | '.join(cells)} |", flush=True)


def measure_arrival() -> None:
    print(f"\nOf {ERRORS} errors at {RATE}/s, arrived within {RECOVERY:.0f} s of the tracker's recovery\n")
    print(f"| tracker | {' | '.join(KINDS)} | twice |\n|---|---|---|---|")
    for tracker, behaviour in OUTAGES.items():
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
        print(f"| {tracker} | {' | '.join(str(found[kind][0]) for kind in KINDS)} | {found['goimg'][1]} |", flush=True)


if __name__ == "__main__":
    measure_latency()
    measure_arrival()
