"""The client with which trackers are asked: bounded in time, patient with 429 and 5xx, plain about what failed."""

import weakref
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Any

import httpx
from httpx_retries import Retry, RetryTransport

from . import bounds
from .base import NotFound, NotJson, Refused, TrackerError

TIMEOUT = 10.0  # seconds for one request
# A tracker may ask for patience, but not for more than a person at a terminal has.
_AGAIN = Retry(
    total=4, backoff_factor=0.5, max_backoff_wait=20, total_timeout=40, status_forcelist=[429, 500, 502, 503, 504]
)
# What was perhaps done already is not done twice: only when the tracker says that it was not.
_AGAIN_POST = _AGAIN.copy_with(
    allowed_methods=["POST"], status_forcelist=[429], retry_on_exceptions=[httpx.ConnectError]
)


class Api:
    """JSON over HTTP below `base` with a bearer token; `what` is the tracker's name for messages."""

    def __init__(self, what: str, base: str, token: str, headers: Mapping[str, str] | None = None) -> None:
        self.what, self.base, self._token = what, base, token
        self._client = httpx.Client(
            base_url=base,
            headers={
                "Authorization": f"Bearer {token}",
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
                **(headers or {}),
            },
            timeout=TIMEOUT,
            transport=RetryTransport(bounds.transport(), retry=_AGAIN),
        )
        # Nobody has to remember to close a tracker: its connections go with it.
        weakref.finalize(self, self._client.close)

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> Any:
        """Return the JSON at a path, or at a link that the tracker gave. Raises NotFound, TrackerError."""
        return self.ask("GET", path, query=query)[0]

    def ask(
        self, method: str, path: str, *, query: Mapping[str, Any] | None = None, body: Any = None
    ) -> tuple[Any, httpx.Response]:
        """Return the answer's JSON (None when it has no content) and the answer. Raises NotFound, TrackerError."""
        request = self._client.build_request(method, self._here(path), params=query or None, json=body)
        if method == "POST":
            request.extensions["retry"] = _AGAIN_POST
        try:
            with closing(self._client.send(request, stream=True)) as answer:
                response = bounds.read(answer)
        except bounds.Endless as error:
            raise TrackerError(f"{_plain(request.url)} {error}") from error
        except httpx.HTTPError as error:
            raise TrackerError(f"{_plain(request.url)} cannot be reached ({type(error).__name__}).") from error
        self._refuse_errors(response)
        return self._json(response), response

    def _here(self, path: str) -> httpx.URL:
        # A link to another host, or to http behind a proxy, must not get the token: only its path is followed.
        try:
            url = httpx.URL(path)
        except httpx.InvalidURL as error:
            raise TrackerError(f"{self.base} gave a link that is none; is it {self.what}?") from error
        return httpx.URL(self.base).copy_with(raw_path=url.raw_path) if url.is_absolute_url else url

    def _refuse_errors(self, response: httpx.Response) -> None:
        if response.is_success:
            return
        where, status = f"{response.request.method} {_plain(response.url)}", response.status_code
        if status == 404:
            raise NotFound(f"{where} answered 404: there is no such thing, or the token may not see it.")
        hint = (
            " Check TRACKER_TOKEN: the tracker does not know it, it has expired, or it lacks a permission."
            if status in (401, 403)
            else ""
        )
        kind = Refused if status == 400 else TrackerError
        raise kind(f"{where} answered {status}.{hint}{self._reason(response)}")

    def _reason(self, response: httpx.Response) -> str:
        """Return what the tracker says about it, on one line and short; nothing when that is no JSON."""
        if "json" not in _content_type(response):
            return ""
        said = " ".join(response.text.split())
        # A server that repeats what it was sent would put the token on the screen.
        return f" It says: {said.replace(self._token, '[token]')[:200]}"

    def _json(self, response: httpx.Response) -> Any:
        if response.status_code == 204 or not response.content:
            return None
        # Some answer 200 with a page of HTML for a path that they do not know.
        if "json" in _content_type(response):
            try:
                said = response.json()
            except (ValueError, RecursionError):
                pass  # said below
            else:
                if not bounds.too_deep(said):
                    return said
        raise NotJson(f"{_plain(response.url)} did not answer JSON; is {self.base} {self.what}?")


class Understanding:
    """How one tracker's answers are read; `what` is its name for messages."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __call__[Answer, Read](self, read: Callable[[Answer], Read], answer: Answer) -> Read:
        """Return what `read` makes of an answer. Raises TrackerError where that is not of the expected form."""
        try:
            return read(answer)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise TrackerError(
                f"This is not what {self._what} answers ({type(error).__name__}); is it another version?"
            ) from error


def _content_type(response: httpx.Response) -> str:
    """Return the type in small letters; what has none is tried as JSON."""
    return str(response.headers.get("content-type", "json")).lower()


def _plain(url: httpx.URL) -> str:
    """Return a URL without its query, which may hold what a person searched for."""
    return str(url.copy_with(query=None))
