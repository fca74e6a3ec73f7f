"""Events as the trackers give them back, read into Event: whatever is missing or odd is left out, never an error.

https://develop.sentry.dev/sdk/foundations/transport/event-payloads/
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from .base import Crumb, Event, Frame, Raised


def moment(value: Any) -> datetime | None:
    """Return an aware moment from ISO 8601 (UTC where it names no zone) or from seconds since 1970, or None."""
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
        read = datetime.fromisoformat(str(value))
    except (ValueError, OverflowError, OSError):
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def event(data: Mapping[str, Any], *, issue_id: str, url: str, taken_in: datetime) -> Event:
    """Return the Event of a payload in the form in which SDKs send it."""
    tags = tags_of(data.get("tags"))
    user = data.get("user")
    return Event(
        event_id=str(data.get("event_id") or "").replace("-", ""),
        issue_id=issue_id,
        url=url,
        moment=moment(data.get("timestamp")) or taken_in,
        level=str(data.get("level") or tags.get("level") or "error"),
        message=_message(data),
        environment=str(data.get("environment") or tags.get("environment") or ""),
        release=str(data.get("release") or tags.get("release") or ""),
        user_id=str((user.get("id") if isinstance(user, Mapping) else None) or tags.get("user.id") or ""),
        tags=tags,
        raised=tuple(_raised(data.get("exception"))),
        crumbs=tuple(_crumbs(data.get("breadcrumbs"))),
        data=data,
    )


def tags_of(tags: Any) -> dict[str, str]:
    """Return tags from any of the forms they come in: a map, pairs, or maps of key and value."""
    if isinstance(tags, Mapping):
        return {str(key): str(value) for key, value in tags.items()}
    found: dict[str, str] = {}
    for tag in tags if isinstance(tags, list) else ():
        if isinstance(tag, Mapping):
            found[str(tag.get("key"))] = str(tag.get("value"))
        elif isinstance(tag, list) and len(tag) == 2:
            found[str(tag[0])] = str(tag[1])
    return found


def without_type(name: str, context: Any) -> Any:
    """Return a context without the type that a tracker adds, which is its name."""
    if not isinstance(context, Mapping) or context.get("type") != name:
        return context
    return {key: value for key, value in context.items() if key != "type"}


def query_string(query: Any) -> Any:
    """Return a query that a tracker took apart into pairs as it was; anything else as it is."""
    if not isinstance(query, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in query):
        return query
    return "&".join(f"{key}={value}" for key, value in query)


def _message(data: Mapping[str, Any]) -> str:
    entry = data.get("logentry")
    if isinstance(entry, Mapping):
        return str(entry.get("formatted") or entry.get("message") or "")
    message = data.get("message")
    return message if isinstance(message, str) else ""


def maps(values: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the maps of a list, or of the list that stands under `values`; nothing else."""
    if isinstance(values, Mapping):
        values = values.get("values")
    yield from (value for value in values or () if isinstance(value, Mapping)) if isinstance(values, list) else ()


def _raised(exception: Any) -> Iterator[Raised]:
    for value in maps(exception):
        stack = value.get("stacktrace")
        frames = maps(stack.get("frames")) if isinstance(stack, Mapping) else ()
        yield Raised(str(value.get("type") or ""), str(value.get("value") or ""), tuple(map(_frame, frames)))


def _frame(frame: Mapping[str, Any]) -> Frame:
    line = frame.get("lineno", frame.get("lineNo"))
    return Frame(
        str(frame.get("module") or ""),
        str(frame.get("function") or ""),
        str(frame.get("filename") or frame.get("abs_path") or frame.get("absPath") or ""),
        line if isinstance(line, int) else None,
        bool(frame.get("in_app", frame.get("inApp"))),
        tuple(_source(frame, line)),
    )


def _source(frame: Mapping[str, Any], line: Any) -> Iterator[tuple[int, str]]:
    if isinstance(frame.get("context"), list):
        pairs = (pair for pair in frame["context"] if isinstance(pair, list) and len(pair) == 2)
        yield from ((number, str(text)) for number, text in pairs if isinstance(number, int))
    elif isinstance(line, int) and isinstance(frame.get("context_line"), str):
        before, after = _lines(frame.get("pre_context")), _lines(frame.get("post_context"))
        yield from enumerate(map(str, [*before, frame["context_line"], *after]), line - len(before))


def _lines(lines: Any) -> list[Any]:
    return lines if isinstance(lines, list) else []


def _crumbs(breadcrumbs: Any) -> Iterator[Crumb]:
    for crumb in maps(breadcrumbs):
        data = crumb.get("data")
        yield Crumb(
            moment(crumb.get("timestamp")),
            str(crumb.get("category") or ""),
            str(crumb.get("level") or "info"),
            str(crumb.get("message") or ""),
            data if isinstance(data, Mapping) else {},
        )
