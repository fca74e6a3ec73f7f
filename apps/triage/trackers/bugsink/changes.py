"""Changes of one issue, each held against what Bugsink answers.

A change that would change nothing is a 400 here, and so is muting what is resolved: an issue is reopened or
unmuted first where that is in the way.
"""

from collections.abc import Callable

from apps.triage.trackers.base import Capability, Ignoring, NotFound, Resolution, TrackerError, Unsupported
from apps.triage.trackers.http import Api

from .lacks import LACKS
from .releases import Releases
from .stored import Row, Stored

# Longer than anything is kept, see `_muting`.
_YEARS = 10


class Changes:
    """Resolve, ignore, reopen and delete."""

    def __init__(self, api: Api, stored: Stored, releases: Releases) -> None:
        self._api, self._stored, self._releases = api, stored, releases

    def resolve(self, issue_id: str, how: Resolution) -> None:
        """Resolve at once, in the next release, or in the latest one. Raises Unsupported for any other."""
        if how.commit is not None:
            raise Unsupported(LACKS[Capability.RESOLVE_IN_COMMIT])
        row = self._stored.issue(issue_id)
        if how.release is not None and how.release != self._releases.latest():
            raise Unsupported(LACKS[Capability.RESOLVE_IN_RELEASE])
        action, reached = _resolving(how)
        # In which release it is resolved cannot be read.
        if reached(row) and how.release is None:
            return
        if row["is_resolved"]:
            self._act(row, "reopen", _is_open)
        self._act(row, action, reached)

    def ignore(self, issue_id: str, how: Ignoring) -> None:
        """Mute. For how long an issue is muted cannot be read, so a muted one is muted anew."""
        row = self._stored.issue(issue_id)
        action, body = _muting(how, row)
        self._open(row)
        self._act(row, action, _is_muted, body)

    def reopen(self, issue_id: str) -> None:
        """Make unresolved again what is resolved or muted."""
        self._open(self._stored.issue(issue_id))

    def delete(self, issue_id: str) -> None:
        """Delete. Bugsink hides the issue at once, and its events are gone when its background work is done."""
        row = self._stored.issue(issue_id)
        try:
            self._api.ask("DELETE", f"issues/{row['id']}/")
            self._stored.issue(row["id"])
        except NotFound:
            return
        raise TrackerError(f"Bugsink answered that {row['friendly_id']} is deleted, but it is still there.")

    def _open(self, row: Row) -> None:
        if row["is_resolved"]:
            self._act(row, "reopen", _is_open)
        elif row["is_muted"]:
            self._act(row, "unmute", _is_open)

    def _act(
        self, row: Row, action: str, reached: Callable[[Row], bool], body: dict[str, str | int] | None = None
    ) -> None:
        try:
            answer, _ = self._api.ask("POST", f"issues/{row['id']}/{action}/", body=body)
        except NotFound:
            raise
        except TrackerError:
            # Perhaps somebody else did it a moment ago.
            if not reached(self._stored.issue(row["id"])):
                raise
            return
        if not reached(answer):
            raise TrackerError(f"Bugsink answered {action} with success, but {row['friendly_id']} is as it was.")


def _resolving(how: Resolution) -> tuple[str, Callable[[Row], bool]]:
    if how.next_release:
        return "resolve-next", lambda row: _is_resolved(row) and row["is_resolved_by_next_release"]
    if how.release is not None:
        return "resolve-latest", lambda row: _is_resolved(row) and not row["is_resolved_unconditionally"]
    return "resolve", lambda row: _is_resolved(row) and row["is_resolved_unconditionally"]


def _muting(how: Ignoring, row: Row) -> tuple[str, dict[str, str | int] | None]:
    if how.minutes is not None:
        return "mute-for", {"period_name": "minute", "nr_of_periods": how.minutes}
    if how.events is not None:
        # Bugsink counts back over a period, what came before included; and in place of the issue's events it
        # counts the project's since the issue's first. So this is never too late, and may be early.
        threshold = row["stored_event_count"] + how.events
        return "mute-until", {"period_name": "year", "nr_of_periods": _YEARS, "gte_threshold": threshold}
    return "mute", None


def _is_resolved(row: Row) -> bool:
    return bool(row["is_resolved"])


def _is_muted(row: Row) -> bool:
    return bool(row["is_muted"])


def _is_open(row: Row) -> bool:
    return not (row["is_resolved"] or row["is_muted"])
