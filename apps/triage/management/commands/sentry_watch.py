"""`manage.py sentry_watch`: tells people what the rules of alerts.toml say they must know."""

import os
import sys
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand

from apps.error_tracking.printing import read_in_part
from apps.triage import config, output
from apps.triage.alerts.rules import Alerts, Receiver, Rule
from apps.triage.desk.alerting import read
from apps.triage.notify.receivers import opened
from apps.triage.trackers.base import TrackerError
from apps.triage.watch import report, routing, running
from apps.triage.watch.config import interval, place, since, state_folder
from apps.triage.watch.gaps import gaps
from apps.triage.watch.look import Look
from apps.triage.watch.service import Round, Watch
from apps.triage.watch.store import Store
from apps.triage.words import counted


class Command(BaseCommand):
    """Exit codes: 0 fine, 1 something could not be read or sent, 2 usage or configuration, 130 interrupted.

    With --interval: 0 somebody said stop, 1 nobody reads any more what is printed.
    """

    help = (
        "Looks at the tracker for what the rules of alerts.toml are about, and tells their receivers. Once, for cron."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define the options."""
        parser.add_argument("--interval", type=interval, metavar="TIME", help="go on, looking every 60s or 5m")
        parser.add_argument("--since", type=since, metavar="TIME", help="of a first look: what began since then is new")
        parser.add_argument("--dry-run", action="store_true", help="show who would be told what; tell and keep nothing")
        parser.add_argument("--json", action="store_true", help="one JSON document for each look")
        parser.add_argument("--file", metavar="PATH", help="the rules (ALERTS_FILE, else alerts.toml)")

    def handle(self, **options: Any) -> None:
        """Watch, print, exit."""
        watch = _watch(options)
        if options["interval"] or options["dry_run"]:
            self._tell_gaps(watch.look)

        if not (self._go_on if options["interval"] else self._look_once)(watch, options):
            sys.exit(1)

    def _look_once(self, watch: Watch, options: dict[str, Any]) -> bool:
        now = datetime.now(UTC)
        done = running.one_round(watch, now, _progress)
        with read_in_part():
            self._tell(done, now, options)
        return not done.problems

    def _go_on(self, watch: Watch, options: dict[str, Any]) -> bool:
        """Look again and again; return whether it ended because somebody said stop."""
        with read_in_part():
            running.rounds(watch, options["interval"], _progress, lambda done, now: self._tell(done, now, options))
            return True
        return False

    def _tell_gaps(self, look: Look) -> None:
        try:
            for sentence in gaps(look.alerts, look.tracker):
                self.stderr.write(sentence)
        except TrackerError as error:
            self.stderr.write(f"Nobody knows whether each rule is evaluated: {error}")

    def _tell(self, done: Round, now: datetime, options: dict[str, Any]) -> None:
        output.progress("")
        try:
            self._print(done, now, options)
        finally:  # whether somebody reads that or not
            for remark in (*done.remarks, *done.problems):
                self.stderr.write(remark)

    def _print(self, done: Round, now: datetime, options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(report.as_json(done, now, indent=None if options["interval"] else 2))
        elif (report.happened(done) or not options["interval"]) and (said := report.show(done)):
            self.stdout.write(said)
        sys.stdout.flush()


def _watch(options: dict[str, Any]) -> Watch:
    alerts, tracker = read(options), config.tracker()
    rules = routing.rules(alerts, tracker)
    return Watch(
        look=Look(tracker, alerts, rules, explains=options["dry_run"]),
        channels={} if options["dry_run"] else opened(_receivers(alerts, rules), os.environ),
        store=Store(state_folder(os.environ)),
        place=place(os.environ, tracker.url),
        since=options["since"],
        dry_run=options["dry_run"],
    )


def _receivers(alerts: Alerts, rules: list[Rule]) -> list[Receiver]:
    routed = {name for rule in rules for priority in rule.priorities for name in alerts.routes[priority].to}
    named = routed.union(*(rule.to for rule in rules))
    return [alerts.receivers[name] for name in alerts.receivers if name in named]


def _progress(changed: int) -> None:
    output.progress(f"looking at {counted(changed, 'changed issue')}")
