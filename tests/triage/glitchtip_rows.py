"""GlitchTip's answers as it was seen to give them: camelCase in one place, snake_case in another."""

import re
from base64 import b64decode, b64encode
from collections import Counter
from datetime import UTC, datetime
from itertools import dropwhile
from operator import attrgetter, itemgetter
from typing import Any
from urllib.parse import parse_qsl, urlencode

from tests.triage.glitchtip_store import Store, StoredEvent, StoredIssue, StoredRelease

_NAMES = {"in_app": "inApp", "abs_path": "absPath", "lineno": "lineNo", "colno": "colNo"}


def issue_row(store: Store, issue: StoredIssue, *, changed: bool = False) -> dict[str, Any]:
    """Return an issue; a changed one has other names for some of it."""
    row = {
        "id": str(issue.id),
        "count": str(issue.count),
        "type": "error" if issue.metadata else "default",
        "level": issue.level,
        "status": issue.status,
        "project": {"id": str(issue.project), "slug": store.projects[issue.project]},
        "shortId": store.short_id(issue),
        "numComments": len(issue.comments),
        "stats": {"24h": []},
        "shareId": None,
        # A page that does not exist: the project stands where the organisation should.
        "permalink": f"http://tracker.invalid/{store.projects[issue.project]}/issues/{issue.id}",
        "statusDetails": {},
        "userCount": 0,
        "matchingEventId": None,
        "firstSeen": moment(issue.first_seen),
        "lastSeen": moment(issue.last_seen),
        "title": issue.title,
        "metadata": issue.metadata,
        "culprit": "",
    }
    if changed:
        for name in ("shareId", "statusDetails", "userCount", "matchingEventId"):
            row[re.sub(r"([A-Z])", lambda match: "_" + match[1].lower(), name)] = row.pop(name)
    return row


def event_row(event: StoredEvent, *, snake: bool = False) -> dict[str, Any]:
    """Return an event of a list or a detail: without its level."""
    names = ("event_id", "project_id", "group_id", "date_created", "date_received")
    camel = ("eventID", "projectID", "groupID", "dateCreated", "dateReceived")
    happened = datetime.fromtimestamp(_timestamp(event), UTC)
    values = (event.id, event.project, str(event.issue), moment(happened), moment(event.received))
    return {
        "platform": event.data.get("platform"),
        "id": event.id,
        **dict(zip(names if snake else camel, values, strict=True)),
        "culprit": event.data.get("transaction", ""),
        "type": "error" if event.data.get("exception") else "default",
        "message": event.title,
        "title": event.title,
        "tags": [{"key": key, "value": value} for key, value in event.tags.items()],
        "entries": list(_entries(event.data)),
        "contexts": event.data.get("contexts"),
        "context": event.data.get("extra"),
        "user": event.data.get("user"),
        "sdk": event.data.get("sdk"),
    }


def event_json(event: StoredEvent) -> dict[str, Any]:
    """Return an event in its other form: with its level, without its message, with what GlitchTip adds and changes."""
    kept = ("exception", "breadcrumbs", "request", "contexts", "extra", "sdk", "environment", "platform")
    user = {key: value for key, value in (event.data.get("user") or {}).items() if key in ("id", "email", "username")}
    return {key: _stored(key, event.data[key]) for key in kept if event.data.get(key)} | {
        "event_id": event.id,
        "timestamp": _timestamp(event),
        "datetime": moment(event.received),
        "hashes": ["0" * 32],
        "project": event.project,
        "level": event.data.get("level", "error"),
        "title": event.title,
        "transaction": event.data.get("transaction") or "",
        "modules": event.data.get("modules") or {},
        "tags": event.tags,
        "user": user,
    }


def _stored(key: str, value: Any) -> Any:
    if key == "contexts":
        return {name: {"type": name, **context} for name, context in value.items()}
    if key == "request" and "query_string" in value:
        pairs = parse_qsl(value["query_string"], keep_blank_values=True)
        return {**value, "query_string": [list(pair) for pair in pairs]}
    if key == "exception":
        return {"values": [_stored_value(raised) for raised in value["values"]]}
    return value


def _stored_value(raised: dict[str, Any]) -> dict[str, Any]:
    frames = (raised.get("stacktrace") or {}).get("frames") or []
    return {**raised, "stacktrace": {"frames": [_stored_frame(frame) for frame in frames]}}


