"""Log lines lead to their event and back."""

import json
import logging
from contextvars import Context

from apps.error_tracking import context
from apps.error_tracking.logs import JsonFormatter, RequestIdFilter


def line_of(**extra: object) -> dict[str, object]:
    record = logging.getLogger("tests").makeRecord(
        "tests", logging.INFO, "file.py", 1, "mailed %s", ("a\nb",), None, extra=extra
    )
    RequestIdFilter().filter(record)
    parsed: dict[str, object] = json.loads(JsonFormatter().format(record))
    return parsed


def test_a_line_is_one_json_object_with_the_request_the_trace_and_the_user() -> None:
    context.request_id.set("req-abc123")
    context.trace_id.set("0af7651916cd43dd8448eb211c80319c")
    context.route.set("/mail/{to}")
    context.user_id.set("user-1")

    line = line_of(rows=3)

    context.request_id.set(None)
    context.trace_id.set(None)
    context.route.set(None)
    context.user_id.set(None)
    assert line.pop("time")
    assert line == {
        "level": "INFO",
        "logger": "tests",
        "message": "mailed a\nb",
        "request_id": "req-abc123",
        "trace_id": "0af7651916cd43dd8448eb211c80319c",
        "user_id": "user-1",
        "route": "/mail/{to}",
        "rows": 3,
    }


def test_a_line_of_a_task_names_it_and_afterwards_none_does() -> None:
    with context.entered("req-abc123", "user-1", "tests.task"):
        line = line_of()

    assert (line["request_id"], line["user_id"], line["task"]) == ("req-abc123", "user-1", "tests.task")
    assert "task" not in line_of()


def test_outside_of_a_request_all_are_a_dash() -> None:
    line = Context().run(line_of)

    assert (line["request_id"], line["trace_id"], line["user_id"]) == ("-", "-", "-")
