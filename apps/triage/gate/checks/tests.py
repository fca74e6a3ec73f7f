"""Whether the tests passed at the commit that runs here, as `make test` recorded it."""

from datetime import datetime

from ..item import Finding, failed, held
from ..scope import Scope

FILE = "tests.json"


def passed(scope: Scope) -> Finding:
    """All tests passed, without changes on top of the commit."""
    said = scope.record(FILE)
    if said is None:
        return failed(f"There is no {scope.folder.name}/{FILE}: `make test` writes it when all tests pass.", "record")
    commit, moment = str(said["commit"]), datetime.fromisoformat(said["date"])
    if said["changed"]:
        return failed(
            f"The tests passed with changes on top of the commit {commit[:7]}: commit, then run them.", "record"
        )
    if not scope.commit or not commit.startswith(scope.commit):
        return failed(f"The tests passed at the commit {commit[:7]}; here is {scope.commit[:7] or 'none'}.", "record")
    counts = f"{said['passed']} tests passed, {said['skipped']} were skipped"
    return held(f"{counts}, on {moment:%Y-%m-%d} at the commit {commit[:7]}.", "record")
