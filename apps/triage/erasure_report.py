"""What `sentry_erase` says: before it deletes, and afterwards. Never the user's ID."""

import sys
from collections.abc import Sequence
from typing import Any

from . import output
from .erasure import Found
from .receipts import Run
from .trackers.base import Tracker
from .words import counted

_MOST_ROWS = 50


def show_preview(found: Sequence[Found], chosen: Sequence[Found], tracker: Tracker) -> None:
    """Print which issues have events of the person, and what would be done with each."""
    if not found:
        sys.stdout.write(f"{tracker.name} has no event of this user.\n")
        return
    rows = [_row(one, deleted=one in chosen) for one in found[:_MOST_ROWS]]
    output.print_table(rows, "Issues with events of this user", ("other users", "others"))
    if len(found) > _MOST_ROWS:
        sys.stdout.write(f"… and {len(found) - _MOST_ROWS:,} more; --json has them all.\n")
    sys.stdout.write(_summary(found, chosen) + "\n")


def document(found: Sequence[Found], tracker: Tracker) -> dict[str, Any]:
    """Return what was found as one JSON document."""
    return {
        "tracker": tracker.name,
        "found": [
            {
                "issue": one.issue.id,
                "short_id": one.issue.short_id,
                "title": one.issue.title,
                "page": one.issue.url,
                "events_of_this_user": one.theirs,
                "events_of_others": one.others,
                "other_users": one.people,
                "all_events_looked_at": one.whole,
                "shared": one.shared,
            }
            for one in found
        ],
    }


def deleted_sentence(run: Run) -> str:
    """Return what was done."""
    if run.found_nothing:
        return "Nothing found: check the ID."
    erased, chosen = run.erased, [one for one in run.found if run.include_shared or not one.shared]
    text = f"Deleted {len(erased.deleted):,} of {counted(len(chosen), 'issue')}"
    text += f", {len(erased.gone)} were gone already" if erased.gone else ""
    text += f", {len(erased.spared)} were left: others' events came in meanwhile" if erased.spared else ""
    if erased.outcome == "interrupted":
        return f"{text}, then it was interrupted: run it again to go on."
    if erased.outcome == "failed":
        return f"{text}, then the tracker failed: {erased.problem} Run it again to go on."
    return f"{text}."


def left_sentence(run: Run, tracker: Tracker) -> str:
    """Return what a search found afterwards."""
    if run.left is None:
        return "It was not searched again, so nothing is proved."
    if not run.left:
        return f"Searched again: {tracker.name} has no event of this user."
    events = sum(one.theirs for one in run.left)
    shared = sum(one.shared for one in run.left)
    hint = f" {shared} of them have events of others too: --include-shared deletes them." if shared else ""
    return f"Searched again: {counted(events, 'event')} of this user left in {counted(len(run.left), 'issue')}.{hint}"


def _row(one: Found, *, deleted: bool) -> dict[str, Any]:
    return {
        "issue": one.issue.short_id,
        "title": one.issue.title,
        "theirs": one.theirs,
        "others": one.others if one.whole else f"{one.others} or more",
        "other users": one.people,
        "": "delete" if deleted else "keep",
    }


def _summary(found: Sequence[Found], chosen: Sequence[Found]) -> str:
    events = sum(one.theirs for one in found)
    lost = sum(one.others for one in chosen)
    shared = sum(one.shared for one in found)
    text = f"{counted(events, 'event')} in {counted(len(found), 'issue')}, {shared} of them with others' events too"
    harm = f"; {lost} events of others go with them" if lost else ""
    return f"{text}. {counted(len(chosen), 'issue')} to delete{harm}."
