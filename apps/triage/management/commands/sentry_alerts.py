"""`manage.py sentry_alerts`: alert rules as code."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from apps.error_tracking.printing import read_in_part
from apps.triage.desk.alerting import apply_plan, export_rules, show_plan, validate_file
from apps.triage.desk.asking import asking
from apps.triage.desk.trying import add_arguments, try_rules

_SUBCOMMANDS = {
    "validate": validate_file,
    "plan": show_plan,
    "apply": apply_plan,
    "export": export_rules,
    "test": try_rules,
}


class Command(BaseCommand):
    """Exit codes: 0 all is as the file says, 1 it is not or something failed, 2 usage or configuration."""

    help = "Compares the alert rules of the tracker with alerts.toml, and makes them what it says."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define the subcommands."""
        commands = parser.add_subparsers(dest="subcommand", required=True, metavar="SUBCOMMAND")

        def add(name: str, text: str) -> ArgumentParser:
            made: ArgumentParser = commands.add_parser(name, help=text, description=text)
            return made

        _with_file(add("validate", "Reads the file and names every mistake with its line."))
        _with_file(add("plan", "Shows who evaluates which rule, and what is different on the tracker."))
        applying = _with_file(add("apply", "Makes the tracker's rules what the file says; others are left alone."))
        applying.add_argument("--yes", action="store_true", help="without asking")
        add_arguments(_with_file(add("test", "Makes the rules fire with real errors, and tells their receivers.")))
        exporting = add("export", "Writes the tracker's rules in the form of the file, and the rest as comments.")
        exporting.add_argument("--owner", metavar="NAME", help='the rules named "NAME: ..." lose that (goimg)')

    def handle(self, **options: Any) -> None:
        """Do what the subcommand says."""
        code = 1  # unless it comes to its end
        with asking(), read_in_part():
            code = _SUBCOMMANDS[options["subcommand"]](options)
        if code:
            sys.exit(code)


def _with_file(parser: ArgumentParser) -> ArgumentParser:
    parser.add_argument("--file", metavar="PATH", help="the file (ALERTS_FILE, else alerts.toml)")
    parser.add_argument("--json", action="store_true", help="one JSON document in place of text")
    return parser
