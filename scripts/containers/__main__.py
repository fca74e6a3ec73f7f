"""`make verify-containers`: all steps, or those that are named: `python -m scripts.containers build start roll`."""

import sys
import time

from scripts import Problem, processes
from scripts.containers import engine, glitchtip, steps
from scripts.containers.development import development
from scripts.containers.lint import lint
from scripts.containers.stack import Stack

STEPS = (
    *(steps.build, development, steps.start, steps.smoke, steps.edge, steps.errors, steps.silence, steps.outage),
    *(steps.kill, steps.rotate, steps.roll, steps.backup),
    *(glitchtip.glitchtip, glitchtip.tracker_tls, glitchtip.mail, glitchtip.beat, glitchtip.watch),
    glitchtip.tracker_backup,
)


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
    stack = Stack(found)
    stack.down()  # what an interrupted run left
    stack.prepare()
    try:
        for step in STEPS:
            if not sys.argv[1:] or step.__name__ in sys.argv[1:]:
                began = time.monotonic()
                step(stack)
                processes.say(f"ok  {step.__name__:<14} {time.monotonic() - began:4.0f} s  {step.__doc__}")
    finally:
        stack.down()
    processes.say("Verified.")


if __name__ == "__main__":
    processes.exit_with(main)
