"""What is changed on Sentry: one issue at a time, and its answer is looked at."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ..base import Ignoring, NotFound, Refused, Resolution, Status, TrackerError
from . import answers
from .client import understood
from .reading import Reading

_PRIORITIES = {"P0": "high", "P1": "high", "P2": "medium", "P3": "low"}


class Changing(Reading):
    """See Tracker."""

    def comment(self, issue_id: str, text: str) -> None:
        """Add a comment. One that was written within the hour Sentry takes again only with its moment below."""
        number = self.issue(issue_id).id
        try:
            stored = self._commented(number, lambda path: self._api.ask("POST", path, body={"text": text})[0])
        except NotFound as error:
            self.issue(number)  # it may be gone
            raise TrackerError(f"Sentry takes no comments here, so there is none on issue {issue_id}.") from error
        except TrackerError as error:
            if "already posted" not in str(error):
                raise
            text = f"{text}\n({datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC)"
            stored = self._commented(number, lambda path: self._api.ask("POST", path, body={"text": text})[0])
        if understood(answers.comment, stored).text != text:
            raise TrackerError(f"Sentry answered that issue {issue_id} has the comment, but with another text.")

    def resolve(self, issue_id: str, how: Resolution) -> None:
        """Resolve; a release and a commit must be known to Sentry."""
        if how.commit is not None:
            return self._resolve_in_commit(issue_id, how.commit)
        details: dict[str, Any] = {}
        if how.release is not None:
            details = {"inRelease": how.release}
        elif how.next_release:
            details = {"inNextRelease": True}
        said = self._set_status(issue_id, "resolved", details)
        # Sentry names the release where it knows already which one is the next.
        kept = set(said) & {"inRelease", "inNextRelease"}
        if (details and not kept) or (how.release and said.get("inRelease") != how.release):
            raise TrackerError(f"Sentry resolved issue {issue_id}, but at once and not with the release.")
        return None

    def ignore(self, issue_id: str, how: Ignoring) -> None:
        """Ignore; without a limit really for good, which Sentry does only when it is told so."""
        if how.minutes is not None:
            details, kept = {"ignoreDuration": how.minutes}, "ignoreUntil"
        elif how.events is not None:
            details, kept = {"ignoreCount": how.events}, "ignoreCount"
        else:
            return self._ignore_for_good(issue_id)
        if self._set_status(issue_id, "ignored", details).get(kept) is None:
            raise TrackerError(f"Sentry ignores issue {issue_id}, but without the limit.")
        return None

    def reopen(self, issue_id: str) -> None:
        """Make an issue unresolved again."""
        self._set_status(issue_id, "unresolved", {})

    def assign(self, issue_id: str, who: str | None) -> None:
        """Assign to a member by e-mail address, or to nobody."""
        now = understood(answers.assignee, self._change(issue_id, {"assignedTo": who or ""}))
        if (now or "").casefold() != (who or "").casefold():
            raise TrackerError(
                f"Sentry answered that issue {issue_id} is changed, but it is assigned to {now or 'nobody'}."
            )

    def prioritise(self, issue_id: str, priority: str) -> None:
        """Set the priority: P0 and P1 are high on Sentry, P2 is medium, P3 low."""
        wanted = _PRIORITIES[priority]
        if self._change(issue_id, {"priority": wanted}).get("priority") != wanted:
            raise TrackerError(f"Sentry answered that issue {issue_id} is changed, but its priority is not {wanted}.")

    def merge(self, issue_ids: Sequence[str]) -> None:
        """Make one issue of several; Sentry does it in the background and decides which one stays.

        The query matters where all of them were deleted just now: without it Sentry would merge what is unresolved.
        """
        issues = {issue.id: issue for issue in map(self.issue, issue_ids)}
        if len(issues) < 2:
            raise TrackerError("To merge, name two different issues at least.")
        names = ",".join(issue.short_id for issue in issues.values())
        asked = {"id": list(issues), "project": self._api.project.id, "query": f"issue:[{names}]"}
        said = self._api.ask("PUT", f"{self._api.org}issues/", query=asked, body={"merge": 1})[0]
        if said is None:
            raise TrackerError(f"Sentry merged nothing: it found none of {names} any more.")
        if understood(_merged, said) != set(issues):
            raise TrackerError(f"Sentry did not merge all of {names}; look at them again.")

    def delete(self, issue_id: str) -> None:
        """Delete an issue with all its events; Sentry hides it at once and deletes in the background."""
        number = self.issue(issue_id).id
        self._api.ask("DELETE", self._path(number))
        try:
            self.issue(number)
        except NotFound:
            return
        raise TrackerError(f"Sentry answered that issue {issue_id} is deleted, but it is still there.")

    def _resolve_in_commit(self, issue_id: str, commit: str) -> None:
        """Resolve with a commit, whose repository Sentry wants to be told: only one of them has it."""
        names = [understood(lambda row: str(row["name"]), row) for row in self._api.pages(f"{self._api.org}repos/")]
        for name in names:
            try:
                details = {"inCommit": {"commit": commit, "repository": name}}
                said = self._set_status(issue_id, "resolved", details)
            except TrackerError as error:
                if "Unable to find" not in str(error):
                    raise
            else:
                if not {"inCommit", "inRelease"} & set(said):
                    raise TrackerError(f"Sentry resolved issue {issue_id}, but at once and not with the commit.")
                return
        raise TrackerError(f"Sentry has no commit {commit} in a repository of {self.org}; tell it a release's commits.")

    def _ignore_for_good(self, issue_id: str) -> None:
        body = {"status": "ignored", "statusDetails": {}}
        try:
            row = self._change(issue_id, {**body, "substatus": "archived_forever"})
        except Refused:  # it knows no such field
            return _expect_status(self._change(issue_id, body), issue_id, "ignored")
        _expect_status(row, issue_id, "ignored")
        # A Sentry of before 2023 has no such distinction.
        if row.get("substatus") not in (None, "archived_forever"):
            raise TrackerError(f"Issue {issue_id} was ignored already, and Sentry keeps the limit; reopen it first.")
        return None

    def _set_status(self, issue_id: str, status: Status, details: Mapping[str, Any]) -> Mapping[str, Any]:
        """Change the status; return the details that Sentry keeps."""
        row = self._change(issue_id, {"status": status, "statusDetails": details})
        _expect_status(row, issue_id, status)
        return understood(lambda row: dict(row.get("statusDetails") or {}), row)

    def _change(self, issue_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Change an issue of the project; return it as it is then."""
        number = self.issue(issue_id).id
        row = self._api.ask("PUT", self._path(number), body=body)[0]
        if row is None:  # 204: nobody is there to be changed
            raise NotFound(self._no_issue(issue_id))
        # What is not the issue tells nothing of it.
        return understood(dict, row if "id" in row else self._api.get(self._path(number)))


def _expect_status(row: Mapping[str, Any], issue_id: str, status: Status) -> None:
    if row.get("status") != status:
        raise TrackerError(f"Sentry answered that issue {issue_id} is changed, but it is still {row.get('status')}.")


def _merged(said: Mapping[str, Any]) -> set[str]:
    merged = said["merge"]  # no more than was asked for where one of two was gone
    return {str(merged["parent"]), *map(str, merged["children"])} if isinstance(merged, Mapping) else set()
