"""Log lines that carry the request ID, so that a line leads to its event and back, and no secret."""

import logging
from datetime import UTC, datetime
from typing import Any

from pythonjsonlogger.json import JsonFormatter as BaseJsonFormatter

from . import context
from .scrubbing import scrub_map, scrub_string


class RequestIdFilter(logging.Filter):
    """Adds `request_id`, `trace_id` and `user_id` to every record that passes a handler ("-" where there is none).

    In a view also `route`; in a Celery task `task`, its name; what Celery adds of a task's arguments is taken away.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Annotate the record; always let it pass."""
        record.request_id = context.request_id.get() or "-"
        record.trace_id = context.trace_id.get() or "-"
        record.user_id = context.user_id.get() or "-"
        if route := context.route.get():
            record.route = route
        if task := context.task_name.get():
            record.task = task
        if record.name.startswith("celery."):
            vars(record).pop("data", None)
        return True


class TextFormatter(logging.Formatter):
    """Lines for people, scrubbed like events: messages and tracebacks hold data."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, with its traceback."""
        return scrub_string(super().format(record))


class JsonFormatter(BaseJsonFormatter):
    """One JSON object per line, scrubbed like events.

    time, level, logger, message, request_id, trace_id, user_id, the traceback, and the record's extras.
    """

    def __init__(self) -> None:
        super().__init__(
            "{asctime}{levelname}{name}{message}{request_id}{trace_id}{user_id}",
            style="{",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
        )

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """Return the time in UTC, as ISO 8601."""
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """Return the line's fields, scrubbed."""
        return scrub_map(super().process_log_record(log_data))
