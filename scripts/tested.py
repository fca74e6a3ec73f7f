"""The last step of `make test`: records in gate/tests.json that all tests passed, for `sentry_verify`."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

from scripts import Problem, files, processes

RESULTS = processes.ROOT / ".local" / "tests.xml"
RECORD = processes.ROOT / "gate" / "tests.json"


def record(results: Path = RESULTS, target: Path = RECORD) -> None:
    """Write the record. Raises Problem where the tests did not pass, or git does not say at which commit."""
    # Written by our own pytest just now.
    suite = ElementTree.parse(results).getroot().find("testsuite")  # noqa: S314
    counts = {name: int((suite.get(name) if suite is not None else None) or 0) for name in _COUNTED}
    if counts["failures"] or counts["errors"] or not counts["tests"]:
        raise Problem("The tests did not pass: nothing is recorded.")
    said = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _git("rev-parse", "HEAD"),
        "changed": bool(_git("status", "--porcelain")),
        "passed": counts["tests"] - counts["skipped"],
        "skipped": counts["skipped"],
    }
    files.write_private(target, json.dumps(said, indent=2) + "\n")


_COUNTED = ("tests", "failures", "errors", "skipped")


def _git(*arguments: str) -> str:
    try:
        command = ["git", *arguments]
        done = subprocess.run(command, cwd=processes.ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Problem("The tests passed, but git does not say at which commit: nothing is recorded.") from error
    return done.stdout.strip()


if __name__ == "__main__":
    processes.exit_with(record)
