"""JSON to somebody's webhook: bounded in time, no redirects, and no word of the address in an error."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import httpx

from apps.triage.plain import one_line

from .errors import Undelivered
from .line import Line, bounded

TIMEOUT = 10.0  # seconds, for each piece of an answer
_MOST_PATIENCE = 3600.0  # seconds
_MOST_SAID = 200  # characters of an answer
_MOST_READ = 1024  # bytes of it: so that no part of a secret stands at the end of what is said


def post(what: str, url: str, body: dict[str, Any], secret: str) -> None:
    """Post; `what` is the receiver's kind for people, `secret` what must not be repeated. Raises Undelivered."""
    with bounded() as line:
        try:
            with _answer(url, body, line) as answer:
                if answer.is_success:
                    return
                said = _said(answer, secret)
                status, patience = answer.status_code, _patience(answer.headers.get("Retry-After", ""))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _unreached(what, error, line) from None
    raise Undelivered(f"{what} answered {status}{said}", patience=patience)


@contextmanager
def _answer(url: str, body: dict[str, Any], line: Line) -> Iterator[httpx.Response]:
    def trace(event: str, info: dict[str, Any]) -> None:
        # https://www.encode.io/httpcore/extensions/#trace : a connection, and the same when it is encrypted.
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            line.find = partial(info["return_value"].get_extra_info, "socket")

    way = {"trace": trace}
    with (
        httpx.Client(timeout=TIMEOUT, headers={"Accept-Encoding": "identity"}) as client,
        client.stream("POST", url, json=body, extensions=way) as answer,
    ):
        yield answer


def _unreached(what: str, error: Exception, line: Line) -> Undelivered:
    # Not its words: they can hold the address, which is a secret with Slack.
    if line.was_cut:
        return Undelivered(f"{what} {line.why}", unsure=True)
    unsure = not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.InvalidURL)
    return Undelivered(f"{what} cannot be reached ({type(error).__name__})", unsure=unsure)


def _said(answer: httpx.Response, secret: str) -> str:
    part = b""
    with suppress(httpx.HTTPError):  # the status is known, and says that it was not taken
        part = next(answer.iter_raw(_MOST_READ), b"")
    said = one_line(_without(part.decode("utf-8", "replace"), secret))[:_MOST_SAID].strip()
    return f": {said}" if said else ""


def _without(text: str, secret: str) -> str:
    # Servers repeat the path of an address, and the last of its parts, without the rest.
    path = urlsplit(secret).path.strip("/")
    for part in (secret, path, path.rpartition("/")[2]):
        text = text.replace(part, "[secret]") if part else text
    return text


def _patience(retry_after: str) -> float:
    return min(float(retry_after), _MOST_PATIENCE) if retry_after.isascii() and retry_after.isdecimal() else 0.0
