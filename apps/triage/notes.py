"""What a tracker has no field for, kept as a comment that a person can read and this program too.

The first line of such a comment is `[goimg triage] priority=P1`, `[goimg triage] assigned=jane@example.com`,
`[goimg triage] resolved-in=goimg-api@1.2.3` and so on. The last one of a subject counts.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from .query import PRIORITIES
from .trackers.base import Comment

Subject = Literal["assignee", "priority", "status"]

NOBODY = "nobody"
_FORM = re.compile(r"\[goimg triage\] ([a-z-]+)(?:=(\S+))?[ \t]*(?:\r?\n|$)")
# Anybody who may comment can write a number that int() refuses.
_EVENTS = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class Note:
    """One such comment; `value` is empty for a kind that has none."""

    kind: str
    value: str
    moment: datetime


def _is_moment(value: str) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


# Kind of note: what it is about, and whether a value is one.
_KINDS: Mapping[str, tuple[Subject, Callable[[str], object]]] = {
    "assigned": ("assignee", bool),
    "priority": ("priority", PRIORITIES.__contains__),
    "resolved": ("status", lambda value: not value),
    "resolved-in": ("status", bool),
    "ignored": ("status", lambda value: not value),
    "ignored-until": ("status", _is_moment),
    "ignored-until-events": ("status", _EVENTS.fullmatch),
    "reopened": ("status", lambda value: not value),
}


def write(kind: str, value: str = "") -> str:
    """Return the comment's text. Raises ValueError for what would not be read back."""
    text = f"[goimg triage] {kind}={value}" if value else f"[goimg triage] {kind}"
    if _read(text) != (kind, value):
        raise ValueError(f"{value!r} cannot be noted as {kind}: it must be one word without spaces.")
    return text


def read(comments: Iterable[Comment]) -> dict[Subject, Note]:
    """Return the last note of each subject."""
    found: dict[Subject, Note] = {}
    for comment in sorted(comments, key=lambda comment: comment.moment):
        if (note := _read(comment.text)) is not None:
            found[_KINDS[note[0]][0]] = Note(*note, comment.moment)
    return found


def ignored_until(moment: datetime) -> str:
    """Return the value with which a moment is noted."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def _read(text: str) -> tuple[str, str] | None:
    match = _FORM.match(text)
    if match is None or match[1] not in _KINDS:
        return None
    value = match[2] or ""
    return (match[1], value) if _KINDS[match[1]][1](value) else None
