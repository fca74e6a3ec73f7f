"""The subcommands of `sentry_alerts` that compare alerts.toml with the tracker."""

import json
import os
import sys
from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError

from apps.error_tracking.printing import read_in_part

from .. import config, output
from ..alerts.applying import Outcome, apply
from ..alerts.export import export
from ..alerts.file import AlertsFileError, load
from ..alerts.plan import Plan, plan
from ..alerts.rules import OWNER, Alerts
from ..plain import one_line
from ..rendering import alerts as rendering
from ..trackers.base import Tracker
from ..watch.config import alerts_file
from ..words import counted
from .reading import remark


def read(options: Mapping[str, Any]) -> Alerts:
    """Return what the file says. Raises CommandError, with a line for each mistake."""
    try:
        return load(alerts_file(os.environ, options["file"]))
    except AlertsFileError as error:
        raise CommandError("\n".join(map(one_line, str(error).split("\n"))), returncode=2) from error


def validate_file(options: Mapping[str, Any]) -> int:
    """Say whether the file is in order, without asking anybody."""
    alerts = read(options)
    if options["json"]:
        _write({"rules": [rule.name for rule in alerts.rules]})
    else:
        remark(f"The file is in order: {counted(len(alerts.rules), 'rule')}.")
    return 0


def show_plan(options: Mapping[str, Any]) -> int:
    """Show what is different."""
    made = plan(read(options), config.tracker())
    if options["json"]:
        _write(rendering.plan_document(made))
    else:
        rendering.show(made)
        remark(rendering.verdict(made))
    return int(made.different)


def apply_plan(options: Mapping[str, Any]) -> int:
    """Show what is different, ask, and make it so."""
    tracker = config.tracker()
    made = plan(read(options), tracker)
    if not options["json"]:
        with read_in_part():  # who has seen enough of the plan still wants it done
            rendering.show(made)
        remark(rendering.verdict(made))
    if made.to_do and not _agreed(made, options):
        remark("Nothing was changed.")
        return 1
    outcomes, interrupted = _applied(tracker, made)
    if options["json"]:
        _write({"plan": rendering.plan_document(made), "results": rendering.results_document(outcomes)})
    else:
        rendering.results(outcomes)
    if interrupted:
        remark("Interrupted: the rule after these may have been changed or not; make a new plan.")
        return 130
    return int(any(one.failed for one in outcomes) or any(one.missing for one in made.coverage))


def export_rules(options: Mapping[str, Any]) -> int:
    """Write the tracker's rules as TOML."""
    owner = options["owner"] or OWNER
    sys.stdout.write(export(config.tracker(), owner))
    return 0


def _applied(tracker: Tracker, made: Plan) -> tuple[list[Outcome], bool]:
    """Return what became of each rule, and whether somebody interrupted it."""
    outcomes: list[Outcome] = []
    try:
        for outcome in apply(tracker, made):
            outcomes.append(outcome)
            output.progress(f"{len(outcomes)} of {len(made.to_do)}")
    except KeyboardInterrupt:
        return outcomes, True
    finally:
        output.progress("")
    return outcomes, False


def _agreed(made: Plan, options: Mapping[str, Any]) -> bool:
    if options["yes"]:
        return True
    what = f"make {counted(len(made.to_do), 'change')} on {made.tracker}"
    if options["json"] or not sys.stdin.isatty():
        raise CommandError(f"This would {what}; --yes does it without asking.", returncode=2)
    sys.stderr.write(f"{what.capitalize()}? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _write(document: Any) -> None:
    sys.stdout.write(json.dumps(document, indent=2) + "\n")
