"""`manage.py sentry_test`: test errors through the real stack."""

import difflib
import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.error_tracking.config import load
from apps.error_tracking.printing import read_in_part
from apps.error_tracking.sink import Sink
from apps.triage import config, firing, report
from apps.triage.catalogue.canaries import Canaries
from apps.triage.catalogue.cases import Case, catalogue
from apps.triage.query import Query
from apps.triage.trackers import Tracker, TrackerError
from apps.triage.verification import CLOCK_SKEW, verify


class Command(BaseCommand):
    """Exit codes: 0 all as it must be, 1 something is not, 2 usage or configuration."""

    help = "Fires test errors through the real stack and shows what left; --verify reads them back from the tracker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define the options."""
        parser.add_argument("--list", action="store_true", help="show the catalogue and fire nothing")
        parser.add_argument("--only", action="append", metavar="NAME", help="fire this case (may be repeated)")
        parser.add_argument("--json", action="store_true", help="one JSON document in place of a table")
        parser.add_argument("--verify", action="store_true", help="read the events back from the tracker")
        parser.add_argument("--timeout", type=float, default=30, metavar="S", help="seconds to wait for it (30)")

    def handle(self, **options: Any) -> None:
        """Fire, verify if asked to, print, exit."""
        if not options["timeout"] >= 0:
            raise CommandError("--timeout must be a number of seconds, 0 or more.", returncode=2)
        canaries = Canaries()
        cases = _chosen(catalogue(canaries), options["only"])
        if options["list"]:
            with read_in_part():
                report.show_catalogue(cases, as_json=options["json"])
            return
        settings = load()
        tracker = _tracker(settings.dsn) if options["verify"] else None
        with ExitStack() as stack:
            dsn = settings.dsn or stack.enter_context(Sink()).dsn
            if settings.dsn is None:
                self.stderr.write("SENTRY_DSN is not set: sending to a sink of this command's own, on loopback.")
            firing.start(settings, dsn)
            since = datetime.now(UTC) - CLOCK_SKEW
            outcomes = report.with_progress(firing.fire(cases, canaries), len(cases))
        pages: dict[str, str] = {}
        if tracker is not None:
            try:
                pages = verify(
                    outcomes,
                    canaries,
                    tracker,
                    since=since,
                    timeout=options["timeout"],
                    progress=report.poll_progress,
                )
            except TrackerError as error:
                raise CommandError(f"The tracker cannot be read: {error}") from error
        with read_in_part():
            report.show_outcomes(outcomes, tracker, pages, as_json=options["json"])
        if any(outcome.problems for outcome in outcomes):
            sys.exit(1)


def _chosen(cases: tuple[Case, ...], names: list[str] | None) -> tuple[Case, ...]:
    known = [case.name for case in cases]
    for name in names or ():
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {close[0]}?" if close else " --list shows what there is."
            raise CommandError(f"There is no test error '{name}'.{hint}", returncode=2)
    return tuple(case for case in cases if not names or case.name in names)


def _tracker(dsn: str | None) -> Tracker:
    if dsn is None:
        raise CommandError("--verify needs SENTRY_DSN: without it nothing is sent to a tracker.", returncode=2)
    tracker = config.tracker()
    try:
        next(tracker.issues(Query()), None)
    except TrackerError as error:
        raise CommandError(f"Nothing was fired: the tracker cannot be read: {error}") from error
    return tracker
