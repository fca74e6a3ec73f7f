"""The last step of `make test`: records in gate/tests.json that all tests passed, for `sentry_verify`."""

from pathlib import Path
from xml.etree import ElementTree

from scripts import Problem, processes, records

RESULTS = processes.ROOT / ".local" / "tests.xml"
RECORD = records.FOLDER / "tests.json"
_COUNTED = ("tests", "failures", "errors", "skipped")


def record(results: Path = RESULTS, target: Path = RECORD) -> None:
    """Write the record; outside of a git checkout there is none. Raises Problem where the tests did not pass."""
    # Written by our own pytest just now.
    suite = ElementTree.parse(results).getroot().find("testsuite")  # noqa: S314
    counts = {name: int((suite.get(name) if suite is not None else None) or 0) for name in _COUNTED}
    if counts["failures"] or counts["errors"] or not counts["tests"]:
        raise Problem("The tests did not pass: nothing is recorded.")
    passed = counts["tests"] - counts["skipped"]
    records.write(target, records.here(), passed=passed, skipped=counts["skipped"])


if __name__ == "__main__":
    processes.exit_with(record)
