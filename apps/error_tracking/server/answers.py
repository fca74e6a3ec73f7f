"""The answers that gunicorn gives itself, as problem details: no application was reached, or it was stopped.

https://www.rfc-editor.org/rfc/rfc9457
"""

import json
import sys
from typing import Any

from gunicorn import util

from .hooks import WorkerTimeout

_DETAILS = {
    414: "The request line is too long.",
    431: "The headers are too many or too large.",
    500: "Something went wrong on our side. Quote the request_id when you report it.",
}


def install() -> None:
    """Replace the HTML page of gunicorn, which has no setting for it and repeats what the client sent."""
    util.write_error = write_problem


def write_problem(sock: Any, status_int: int, reason: str, mesg: str) -> None:
    """Write a whole response to the socket, without waiting for a client that does not read."""
    body = json.dumps(_problem(status_int, reason)).encode()
    head = (
        f"HTTP/1.1 {status_int} {reason}\r\nConnection: close\r\n"
        f"Content-Type: application/problem+json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    util.write_nonblock(sock, head.encode("latin-1") + body)


def _problem(status: int, reason: str) -> dict[str, Any]:
    detail = _DETAILS.get(status, "The request is not valid HTTP.")
    problem: dict[str, Any] = {"type": "about:blank", "title": reason, "status": status, "detail": detail}
    # gunicorn answers from the handler of what went wrong.
    if isinstance(ending := sys.exception(), WorkerTimeout):
        problem |= {"request_id": ending.request_id, "traceId": ending.request_id}
        problem["event_id"] = getattr(ending, "event_id", None)
    return problem
