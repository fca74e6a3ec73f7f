"""Sentry's answers, read."""

from collections.abc import Mapping
from datetime import datetime
from typing import get_args
from urllib.parse import quote

from .. import entries, fields, payload
from ..base import Comment, Event, Issue, Member, Release, Status
from ..fields import Row

_HOURS = 24
_NO_ID = ("email:", "ip:", "username:")
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
        whole = {**row, **{name: value for name, value in fields.inner(row, "lifetime").items() if value is not None}}
        users = fields.number(whole, "userCount")
        return Issue(
            id=str(row["id"]),
            short_id=row["shortId"],
            title=fields.text(row, "title"),
            type=fields.text(fields.inner(row, "metadata"), "type"),
            culprit=fields.text(row, "culprit"),
            level=fields.text(row, "level"),
            # An issue that is merged or moved just now has a status of its own.
            status=row["status"] if row["status"] in get_args(Status) else "unresolved",
            events=int(whole["count"]),
            users=0 if users == 0 else None,
            most_users=users,
            first_seen=fields.moment(whole, "firstSeen"),
            last_seen=fields.moment(whole, "lastSeen"),
            url=f"{self._pages}/{row['id']}/",
            assignee=assignee(row),
            priority=_PRIORITIES.get(row.get("priority") or ""),
            comments=fields.number(row, "numComments"),
        )

    def event(self, row: Row, issue_id: str = "") -> Event:
        """Return an event: a whole one, or one of a list, which need not say the issue whose list it is."""
        issue = fields.text(row, "groupID") or issue_id
        url = f"{self._pages}/{issue}/events/{fields.first(row, 'eventID', 'id')}/"
        return payload.event(entries.as_sent(row), issue_id=issue, url=url, taken_in=happened(row))


def project(row: Row) -> str:
    """Return the number of an issue's project."""
    return str(row["project"]["id"])


def happened(row: Row) -> datetime:
    """Return an event's moment."""
    return fields.moment(row, "dateCreated")


def assignee(row: Row) -> str | None:
    """Return the e-mail address of whoever an issue is assigned to, or #name of a team."""
    actor = row.get("assignedTo")
    if not isinstance(actor, Mapping):
        return str(actor) if actor else None
    return f"#{actor['name']}" if actor.get("type") == "team" else str(actor.get("email") or actor["name"])


def is_user_id(row: Row) -> bool:
    """Say whether a value of the tag `user` is an ID: one who has none is known by the address or a name."""
    return not str(row["value"]).startswith(_NO_ID)


def trend(row: Row) -> tuple[int, ...]:
    """Return an issue's events in each of the last hours."""
    counted = [int(count) for _, count in fields.inner(row, "stats").get("24h") or ()][-_HOURS:]
    return (0,) * (_HOURS - len(counted)) + tuple(counted)


def comment(row: Row) -> Comment:
    """Return a comment; its author may have left."""
    user = fields.inner(row, "user")
    author = fields.text(user, "email") or fields.text(user, "name")
    return Comment(author, row["data"]["text"], fields.moment(row, "dateCreated"))


def release(row: Row, project_id: str, deploys: tuple[str, ...]) -> Release:
    """Return a release, with the new issues of one project."""
    mine = (entry.get("newGroups") for entry in row.get("projects") or () if str(entry["id"]) == project_id)
    return Release(
        version=row["version"],
        created=fields.moment(row, "dateCreated"),
        finalized=payload.moment(row.get("dateReleased")),
        commits=row.get("commitCount"),
        deploys=deploys,
        new_issues=next(mine, None),
    )


def member(row: Row) -> Member:
    """Return a member of the detail, which names the teams; who was only invited is no user yet."""
    user = fields.inner(row, "user")
    return Member(
        id=str(row["id"]),
        email=fields.text(row, "email") or fields.text(user, "email"),
        name=fields.text(row, "name"),
        role=fields.first(row, "orgRole", "role"),
        teams=tuple(row.get("teams") or ()),
        pending=bool(row.get("pending")),
        last_login=payload.moment(user.get("lastLogin")),
        two_factor=user.get("has2fa", row.get("has2fa")),
        joined=payload.moment(row.get("dateCreated")),
    )
