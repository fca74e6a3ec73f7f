"""Takes the measurements: every kind in turn within each round, so that what else the machine does hits all of them."""

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from .server import ROOT, Server, environment_of

KINDS = ("off", "stock", "stock + recursive scrubber", "goimg")
REQUESTS = ("trivial", "rows", "upload", "handled", "unhandled")
_SETTLE = 1.4  # seconds until what was captured has left: transactions wait for company up to a second
_HUNG_ERRORS = 2000
_LEAST_ROUNDS = 2  # of each setting, however long they take


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured: one (worker class, traces) after the other, in so many seconds; so many requests a batch."""

    settings: tuple[tuple[str, float], ...]
    requests: tuple[str, ...]
    seconds: float  # for all settings together; memory and starts come on top, about a minute
    batch: int
    starts: int
    errors: int


WHOLE = Plan(
    settings=tuple((worker, traces) for worker in ("sync", "gthread") for traces in (0, 0.1, 1)),
    requests=REQUESTS,
    seconds=285,
    batch=60,
    starts=7,
    errors=_HUNG_ERRORS,
)
QUICK = Plan(
    settings=(("sync", 0), ("sync", 1)), requests=("trivial", "unhandled"), seconds=40, batch=60, starts=3, errors=500
)


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one request, mean of a batch: milliseconds of CPU (all threads; the request's own) and of waiting (median)."""

    worker: str
    traces: float
    request: str
    kind: str
    cpu: float
    thread: float
    latency: float


@dataclass(frozen=True, slots=True)
class Weight:
    """MiB of one worker: warm, after the first 500 errors against a tracker that hangs, and after all of them."""

    kind: str
    warm: float
    some: float
    all: float


@contextmanager
def _servers(traces: float, worker: str) -> Iterator[dict[str, Server]]:
    with ExitStack() as stack:
        yield {kind: stack.enter_context(Server(kind, traces, worker)) for kind in KINDS}


def costs(plan: Plan, say: Callable[[str], None]) -> tuple[list[Cost], dict[str, list[int]]]:
    """Return what requests cost, by round, and how large an error was on the wire, by kind."""
    found: list[Cost] = []
    sizes: dict[str, list[int]] = {}
    end = time.monotonic() + plan.seconds
    for number, (worker, traces) in enumerate(plan.settings):
        began = time.monotonic()
        share = (end - began) / (len(plan.settings) - number)
        with _servers(traces, worker) as servers:
            _warm(servers, plan.requests)
            rounds = _rounds(servers, plan, began + share)
            found += [cost for costs_of_one in rounds for cost in costs_of_one]
            for kind, server in servers.items():
                sizes.setdefault(kind, []).extend(server.sizes())
        say(f"{worker}, traces {traces:g}: {len(rounds)} rounds in {time.monotonic() - began:.0f} s")
    return found, sizes


def _rounds(servers: dict[str, Server], plan: Plan, end: float) -> list[list[Cost]]:
    """Measure each request in turn, again and again, as often as there is time for, but a few times at least."""
    rounds: list[list[Cost]] = []
    last = 0.0
    while len(rounds) < _LEAST_ROUNDS or time.monotonic() + last < end:
        began = time.monotonic()
        rounds.append([cost for request in plan.requests for cost in _round(servers, request, plan.batch)])
        last = time.monotonic() - began
    return rounds


def _warm(servers: dict[str, Server], requests: tuple[str, ...]) -> None:
    for server in servers.values():
        for request in requests:
            for _ in range(40):
                server.ask(request)
    time.sleep(_SETTLE)


def _round(servers: dict[str, Server], request: str, batch: int) -> Iterator[Cost]:
    before = {kind: server.control()["cpu"] for kind, server in servers.items()}
    latencies = {}
    for kind in random.sample(KINDS, len(KINDS)):
        latencies[kind] = statistics.median([servers[kind].ask(request) for _ in range(batch)])
    time.sleep(_SETTLE)
    for kind, server in servers.items():
        said = server.control()
        cpu, thread = ((said["cpu"] - before[kind]) * 1000 / batch, said["thread"] * 1000 / batch)
        yield Cost(server.worker, server.traces, request, kind, cpu, thread, latencies[kind])


def weights(plan: Plan) -> list[Weight]:
    """Return the memory of each kind; all at once, for CPU does not matter here."""
    with _servers(0.1, "gthread") as servers, ThreadPoolExecutor(len(KINDS)) as pool:
        return list(pool.map(lambda server: _weigh(server, plan.errors), servers.values()))


def _weigh(server: Server, errors: int) -> Weight:
    for number in range(300):
        server.ask(REQUESTS[number % len(REQUESTS)])
    time.sleep(_SETTLE)
    warm = server.control()["memory"]
    server.sink.behaviour = "hang"
    for _ in range(errors // 4):
        server.ask("unhandled")
    some = server.control()["memory"]
    for _ in range(errors - errors // 4):
        server.ask("unhandled")
    time.sleep(_SETTLE)
    return Weight(server.kind, *(size / 2**20 for size in (warm, some, server.control()["memory"])))


def starts(plan: Plan) -> dict[str, list[float]]:
    """Return how many milliseconds of CPU it takes to load the application, by kind and round."""
    found: dict[str, list[float]] = {kind: [] for kind in KINDS}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(plan.starts + 1):
            for kind in KINDS:
                spent = _start(kind, folder)
                if number:  # the first one compiles
                    found[kind].append(spent)
    return found


def _start(kind: str, folder: str) -> float:
    # Nobody listens on port 9, and nothing is sent.
    environment = environment_of(kind, 0.1, folder, "http://key@127.0.0.1:9/1")
    command = [sys.executable, "-c", "import bench.overhead.project.wsgi, os; os._exit(0)"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{kind} did not start.")
    return (usage.ru_utime + usage.ru_stime) * 1000
