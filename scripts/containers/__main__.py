"""`make verify-containers`: all steps, or those that are named: `python -m scripts.containers build start roll`."""

import sys
import time

from scripts import Problem, processes, records
from scripts.containers import engine, glitchtip, steps
from scripts.containers.development import development
from scripts.containers.lint import lint
from scripts.containers.stack import Skipped, Stack

STEPS = (
    *(steps.build, development, steps.start, steps.smoke, steps.edge, steps.errors, steps.silence, steps.outage),
    *(steps.kill, steps.rotate, steps.roll, steps.backup),
    *(glitchtip.glitchtip, glitchtip.tracker_tls, glitchtip.mail, glitchtip.beat, glitchtip.watch),
    glitchtip.tracker_backup,
)
RECORD = records.FOLDER / "containers.json"


def main() -> None:
    """Lint, then do the steps on stacks that are removed at the end, whatever happened."""
    known = [step.__name__ for step in STEPS]
    if wrong := set(sys.argv[1:]) - set(known):
        raise Problem(f"There is no step {', '.join(sorted(wrong))}; known are {', '.join(known)}.", 2)
    lint()
    found = engine.find()
    if found is None:
        processes.say("SKIPPED: there is no Docker with Compose here (and CONTAINERS is not set): nothing was run.")
        return
    code, stack = records.here(), Stack(found)
    if not sys.argv[1:]:
        RECORD.unlink(missing_ok=True)  # of what passed before: this run may not
    stack.down()  # what an interrupted run left
    stack.prepare()
    try:
        passed, skipped = run(stack, sys.argv[1:])
    finally:
        stack.down()
    if not sys.argv[1:]:  # single steps prove nothing about the whole
        records.write(RECORD, code, passed=passed, skipped=skipped)
    processes.say("Verified.")


def run(stack: Stack, chosen: list[str]) -> tuple[list[str], list[str]]:
    """Do the chosen steps, or all; return the names of those that passed and of those that were skipped."""
    passed, skipped = [], []
    for step in STEPS:
        name, began = step.__name__, time.monotonic()
        if chosen and name not in chosen:
            continue
        try:
            step(stack)
        except Skipped as why:
            skipped.append(name)
            processes.say(f"SKIPPED: {name}: {why}")
        else:
            passed.append(name)
            processes.say(f"ok  {name:<14} {time.monotonic() - began:4.0f} s  {step.__doc__}")
    return passed, skipped


if __name__ == "__main__":
    processes.exit_with(main)
