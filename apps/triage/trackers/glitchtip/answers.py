"""GlitchTip's answers, read. The same thing is camelCase in one place and snake_case in another."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from .. import entries, fields, payload
from ..base import AlertRule, Comment, Event, Issue, Member, Release
from ..fields import Row
from .stored import as_sent


class Reader:
    """`pages` is the URL below which an organisation's issues have their pages: permalink names one that is none."""

    def __init__(self, url: str, org: str) -> None:
        self._pages = f"{url}/{quote(org, safe='')}/issues"

    def issue(self, row: Row) -> Issue:
        """Return an issue of a list.

        Its level is left out: GlitchTip keeps that of the first event. Its culprit is always empty there.
        """
        return Issue(
            id=str(row["id"]),
            short_id=row["shortId"],
            title=fields.text(row, "title"),
            type=fields.text(fields.inner(row, "metadata"), "type"),
            culprit=fields.text(row, "culprit"),
            level="",
            status=row["status"],
            events=int(row["count"]),
            users=None,
            first_seen=fields.moment(row, "firstSeen"),
            last_seen=fields.moment(row, "lastSeen"),
            url=f"{self._pages}/{row['id']}",
            comments=fields.number(row, "numComments"),
        )

    def listed(self, row: Row) -> Event:
        """Return an event of a list, which does not say its level."""
        return replace(self._event(_from_entries(row), row), level="")

    def whole(self, row: Row, raw: Row | None) -> Event:
        """Return an event from its two forms: `raw` lacks the message, `row` the level and more.

        `raw` is None where this GlitchTip has no such form.
        """
        if raw is None:
            return self._event(_from_entries(row), row)
        message = next((entry["data"] for entry in row["entries"] if entry["type"] == "message"), None)
        data = {**as_sent(raw), "user": row.get("user"), "extra": row.get("context"), "logentry": message}
        return self._event({key: value for key, value in data.items() if value is not None}, row)

    def _event(self, data: Row, row: Row) -> Event:
        issue = group(row)
        url = f"{self._pages}/{issue}/events/{event_id(row)}"
        return payload.event(data, issue_id=issue, url=url, taken_in=taken_in(row))


def group(row: Row) -> str:
    """Return the ID of an event's issue."""
    return str(fields.first(row, "groupID", "group_id"))


def event_id(row: Row) -> str:
    """Return an event's ID."""
    return str(fields.first(row, "id", "eventID"))


def project(row: Row) -> str:
    """Return the number of an event's project, empty where it is not said."""
    return fields.text(row, "projectID") or fields.text(row, "project_id")


def json_path(row: Row) -> str:
    """Return the path of an event's other form, below that of the organisation."""
    return f"issues/{group(row)}/events/{event_id(row)}/json/"


def taken_in(row: Row) -> datetime:
    """Return when GlitchTip received an event; when it happened where that is not said."""
    return fields.moment(row, "dateReceived", "date_received", "dateCreated", "date_created")


def different(tags: Any) -> int:
    """Return how many different user.id the tags of an issue have, whether or not there are others among them."""
    rows = tags if isinstance(tags, list) else [tags]
    return sum(int(row["uniqueValues"]) for row in rows if row.get("key", "user.id") == "user.id")


def trend(row: Row, hours: Sequence[int]) -> tuple[int, ...]:
    """Return an issue's events in each of the hours, which are named by their first second since 1970."""
    counted = {int(hour): int(count) for hour, count in row["stats"]["24h"]}
    return tuple(counted.get(hour, 0) for hour in hours)


def comment(row: Row) -> Comment:
    """Return a comment; its author may have left GlitchTip."""
    author = fields.text(fields.inner(row, "user"), "email")
    return Comment(author, row["data"]["text"], fields.moment(row, "dateCreated"))


def release(row: Row) -> Release:
    """Return a release."""
    return Release(
        version=row["version"],
        created=fields.moment(row, "dateCreated"),
        finalized=payload.moment(row.get("dateReleased")),
    )


def member(row: Row) -> Member:
    """Return a member of the detail, which names the teams; who was only invited is no user yet."""
    user = fields.inner(row, "user")
    return Member(
        id=str(row["id"]),
        email=fields.text(row, "email") or fields.text(user, "email"),
        name=fields.text(user, "name"),
        role=row["role"],
        teams=tuple(row.get("teams") or ()),
        pending=bool(row.get("pending")),
        last_login=payload.moment(user.get("lastLogin")),
        joined=payload.moment(row.get("dateCreated")),
    )


def alert_rule(row: Row) -> AlertRule:
    """Return an alert rule; without a name, and without a count where it is about uptime only."""
    told = row.get("alertRecipients") or []
    recipients = [{"recipientType": one["recipientType"], "url": fields.text(one, "url")} for one in told]
    spec = {**{name: row[name] for name in ("timespanMinutes", "quantity")}, "uptime": bool(row.get("uptime"))}
    spec["alertRecipients"] = sorted(recipients, key=lambda one: (one["recipientType"], one["url"]))
    return AlertRule(id=str(row["id"]), name=fields.text(row, "name"), spec=spec)


def _from_entries(row: Row) -> dict[str, Any]:
    created = row.get("dateCreated") or row.get("date_created")
    return entries.as_sent({**row, "dateCreated": created, "message": None})
