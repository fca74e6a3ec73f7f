"""How Sentry is asked: pages by cursor, a project by its number, and the organisation in every path."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx

from ..base import NotFound, TrackerError
from ..bounds import Pages
from ..http import Api

PAGE = 100  # the most that Sentry puts on a page


class Project(NamedTuple):
    """A project's number, by which lists are filtered, and its slug, which stands in URLs."""

    id: str
    slug: str


class Client(Api):
    """The API of one organisation; `project` is a slug or a number."""

    def __init__(self, url: str, org: str, project: str, token: str) -> None:
        super().__init__("Sentry", f"{url}/api/0/", token)
        self._named, self._asked_for = org, project
        self.org = f"organizations/{quote(org, safe='')}/"

    @cached_property
    def project(self) -> Project:
        """The project. Raises TrackerError that says whether it or the organisation is not there."""
        try:
            row = self.get(f"projects/{quote(self._named, safe='')}/{quote(self._asked_for, safe='')}/")
        except NotFound as error:
            raise TrackerError(self._missing()) from error
        return understood(lambda row: Project(str(row["id"]), str(row["slug"])), row)

    @property
    def place(self) -> str:
        """The path of the project."""
        return f"projects/{quote(self._named, safe='')}/{quote(self.project.slug, safe='')}/"

    def pages(self, path: str, query: Mapping[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """Yield the rows of all pages of a list (https://docs.sentry.io/api/pagination/)."""
        asked, pages = dict(query or {}), Pages(self.what, path)
        while True:
            rows, response = self.ask("GET", path, query=asked)
            yield from understood(_rows, rows)
            cursor = _next(response)
            if cursor is None:
                return
            asked["cursor"] = pages.next(rows, cursor)

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


def understood[Answer, Read](read: Callable[[Answer], Read], answer: Answer) -> Read:
    """Return what `read` makes of an answer. Raises TrackerError where that is not of the expected form."""
    try:
        return read(answer)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise TrackerError(
            f"This is not what Sentry answers ({type(error).__name__}); is it another version?"
        ) from error


def _rows(answer: Any) -> list[dict[str, Any]]:
    if not isinstance(answer, list):
        raise TypeError
    return answer


def _next(response: httpx.Response) -> str | None:
    """Return the cursor of the next page; a list without any has one page.

    Only that is taken from the link: its host is what a proxy makes Sentry believe, and the token must not go there.
    """
    link = response.links.get("next", {})
    return link.get("cursor") if link.get("results") == "true" else None
