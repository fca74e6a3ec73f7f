"""The access review as tables, CSV, Markdown for the file of the quarter, and JSON."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from . import output
from .access import Review, can_delete
from .plain import csv_of, markdown_text, one_line
from .trackers.base import Member
from .words import counted

_COLUMNS = ("email", "name", "role", "teams", "state", "last login", "2FA", "can delete", "findings")
_UNKNOWN = "unknown"
# What a narrow terminal can do without, the first one first.
_LOSE = ("name", "teams", "can delete", "state", "last login")


def show(review: Review) -> None:
    """Print who has access, what was found and what could not be read."""
    if review.members is not None:
        output.print_table([_without_findings(row) for row in _rows(review)], f"Access to {review.tracker}", _LOSE)
    findings = [{"weight": one.weight, "who": one.who or "all", "what": one.what} for one in review.findings]
    if findings:
        output.print_table(findings, "Findings")
    for sentence in review.unread:
        sys.stdout.write(f"Cannot be read: {one_line(sentence)}\n")
    sys.stdout.write(verdict(review) + "\n")


def verdict(review: Review) -> str:
    """Return the outcome in one sentence."""
    if review.members is None:
        return f"{review.tracker} does not say who has access: review it in its own pages."
    have = "1 has" if len(review.members) == 1 else f"{len(review.members)} have"
    found = counted(len(review.to_act_on), "finding")
    unread = f"; {counted(len(review.unread), 'thing')} could not be read" if review.unread else ""
    return f"{have} access, {found} to act on{unread}."


def as_csv(review: Review) -> str:
    """Return one row per person."""
    return csv_of(_rows(review), _COLUMNS)


def as_json(review: Review) -> str:
    """Return everything as one document; moments are ISO 8601."""
    document = asdict(review) | {"verdict": verdict(review)}
    return json.dumps(document, indent=2, default=lambda moment: moment.isoformat(timespec="seconds"))


def as_markdown(review: Review) -> str:
    """Return a page for the file of the quarter, with a place to sign."""
    return "\n".join(_markdown(review)) + "\n"


def _markdown(review: Review) -> Iterator[str]:
    quarter = f"{review.moment.year} Q{(review.moment.month + 2) // 3}"
    yield f"# Access review {quarter}: {markdown_text(review.tracker)}"
    yield f"\nRead on {review.moment:%Y-%m-%d %H:%M} UTC. {markdown_text(verdict(review))}"
    yield "\n## Findings\n"
    yield from (
        f"- [ ] {one.weight}: {markdown_text(one.who or 'all')}: {markdown_text(one.what)}" for one in review.findings
    )
    if not review.findings:
        yield "None." if review.members is not None else "None could be made."
    if review.members is not None:
        yield "\n## Who has access\n"
        yield "| " + " | ".join(_COLUMNS[:-1]) + " |"
        yield "|---" * (len(_COLUMNS) - 1) + "|"
        yield from (
            "| " + " | ".join(map(markdown_text, _without_findings(row).values())) + " |" for row in _rows(review)
        )
    if review.unread:
        yield "\n## What could not be read\n"
        yield from (f"- {markdown_text(sentence)}" for sentence in review.unread)
    yield "\nReviewed by: ____________________  Date: ____________"


def _rows(review: Review) -> Iterator[dict[str, str]]:
    for member in review.members or ():
        found = [one.what for one in review.findings if one.who == member.email]
        yield {
            "email": member.email,
            "name": member.name,
            "role": member.role,
            "teams": ", ".join(member.teams),
            "state": "invited" if member.pending else "member",
            "last login": _day(member, review),
            "2FA": {None: _UNKNOWN, True: "yes", False: "no"}[member.two_factor],
            "can delete": "yes" if can_delete(member) else "no",
            "findings": "; ".join(found),
        }


def _day(member: Member, review: Review) -> str:
    if member.last_login is None:
        return "never" if review.tells_logins else _UNKNOWN
    return f"{member.last_login:%Y-%m-%d}"


def _without_findings(row: dict[str, str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "findings"}
