"""Comments. Bugsink's API takes them and cannot give them back, so each is also sent as a small event.

These events gather in one muted issue, which no list of issues shows as long as it holds nothing else. They are
kept as long as other events are: Bugsink's retention removes the oldest.
"""

import json
import time
from collections import defaultdict
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

import httpx
from sentry_sdk.utils import Dsn

from apps.error_tracking.config import load
from apps.triage.trackers.base import Comment, NotFound, TrackerError, Unsupported
from apps.triage.trackers.http import TIMEOUT, Api

from . import marks
from .stored import NOTE, Row, Stored

_HALF = "The comment is in Bugsink's pages but cannot be read back:"
_FINGERPRINT = "goimg-triage-notes"
_ARRIVAL_SECONDS = 10.0
_POLL_SECONDS = 0.1


class Notes:
    """The comments of one project's issues."""

    def __init__(self, api: Api, stored: Stored, url: str, project: str) -> None:
        self._api, self._stored, self._url, self._project = api, stored, url, project
        self._known: dict[str, list[Comment]] | None = None

    def of(self, issue_id: str) -> list[Comment]:
        """Return an issue's comments, oldest first: all are read once, and again after one was written."""
        if self._known is None:
            self._known = self._read()
        return list(self._known.get(self._stored.id_of(issue_id), ()))

    def write(self, issue_id: str, text: str) -> None:
        """Comment. Raises Unsupported where SENTRY_DSN is not of this project."""
        dsn = self._dsn()
        issue = self._stored.issue(issue_id)["id"]
        answer, _ = self._api.ask("POST", "issue-comments/", body={"issue": issue, "comment": text})
        if answer["comment"] != text.strip():
            raise TrackerError("Bugsink changed the text of the comment.")
        self._known = None
        self._confirm(self._send(dsn, issue, text.strip()))

    def _read(self) -> dict[str, list[Comment]]:
        known: dict[str, list[Comment]] = defaultdict(list)
        for holder in self._stored.notes():
            for event in self._stored.wholes(holder["id"]):
                if (text := marks.comment_in(event)) is not None:
                    known[event.tags[marks.ISSUE]].append(Comment("", text, event.moment))
        return {issue: sorted(comments, key=lambda comment: comment.moment) for issue, comments in known.items()}

    def _dsn(self) -> Dsn:
        text = load().dsn
        if text is None:
            raise Unsupported("A comment on Bugsink is kept as an event as well, and SENTRY_DSN is not set.")
        dsn = Dsn(text)
        place = httpx.URL(f"{dsn.scheme}://{dsn.netloc}{dsn.path}")
        if (place, dsn.project_id) != (httpx.URL(f"{self._url}/"), self._project):
            raise Unsupported(
                "A comment on Bugsink is kept as an event as well, and SENTRY_DSN is not of the project that "
                "TRACKER_URL and TRACKER_PROJECT name."
            )
        return dsn

    def _send(self, dsn: Dsn, issue: str, text: str) -> str:
        event = self._event(issue, text)
        header, item = {"event_id": event["event_id"]}, {"type": "event", "content_type": "application/json"}
        body = "\n".join(json.dumps(part) for part in (header, item, event))
        auth = dsn.to_auth("goimg-triage/1")
        try:
            headers = {"X-Sentry-Auth": auth.to_header(), "Content-Type": "application/x-sentry-envelope"}
            # Its status is enough: a body without end would be read to the end.
            with httpx.stream(
                "POST", auth.get_api_url(), content=body, headers=headers, timeout=TIMEOUT, trust_env=False
            ) as answer:
                pass
        except httpx.HTTPError as error:
            raise TrackerError(f"{_HALF} {self._url} cannot be reached ({type(error).__name__}).") from error
        if not answer.is_success:
            raise TrackerError(f"{_HALF} {self._url} answered its event with {answer.status_code}.")
        return str(event["event_id"])

    def _event(self, issue: str, text: str) -> dict[str, Any]:
        event: dict[str, Any] = {
            "event_id": uuid4().hex,
            "timestamp": datetime.now(UTC).isoformat(),
            "platform": "other",
            "level": "info",
            "logger": "goimg.triage",
            "logentry": {"formatted": NOTE},
            "fingerprint": [_FINGERPRINT],
            "tags": marks.tags(issue, text),
            "extra": {"text": text},
        }
        # An event without a release would begin one without a name, which would be the latest from then on.
        release = next(self._stored.releases(), None)
        return event | ({"release": release["version"]} if release else {})

    def _confirm(self, event_id: str) -> None:
        deadline = time.monotonic() + _ARRIVAL_SECONDS
        while (holder := self._holder(event_id)) is None:
            if time.monotonic() > deadline:
                raise TrackerError(f"{_HALF} Bugsink took its event and does not show it.")
            time.sleep(_POLL_SECONDS)
        if not holder["is_muted"]:
            self._api.ask("POST", f"issues/{holder['id']}/mute/")

    def _holder(self, event_id: str) -> Row | None:
        for holder in self._stored.notes():
            try:
                newest = islice(self._stored.events(holder["id"]), 100)
                if any(UUID(row["event_id"]).hex == event_id for row in newest):
                    return holder
            except NotFound:
                continue  # deleted since
        return None
