"""How GlitchTip is asked: a connection for each request, pages that a broken header links, and a project by its ID."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import httpx

from ..base import NotFound, NotJson, TrackerError
from ..http import Understanding
from ..organisation import PAGE, Organisation, Project, asked_by

# The header is the repr of a Python set: {'<https://…>; rel="previous"; results="false", <https://…>; rel="next"; …'}
_LINK = re.compile(r'<([^>]+)>; rel="(\w+)"; results="(\w+)"')

understood = Understanding("GlitchTip")


class Client(Organisation):
    """The API of one organisation; `project` is a slug or a number."""

    def __init__(self, url: str, org: str, project: str, token: str) -> None:
        # GlitchTip's default web server breaks connections that are kept open.
        super().__init__("GlitchTip", url, org, project, token, {"Connection": "close"})

    @cached_property
    def project(self) -> Project:
        """The project. Raises TrackerError, also for an organisation that is not there.

        Elsewhere GlitchTip answers with an empty list for an organisation or a project that it does not know.
        """
        try:
            projects = understood(_projects, self._projects())
        except NotJson as error:
            raise TrackerError(f"{error} Or is there no organisation {self._named}? Check TRACKER_ORG.") from error
        except NotFound as error:
            raise TrackerError(
                f"GlitchTip has no organisation {self._named}, or the token may not see it; check TRACKER_ORG."
            ) from error
        for project in projects:
            if self._asked_for in project:
                return project
        known = ", ".join(project.slug for project in projects) or "no project"
        raise TrackerError(
            f"GlitchTip has no project {self._asked_for} in {self._named}, but {known}; check TRACKER_PROJECT."
        )

    def _projects(self) -> Any:
        """Return the organisation's projects, from a list of their own where it does not name them."""
        try:
            said = understood(dict, self.get(self.org))
        except NotJson:
            said = {}
        return said["projects"] if "projects" in said else list(self.pages(f"{self.org}projects/"))

    def pages(self, path: str, query: Mapping[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """Yield the rows of all pages of a list, which are small where nothing is said about it."""
        return super().pages(path, {"limit": PAGE, **(query or {})})

    def _next(self, response: httpx.Response, rows: int) -> Mapping[str, Any] | None:
        links = _LINK.findall(response.headers.get("link", ""))
        for url, relation, more in links:
            if relation == "next":
                return asked_by(url) if more == "true" else None
        if links or (rows < PAGE and "link" not in response.headers):
            return None
        raise TrackerError(f"{response.url.path}: GlitchTip did not say whether there is a next page.")


def _projects(answer: Any) -> list[Project]:
    return [Project(str(row["id"]), str(row["slug"])) for row in answer]
