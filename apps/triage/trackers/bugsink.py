"""Bugsink (https://www.bugsink.com/docs/api/): no search, so what is looked for is looked for here."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx

from .base import StoredEvent, TrackerError

_TIMEOUT = 10.0  # seconds for one request


class Bugsink:
    """`url` as in the browser, `project` its number, `token` one of Bugsink's API tokens."""

    name = "Bugsink"
    # Everything else gets 200 and is thrown away.
    keeps = frozenset({"event"})

    def __init__(self, url: str, project: str, token: str) -> None:
        self.url, self.project = url.rstrip("/"), project
        self._client = httpx.Client(
            base_url=f"{self.url}/api/canonical/0/",
            headers={"Authorization": f"Bearer {token}"},
            timeout=_TIMEOUT,
        )

    def events_since(self, moment: datetime) -> Iterator[StoredEvent]:
        """Yield the events digested since `moment`; see Tracker."""
        for issue in self._walk("issues/", project=self.project, sort="last_seen", order="desc"):
            if datetime.fromisoformat(issue["last_seen"]) < moment:
                return
            yield from self._events_of(issue["id"], moment)

    def _events_of(self, issue: str, moment: datetime) -> Iterator[StoredEvent]:
        for event in self._walk("events/", issue=issue, order="desc"):
            if datetime.fromisoformat(event["ingested_at"]) < moment:
                return
            data = self._get(f"events/{event['id']}/", {})["data"]
            url = f"{self.url}/issues/issue/{issue}/event/{event['id']}/"
            yield StoredEvent(event["event_id"].replace("-", ""), url, data)

    def _walk(self, path: str, **query: str) -> Iterator[dict[str, Any]]:
        page = self._get(path, query)
        while True:
            try:
                results, more = page["results"], page["next"]
            except (KeyError, TypeError) as error:
                raise TrackerError(f"{path}: this is not what Bugsink answers; is {self.url} Bugsink?") from error
            yield from results
            if not more:
                return
            page = self._get(more, {})

    def _get(self, path: str, query: dict[str, str]) -> Any:
        try:
            response = self._client.get(path, params=query or None)
            response.raise_for_status()
            return response.json()
        except httpx.HTTPStatusError as error:
            status = error.response.status_code
            hint = " Check TRACKER_TOKEN." if status in (401, 403) else ""
            raise TrackerError(f"{error.request.url} answered {status}.{hint}") from error
        except ValueError as error:
            raise TrackerError(f"{path} did not answer JSON; is {self.url} Bugsink?") from error
        except httpx.HTTPError as error:
            raise TrackerError(f"{self.url} cannot be reached ({type(error).__name__}).") from error
