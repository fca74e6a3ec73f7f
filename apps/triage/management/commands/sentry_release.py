"""`manage.py sentry_release`: tells the tracker what is released, with which commits, and where it runs."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.error_tracking.printing import read_in_part
from apps.triage import config, releases, typed
from apps.triage.releases import Done, ReleaseError
from apps.triage.trackers import Tracker, TrackerError


class Command(BaseCommand):
    """Exit codes: 0 done as far as the tracker can keep it (the output says how far), 1 tracker failed, 2 usage."""

    help = "Tells the tracker about a release. Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define the options."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        about = {
            "create": "make sure that the release exists",
            "commits": "say which commits it has; of authors only names are sent",
            "finalize": "say that it is released, now",
            "deploy": "say that it runs in an environment",
        }
        for name, text in about.items():
            action = actions.add_parser(name, help=text)
            action.add_argument("version", metavar="VERSION", help="as in SENTRY_RELEASE, like goimg-api@1.2.3")
            action.add_argument("--json", action="store_true", help="one JSON document in place of a sentence")
            if name == "commits":
                action.add_argument(
                    "--from-git", metavar="RANGE", help="like v1.0..HEAD (from the release before on the tracker)"
                )
            if name == "deploy":
                action.add_argument("environment", metavar="ENVIRONMENT", help="like production")

    def handle(self, **options: Any) -> None:
        """Check, tell, print."""
        typed.check(options)
        try:
            version = releases.check_version(options["version"])
            if options["action"] == "deploy":
                releases.check_environment(options["environment"])
            tracker = config.tracker()
            done = _do(tracker, version, options)
        except ReleaseError as error:
            raise CommandError(f"{str(error)[:1].upper()}{str(error)[1:]}.", returncode=2) from error
        except TrackerError as error:
            raise CommandError(f"The tracker was not told: {error}") from error
        document = {"tracker": tracker.name, **asdict(done)}
        with read_in_part():
            self.stdout.write(json.dumps(document, indent=2) if options["json"] else _sentence(done, tracker))


def _do(tracker: Tracker, version: str, options: dict[str, Any]) -> Done:
    if options["action"] == "commits":
        folder = Path(settings.BASE_DIR)
        span = options["from_git"] or releases.span_since_last(tracker, version, folder)
        return releases.add_commits(tracker, version, releases.commits_of(folder, span))
    if options["action"] == "finalize":
        return releases.finalize(tracker, version, datetime.now(UTC))
    if options["action"] == "deploy":
        return releases.deploy(tracker, version, options["environment"])
    return releases.create(tracker, version)


def _sentence(done: Done, tracker: Tracker) -> str:
    new = "new there" if done.created else "was there already"
    if done.lacking:
        return f"{done.lacking} Recorded instead: that {done.version} exists ({new}), and nothing else."
    what = done.version if done.recorded == releases.THE_RELEASE else f"{done.recorded} of {done.version}"
    return f"{tracker.name} has {what} ({new})."
