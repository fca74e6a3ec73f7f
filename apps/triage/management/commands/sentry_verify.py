"""`manage.py sentry_verify`: the gate S9-MON-002."""

import difflib
import os
import sys
from argparse import ArgumentParser
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from apps.error_tracking.config import load
from apps.error_tracking.printing import read_in_part
from apps.triage import output
from apps.triage.gate import attestations, records, report
from apps.triage.gate import run as gate
from apps.triage.gate.attestations import Attestation, AttestationError
from apps.triage.gate.item import Item
from apps.triage.gate.items import ATTESTABLE, ITEMS
from apps.triage.gate.scope import Scope, folder_of

_FILE = "attestations.toml"


class Command(BaseCommand):
    """Exit codes: 0 every item holds, 1 one does not, 2 usage or configuration."""

    help = (
        "Judges the gate S9-MON-002: fires test errors through the real stack, reads them back from the tracker, and "
        "checks what else must hold. What only a person can know is recorded with: sentry_verify attest ITEM."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define the options."""
        parser.add_argument("--environment", metavar="NAME", help="in place of SENTRY_ENVIRONMENT, for this run")
        parser.add_argument("--only", action="extend", nargs="+", metavar="ITEM", help="judge these items only")
        parser.add_argument("--timeout", type=float, default=30, metavar="S", help="seconds to wait for events (30)")
        parser.add_argument(
            "--report", nargs="?", const="", metavar="FILE.md", help="write the evidence; default: in GATE_DIR/reports"
        )
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="one JSON document in place of a table")
        form.add_argument(
            "--checklist", action="store_true", help="print docs/deployment/checklist.md and judge nothing"
        )
        parser.add_argument("--list", action="store_true", help="show the items and judge nothing")
        actions = parser.add_subparsers(dest="action", metavar="attest")
        attest = actions.add_parser("attest", help="record what only a person can know")
        attest.add_argument("item", metavar="ITEM", help=", ".join(ATTESTABLE))
        attest.add_argument("--by", required=True, metavar="NAME", help="who says so")
        attest.add_argument(
            "--expires", required=True, metavar="DATE", help="the last day on which it counts: 2027-05-31"
        )
        attest.add_argument("--note", default="", help="what was done")
        attest.add_argument("--reference", default="", help="where it can be looked up")
        attest.add_argument(
            "--replace", action="store_true", help="put it in the place of what somebody said, if that still counts"
        )

    def handle(self, **options: Any) -> None:
        """Judge or record, print, exit."""
        if options["action"] == "attest":
            self._attest(options)
        elif options["checklist"]:
            with read_in_part():
                sys.stdout.write(report.checklist(ITEMS))
        elif options["list"]:
            with read_in_part():
                report.show_items(_chosen(options["only"]), as_json=options["json"])
        else:
            self._judge(options)

    def _attest(self, options: dict[str, Any]) -> None:
        path = folder_of(os.environ, Path(load().project_root)) / _FILE
        texts = {name: options[name].strip() for name in ("by", "note", "reference")}
        _known(options["item"], list(ATTESTABLE), "no item that a person can attest")
        said = Attestation(
            item=options["item"], date=datetime.now(UTC).date(), expires=_day(options["expires"]), **texts
        )
        try:
            before = attestations.load(path, ATTESTABLE).get(said.item)
            if before and not before.problem(said.date) and not options["replace"]:
                _ask_to_replace(before)
            attestations.write(path, said, ATTESTABLE)
        except AttestationError as error:
            raise CommandError(str(error), returncode=2) from error
        with read_in_part():
            sys.stdout.write(f"{said.by} attested {said.item} until {said.expires}: {path}\n")

    def _judge(self, options: dict[str, Any]) -> None:
        items, scope = _chosen(options["only"]), _scope(options)
        target = _target(scope, options)
        run = gate.run(items, scope, whole=len(items) == len(ITEMS))
        output.progress("")
        with read_in_part():
            if options["json"]:
                sys.stdout.write(report.as_json(run))
            else:
                report.show(run)
        if target is not None:
            report.write(run, target)
            sys.stderr.write(f"Evidence: {target}\n")
        if run.open:
            sys.exit(1)


def _ask_to_replace(before: Attestation) -> None:
    """Raise CommandError unless somebody on a terminal says that a word which counts is to go."""
    counts = f"{before.by} attested {before.item} on {before.date}, which counts until {before.expires}"
    if not output.agreed(f"{counts}. Put yours in its place?"):
        raise CommandError(f"{counts}: nothing was changed. --replace puts yours in its place.", returncode=2)


def _scope(options: dict[str, Any]) -> Scope:
    if not options["timeout"] >= 0:
        raise CommandError("--timeout must be a number of seconds, 0 or more.", returncode=2)
    name = options["environment"]
    if name == "":  # as a variable it means production
        raise CommandError("--environment must be a name, such as staging.", returncode=2)
    try:
        config = load({**os.environ, "SENTRY_ENVIRONMENT": name} if name is not None else None)
        root = Path(config.project_root)
        said = attestations.load(folder_of(os.environ, root) / _FILE, ATTESTABLE)
    except (ImproperlyConfigured, AttestationError) as error:
        raise CommandError(str(error), returncode=2) from error
    return Scope(
        config=config,
        now=datetime.now(UTC),
        root=root,
        folder=folder_of(os.environ, root),
        attestations=said,
        timeout=options["timeout"],
        progress=output.progress,
    )


def _target(scope: Scope, options: dict[str, Any]) -> Path | None:
    """Return where the evidence goes, a place that can be written to; None: nowhere."""
    if options["report"] is None:
        return None
    if options["only"]:
        raise CommandError("--report is about the whole gate; leave out --only.", returncode=2)
    name = f"{scope.now:%Y-%m-%dT%H%M%S}-{scope.config.environment}.md"
    path = Path(options["report"] or scope.folder / records.FOLDER / name)
    if path.suffix != ".md":
        raise CommandError(
            "--report takes a file that ends in .md; beside it the same is written as .json.", returncode=2
        )
    if path.exists() or path.with_suffix(".json").exists():
        raise CommandError(f"{path} is there already: evidence is not written over. Name another file.", returncode=2)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"{path.parent} cannot be made ({type(error).__name__}).", returncode=2) from error
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise CommandError(f"{path.parent} cannot be written to.", returncode=2)
    return path


def _chosen(names: list[str] | None) -> tuple[Item, ...]:
    for name in names or ():
        _known(name, [item.id for item in ITEMS], "no item of the gate")
    return tuple(item for item in ITEMS if not names or item.id in names)


def _known(name: str, known: list[str], what: str) -> None:
    if name not in known:
        close = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {close[0]}?" if close else "--list shows what there is."
        raise CommandError(f"'{name}' is {what}; {hint}", returncode=2)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError("--expires must be a day, such as 2027-05-31.", returncode=2) from error
