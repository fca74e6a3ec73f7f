"""What was measured, as the last section of a document."""

import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from scripts import Problem

HEADING = "## Measured"


def about() -> tuple[str, ...]:
    """Return when and where, and what to think of it."""
    return (
        f"By `make bench-delivery`, which writes this section, on {datetime.now(UTC):%Y-%m-%d}:",
        f"Python {platform.python_version()} on {os.cpu_count()} CPUs, {platform.machine()}.",
        "*stock* is `sentry_sdk.init(dsn)`, nothing else. Read the columns against each other, not the milliseconds.",
    )


def write(document: Path, lines: Iterable[str]) -> None:
    """Put the lines in place of what is in the document behind the heading; a Problem if there is none."""
    text = document.read_text(encoding="utf-8")
    before, heading, behind = text.partition(f"\n{HEADING}\n")
    if not heading or "\n## " in behind:
        raise Problem(f"{document} must end with the section {HEADING}.")
    document.write_text(before + heading + "\n" + "\n".join(lines) + "\n", encoding="utf-8")
