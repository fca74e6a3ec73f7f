"""gunicorn's two logs, as JSON: one object per line, with the request ID and without what must not be logged."""

import json
import logging
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from gunicorn.glogging import Logger

from .. import context
from ..logs import JsonFormatter
from ..scrubbing import mask_ip, scrub_string
from .hooks import WorkerTimeout

_QUERY = re.compile(r"\?\S+")
# "Invalid request from ip=<address>: <what is wrong>: <what the client sent>"
_INVALID = re.compile(r"\bip=(\S+): ([^:'\"]*).*", re.DOTALL)


class JsonLogger(Logger):
    """`logger_class` of gunicorn: access log to stdout, error log to stderr."""

    def setup(self, cfg: Any) -> None:
        """Configure both logs as gunicorn does, then let the error log speak JSON."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonFormatter())
            handler.addFilter(_clean)

    def access(self, resp: Any, req: Any, environ: Mapping[str, Any], request_time: timedelta) -> None:
        """Write the line of one answered request."""
        self.access_log.info("%s", json.dumps(access_line(resp, req, environ, request_time)))


def access_line(resp: Any, req: Any, environ: Mapping[str, Any], request_time: timedelta) -> dict[str, Any]:
    """Return what the access log says of a request. The query string stays out: it may hold secrets."""
    request_id, duration = _response_header(resp, "x-request-id"), request_time
    is_current = request_id is not None and request_id == context.request_id.get()
    trace_id, route = (context.trace_id.get(), context.route.get()) if is_current else (None, None)
    if isinstance(ending := sys.exception(), WorkerTimeout):  # answered by gunicorn, when all of that is forgotten
        request_id, trace_id, route = ending.request_id, ending.trace_id, ending.route
        duration = timedelta(seconds=ending.seconds)
    return {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "logger": "gunicorn.access",
        "request_id": request_id,
        "trace_id": trace_id,
        "method": environ.get("REQUEST_METHOD"),
        "route": route,
        "path": scrub_string(str(req.path)),
        "status": int(str(resp.status).split(None, 1)[0]),
        "bytes": resp.sent,
        "duration_ms": round(duration / timedelta(milliseconds=1), 1),
        "client": _client(environ),
        "user_id": context.user_id.get() if is_current else None,
        "user_agent": scrub_string(_decoded(environ.get("HTTP_USER_AGENT", ""))),
    }


def _response_header(resp: Any, name: str) -> str | None:
    return next((str(value) for key, value in resp.headers if key.lower() == name), None)


def _decoded(text: str) -> str:
    # https://peps.python.org/pep-3333/#unicode-issues : bytes come as latin-1
    return text.encode("latin-1", "replace").decode("utf-8", "replace")


def _client(environ: Mapping[str, Any]) -> str | None:
    # The middleware knows the address behind our proxies; a request that never reached it has only gunicorn's.
    address = environ.get("REMOTE_ADDR")
    return context.masked_ip.get() or (mask_ip(address) if address else None)


def _clean(record: logging.LogRecord) -> bool:
    # gunicorn writes whole URLs and addresses into its messages.
    text = _QUERY.sub("?[REDACTED]", record.getMessage())
    record.msg = _INVALID.sub(lambda match: f"ip={mask_ip(match[1])}: {match[2].strip()}", text)
    record.args = None
    # gunicorn writes of a request after it was forgotten.
    ending = record.exc_info[1] if record.exc_info else None
    if isinstance(ending, SystemExit) and not ending.code:
        # The worker was told to stop at once (Ctrl-C); gunicorn calls the request that this cut short an error.
        record.levelno, record.levelname, record.exc_info = logging.INFO, "INFO", None
    record.request_id = ending.request_id if isinstance(ending, WorkerTimeout) else "-"
    record.trace_id = record.user_id = "-"
    return True
