"""The adapter: what concerns issues is inherited, what concerns the organisation stands here."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from .. import fields
from ..base import Member, Release, TrackerError, TrackerKind
from ..organisation import PAGE
from . import answers
from .alerts import Alerting
from .client import understood

_ROUNDED = timedelta(seconds=1)  # to which Sentry may answer moments


class Sentry(Alerting):
    """`url` as in the browser, `org` and `project` their slugs (or the project's number), `token` an auth token.

    The token needs event:admin, project:read, project:releases, org:read, member:read and, for alert rules,
    alerts:read and alerts:write.
    """

    kind: TrackerKind = "sentry"
    keeps = frozenset({"event", "transaction"})

    def releases(self) -> Iterator[Release]:
        """Yield the project's releases, newest first."""
        asked = {"project": self._api.project.id, "per_page": PAGE}
        for row in self._api.pages(f"{self._api.org}releases/", asked):
            yield understood(self._read, row)

    def create_release(self, version: str) -> bool:
        """Create a release, or add the project to one; return False when Sentry had it already."""
        body = {"version": version, "projects": [self._api.project.slug]}
        said, response = self._api.ask("POST", f"{self._api.org}releases/", body=body)
        if understood(lambda said: said["version"], said) != version:
            raise TrackerError(f"Sentry made another release than {version}.")
        return response.status_code == 201

    def set_commits(self, version: str, commits: Sequence[Mapping[str, str]]) -> None:
        """Say which commits a release has; see Tracker."""
        body = {"commits": [dict(commit) for commit in commits]}
        said = self._api.ask("PUT", self._release(version), body=body)[0]
        kept = understood(lambda said: fields.number(said, "commitCount"), said)
        if kept is not None and kept < len({commit["id"] for commit in commits}):
            raise TrackerError(f"Sentry answered that {version} has its commits, but it has {kept}.")

    def finalize(self, version: str, moment: datetime) -> None:
        """Say when a release was released."""
        said = self._api.ask("PUT", self._release(version), body={"dateReleased": moment.isoformat()})[0]
        at = understood(lambda said: fields.moment(said, "dateReleased"), said)
        if abs(at - moment) > _ROUNDED:
            raise TrackerError(f"Sentry answered that {version} is finalized, but not at that moment.")

    def deploy(self, version: str, environment: str) -> None:
        """Say that a release was deployed to an environment."""
        body = {"environment": environment, "projects": [self._api.project.slug]}
        said = self._api.ask("POST", f"{self._release(version)}deploys/", body=body)[0]
        if understood(lambda said: said["environment"], said) != environment:
            raise TrackerError(f"Sentry noted a deploy of {version}, but to another environment.")

    def members(self) -> list[Member]:
        """Return everybody in the organisation, who was invited too; a request each, because a list has no teams."""
        return [understood(answers.member, row) for row in self._api.members()]

    def _read(self, row: Mapping[str, Any]) -> Release:
        return answers.release(row, self._api.project.id, self._deploys(row))

    def _deploys(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the environments to which a release was deployed, the last one first."""
        if not row.get("deployCount"):
            return ()
        found = self._api.pages(f"{self._release(row['version'])}deploys/")
        return tuple(dict.fromkeys(understood(lambda row: str(row["environment"]), deploy) for deploy in found))

    def _release(self, version: str) -> str:
        return f"{self._api.org}releases/{quote(version, safe='')}/"
