"""`manage.py sentry_triage`: from a request ID to "resolved", without a browser."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from apps.error_tracking.printing import read_in_part
from apps.triage import config, typed
from apps.triage.desk.asking import asking
from apps.triage.desk.changing import change_issues
from apps.triage.desk.parsers import add_subcommands
from apps.triage.desk.reading import list_issues, show_digest, show_issue

_READING = {"list": list_issues, "show": show_issue, "digest": show_digest}


class Command(BaseCommand):
    """Exit codes: 0 done, 1 not found or failed, 2 usage or configuration, 130 interrupted."""

    help = "Lists, shows and changes issues on the tracker that TRACKER_URL and its kin name, and digests what is new."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define the subcommands."""
        add_subcommands(parser)

    def handle(self, **options: Any) -> None:
        """Do what the subcommand says."""
        typed.check(options)
        code = 0
        try:
            with asking(), read_in_part():
                code = _run(options)
        except KeyboardInterrupt:
            code = 130
        if code:
            sys.exit(code)


def _run(options: dict[str, Any]) -> int:
    tracker = config.tracker()
    if reading := _READING.get(options["subcommand"]):
        reading(tracker, options)
        return 0
    return change_issues(tracker, options)
