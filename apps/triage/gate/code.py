"""Whether the code that is here is that of which a record speaks."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from apps.triage.releases import ReleaseError, commit_of, git
from apps.triage.words import counted

from .item import Finding, failed, unknown
from .scope import RecordError, Scope

COMMIT = re.compile(r"[0-9a-f]{7,64}")  # git would take an option for one
# Records and attestations come later, as files and as commits, and no record is about them.
_BUT_RECORDS = ("--", ".", ":!gate")


def other_than(scope: Scope, file: str, said: Mapping[str, Any], what: str) -> Finding | None:
    """Return why the record in a file, made when `what` happened, is not about the code that is here; None: it is.

    The record has a `commit`, and says whether something was `changed` on top of it. Raises RecordError.
    """
    commit = str(said["commit"])
    if not COMMIT.fullmatch(commit):
        raise RecordError(f"{scope.folder.name}/{file} names no commit.")
    at = f"{what} at the commit {commit[:7]}"
    if said["changed"]:
        return failed(f"{at}, with changes on top of it: commit, then run it again.", "record")
    try:
        wrong = differs(scope, commit)
    except ReleaseError as error:
        return unknown(f"{at}; nobody knows whether that is what is here: {error}.", "record")
    return failed(f"{at}; {wrong}.", "record") if wrong else None


def differs(scope: Scope, commit: str) -> str:
    """Return what is other here than at the commit, empty if nothing is. Raises ReleaseError where nobody knows.

    Where there is no checkout, as in an image, the commit that SENTRY_RELEASE names is what is here.
    """
    try:
        head = git(scope.root, "rev-parse", "HEAD")
    except ReleaseError:
        if (scope.root / ".git").exists():
            raise
        return _differs_from_release(scope, commit)
    return _moved(scope.root, head, commit) or _changed(scope.root)


def same(one: str, other: str) -> bool:
    """Say whether two hashes, each maybe a short one, are of the same commit."""
    return one.startswith(other) or other.startswith(one)


def _differs_from_release(scope: Scope, commit: str) -> str:
    release = scope.config.release or ""
    here = commit_of(scope.root, release)
    if not here:
        raise ReleaseError(f"there is no git here, and the release {release} names no commit")
    return "" if same(commit, here) else f"here is {here[:7]}"


def _moved(root: Path, head: str, commit: str) -> str:
    try:
        moved = not same(head, commit) and git(root, "diff", "--name-only", commit, head, *_BUT_RECORDS)
    except ReleaseError:
        moved = "all"  # another repository's, or cut off
    return f"here is {head[:7]}" if moved else ""


def _changed(root: Path) -> str:
    changed = git(root, "status", "--porcelain", *_BUT_RECORDS)
    files = [line.split(maxsplit=1)[-1] for line in changed.splitlines()]
    return f"{counted(len(files), 'file')} changed and not committed here, such as {files[0]}" if files else ""
