"""The receipt of an erasure: proves what was done for whom without saying who that was."""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.crypto import salted_hmac

from .erasure import Erased, Found
from .plain import write_whole

_SCHEMA = 1


class ReceiptError(Exception):
    """The receipt cannot be written; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of the command; moments are aware. `left` is what a search found afterwards, None if there was none."""

    started: datetime
    finished: datetime
    found: Sequence[Found]
    erased: Erased
    left: Sequence[Found] | None
    include_shared: bool

    @property
    def found_nothing(self) -> bool:
        """Whether no search found an event of the person: nobody's ID looks the same."""
        return not self.found and self.left is not None and not self.left

    @property
    def outcome(self) -> str:
        """How it ended, in the receipt's words."""
        if self.found_nothing:
            return "nothing found"
        return "incomplete" if self.left and self.erased.outcome == "complete" else self.erased.outcome


def subject(user_id: str) -> str:
    """Return what stands for the user: a hash that only who has this application's SECRET_KEY can compare an ID with.

    A hash alone would not do: IDs can be short enough to try them all.
    """
    return "hmac-sha256:" + salted_hmac("apps.triage.receipts", user_id, algorithm="sha256").hexdigest()


def default_path(user_id: str, now: datetime) -> Path:
    """Return the file for today's receipt, below the current folder."""
    return Path(f"erasure-{now:%Y-%m-%d}-{subject(user_id).partition(':')[2][:8]}.json")


class Receipt:
    """A receipt in a file. One that is there already is of the same person and tracker, and gets one more run."""

    def __init__(self, path: Path, user_id: str, tracker: str, url: str, tool: str) -> None:
        self.path = path
        self._document = {
            "schema": _SCHEMA,
            "subject": subject(user_id),
            "tracker": tracker,
            "url": url,
            "tool": tool,
            "runs": self._runs_before(user_id, url),
            "remains": [],
        }

    def begin(self, started: datetime) -> None:
        """Write that it begins. Raises ReceiptError, before anything is deleted."""
        self._runs.append({"started": _time(started), "outcome": "started"})
        self._write()

    def end(self, run: Run, remains: Sequence[str]) -> dict[str, Any]:
        """Write how it ended and return the whole. Raises ReceiptError."""
        self._runs[-1] = _run(run)
        self._document["remains"] = list(remains)
        self._write()
        return self._document

    @property
    def _runs(self) -> list[dict[str, Any]]:
        runs: list[dict[str, Any]] = self._document["runs"]  # type: ignore[assignment]
        return runs

    def _runs_before(self, user_id: str, url: str) -> list[dict[str, Any]]:
        if not self.path.exists():
            return []
        try:
            before = json.loads(self.path.read_text(encoding="utf-8"))
            same = hmac.compare_digest(before["subject"], subject(user_id)) and before["url"] == url
            runs: list[dict[str, Any]] = list(before["runs"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ReceiptError(f"{self.path} is there already and is no receipt that can be read.") from error
        if not same:
            raise ReceiptError(f"{self.path} is the receipt of another erasure; name another file.")
        return runs

    def _write(self) -> None:
        try:
            write_whole(self.path, json.dumps(self._document, indent=2) + "\n", mode=0o600)
        except OSError as error:
            raise ReceiptError(f"{self.path} cannot be written ({type(error).__name__}).") from error


def _run(run: Run) -> dict[str, Any]:
    return {
        "started": _time(run.started),
        "finished": _time(run.finished),
        "outcome": run.outcome,
        "include_shared": run.include_shared,
        "found": _counts(run.found),
        "deleted": run.erased.deleted,
        "gone_before": run.erased.gone,
        "shared_meanwhile": run.erased.spared,
        "searched_again": None if run.left is None else _counts(run.left) | {"ids": [one.issue.id for one in run.left]},
    }


def _counts(found: Sequence[Found]) -> dict[str, Any]:
    return {
        "issues": len(found),
        "events": sum(one.theirs for one in found),
        "shared_issues": sum(one.shared for one in found),
        "events_of_others": sum(one.others for one in found),
    }


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
