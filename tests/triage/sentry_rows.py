"""The Sentry double's answers (https://docs.sentry.io/api/): the fields that are documented and some around them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from tests.triage.sentry_store import Store, StoredEvent, StoredIssue, StoredRelease


def iso(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if moment else None


def title(event: StoredEvent) -> str:
    if event.raised:
        last = event.raised[-1]
        return f"{last['type']}: {last['value']}" if last.get("value") else str(last["type"])
    entry = event.payload.get("logentry") or {}
    return str(entry.get("formatted") or entry.get("message") or event.payload.get("message") or "<unlabeled event>")


def metadata(event: StoredEvent) -> dict[str, Any]:
    if not event.raised:
        return {"title": title(event)}
    return {"type": event.raised[-1]["type"], "value": event.raised[-1].get("value", "")}


def seen(events: list[StoredEvent]) -> dict[str, Any]:
    """Return what was counted."""
    moments = [event.moment for event in events]
    return {
        "count": str(len(events)),
        "userCount": len({event.tags["user"] for event in events if "user" in event.tags}),
        "firstSeen": iso(min(moments)) if moments else None,
        "lastSeen": iso(max(moments)) if moments else None,
    }


def issue(store: Store, kept: StoredIssue) -> dict[str, Any]:
    """Return an issue as its own URL has it."""
    latest = kept.latest
    return {
        "id": kept.id,
        "shortId": kept.short_id,
        "title": title(latest),
        "culprit": latest.payload.get("transaction") or "",
        "permalink": f"https://sentry.invalid/organizations/acme/issues/{kept.id}/",
        "level": latest.tags["level"],
        "status": kept.status,
        "statusDetails": {**kept.resolution, **kept.snooze},
        "substatus": kept.substatus,
        "priority": kept.priority,
        "platform": "python",
        "project": {"id": kept.project, "slug": store.projects[kept.project], "name": store.projects[kept.project]},
        "type": "error" if latest.raised else "default",
        "metadata": metadata(latest),
        "numComments": len(kept.comments),
        "assignedTo": kept.assigned,
        "isUnhandled": False,
        **seen(kept.events),
    }


def listed_issue(store: Store, kept: StoredIssue, since: datetime, matching: list[StoredEvent]) -> dict[str, Any]:
    """Return an issue of a list: its own figures are those of the period, the whole ones are in `lifetime`."""
    row = issue(store, kept)
    lifetime = {**seen(kept.events), "stats": None}
    within = seen([event for event in kept.events if event.moment >= since])
    return {**row, **within, "firstSeen": row["firstSeen"], "lifetime": lifetime, "filtered": seen(matching)}


def stats(store: Store, kept: StoredIssue) -> dict[str, Any]:
    """Return an issue's events by hour, and nothing of the issue itself."""
    now = store.now().replace(minute=0, second=0, microsecond=0)
    hours = [now - timedelta(hours=back) for back in reversed(range(24))]
    counted = [
        [int(hour.timestamp()), sum(hour <= event.moment < hour + timedelta(hours=1) for event in kept.events)]
        for hour in hours
    ]
    return {"id": kept.id, **seen(kept.events), "stats": {"24h": counted}, "lifetime": None, "filtered": None}


def event(kept: StoredIssue, found: StoredEvent) -> dict[str, Any]:
    """Return an event of a list."""
    user = found.payload.get("user")
    return {
        "id": found.id,
        "event.type": "error",
        "groupID": kept.id,
        "eventID": found.id,
        "projectID": found.project,
        "message": "" if found.raised else title(found),
        "title": title(found),
        "culprit": found.payload.get("transaction"),
        "user": {"id": None, "email": None, "username": None, "ip_address": None, **user} if user else None,
        "tags": [{"key": key, "value": value} for key, value in sorted(found.tags.items())],
        "platform": "python",
        "dateCreated": iso(found.moment),
        "crashFile": None,
        "metadata": metadata(found),
    }


def whole_event(kept: StoredIssue, found: StoredEvent) -> dict[str, Any]:
    """Return an event with all that it holds, its interfaces as entries."""
    payload = found.payload
    return {
        **event(kept, found),
        "dateReceived": iso(found.moment),
        "entries": list(_entries(found)),
        "contexts": payload.get("contexts") or {},
        "context": payload.get("extra") or {},
        "sdk": payload.get("sdk"),
        "release": {"version": payload["release"]} if payload.get("release") else None,
        "errors": [],
    }


def release(store: Store, kept: StoredRelease) -> dict[str, Any]:
    """Return a release, with the new issues of each of its projects."""
    return {
        "version": kept.version,
        "shortVersion": kept.version.rpartition("@")[2],
        "dateCreated": iso(kept.created),
        "dateReleased": iso(kept.released),
        "commitCount": len({commit["id"] for commit in kept.commits}),
        "deployCount": len(kept.deploys),
        "lastDeploy": kept.deploys[-1] if kept.deploys else None,
        "newGroups": 0,
        "authors": [],
        "projects": [
            {"id": int(project), "slug": store.projects[project], "newGroups": _new(store, kept, project)}
            for project in sorted(kept.projects)
        ],
    }


def _new(store: Store, kept: StoredRelease, project: str) -> int:
    mine = (found for found in store.issues.values() if found.project == project)
    return sum(min(found.events, key=lambda one: one.moment).tags.get("release") == kept.version for found in mine)


def tag_values(kept: StoredIssue, key: str) -> list[dict[str, Any]]:
    """Return the values of a tag, the most frequent one first."""
    values = [event.tags[key] for event in kept.events if key in event.tags]
    counted = sorted(set(values), key=lambda value: (-values.count(value), value))
    return [{"key": key, "name": value, "value": value, "count": values.count(value)} for value in counted]


def _entries(found: StoredEvent) -> Iterable[dict[str, Any]]:
    if found.raised:
        yield {"type": "exception", "data": {"values": [_raised(raised) for raised in found.raised]}}
    if entry := found.payload.get("logentry"):
        yield {"type": "message", "data": entry}
    if crumbs := found.payload.get("breadcrumbs"):
        yield {"type": "breadcrumbs", "data": crumbs}
    if request := found.payload.get("request"):
        yield {"type": "request", "data": request}


def _raised(raised: dict[str, Any]) -> dict[str, Any]:
    frames = (raised.get("stacktrace") or {}).get("frames") or []
    return {**raised, "stacktrace": {"frames": [_frame(frame) for frame in frames]}}


def _frame(frame: dict[str, Any]) -> dict[str, Any]:
    line, before = frame.get("lineno"), frame.get("pre_context") or []
    lines = [*before, frame.get("context_line"), *(frame.get("post_context") or [])]
    context = [[line - len(before) + number, text] for number, text in enumerate(lines) if text is not None]
    return {
        "filename": frame.get("filename"),
        "absPath": frame.get("abs_path"),
        "module": frame.get("module"),
        "function": frame.get("function"),
        "lineNo": line,
        "inApp": bool(frame.get("in_app")),
        "context": context,
        "vars": frame.get("vars"),
    }
