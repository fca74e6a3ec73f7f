"""Events as the web API of Sentry and GlitchTip has them, taken back into the form in which an SDK sent them.

There the interfaces stand in a list of entries, some things are named otherwise, and what is not there is null.
https://docs.sentry.io/api/events/retrieve-an-event-for-a-project/
"""

from collections.abc import Mapping
from typing import Any

from . import payload

_FRAME = {"lineNo": "lineno", "colNo": "colno", "inApp": "in_app", "absPath": "abs_path"}
_ADDED = frozenset({"hasSystemFrames", "excOmitted", "framesOmitted", "inferredContentType", "apiTarget"})
# What Sentry reads out of the user agent.
_ADDED_CONTEXTS = frozenset({"browser", "client_os", "device"})
_NOTHING: tuple[Any, ...] = (None, {}, [], "")


def as_sent(detail: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event of a list or a detail as an SDK sends it, without its level."""
    data = {
        "event_id": detail.get("eventID") or detail.get("id"),
        "timestamp": detail.get("dateCreated"),
        "tags": payload.tags_of(detail.get("tags")),
        "user": _told(detail.get("user")),
        "contexts": _contexts(detail.get("contexts")),
        "extra": detail.get("context"),
        "sdk": _told(detail.get("sdk")),
        "message": detail.get("message"),
        "release": _version(detail.get("release")),
    }
    for entry in payload.maps(detail.get("entries")):
        kind, content = entry.get("type"), entry.get("data")
        if kind in ("exception", "threads"):
            data[kind] = {"values": [_value(value) for value in payload.maps(content)]}
        elif kind == "breadcrumbs":
            data[kind] = {"values": [_told(crumb) for crumb in payload.maps(content)]}
        elif kind == "request":
            data[kind] = _request(content)
        elif kind == "spans":
            data[kind] = content
        elif kind == "message" and isinstance(content, Mapping):
            data["logentry"] = _told({"message": content.get("message"), "formatted": content.get("formatted")})
    return {key: value for key, value in data.items() if value not in _NOTHING}


def _told(value: Any) -> Any:
    """Return an object without what says nothing, and without what the tracker added."""
    if not isinstance(value, Mapping):
        return value
    return {key: inner for key, inner in value.items() if inner not in _NOTHING and key not in _ADDED}


def _contexts(contexts: Any) -> Any:
    if not isinstance(contexts, Mapping):
        return contexts
    kept = {name: _told(context) for name, context in contexts.items() if name not in _ADDED_CONTEXTS}
    return {name: payload.without_type(name, context) for name, context in kept.items()}


def _request(request: Any) -> Any:
    if not isinstance(request, Mapping):
        return request
    query = request.get("query", request.get("query_string"))
    return _told({**request, "query": None, "query_string": payload.query_string(query)})


def _value(value: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = _told({**value, "rawStacktrace": None, "threadId": None, "thread_id": value.get("threadId")})
    if isinstance(stack := told.get("stacktrace"), Mapping):
        told["stacktrace"] = {**_told(stack), "frames": [_frame(frame) for frame in payload.maps(stack.get("frames"))]}
    return told


def _frame(frame: Mapping[str, Any]) -> dict[str, Any]:
    told = {_FRAME.get(key, key): inner for key, inner in frame.items() if inner not in _NOTHING and key != "context"}
    if told.get("abs_path") == told.get("filename"):
        told.pop("abs_path", None)
    return told | _source(frame.get("context"), told.get("lineno"))


def _source(context: Any, line: Any) -> dict[str, Any]:
    """Return the lines before, at and after `line` of pairs (line number, text)."""
    pairs = [pair for pair in context if isinstance(pair, list) and len(pair) == 2] if isinstance(context, list) else []
    lines = [(number, str(text)) for number, text in pairs if isinstance(number, int) and isinstance(line, int)]
    source = {
        "pre_context": [text for number, text in lines if number < line],
        "context_line": next((text for number, text in lines if number == line), None),
        "post_context": [text for number, text in lines if number > line],
    }
    return _told(source) if source["context_line"] is not None else {}


def _version(release: Any) -> Any:
    return release.get("version") if isinstance(release, Mapping) else release
