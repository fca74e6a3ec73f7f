"""What `make` leaves in gate/ for `sentry_verify`: that something passed, when, and at which commit."""

import json
import os
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scripts import files, processes

FOLDER = Path(os.environ.get("GATE_DIR") or processes.ROOT / "gate")


@dataclass(frozen=True, slots=True)
class Code:
    """What is here: a commit, and whether something was `changed` on top of it."""

    commit: str
    changed: bool


def here() -> Code | None:
    """Return what git says is here, None where it does not."""
    commit = _git("rev-parse", "HEAD")
    # What is recorded in gate/ is not what is tested.
    return Code(commit, bool(_git("status", "--porcelain", "--", ".", ":!gate"))) if commit else None


def write(target: Path, code: Code | None, **said: Any) -> None:
    """Write what is said of the code; without git nothing is recorded, and that is said."""
    if code is None:
        processes.say("git does not say at which commit that was: nothing is recorded for sentry_verify.")
        return
    head = {"date": datetime.now(UTC).isoformat(timespec="seconds"), "commit": code.commit, "changed": code.changed}
    files.write_private(target, json.dumps(head | said, indent=2) + "\n")
    target.chmod(0o644)  # for the user of a container, too


def _git(*arguments: str) -> str | None:
    command = ["git", *arguments]
    try:
        done = subprocess.run(command, cwd=processes.ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
