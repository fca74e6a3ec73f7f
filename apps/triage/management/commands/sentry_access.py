"""`manage.py sentry_access`: the access review."""

import sys
from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.error_tracking.printing import read_in_part
from apps.triage import access_report, config
from apps.triage.access import OWNERS, STALE, review
from apps.triage.trackers import TrackerError

_FORMS = {"json": access_report.as_json, "csv": access_report.as_csv, "markdown": access_report.as_markdown}


class Command(BaseCommand):
    """Exit codes: 0 nothing to act on, 1 something is, or the tracker does not say who has access, 2 usage."""

    help = (
        "Shows who has access to the tracker, with which role, teams, last login and two-factor authentication, and "
        "what should not stay as it is. What the tracker does not tell is named."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define the options."""
        parser.add_argument("--owners", type=int, default=OWNERS, metavar="N", help=f"so many are enough ({OWNERS})")
        parser.add_argument(
            "--stale", type=int, default=STALE.days, metavar="DAYS", help=f"without a login ({STALE.days})"
        )
        form = parser.add_mutually_exclusive_group()
        for name in _FORMS:
            form.add_argument(f"--{name}", action="store_true", help=f"{name} in place of tables")

    def handle(self, **options: Any) -> None:
        """Review, print, exit."""
        for name in ("owners", "stale"):
            if not 1 <= options[name] <= 10_000:
                raise CommandError(f"--{name} must be between 1 and 10,000.", returncode=2)
        try:
            found = review(
                config.tracker(), datetime.now(UTC), owners=options["owners"], stale=timedelta(days=options["stale"])
            )
        except TrackerError as error:
            raise CommandError(f"The tracker cannot be read: {error}") from error
        form = next((write for name, write in _FORMS.items() if options[name]), None)
        with read_in_part():
            if form is None:
                access_report.show(found)
            else:
                sys.stdout.write(form(found).removesuffix("\n") + "\n")
        if options["csv"] and found.members is None:
            sys.stderr.write(access_report.verdict(found) + "\n")
        if found.to_act_on or found.members is None:
            sys.exit(1)
