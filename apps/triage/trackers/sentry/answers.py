"""Sentry's answers, read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, get_args
from urllib.parse import quote

from .. import payload
from ..base import Comment, Event, Issue, Member, Release, Status

Row = Mapping[str, Any]

_HOURS = 24
_PRIORITIES = {"high": "P1", "medium": "P2", "low": "P3"}


class Reader:
    """`url` and `org` are where the pages for people are."""

    def __init__(self, url: str, org: str) -> None:
        self._pages = f"{url}/organizations/{quote(org, safe='')}/issues"

    def issue(self, row: Row) -> Issue:
        """Return an issue.

        In an answer to a search count and moments are those of the period; the issue's own are in `lifetime`.
        userCount is for whoever has an ID or an address, so there are no more than that.
        """
        whole = row.get("lifetime") or row
        return Issue(
            id=str(row["id"]),
            short_id=row["shortId"],
            title=row["title"],
            type=row["metadata"].get("type") or "",
            culprit=row["culprit"] or "",
            level=row["level"],
            # An issue that is merged or moved just now has a status of its own.
            status=row["status"] if row["status"] in get_args(Status) else "unresolved",
            events=int(whole["count"]),
            users=None if whole["userCount"] else 0,
            most_users=int(whole["userCount"]),
            first_seen=datetime.fromisoformat(whole.get("firstSeen") or row["firstSeen"]),
            last_seen=datetime.fromisoformat(whole.get("lastSeen") or row["lastSeen"]),
            url=f"{self._pages}/{row['id']}/",
            assignee=assignee(row),
            priority=_PRIORITIES.get(row.get("priority") or ""),
            comments=row["numComments"],
        )

    def event(self, row: Row) -> Event:
        """Return an event: a whole one, or one of a list."""
        issue = str(row["groupID"])
        url = f"{self._pages}/{issue}/events/{row['eventID']}/"
        return payload.event(payload.from_entries(row), issue_id=issue, url=url, taken_in=happened(row))


def project(row: Row) -> str:
    """Return the number of an issue's project."""
    return str(row["project"]["id"])


def happened(row: Row) -> datetime:
    """Return an event's moment."""
    return datetime.fromisoformat(row["dateCreated"])


def assignee(row: Row) -> str | None:
    """Return the e-mail address of whoever an issue is assigned to, or #name of a team."""
    actor = row["assignedTo"]
    if actor is None:
        return None
    return f"#{actor['name']}" if actor["type"] == "team" else str(actor.get("email") or actor["name"])


def trend(row: Row) -> tuple[int, ...]:
    """Return an issue's events in each of the last hours."""
    counted = [int(count) for _, count in row["stats"]["24h"]][-_HOURS:]
    return (0,) * (_HOURS - len(counted)) + tuple(counted)


def comment(row: Row) -> Comment:
    """Return a comment; its author may have left."""
    user = row["user"] or {}
    author = user.get("email") or user.get("name") or ""
    return Comment(author, row["data"]["text"], datetime.fromisoformat(row["dateCreated"]))


def release(row: Row, project_id: str, deploys: tuple[str, ...]) -> Release:
    """Return a release, with the new issues of one project."""
    mine = (entry["newGroups"] for entry in row["projects"] if str(entry["id"]) == project_id)
    return Release(
        version=row["version"],
        created=datetime.fromisoformat(row["dateCreated"]),
        finalized=payload.moment(row["dateReleased"]),
        commits=row["commitCount"],
        deploys=deploys,
        new_issues=next(mine, None),
    )


def member(row: Row) -> Member:
    """Return a member of the detail, which names the teams; who was only invited is no user yet."""
    user = row["user"] or {}
    return Member(
        id=str(row["id"]),
        email=row["email"],
        name=row["name"] or "",
        role=row["orgRole"],
        teams=tuple(row["teams"]),
        pending=row["pending"],
        last_login=payload.moment(user.get("lastLogin")),
        two_factor=user.get("has2fa"),
        joined=datetime.fromisoformat(row["dateCreated"]),
    )
