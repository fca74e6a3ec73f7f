"""`manage.py sentry_audit`: personal data and secrets in the events that the tracker has stored."""

import json
import re
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.error_tracking.printing import read_in_part
from apps.triage import config, output
from apps.triage.audit import Audit, AuditedEvent, audit
from apps.triage.query import age
from apps.triage.trackers import Tracker, TrackerError
from apps.triage.words import counted

# Paths in one line of the table; --json has them all.
_MOST_PATHS = 3


class Command(BaseCommand):
    """Exit codes: 0 clean, 1 found something or the tracker cannot be read, 2 usage or configuration."""

    help = (
        "Looks through the events stored on the tracker for what the data policy would not have let leave: kinds, "
        "counts and links, never the values. TRACKER_URL, TRACKER_PROJECT, TRACKER_TOKEN and TRACKER_KIND say which "
        "tracker."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define the options."""
        parser.add_argument("--since", default="24h", metavar="AGE", help="how far back: 30m, 24h (the default), 7d")
        parser.add_argument("--json", action="store_true", help="one JSON document in place of a table")

    def handle(self, **options: Any) -> None:
        """Audit, print, exit."""
        try:
            since = datetime.now(UTC) - age(options["since"])
        except ValueError as error:
            raise CommandError(f"--since: {error}.", returncode=2) from error
        tracker = config.tracker()
        try:
            result = audit(tracker, since, _progress)
        except TrackerError as error:
            raise CommandError(f"The tracker cannot be read: {error}") from error
        finally:
            output.progress("")
        with read_in_part():
            _show(result, tracker, since, as_json=options["json"])
        if result.found:
            sys.exit(1)


def _progress(result: Audit) -> None:
    output.progress(f"looked at {counted(result.looked_at, 'event')}, found something in {len(result.found)}")


def _show(result: Audit, tracker: Tracker, since: datetime, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(_document(result, tracker, since), indent=2) + "\n")
        return
    if result.found:
        output.print_rows([row for event in result.found for row in _rows(event)], "What should not be there")
    sys.stdout.write(_verdict(result, tracker, since) + "\n")


def _document(result: Audit, tracker: Tracker, since: datetime) -> dict[str, Any]:
    events = [
        {
            "event_id": event.event_id,
            "page": event.url,
            "kinds": event.kinds(),
            "findings": [asdict(finding) for finding in event.findings],
        }
        for event in result.found
    ]
    return {
        "tracker": tracker.name,
        "since": since.isoformat(timespec="seconds"),
        "verdict": _verdict(result, tracker, since),
        "looked_at": result.looked_at,
        "kinds": result.kinds(),
        "events": events,
    }


def _rows(event: AuditedEvent) -> Iterator[dict[str, Any]]:
    for kind, count in event.kinds().most_common():
        # values[0] and values[1] are one place for a person.
        places = {re.sub(r"\[\d+\]", "[]", finding.path): None for finding in event.findings if finding.kind == kind}
        more = f" and {len(places) - _MOST_PATHS} more" if len(places) > _MOST_PATHS else ""
        where = ", ".join(list(places)[:_MOST_PATHS]) + more
        yield {"event": event.url, "kind": kind, "count": count, "where": where}


def _verdict(result: Audit, tracker: Tracker, since: datetime) -> str:
    scope = f"{counted(result.looked_at, 'event')} that {tracker.name} took in since {since:%Y-%m-%d %H:%M} UTC"
    if not result.found:
        return f"Nothing found in {scope}."
    kinds = ", ".join(f"{kind} {count}" for kind, count in result.kinds().most_common())
    return f"Found something in {len(result.found)} of {scope}: {kinds}."
