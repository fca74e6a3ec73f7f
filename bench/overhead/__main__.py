"""`python -m bench.overhead`: the tables on standard output, progress on standard error; six minutes, --quick one."""

import argparse
import os
import platform
import sys
import time
from pathlib import Path

from scripts import processes

from . import measure, record
from .figures import Results
from .table import markdown


def main() -> None:
    """Measure and show."""
    parser = argparse.ArgumentParser(prog="python -m bench.overhead", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a minute: two kinds of requests, one worker class")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the measurements, for bench.overhead.plot")
    parser.add_argument("--record", type=Path, metavar="FILE", help="write date, commit and budgets, for sentry_verify")
    arguments = parser.parse_args()
    processes.stop_on_signals()
    began = time.monotonic()
    results = _measured(measure.QUICK if arguments.quick else measure.WHOLE)
    print(markdown(results))
    seconds = time.monotonic() - began
    print(f"\n{results.machine}; one run, all taking turns, {seconds:.0f} s.")
    if arguments.json:
        results.save(arguments.json)
    if arguments.record:
        record.write(arguments.record, results, seconds=seconds, whole=not arguments.quick)


def _measured(plan: measure.Plan) -> Results:
    costs, sizes = measure.costs(plan, _say)
    _say(f"memory: {plan.errors} errors against a tracker that hangs")
    weights = measure.weights(plan)
    _say(f"start: {plan.starts} rounds")
    machine = f"Python {platform.python_version()} on {os.cpu_count()} CPUs, {platform.machine()}"
    return Results(costs, sizes, weights, measure.starts(plan), machine)


def _say(sentence: str) -> None:
    sys.stderr.write(f"bench: {sentence}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    processes.exit_with(main)
