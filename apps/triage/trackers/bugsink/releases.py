"""Bugsink's releases: created, listed, and which of them Bugsink takes for the latest."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from apps.triage.trackers.base import Release, TrackerError
from apps.triage.trackers.http import Api

from .stored import Stored, moment


class Releases:
    """The releases of one project, which is its number."""

    def __init__(self, api: Api, stored: Stored, project: str) -> None:
        self._api, self._stored, self._project = api, stored, project
        self._details: dict[str, dict[str, Any]] = {}

    def all(self) -> Iterator[Release]:
        """Yield them, newest first."""
        for row in self._stored.releases():
            yield Release(version=row["version"], created=moment(row, "date_released"))

    def create(self, version: str) -> bool:
        """Create one; return False when it was there already."""
        if not version:
            # Bugsink would take it, and take it for the latest.
            raise TrackerError("A release must have a name.")
        try:
            made, _ = self._api.ask("POST", "releases/", body={"project": self._project, "version": version})
        except TrackerError:
            if any(row["version"] == version for row in self._stored.releases()):
                return False
            raise
        # Bugsink takes out of a name what it does not allow in one.
        if made["version"] != version:
            raise TrackerError(f"Bugsink created the release as {made['version']!r}, not as it was named.")
        return True

    def latest(self) -> str | None:
        """Return the release that Bugsink takes for the latest; None where there is none or several are.

        Releases are in epochs, a new one whenever their names change to versions (1.2.3) or away from them;
        within an epoch, versions go by precedence and other names by date.
        https://www.bugsink.com/docs/release-tracking/
        """
        details = [self._detail(row["id"]) for row in self._stored.releases()]
        best = max(map(_rank, details), default=None)
        latest = [detail["version"] for detail in details if _rank(detail) == best]
        return latest[0] if len(latest) == 1 else None

    def _detail(self, release: str) -> dict[str, Any]:
        if release not in self._details:
            self._details[release] = self._api.get(f"releases/{release}/")
        return self._details[release]


def _rank(detail: dict[str, Any]) -> tuple[Any, ...]:
    if detail["is_semver"]:
        return detail["sort_epoch"], _precedence(detail["semver"])
    return detail["sort_epoch"], datetime.fromisoformat(detail["date_released"])


def _precedence(version: str) -> tuple[Any, ...]:
    """Return what versions are sorted by (https://semver.org/#spec-item-11)."""
    numbers, _, pre = version.partition("+")[0].partition("-")
    parts = [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in pre.split(".")]
    return [int(number) for number in numbers.split(".")], not pre, parts
