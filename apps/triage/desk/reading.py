"""The subcommands that change nothing: list, show, digest."""

import json
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandError

from .. import digest, output
from ..detail import detail
from ..plain import one_line
from ..query import Query, QueryError, doubts, parse
from ..references import find
from ..rendering import listing, morning, page
from ..rows import MOST_ASKED, Row, most_urgent, most_users, ordered, rows
from ..search import Budget, search
from ..subject import Subject
from ..trackers.base import Tracker, TrackerError
from ..urgency import at_most
from ..words import counted

_CLEAR = "\033[H\033[2J"


def remark(text: str) -> None:
    """Say something beside the result."""
    if text:
        output.progress("")
        sys.stderr.write(f"{one_line(text)}\n")


def searching(looked_at: int, found: int) -> None:
    """Say on a terminal how far a search is."""
    output.progress(f"looked at {counted(looked_at, 'issue')}, found {found:,}")


def query_of(text: str, where: str) -> Query:
    """Read a query that was typed, and say what in it may be a mistake. Raises CommandError."""
    try:
        query = parse(text)
    except QueryError as error:
        raise CommandError(f"{where}: {error}.", returncode=2) from error
    for sentence in doubts(query):
        remark(sentence)
    return query


def list_issues(tracker: Tracker, options: Mapping[str, Any]) -> None:
    """Print the issues that a query finds, once or again and again."""
    query = query_of(" ".join(options["query"]) if options["query"] else "is:unresolved", "QUERY")
    if options["watch"]:
        with suppress(KeyboardInterrupt):  # the way to end it
            _watch(tracker, query, options)
        return
    found, total, said = _found(tracker, query, options)
    if options["json"]:
        document = {"tracker": tracker.name, "query": str(query), "found": total, "remarks": said}
        _print_json(document | {"issues": [listing.document(row) for row in found]})
        return
    if found:
        listing.show(found, datetime.now(UTC))
    for sentence in said:
        remark(sentence)


def _found(tracker: Tracker, query: Query, options: Mapping[str, Any]) -> tuple[list[Row], int, list[str]]:
    """Return what is shown of the issues that were found, how many these are, and what is to be said."""
    budget = Budget()
    found = list(search(tracker, query, datetime.now(UTC), budget, searching))
    first, unasked = _first(tracker, query, found, options)
    shown = rows(tracker, first, lambda done: output.progress(f"read {counted(done, 'issue')}"))
    output.progress("")
    sentences = [listing.summary(len(shown), len(found), budget.stopped), unasked, *(row.lacking for row in shown)]
    return shown, len(found), [sentence for sentence in dict.fromkeys(sentences) if sentence]


def _first(
    tracker: Tracker, query: Query, found: list[Subject], options: Mapping[str, Any]
) -> tuple[list[Subject], str]:
    """Return those that are shown, and what was not looked at to find them."""
    limit, most = options["limit"], len(found) if options["count_all"] else MOST_ASKED
    match options["sort"]:
        case "users":
            first, unasked = most_users(found, limit, most, _counting)
        case "priority":
            output.progress("reading which issues were tagged with a priority")
            first, unasked = most_urgent(found, at_most(tracker, query), limit, most, _reading)
        case order:
            return ordered(found, order)[:limit], ""
    return first, unasked and f"{unasked} --count-all looks at all of them."


def _counting(done: int) -> None:
    output.progress(f"counted the users of {counted(done, 'issue')}")


def _reading(done: int) -> None:
    output.progress(f"read the priority of {counted(done, 'issue')}")


def _watch(tracker: Tracker, query: Query, options: Mapping[str, Any]) -> None:
    if options["json"] or not sys.stdout.isatty():
        raise CommandError("--watch draws on a terminal; leave it out in a pipe and with --json.", returncode=2)
    known: set[str] | None = None
    while True:
        try:
            found, _, said = _found(tracker, query, options)
        except TrackerError as error:  # it may be back for the next look
            remark(str(error))
        else:
            ids = {row.issue.id for row in found}
            now = datetime.now(UTC)
            sys.stdout.write(f"{_CLEAR}{tracker.name}, {now:%H:%M:%S} UTC: {query}\n\n")
            listing.show(found, now, set() if known is None else ids - known)
            for sentence in said:
                remark(sentence)
            known = ids | (known or set())
        time.sleep(options["watch"])


def show_issue(tracker: Tracker, options: Mapping[str, Any]) -> None:
    """Print an issue."""
    now = datetime.now(UTC)
    reference = find(tracker, options["issue"], now, searching)
    output.progress("")
    found = detail(tracker, reference, options["event"])
    if options["raw"]:
        sys.stdout.write(page.raw(found.event) + "\n")
    elif options["json"]:
        sys.stdout.write(page.as_json(found) + "\n")
    else:
        page.show(found, now)


def show_digest(tracker: Tracker, options: Mapping[str, Any]) -> None:
    """Print the digest."""
    now = datetime.now(UTC)
    found = digest.digest(tracker, now - options["since"], now, output.progress)
    output.progress("")
    form = "json" if options["json"] else options["format"]
    if form == "text":
        morning.show(found)
    else:
        sys.stdout.write(f"{morning.as_json(found)}\n" if form == "json" else morning.markdown(found))


def _print_json(document: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(document, indent=2) + "\n")
