"""Bugsink (https://www.bugsink.com/docs/api/): no search, so what is looked for is looked for here."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from . import payload
from .base import Event, TrackerError
from .http import Api


class Bugsink:
    """`url` as in the browser, `project` its number, `token` one of Bugsink's API tokens."""

    name = "Bugsink"
    # Everything else gets 200 and is thrown away.
    keeps = frozenset({"event"})

    def __init__(self, url: str, project: str, token: str) -> None:
        self.url, self.project = url.rstrip("/"), project
        self._api = Api(self.name, f"{self.url}/api/canonical/0/", token)

    def events_since(self, moment: datetime) -> Iterator[Event]:
        """Yield the events digested since `moment`; see Tracker."""
        for issue in self._walk("issues/", project=self.project, sort="last_seen", order="desc"):
            if datetime.fromisoformat(issue["last_seen"]) < moment:
                return
            for event in self._walk("events/", issue=issue["id"], order="desc"):
                if datetime.fromisoformat(event["ingested_at"]) < moment:
                    break
                yield self._whole(event)

    def _whole(self, event: dict[str, Any]) -> Event:
        data = self._api.get(f"events/{event['id']}/")["data"]
        url = f"{self.url}/issues/issue/{event['issue']}/event/{event['id']}/"
        data = {**data, "event_id": event["event_id"]}
        return payload.event(
            data, issue_id=event["issue"], url=url, taken_in=datetime.fromisoformat(event["ingested_at"])
        )

    def _walk(self, path: str, **query: str) -> Iterator[dict[str, Any]]:
        page = self._api.get(path, query)
        while True:
            try:
                results, more = page["results"], page["next"]
            except (KeyError, TypeError) as error:
                raise TrackerError(f"{path}: this is not what Bugsink answers; is {self.url} Bugsink?") from error
            yield from results
            if not more:
                return
            page = self._api.get(more)
