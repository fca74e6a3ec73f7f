"""What Sentry and GlitchTip have in common: projects of an organisation, and lists in pages by cursor."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import parse_qs, quote, urlsplit

import httpx

from .base import Issue, NotFound, NotJson
from .bounds import Pages
from .http import Api, Understanding

PAGE = 100  # the most that either puts on a page
_DIGITS = 18  # of an issue's ID; GlitchTip fails on a number that its database cannot hold


class Project(NamedTuple):
    """A project's number, by which lists are filtered, and its slug, which stands in URLs."""

    id: str
    slug: str


class Organisation(Api, ABC):
    """The API of one organisation (`named`); `asked_for` is the slug or the number of a project."""

    def __init__(
        self, what: str, url: str, named: str, asked_for: str, token: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(what, f"{url}/api/0/", token, headers)
        self._named, self._asked_for = named, asked_for
        self._understood = Understanding(what)
        self.org = f"organizations/{quote(named, safe='')}/"

    @cached_property
    @abstractmethod
    def project(self) -> Project:
        """The project. Raises TrackerError that says whether it or the organisation is not there."""

    @property
    def place(self) -> str:
        """The path of the project."""
        return f"projects/{quote(self._named, safe='')}/{quote(self.project.slug, safe='')}/"

    def pages(self, path: str, query: Mapping[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """Yield the rows of all pages of a list (https://docs.sentry.io/api/pagination/)."""
        asked, pages = dict(query or {}), Pages(self.what, path)
        while True:
            rows, response = self.ask("GET", path, query=asked)
            yield from self._understood(_rows, rows)
            more = self._next(response, len(rows))
            if more is None:
                return
            pages.next(rows, str(more))
            asked |= {name: value for name, value in more.items() if name not in (query or {})}

    def members(self) -> Iterator[dict[str, Any]]:
        """Yield everybody in the organisation: the detail, which names the teams, else the row of the list."""
        path = f"{self.org}members/"
        for row in self.pages(path):
            try:
                detail = self.get(f"{path}{self._understood(lambda row: row['id'], row)}/")
            except (NotFound, NotJson):
                detail = {}
            yield {**row, **self._understood(dict, detail)}

    @abstractmethod
    def _next(self, response: httpx.Response, rows: int) -> Mapping[str, Any] | None:
        """Return what to ask for the next page, None at the last; this one has so many rows.

        Only that is taken from the link: its host is what a proxy makes the tracker believe, and the token must not
        go there.
        """


def asked_by(link: str) -> dict[str, Any]:
    """Return what a link asks for."""
    return dict(parse_qs(urlsplit(link).query))


def each_once(walk: Callable[[], Iterator[Issue]]) -> Iterator[Issue]:
    """Yield the issues of a walk from the last seen to the first, with those that move while it goes on."""
    found: set[str] = set()
    newest = None
    for issue in walk():
        newest = newest or issue.last_seen
        if issue.id not in found:
            found.add(issue.id)
            yield issue
    if newest is None or len(found) <= PAGE:
        return
    # What got an event meanwhile went to the front, which the walk had left behind.
    for issue in walk():
        if issue.last_seen < newest:
            return
        if issue.id not in found:
            yield issue


def is_number(issue_id: str) -> bool:
    """Say whether this can be the ID of an issue."""
    return issue_id.isascii() and issue_id.isdecimal() and len(issue_id) <= _DIGITS


def _rows(answer: Any) -> list[dict[str, Any]]:
    if not isinstance(answer, list):
        raise TypeError
    return answer
