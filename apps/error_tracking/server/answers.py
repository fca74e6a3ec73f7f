"""The answers that gunicorn gives itself, as problem details: no application was reached, or it was stopped.

https://www.rfc-editor.org/rfc/rfc9457
"""

import json
import logging
import sys
from typing import Any

from gunicorn import util

from .. import context
from ..middleware import HEADER
from .hooks import WorkerTimeout

logger = logging.getLogger(__name__)

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
    problem = _problem(status_int, reason)
    body = json.dumps(problem).encode()
    head = (
        f"HTTP/1.1 {status_int} {reason}\r\nConnection: close\r\n{HEADER}: {problem['request_id']}\r\n"
        f"Content-Type: application/problem+json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    util.write_nonblock(sock, head.encode("latin-1") + body)


def _problem(status: int, reason: str) -> dict[str, Any]:
    detail = _DETAILS.get(status, "The request is not valid HTTP.")
    problem: dict[str, Any] = {"type": "about:blank", "title": reason, "status": status, "detail": detail}
    # gunicorn answers from the handler of what went wrong.
    ending = sys.exception()
    if isinstance(ending, WorkerTimeout):
        problem["event_id"] = getattr(ending, "event_id", None)
    request_id = getattr(ending, "request_id", None) or _new_request_id(status)
    return problem | {"request_id": request_id, "traceId": request_id}


def _new_request_id(status: int) -> str:
    """Make an ID for a request that never got one, and leave it in the log, where it can be found."""
    request_id = context.choose_request_id(None, trusted=False)
    token = context.request_id.set(request_id)
    logger.info("answered by gunicorn itself: %d", status)
    context.request_id.reset(token)
    return request_id
