"""Whether the tests passed, and the containers were verified, at the commit that runs here, as `make` recorded it."""

from datetime import datetime

from apps.triage.words import counted

from ..code import other_than
from ..item import Finding, failed, held, untold
from ..scope import Scope

FILE = "tests.json"  # written by `make test`
CONTAINERS = "containers.json"  # written by `make verify-containers`


def passed(scope: Scope) -> Finding:
    """All tests passed, at the commit that is here, and nothing was changed before or since."""
    said = scope.record(FILE)
    if said is None:
        return failed(f"There is no {scope.folder.name}/{FILE}: `make test` writes it when all tests pass.", "record")
    counts = f"{said['passed']} tests passed, {said['skipped']} were skipped"
    when = f"on {datetime.fromisoformat(said['date']):%Y-%m-%d} at the commit {str(said['commit'])[:7]}"
    return other_than(scope, FILE, said, "The tests passed") or held(f"{counts}, {when}.", "record")


def containers(scope: Scope) -> Finding:
    """The stacks of docker/ were built, run, broken and restored, all steps of it, at the commit that is here."""
    said = scope.record(CONTAINERS)
    if said is None:
        return untold(f"There is no {scope.folder.name}/{CONTAINERS}: `make verify-containers` writes it.")
    steps, skipped = list(said["passed"]), list(said["skipped"])
    if not steps:
        return failed(f"Of the containers nothing was verified: {', '.join(skipped)} skipped.", "record")
    when = f"on {datetime.fromisoformat(said['date']):%Y-%m-%d} at the commit {str(said['commit'])[:7]}"
    passed = f"{counted(len(steps), 'step')} passed {when}"
    rest = f"{passed}; {counted(len(skipped), 'step')} skipped, of which nobody knows: {', '.join(skipped)}."
    return other_than(scope, CONTAINERS, said, "The containers were verified") or (
        untold(rest) if skipped else held(f"{passed}.", "record")
    )
