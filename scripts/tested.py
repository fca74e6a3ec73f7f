"""The last step of `make test`: records in gate/tests.json that all tests passed, for `sentry_verify`."""

import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

from scripts import Problem, files, processes

RESULTS = processes.ROOT / ".local" / "tests.xml"
RECORD = Path(os.environ.get("GATE_DIR") or processes.ROOT / "gate") / "tests.json"


def record(results: Path = RESULTS, target: Path = RECORD) -> None:
    """Write the record; outside of a git checkout there is none. Raises Problem where the tests did not pass."""
    # Written by our own pytest just now.
    suite = ElementTree.parse(results).getroot().find("testsuite")  # noqa: S314
    counts = {name: int((suite.get(name) if suite is not None else None) or 0) for name in _COUNTED}
    if counts["failures"] or counts["errors"] or not counts["tests"]:
        raise Problem("The tests did not pass: nothing is recorded.")
    commit = _git("rev-parse", "HEAD")
    if commit is None:
        processes.say("git does not say at which commit the tests passed: nothing is recorded for sentry_verify.")
        return
    said = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit,
        "changed": bool(_git("status", "--porcelain", "--", ".", ":!gate")),  # its own record is there
        "passed": counts["tests"] - counts["skipped"],
        "skipped": counts["skipped"],
    }
    files.write_private(target, json.dumps(said, indent=2) + "\n")
    target.chmod(0o644)  # for the user of a container, too


_COUNTED = ("tests", "failures", "errors", "skipped")


def _git(*arguments: str) -> str | None:
    command = ["git", *arguments]
    try:
        done = subprocess.run(command, cwd=processes.ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


if __name__ == "__main__":
    processes.exit_with(record)
