"""How GlitchTip is asked: a connection for each request, pages that a broken header links, and a project by its ID."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import parse_qs, quote, urlsplit

import httpx

from ..base import NotFound, TrackerError
from ..bounds import Pages
from ..http import Api

PAGE = 100  # the most that GlitchTip puts on a page
# The header is the repr of a Python set: {'<https://…>; rel="previous"; results="false", <https://…>; rel="next"; …'}
_LINK = re.compile(r'<([^>]+)>; rel="(\w+)"; results="(\w+)"')


class Project(NamedTuple):
    """A project's number, by which issues are filtered, and its slug, which stands in URLs."""

    id: str
    slug: str


class Client(Api):
    """The API of one organisation; `project` is a slug or a number."""

    def __init__(self, url: str, org: str, project: str, token: str) -> None:
        # GlitchTip's default web server breaks connections that are kept open.
        super().__init__("GlitchTip", f"{url}/api/0/", token, {"Connection": "close"})
        self._named, self._asked_for = org, project
        self.org = f"organizations/{quote(org, safe='')}/"

    @cached_property
    def project(self) -> Project:
        """The project. Raises TrackerError, also for an organisation that is not there.

        Elsewhere GlitchTip answers with an empty list for an organisation or a project that it does not know.
        """
        try:
            projects = understood(_projects, self.get(self.org))
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

    @property
    def place(self) -> str:
        """The path of the project."""
        return f"projects/{quote(self._named, safe='')}/{self.project.slug}/"

    def pages(self, path: str, query: Mapping[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """Yield the rows of all pages of a list."""
        asked, pages = {"limit": PAGE, **(query or {})}, Pages(self.what, path)
        while True:
            rows, response = self.ask("GET", path, query=asked)
            yield from understood(_rows, rows)
            cursor = _next(response)
            if cursor is None:
                return
            asked["cursor"] = pages.next(rows, cursor)


def understood[Answer, Read](read: Callable[[Answer], Read], answer: Answer) -> Read:
    """Return what `read` makes of an answer. Raises TrackerError where that is not of the expected form."""
    try:
        return read(answer)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise TrackerError(
            f"This is not what GlitchTip answers ({type(error).__name__}); is it another version?"
        ) from error


def _projects(answer: Any) -> list[Project]:
    return [Project(str(row["id"]), str(row["slug"])) for row in answer["projects"]]


def _rows(answer: Any) -> list[dict[str, Any]]:
    if not isinstance(answer, list):
        raise TypeError
    return answer


def _next(response: httpx.Response) -> str | None:
    """Return the cursor of the next page.

    Only that is taken from the link: its host is what a proxy makes GlitchTip believe, and the token must not go there.
    """
    for url, relation, more in _LINK.findall(response.headers.get("link", "")):
        if relation == "next":
            return parse_qs(urlsplit(url).query)["cursor"][0] if more == "true" else None
    raise TrackerError(f"{response.url.path}: GlitchTip did not say whether there is a next page.")
