"""JSON to somebody's webhook: bounded in time, no redirects, and no word of the address in an error."""

from typing import Any
from urllib.parse import urlsplit

import httpx

from apps.triage.plain import one_line

from .errors import Undelivered

TIMEOUT = 10.0  # seconds
_MOST_PATIENCE = 3600.0  # seconds
_MOST_SAID = 200  # characters of an answer
_MOST_READ = 1024  # bytes of it: so that no part of a secret stands at the end of what is said


def post(what: str, url: str, body: dict[str, Any], secret: str) -> None:
    """Post; `what` is the receiver's kind for people, `secret` what must not be repeated. Raises Undelivered."""
    try:
        with httpx.Client(timeout=TIMEOUT) as client, client.stream("POST", url, json=body) as answer:
            if answer.is_success:
                return
            said = _said(answer, secret)
            status, patience = answer.status_code, _patience(answer.headers.get("Retry-After", ""))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        # Not its words: they can hold the address, which is a secret with Slack.
        unsure = not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.InvalidURL)
        raise Undelivered(f"{what} cannot be reached ({type(error).__name__})", unsure=unsure) from None
    raise Undelivered(f"{what} answered {status}{said}", patience=patience)


def _said(answer: httpx.Response, secret: str) -> str:
    part = next(answer.iter_bytes(_MOST_READ), b"").decode("utf-8", "replace")
    said = one_line(_without(part, secret))[:_MOST_SAID].strip()
    return f": {said}" if said else ""


def _without(text: str, secret: str) -> str:
    # Servers repeat the path of an address, and the last of its parts, without the rest.
    path = urlsplit(secret).path.strip("/")
    for part in (secret, path, path.rpartition("/")[2]):
        text = text.replace(part, "[secret]") if part else text
    return text


def _patience(retry_after: str) -> float:
    return min(float(retry_after), _MOST_PATIENCE) if retry_after.isascii() and retry_after.isdecimal() else 0.0
