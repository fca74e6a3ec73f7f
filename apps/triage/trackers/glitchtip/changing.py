"""What is changed on GlitchTip: one issue at a time, and its answer is looked at."""

from collections.abc import Mapping, Sequence

from ..base import Capability, Ignoring, Resolution, Status, TrackerError, Unsupported
from . import answers
from .client import understood
from .lacks import LACKS
from .reading import Reading


class Changing(Reading):
    """See Tracker."""

    lacks: Mapping[Capability, str] = LACKS

    def comment(self, issue_id: str, text: str) -> None:
        """Add a comment."""
        path = f"issues/{self.issue(issue_id).id}/comments/"
        stored = self._api.ask("POST", path, body={"data": {"text": text}})[0]
        if understood(answers.comment, stored).text != text:
            raise TrackerError(f"GlitchTip answered that issue {issue_id} has the comment, but with another text.")

    def resolve(self, issue_id: str, how: Resolution) -> None:
        """Resolve at once; raises Unsupported for any other way."""
        if how.release is not None:
            raise Unsupported(self.lacks[Capability.RESOLVE_IN_RELEASE])
        if how.next_release:
            raise Unsupported(self.lacks[Capability.RESOLVE_IN_NEXT_RELEASE])
        if how.commit is not None:
            raise Unsupported(self.lacks[Capability.RESOLVE_IN_COMMIT])
        self._set_status(issue_id, "resolved")

    def ignore(self, issue_id: str, how: Ignoring) -> None:
        """Ignore for good; raises Unsupported for any other way."""
        if how.minutes is not None:
            raise Unsupported(self.lacks[Capability.IGNORE_FOR])
        if how.events is not None:
            raise Unsupported(self.lacks[Capability.IGNORE_UNTIL])
        self._set_status(issue_id, "ignored")

    def reopen(self, issue_id: str) -> None:
        """Make an issue unresolved again."""
        self._set_status(issue_id, "unresolved")

    def assign(self, issue_id: str, who: str | None) -> None:
        """Raise Unsupported."""
        raise Unsupported(self.lacks[Capability.ASSIGN])

    def prioritise(self, issue_id: str, priority: str) -> None:
        """Raise Unsupported."""
        raise Unsupported(self.lacks[Capability.PRIORITY])

    def merge(self, issue_ids: Sequence[str]) -> None:
        """Raise Unsupported: what GlitchTip merges loses its tags, and no search for a person finds it any more."""
        raise Unsupported(self.lacks[Capability.MERGE])

    def delete(self, issue_id: str) -> None:
        """Delete an issue with all its events."""
        number = self.issue(issue_id).id
        self._api.ask("DELETE", f"issues/{number}/")
        if self._find(number) is not None:
            raise TrackerError(f"GlitchTip answered that issue {issue_id} is deleted, but it is still there.")

    def _set_status(self, issue_id: str, status: Status) -> None:
        """Change the status by the issue's own URL, which is the old one.

        A bulk change with a filter that GlitchTip does not know would hit every issue; an assignee, a priority or
        details in the body would be dropped without a word, and a body without a status is an error 500.
        """
        number = self.issue(issue_id).id
        answer = self._api.ask("PUT", f"issues/{number}/", body={"status": status})[0]
        said = understood(lambda row: row["status"], answer)
        if said != status:
            raise TrackerError(f"GlitchTip answered that issue {issue_id} is changed, but it is still {said}.")