def _stored_frame(frame: dict[str, Any]) -> dict[str, Any]:
    texts = {name: value if isinstance(value, dict) else str(value) for name, value in frame.get("vars", {}).items()}
    return {"abs_path": frame.get("filename"), **frame, **({"vars": texts} if texts else {})}


def tag_rows(issue: StoredIssue, key: str | None) -> list[dict[str, Any]]:
    """Return the tags of an issue, or one of them; nothing for a tag that it has not."""
    keys = {tag for tag, _ in issue.tags if key in (None, tag)}
    return [
        {
            "key": tag,
            "name": tag,
            "topValues": [{"key": tag, "value": v, "count": n} for (k, v), n in issue.tags.items() if k == tag],
            "uniqueValues": sum(k == tag for k, _ in issue.tags),
            "totalValues": sum(n for (k, _), n in issue.tags.items() if k == tag),
        }
        for tag in sorted(keys)
    ]


def release_row(release: StoredRelease) -> dict[str, Any]:
    """Return a release."""
    return {
        "ref": release.ref,
        "dateReleased": release.released,
        "version": release.version,
        "shortVersion": release.version,
        "dateCreated": moment(release.created),
        "deployCount": 0,
        "data": {},
    }


def comment_row(when: datetime, text: str) -> dict[str, Any]:
    """Return a comment, by the token's owner."""
    owner = {"id": "1", "email": "owner@example.com"}
    return {"data": {"text": text}, "type": "note", "dateCreated": moment(when), "user": owner, "id": 1}


def stats_row(issue: StoredIssue, since: float) -> dict[str, Any]:
    """Return an issue's hours that had events; userCount is the number of events."""
    hours = Counter({hour: count for hour, count in issue.hours.items() if hour >= since})
    stats = {"24h": [[hour, count] for hour, count in hours.items()], "14d": None}
    return {"id": str(issue.id), "count": str(issue.count), "userCount": issue.count, "stats": stats}


def page(found: list[Any], sort: str, limit: int, cursor: str) -> tuple[list[Any], str]:
    """Return a page, newest first, and its Link header: what moves ahead of a cursor's position is not seen again."""
    name = sort.lstrip("-")
    key: Any = int(name) if name.isdigit() else name
    at = attrgetter(name) if hasattr(found[0] if found else None, name) else itemgetter(key)
    found = sorted(found, key=at, reverse=sort.startswith("-"))
    if cursor:
        behind = b64decode(cursor).decode()
        found = list(dropwhile(lambda item: str(at(item)) >= behind, found))
    here = f"https://tracker.invalid/?{urlencode({'limit': limit})}"
    forth = f'<{here}>; rel="next"; results="false"'
    if len(found) > limit:
        token = b64encode(str(at(found[limit - 1])).encode()).decode()
        forth = f'<{here}&{urlencode({"cursor": token})}>; rel="next"; results="true"; cursor="{token}"'
    return found[:limit], str({f'<{here}>; rel="previous"; results="false", {forth}'})


def member(number: int, **changes: Any) -> dict[str, Any]:
    """Return a member as the API has it."""
    user = {"name": f"Person {number}", "lastLogin": "2026-11-20T08:00:00Z", "hasPasswordAuth": True}
    return {
        "id": str(number),
        "role": "member",
        "dateCreated": "2026-01-02T03:04:05Z",
        "email": f"person-{number}@example.com",
        "user": user,
        "pending": False,
        "teams": ["core"],
        **changes,
    }


def moment(value: datetime) -> str:
    """Return a moment as GlitchTip writes it: to the millisecond."""
    return value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03}Z"


def _timestamp(event: StoredEvent) -> float:
    given = event.data.get("timestamp") or event.received.timestamp()
    return datetime.fromisoformat(given).timestamp() if isinstance(given, str) else float(given)


def _entries(data: dict[str, Any]) -> Any:
    if raised := data.get("exception"):
        yield {"type": "exception", "data": {"values": [_value(value) for value in raised["values"]]}}
    for kind in ("breadcrumbs", "request"):
        if data.get(kind):
            yield {"type": kind, "data": data[kind]}
    if entry := data.get("logentry"):
        yield {"type": "message", "data": entry}
    elif message := data.get("message"):
        yield {"type": "message", "data": {"formatted": message}}


def _value(value: dict[str, Any]) -> dict[str, Any]:
    frames = (value.get("stacktrace") or {}).get("frames") or []
    renamed = [{_NAMES.get(key, key): content for key, content in frame.items()} for frame in frames]
    return {**value, "stacktrace": {"frames": renamed}}
