"""Events to put into the double."""

import uuid
from typing import Any


def event(text: str = "broken", **changes: Any) -> dict[str, Any]:
    """Return an event with a message as an SDK sends it."""
    return {
        "event_id": uuid.uuid4().hex,
        "timestamp": "2026-11-24T09:00:00.123456Z",
        "level": "error",
        "logentry": {"message": text},
        "transaction": "/api/images",
        "release": "goimg-api@1.0.0",
        "environment": "production",
        "user": {"id": "user-1"},
        "tags": {"request_id": "req-number-1"},
        **changes,
    }


def raised(kind: str = "ValueError", text: str = "no such size", **changes: Any) -> dict[str, Any]:
    """Return an event with an exception."""
    frame = {
        "module": "apps.gallery", "function": "resize", "filename": "gallery.py", "abs_path": "/app/gallery.py",
        "lineno": 7, "in_app": True, "pre_context": ["def resize(size):"], "context_line": "    raise ValueError",
        "post_context": [""],
    }  # fmt: skip
    value = {"type": kind, "value": text, "stacktrace": {"frames": [frame]}}
    crumbs = [{"timestamp": 1795513464.5, "category": "query", "message": "SELECT"}]
    return event(logentry=None, exception={"values": [value]}, breadcrumbs={"values": crumbs}, **changes)
