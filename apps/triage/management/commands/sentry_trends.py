"""`manage.py sentry_trends`: how errors developed."""

import sys
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.error_tracking.printing import read_in_part
from apps.triage import config, output
from apps.triage.plain import write_whole
from apps.triage.trackers import TrackerError
from apps.triage.trends import PERIODS, Trends, page, tables, trends
from apps.triage.trends.figures import MOST_EVENTS
from apps.triage.words import counted


class Command(BaseCommand):
    """Exit codes: 0 done, 1 the tracker cannot be read, 2 usage or configuration."""

    help = (
        "Shows totals, new issues, users affected, environments, releases, the ten issues with the most events and the "
        "time to resolution, of the last 24 hours, 7 days or 30 days beside as long before."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define the options."""
        parser.add_argument("--period", choices=tuple(PERIODS), default="week", help="how long (week)")
        parser.add_argument("--max-events", type=int, default=MOST_EVENTS, metavar="N", help="read N at most (20000)")
        parser.add_argument("--html", type=Path, metavar="FILE", help="write one self-contained page")
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="one JSON document in place of tables")
        form.add_argument("--csv", action="store_true", help="one flat table in place of tables")

    def handle(self, **options: Any) -> None:
        """Read, then print or write."""
        if options["max_events"] < 1:
            raise CommandError("--max-events must be 1 or more.", returncode=2)
        _refuse_folder(options["html"])
        figures = _read(options["period"], options["max_events"])
        if options["html"]:
            _write(options["html"], page.html(figures))
        with read_in_part():
            _show(figures, options)


def _read(period: str, most: int) -> Trends:
    tracker = config.tracker()
    try:
        return trends(tracker, period, datetime.now(UTC), most=most, progress=_progress)
    except TrackerError as error:
        raise CommandError(f"The tracker cannot be read: {error}") from error
    except KeyboardInterrupt:
        raise CommandError("Interrupted; nothing was written.", returncode=130) from None
    finally:
        output.progress("")


def _show(figures: Trends, options: dict[str, Any]) -> None:
    if options["json"] or options["csv"]:
        sys.stdout.write(tables.as_json(figures) + "\n" if options["json"] else tables.as_csv(figures))
    elif options["html"]:
        tables.print_line(f"Wrote {options['html']}.")
    else:
        tables.show(figures)


def _progress(issues: int, events: int) -> None:
    output.progress(f"read {counted(events, 'event')} of {counted(issues, 'issue')}")


def _refuse_folder(path: Path | None) -> None:
    if path is not None and (path.is_dir() or not path.parent.is_dir()):
        raise CommandError(f"--html: {path} is no file in a folder that exists.", returncode=2)


def _write(path: Path, text: str) -> None:
    try:
        write_whole(path, text)
    except OSError as error:
        raise CommandError(f"--html: {path} cannot be written ({type(error).__name__}).", returncode=2) from error
