"""How Sentry is asked: pages by cursor, a project by its number, and the organisation in every path."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import quote

import httpx

from ..base import NotFound, TrackerError
from ..http import Understanding
from ..organisation import Organisation, Project, asked_by

understood = Understanding("Sentry")


class Client(Organisation):
    """The API of one organisation; `project` is a slug or a number."""

    def __init__(self, url: str, org: str, project: str, token: str) -> None:
        super().__init__("Sentry", url, org, project, token)

    @cached_property
    def project(self) -> Project:
        """The project. Raises TrackerError that says whether it or the organisation is not there."""
        try:
            row = self.get(f"projects/{quote(self._named, safe='')}/{quote(self._asked_for, safe='')}/")
        except NotFound as error:
            raise TrackerError(self._missing()) from error
        return understood(lambda row: Project(str(row["id"]), str(row["slug"])), row)

    def _next(self, response: httpx.Response, rows: int) -> Mapping[str, Any] | None:
        # A list without any link has one page.
        link = response.links.get("next", {"results": "false"})
        if link.get("results", "true") != "true":
            return None
        return {"cursor": link["cursor"]} if "cursor" in link else asked_by(link["url"])

    def _missing(self) -> str:
        try:
            self.get(self.org)
        except NotFound:
            return f"Sentry has no organisation {self._named}, or the token may not see it; check TRACKER_ORG."
        except TrackerError:
            pass  # the token may not ask for it, and the sentence below is true all the same
        return (
            f"Sentry has no project {self._asked_for} in the organisation {self._named}, or the token may not see it; "
            "check TRACKER_PROJECT."
        )
