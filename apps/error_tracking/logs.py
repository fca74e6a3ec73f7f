"""Log lines that carry the request ID, so that a line leads to its event and back."""

import logging

from pythonjsonlogger.json import JsonFormatter as BaseJsonFormatter

from . import context


class RequestIdFilter(logging.Filter):
    """Adds `request_id` and `user_id` to every record that passes a handler ("-" outside of a request)."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Annotate the record; always let it pass."""
        record.request_id = context.request_id.get() or "-"
        record.user_id = context.user_id.get() or "-"
        return True


class JsonFormatter(BaseJsonFormatter):
    """One JSON object per line: time, level, logger, message, request_id, user_id, and the record's extras."""

    def __init__(self) -> None:
        super().__init__(
            "{asctime}{levelname}{name}{message}{request_id}{user_id}",
            style="{",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
        )
