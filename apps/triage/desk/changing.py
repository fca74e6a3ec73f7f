"""The subcommands that change issues: choose, show, ask, change one by one, say what became of each."""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import CommandError

from apps.error_tracking.scrubbing import scrub_string

from .. import issues, notes, output
from ..actions import Action, Assign, Delete, Ignore, Prioritise, Remark, Reopen, Resolve
from ..issues import Chosen, Outcome
from ..rendering import changes
from ..trackers.base import Ignoring, Issue, Resolution, Tracker
from .reading import query_of, remark, searching


def change_issues(tracker: Tracker, options: Mapping[str, Any]) -> int:
    """Change issues as asked for and return the exit code."""
    action = None if options["subcommand"] == "merge" else action_of(options)
    try:
        chosen = _agreed_on(action, tracker, options)
    except KeyboardInterrupt:
        remark("Nothing was changed.")
        return 130
    if not chosen:
        remark("Nothing was changed.")
        return 0
    outcomes = _changed(action, tracker, chosen)
    try:
        _show(tracker, options, outcomes)
    except KeyboardInterrupt:
        remark(changes.summary(outcomes))
        return 130
    states = {outcome.state for outcome in outcomes}
    if "in doubt" in states:
        return 130
    return 1 if "failed" in states else 0


def _agreed_on(action: Action | None, tracker: Tracker, options: Mapping[str, Any]) -> Sequence[Issue]:
    """Return the issues to change; none when there are none or somebody said no."""
    chosen = _chosen(tracker, options)
    output.progress("")
    remark(chosen.stopped)
    if action is None and len(chosen.issues) < 2:
        raise CommandError("merge needs two issues or more.", returncode=2)
    return chosen.issues if _agreed(action.verb if action else "merge", chosen.issues, options) else ()


def action_of(options: Mapping[str, Any]) -> Action:
    """Return the change that was typed. Raises CommandError."""
    match options["subcommand"]:
        case "resolve":
            return Resolve(Resolution(options["in_release"], options["next_release"], options["commit"]))
        case "ignore":
            span: timedelta | None = options["span"]
            minutes = None if span is None else int(span.total_seconds() // 60)
            return Ignore(Ignoring(minutes, options["until"]), datetime.now(UTC))
        case "assign":
            return Assign(None if options["who"] == notes.NOBODY else options["who"])
        case "priority":
            return Prioritise(options["priority"])
        case "comment":
            return Remark(_scrubbed(options["text"]))
        case "delete":
            return Delete()
    return Reopen()


def _scrubbed(text: str) -> str:
    written = (sys.stdin.read() if text == "-" else text).strip()
    if not written:
        raise CommandError("TEXT is empty.", returncode=2)
    clean = scrub_string(written)
    if clean != written:
        remark("Personal data or secrets in the text were replaced before it is sent.")
    return clean


def _chosen(tracker: Tracker, options: Mapping[str, Any]) -> Chosen:
    names, text, now = options["issues"], options["query"], datetime.now(UTC)
    if bool(names) == (text is not None):
        raise CommandError("Name issues, or give --query: one of the two.", returncode=2)
    if text is None:
        return issues.chosen_by_name(tracker, names, now, searching)
    try:
        return issues.chosen_by_query(tracker, query_of(text, "--query"), now, searching)
    except ValueError as error:
        raise CommandError(f"--query: {error}.", returncode=2) from error


def _agreed(verb: str, chosen: Sequence[Issue], options: Mapping[str, Any]) -> bool:
    """Show what would be changed and ask, unless it is one issue that was named and can be changed back."""
    if not chosen:
        remark("No issue matches.")
        return False
    one = len(chosen) == 1 and options["query"] is None and verb != "delete"
    if options["yes"] or one:
        return True
    what = f"{verb} {len(chosen)} issue{'' if len(chosen) == 1 else 's'}"
    if not options["json"]:
        changes.preview(chosen)
    if not sys.stdin.isatty():
        raise CommandError(f"This would {what}; --yes does it without asking.", returncode=2)
    sys.stderr.write(f"{what.capitalize()}? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _changed(action: Action | None, tracker: Tracker, chosen: Sequence[Issue]) -> Sequence[Outcome]:
    if action is None:
        return [issues.merge(tracker, chosen)]
    try:
        return issues.change(action, tracker, chosen, lambda done: output.progress(f"{done} of {len(chosen)}"))
    finally:
        output.progress("")


def _show(tracker: Tracker, options: Mapping[str, Any], outcomes: Sequence[Outcome]) -> None:
    if not options["json"]:
        for sentence in changes.show(outcomes):
            remark(sentence)
        return
    document = {"tracker": tracker.name, "action": options["subcommand"], "issues": changes.document(outcomes)}
    sys.stdout.write(json.dumps(document, indent=2) + "\n")
