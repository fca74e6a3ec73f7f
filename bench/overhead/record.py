"""What one run found, in a file that is committed: `sentry_verify` reads its date and whether the budgets are met."""

import json
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .budgets import Budget, judged
from .figures import Results

ROOT = Path(__file__).resolve().parents[2]


def write(path: Path, results: Results, *, seconds: float, whole: bool) -> None:
    """Write the record; `whole`: all settings were measured, not only those of --quick."""
    said = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _git("rev-parse", "HEAD"),
        "changed": bool(_git("status", "--porcelain", "--", "apps", "bench", "requirements.txt")),  # since the commit
        "python": platform.python_version(),
        "machine": results.machine,
        "seconds": round(seconds),
        "whole": whole,
        "budgets": [_budget(budget) for budget in judged(results)],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")


def _budget(budget: Budget) -> dict[str, Any]:
    ratio = budget.ratio
    spread = {"ratio": ratio.median, "least": ratio.low, "most": ratio.high}
    rounded = {name: round(value, 3) for name, value in spread.items()}
    return {"name": budget.name, "at_most": budget.at_most, **rounded, "met": budget.met}


def _git(*arguments: str) -> str | None:
    """Return what git says; None outside of a checkout."""
    try:
        command = ["git", "-C", str(ROOT), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return None if done.returncode else done.stdout.strip()
