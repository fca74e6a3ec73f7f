"""The adapter.

GlitchTip says yes to much that it does not do: filters and fields that it does not know are ignored without a word,
and what is not there is often an empty list. So only what is known to work is sent.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import quote

from ..base import Capability, Member, NotFound, NotJson, Release, TrackerError, TrackerKind, Unsupported
from . import answers
from .alerts import Alerting
from .client import understood

_ROUNDED = timedelta(seconds=1)  # to which GlitchTip answers moments


class GlitchTip(Alerting):
    """`url` as in the browser, `org` and `project` their slugs, `token` an auth token of a user's profile.

    The token needs event:admin, org:read, member:read, project:releases and, for alert rules, project:admin.
    """

    kind: TrackerKind = "glitchtip"
    keeps = frozenset({"event", "transaction"})

    def releases(self) -> Iterator[Release]:
        """Yield the project's releases, newest first."""
        for row in self._api.pages(f"{self._api.place}releases/"):
            yield understood(answers.release, row)

    def create_release(self, version: str) -> bool:
        """Create a release; return False when the project had it already.

        By the project's URL: that of the organisation fails for one that is there. Without a moment in the body,
        even an empty one, GlitchTip would call the release finalized.
        """
        if self._has(version):
            return False
        body = {"version": version, "dateReleased": None}
        created = self._api.ask("POST", f"{self._api.place}releases/", body=body)[0]
        if understood(lambda row: row["version"], created) != version:
            raise TrackerError(f"GlitchTip made another release than {version}.")
        return True

    def _has(self, version: str) -> bool:
        try:
            self._api.get(self._release(version))
        except NotFound:
            return False
        except NotJson:  # this GlitchTip has no such path
            return any(release.version == version for release in self.releases())
        return True

    def set_commits(self, version: str, commits: Sequence[Mapping[str, str]]) -> None:
        """Raise Unsupported."""
        raise Unsupported(self.lacks[Capability.COMMITS])

    def finalize(self, version: str, moment: datetime) -> None:
        """Say when a release was released; what GlitchTip is not told again (its ref) it would empty."""
        ref = understood(lambda row: row.get("ref"), self._api.get(self._release(version)))
        body = {"ref": ref, "dateReleased": moment.isoformat()}
        after = understood(answers.release, self._api.ask("PUT", self._release(version), body=body)[0])
        if after.finalized is None or abs(after.finalized - moment) > _ROUNDED:
            raise TrackerError(f"GlitchTip answered that {version} is finalized, but not at that moment.")

    def deploy(self, version: str, environment: str) -> None:
        """Raise Unsupported."""
        raise Unsupported(self.lacks[Capability.DEPLOYS])

    def members(self) -> list[Member]:
        """Return everybody in the organisation, who was invited too; a request each, because a list has no teams."""
        found = [understood(answers.member, row) for row in self._api.members()]
        if not found:  # the members of an organisation that is not there are an empty list
            raise TrackerError(f"GlitchTip has no organisation {self.org}, or the token may not see it.")
        return found

    def _release(self, version: str) -> str:
        return f"{self._api.place}releases/{quote(version, safe='')}/"
