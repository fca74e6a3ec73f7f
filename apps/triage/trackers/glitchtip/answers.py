"""GlitchTip's answers, read. The same thing is camelCase in one place and snake_case in another."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from .. import payload
from ..base import AlertRule, Comment, Event, Issue, Member, Release
from .stored import as_sent

Row = Mapping[str, Any]


class Reader:
    """`pages` is the URL below which an organisation's issues have their pages: permalink names one that is none."""

    def __init__(self, url: str, org: str) -> None:
        self._pages = f"{url}/{quote(org, safe='')}/issues"

    def issue(self, row: Row) -> Issue:
        """Return an issue of a list.

        Its level is left out: GlitchTip keeps that of the first event. Its culprit is always empty there.
        """
        return Issue(
            id=row["id"],
            short_id=row["shortId"],
            title=row["title"],
            type=row["metadata"].get("type", ""),
            culprit=row["culprit"],
            level="",
            status=row["status"],
            events=int(row["count"]),
            users=None,
            first_seen=datetime.fromisoformat(row["firstSeen"]),
            last_seen=datetime.fromisoformat(row["lastSeen"]),
            url=f"{self._pages}/{row['id']}",
            comments=row["numComments"],
        )

    def listed(self, row: Row) -> Event:
        """Return an event of a list, which does not say its level."""
        data = payload.from_entries(
            {**row, "dateCreated": _either(row, "dateCreated", "date_created"), "message": None}
        )
        return replace(self._event(data, row), level="")

    def whole(self, row: Row, raw: Row) -> Event:
        """Return an event from its two forms: `raw` lacks the message, `row` the level and more."""
        message = next((entry["data"] for entry in row["entries"] if entry["type"] == "message"), None)
        data = {**as_sent(raw), "user": row["user"], "extra": row["context"], "logentry": message}
        return self._event({key: value for key, value in data.items() if value is not None}, row)

    def _event(self, data: Row, row: Row) -> Event:
        issue = group(row)
        url = f"{self._pages}/{issue}/events/{row['id']}"
        return payload.event(data, issue_id=issue, url=url, taken_in=taken_in(row))


def group(row: Row) -> str:
    """Return the ID of an event's issue."""
    return str(_either(row, "groupID", "group_id"))


def project(row: Row) -> str:
    """Return the number of an event's project."""
    return str(_either(row, "projectID", "project_id"))


def json_path(row: Row) -> str:
    """Return the path of an event's other form, below that of the organisation."""
    return f"issues/{group(row)}/events/{row['id']}/json/"


def taken_in(row: Row) -> datetime:
    """Return when GlitchTip received an event."""
    return datetime.fromisoformat(_either(row, "dateReceived", "date_received"))


def trend(row: Row, hours: Sequence[int]) -> tuple[int, ...]:
    """Return an issue's events in each of the hours, which are named by their first second since 1970."""
    counted = dict(row["stats"]["24h"])
    return tuple(counted.get(hour, 0) for hour in hours)


def comment(row: Row) -> Comment:
    """Return a comment; its author may have left GlitchTip."""
    author = row["user"]["email"] if row["user"] else ""
    return Comment(author, row["data"]["text"], datetime.fromisoformat(row["dateCreated"]))


def release(row: Row) -> Release:
    """Return a release."""
    return Release(
        version=row["version"],
        created=datetime.fromisoformat(row["dateCreated"]),
        finalized=payload.moment(row["dateReleased"]),
    )


def member(row: Row) -> Member:
    """Return a member of the detail, which names the teams; who was only invited is no user yet."""
    user = row["user"] or {}
    return Member(
        id=row["id"],
        email=row["email"],
        name=user.get("name", ""),
        role=row["role"],
        teams=tuple(row["teams"]),
        pending=row["pending"],
        last_login=payload.moment(user.get("lastLogin")),
        joined=datetime.fromisoformat(row["dateCreated"]),
    )


def alert_rule(row: Row) -> AlertRule:
    """Return an alert rule; without a name, and without a count where it is about uptime only."""
    recipients = [{"recipientType": one["recipientType"], "url": one["url"] or ""} for one in row["alertRecipients"]]
    spec = {name: row[name] for name in ("timespanMinutes", "quantity", "uptime")}
    spec["alertRecipients"] = sorted(recipients, key=lambda one: (one["recipientType"], one["url"]))
    return AlertRule(id=str(row["id"]), name=row["name"] or "", spec=spec)


def _either(row: Row, camel: str, snake: str) -> Any:
    return row[camel] if camel in row else row[snake]
