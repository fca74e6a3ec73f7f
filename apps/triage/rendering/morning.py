"""The digest as a text, as Markdown and as JSON."""

import json
import sys
from typing import Any

from ..digest import Digest, Item, Section
from ..plain import one_line
from ..words import counted
from .columns import LINK, Column, print_table
from .listing import document as row_document
from .listing import when

_COLUMNS = (
    Column("issue"),
    Column("title", elastic=True),
    Column("prio", rank=2),
    Column("events", rank=4, align="right"),
    Column("users", rank=3, align="right"),
    Column("last", rank=5, align="right"),
    Column("why", rank=1),
)
_NOTHING = "nothing"
# What Markdown would take for its own; a text of a tracker is a text.
_MARKDOWN = str.maketrans({character: f"\\{character}" for character in "\\`*_{}[]<>()#!|&~"})


def show(digest: Digest) -> None:
    """Print one table for each section that has something, and name those that have not."""
    sys.stdout.write(f"{_head(digest)}\n")
    for section in digest.sections:
        sys.stdout.write(f"\n{section.title} ({section.about}){'' if section.items else f': {_NOTHING}'}\n")
        if section.items:
            columns = [column for column in _COLUMNS if column.name != "why" or section.items[0].why]
            print_table(columns, [_cells(item, digest) for item in section.items])
            sys.stdout.write(_more(section))
    sys.stdout.write("".join(f"\n{one_line(remark)}\n" for remark in digest.remarks))


def markdown(digest: Digest) -> str:
    """Return the digest for a chat, an issue or an e-mail."""
    lines = [f"# {_safe(_head(digest))}", ""]
    for section in digest.sections:
        lines += [f"## {section.title}", "", f"*{_safe(section.about)}*", ""]
        lines += [_line(item) for item in section.items] or [_NOTHING]
        lines += [_more(section).strip(), ""] if section.more else [""]
    lines += [f"> {_safe(remark)}" for remark in digest.remarks]
    return "\n".join(lines).rstrip() + "\n"


def as_json(digest: Digest) -> str:
    """Return the digest as one document."""
    return json.dumps(
        {
            "tracker": digest.tracker,
            "since": digest.since.isoformat(timespec="seconds"),
            "until": digest.until.isoformat(timespec="seconds"),
            "unresolved": digest.unresolved,
            "sections": {section.name: _section(section) for section in digest.sections},
            "remarks": list(digest.remarks),
        },
        indent=2,
    )


def _head(digest: Digest) -> str:
    span = f"{digest.since:%Y-%m-%d %H:%M} to {digest.until:%Y-%m-%d %H:%M} UTC"
    return f"{one_line(digest.tracker)}, {span}: {digest.unresolved} unresolved"


def _cells(item: Item, digest: Digest) -> dict[str, str]:
    row = item.row
    return {
        "issue": row.issue.short_id,
        "title": row.issue.title,
        "prio": row.priority,
        "events": str(row.issue.events),
        "users": str(row.users),
        "last": when(row.issue.last_seen, digest.until),
        "why": item.why,
        LINK: row.issue.url,
    }


def _more(section: Section) -> str:
    return f"and {section.more} more\n" if section.more else ""


def _line(item: Item) -> str:
    row, issue = item.row, item.row.issue
    facts = (
        row.priority,
        counted(issue.events, "event"),
        counted(row.users, "user"),
        row.assignee or "",
        item.why,
    )
    link = one_line(issue.url).replace("(", "%28").replace(")", "%29").replace(" ", "%20")
    return f"- [{_safe(issue.short_id)}]({link}) {_safe(issue.title)}: {_safe(', '.join(filter(None, facts)))}"


def _safe(text: str) -> str:
    return one_line(text).translate(_MARKDOWN)


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "about": section.about,
        "more": section.more,
        "issues": [row_document(item.row) | {"why": item.why or None} for item in section.items],
    }
