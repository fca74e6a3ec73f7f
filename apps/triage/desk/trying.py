"""`sentry_alerts test`: makes the rules fire, and shows who was told."""

import difflib
import json
import os
import sys
import uuid
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError

from apps.error_tracking.config import load

from .. import config, firing, output
from ..alerts.coverage import coverage
from ..alerts.rules import Alerts, Receiver
from ..gate.scope import folder_of
from ..notify.local import Local, Received
from ..notify.receivers import opened
from ..notify.slack import HEADER
from ..plain import one_line
from ..rendering.columns import Column, print_table
from ..trial.record import RecordError, entries, write
from ..trial.trials import Trial, trials
from ..trial.trying import Desk, Outcome
from ..words import counted
from .alerting import read
from .reading import remark

_COLUMNS = [
    Column("rule"),
    Column("priority"),
    Column("evaluated by", 1),
    Column("told"),
    Column("arrived", 2),
    Column("seconds", 3, align="right"),
    Column("outcome", elastic=True),
]


def add_arguments(parser: ArgumentParser) -> None:
    """Define the options."""
    parser.add_argument("rules", nargs="*", metavar="RULE", help="only these rules, by name")
    parser.add_argument(
        "--receiver",
        choices=("real", "local"),
        default="real",
        help="real: those of the file; local: e-mail, Slack and PagerDuty on loopback, which show what would arrive",
    )
    parser.add_argument("--show", action="store_true", help="with --receiver local: the messages that arrived, whole")
    parser.add_argument("--timeout", type=float, default=60, metavar="S", help="seconds to wait for each rule (60)")


def try_rules(options: Mapping[str, Any]) -> int:
    """Make the rules fire; return 0 if each did and everybody was told."""
    alerts = _chosen(read(options), options["rules"])
    if not options["timeout"] > 0:
        raise CommandError("--timeout must be a number of seconds above 0.", returncode=2)
    if options["show"] and options["receiver"] != "local":
        raise CommandError("--show needs --receiver local: what arrives elsewhere is not seen here.", returncode=2)
    own, tracker = load(), config.tracker()
    if own.dsn is None:
        raise ImproperlyConfigured("SENTRY_DSN must be set: the test errors must reach the tracker.")
    run = f"{datetime.now(UTC):%Y%m%d}-{uuid.uuid4().hex[:8]}"
    planned = list(trials(coverage(alerts, tracker), own.environment, run, own.delivery.errors_per_minute))
    receivers = _receivers(alerts, planned)
    with ExitStack() as stack:
        local = stack.enter_context(Local()) if options["receiver"] == "local" else None
        channels = opened(receivers, local.environ(receivers) if local else os.environ)
        firing.start(own, own.dsn)
        stack.enter_context(firing.quiet_console())
        outcomes = Desk(tracker, alerts, channels, options["timeout"], _confirmed, output.progress).run(planned)
        if local:
            _compare(outcomes, local)
    output.progress("")
    record = entries(outcomes, alerts, tracker.name, options["receiver"], datetime.now(UTC))
    path = _write(record)
    _show(outcomes, local.received if local else None, options)
    if record:
        remark(f"What fired is in {path}.")
    return int(not all(one.well for one in outcomes))


def _chosen(alerts: Alerts, names: Sequence[str]) -> Alerts:
    known = [rule.name for rule in alerts.rules]
    for name in names:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f"Did you mean {close[0]!r}?" if close else f"There are {', '.join(known)}."
            raise CommandError(f"There is no rule {name!r}. {hint}", returncode=2)
    return replace(alerts, rules=tuple(rule for rule in alerts.rules if rule.name in names)) if names else alerts


def _receivers(alerts: Alerts, planned: Sequence[Trial]) -> list[Receiver]:
    named = {name for trial in planned if trial.by == "watch" and not trial.problem for name in trial.to}
    return [receiver for name, receiver in alerts.receivers.items() if name in named]


def _confirmed(trial: Trial) -> bool:
    if not sys.stdin.isatty():
        return False
    output.progress("")
    sys.stderr.write(f"Did a notification about a test of {trial.rule.name!r} reach {', '.join(trial.to)}? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _compare(outcomes: Sequence[Outcome], local: Local) -> None:
    """Hold what the receivers on loopback got against what was to be told."""
    for one in outcomes:
        if one.message is None:
            continue
        wanted = (one.message.headline[:HEADER], one.message.short_id, one.message.url, *one.message.whys)
        got = [received for received in local.received if all(text in received.text for text in wanted)]
        one.arrived = len(got)
        if len(got) != len(one.told):
            one.problems.append(f"{len(got)} of {len(one.told)} receivers got the whole message")


def _write(record: Sequence[Mapping[str, Any]]) -> Path:
    path = folder_of(os.environ, Path(settings.BASE_DIR)) / "fired.json"
    if record:
        try:
            write(path, record)
        except RecordError as error:
            raise CommandError(str(error)) from error
    return path


def _show(outcomes: Sequence[Outcome], received: Sequence[Received] | None, options: Mapping[str, Any]) -> None:
    """Print what became of the trials; `received` is None where nobody here sees what arrives."""
    if options["json"]:
        arrived = None if received is None else [asdict(one) for one in received]
        document = {"trials": [_document(one) for one in outcomes], "received": arrived}
        sys.stdout.write(json.dumps(document, indent=2) + "\n")
    else:
        columns = [column for column in _COLUMNS if received is not None or column.name != "arrived"]
        print_table(columns, [_row(one) for one in outcomes])
        _show_received(received or (), whole=options["show"])
    for name in dict.fromkeys(one.trial.rule.name for one in outcomes if one.trial.elsewhere):
        remark(f"{name} was tried in {outcomes[0].trial.environment}, which it is not about.")
    for stays in filter(None, (one.stays for one in outcomes)):
        remark(f"On the tracker stays {stays}")


def _show_received(received: Sequence[Received], *, whole: bool) -> None:
    for one in received if whole else ():
        sys.stdout.write(f"\n{one.kind} to {one_line(', '.join(one.to))}:\n")
        for line in one.text.splitlines():
            sys.stdout.write(f"    {one_line(line)}".rstrip() + "\n")
    if received and not whole:
        remark(f"{counted(len(received), 'message')} arrived on this machine; --show prints them.")


def _row(one: Outcome) -> dict[str, str]:
    return {
        "rule": one.trial.rule.name,
        "priority": one.trial.priority,
        "evaluated by": one.trial.by,
        "told": ", ".join(one.told) or "nobody",
        "arrived": "" if one.arrived is None else f"{one.arrived} of {len(one.told)}",
        "seconds": "" if one.seconds is None else f"{one.seconds:.1f}",
        "outcome": "; ".join(one.problems) or "fired",
    }


def _document(one: Outcome) -> dict[str, Any]:
    return {
        "rule": one.trial.rule.name,
        "priority": one.trial.priority,
        "evaluated_by": one.trial.by,
        "events": one.trial.events,
        "environment": one.trial.environment,
        "event_id": one.event_id or None,
        "told": one.told,
        "arrived": one.arrived,
        "seconds": None if one.seconds is None else round(one.seconds, 1),
        "problems": one.problems,
        "stays": one.stays or None,
    }
