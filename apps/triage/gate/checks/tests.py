"""Whether the tests passed at the commit that runs here, as `make test` recorded it."""

import re
from datetime import datetime
from pathlib import Path

from apps.triage.releases import ReleaseError, git
from apps.triage.words import counted

from ..item import Finding, failed, held, unknown
from ..scope import RecordError, Scope

FILE = "tests.json"
# Records and attestations come after the tests, as files and as commits, and the tests are not about them.
_BUT_RECORDS = ("--", ".", ":!gate")


def passed(scope: Scope) -> Finding:
    """All tests passed, at the commit that is here, and nothing was changed before or since."""
    said = scope.record(FILE)
    if said is None:
        return failed(f"There is no {scope.folder.name}/{FILE}: `make test` writes it when all tests pass.", "record")
    commit, moment = str(said["commit"]), datetime.fromisoformat(said["date"])
    if not re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", commit):  # git would take an option for one
        raise RecordError(f"{scope.folder.name}/{FILE} names no commit.")
    at = f"The tests passed at the commit {commit[:7]}"
    if said["changed"]:
        return failed(f"{at}, with changes on top of it: commit, then run them.", "record")
    try:
        wrong = _differs(scope.root, commit)
    except ReleaseError as error:
        return unknown(f"{at}; nobody knows whether that is what is here: {error}.", "record")
    if wrong:
        return failed(f"{at}; {wrong}.", "record")
    counts = f"{said['passed']} tests passed, {said['skipped']} were skipped"
    return held(f"{counts}, on {moment:%Y-%m-%d} at the commit {commit[:7]}.", "record")


def _differs(root: Path, commit: str) -> str:
    """Return what is other than at the commit, empty if nothing. Raises ReleaseError where git cannot be asked."""
    head, changed = git(root, "rev-parse", "HEAD"), git(root, "status", "--porcelain", *_BUT_RECORDS)
    try:
        moved = head != commit and git(root, "diff", "--name-only", commit, head, *_BUT_RECORDS)
    except ReleaseError:
        moved = "all"  # another repository's, or cut off
    if moved:
        return f"here is {head[:7]}"
    files = [line.split(maxsplit=1)[-1] for line in changed.splitlines()]
    return f"{counted(len(files), 'file')} changed and not committed here, such as {files[0]}" if files else ""
