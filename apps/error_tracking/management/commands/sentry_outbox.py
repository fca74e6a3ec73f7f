"""`manage.py sentry_outbox`: what waits for the tracker, send it now, throw it away."""

import json
import re
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ...config import Config, load
from ...delivery.options import DeliveryOptions
from ...delivery.outbox import Outbox
from ...delivery.replay import Replay
from ...delivery.status import OutboxStatus, others, status
from ...delivery.transport import current, outbox_for
from ...printing import read_in_part

_AGE = re.compile(r"(\d{1,6})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_PATIENCE = 10.0  # seconds to wait for another process that is sending


class Command(BaseCommand):
    """Exit codes: 0 fine, 1 something is left, 2 usage or configuration."""

    help = "Shows what waits on disk for the tracker (status), sends it now (flush), or throws it away (purge)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define the options."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="status | flush | purge")
        shown = actions.add_parser("status", help="how much waits, how long, and why")
        flush = actions.add_parser("flush", help="send what waits, now")
        flush.add_argument("--rejected", action="store_true", help="put back first what the tracker refused")
        purge = actions.add_parser("purge", help="delete what waits; shows what it would do, until --yes")
        purge.add_argument("--yes", action="store_true", help="delete it")
        purge.add_argument("--rejected", action="store_true", help="only what was set aside")
        purge.add_argument("--older-than", metavar="AGE", type=_age, help="only what is older: 30m, 12h, 7d")
        for action in (shown, flush, purge):
            action.add_argument("--json", action="store_true", help="one JSON document in place of lines")

    def handle(self, **options: Any) -> None:
        """Do it, print, exit."""
        config = load()
        outbox = _outbox(config)
        if options["action"] == "status":
            self._print(status(outbox).as_dict() | {"others": others(outbox)}, _lines(status(outbox), outbox), options)
        elif options["action"] == "flush":
            self._flush(outbox, config.delivery, options)
        else:
            self._purge(outbox, options)

    def _print(self, document: dict[str, Any], lines: list[str], options: dict[str, Any]) -> None:
        with read_in_part():
            self.stdout.write(json.dumps(document, indent=2) if options["json"] else "\n".join(lines))

    def _flush(self, outbox: Outbox, delivery: DeliveryOptions, options: dict[str, Any]) -> None:
        restored = outbox.restore() if options["rejected"] else 0
        before = len(outbox.entries())
        self._send_all(outbox, before)
        left = len(outbox.entries())
        why = (status(outbox).problem or outbox.lock.holder() or "try again later") if left else ""
        document = {"sent": before - left, "left": left, "restored": restored, "problem": why}
        lines = [f"{before - left} sent, {left} left{': ' + why if left else ''}."]
        self._print(document, lines, options)
        if left:
            sys.exit(1)

    def _send_all(self, outbox: Outbox, total: int) -> None:
        courier = current()
        replay: Replay | None = courier.replay if courier else None
        assert replay is not None  # noqa: S101 - there is an outbox, so there is one
        deadline, left, urgent = time.monotonic() + _PATIENCE, total, True
        while left and time.monotonic() < deadline:
            wait = replay.run(urgent=urgent)
            urgent = False
            now_left = len(outbox.entries())
            if sys.stderr.isatty():
                self.stderr.write(f"\r\033[K{total - now_left} of {total} sent", ending="")
            if replay.pace.failures:
                return
            if now_left < left:
                left, deadline = now_left, time.monotonic() + _PATIENCE
            time.sleep(0.05 if wait is None else min(wait, 0.5))

    def _purge(self, outbox: Outbox, options: dict[str, Any]) -> None:
        doomed = _doomed(outbox, rejected_only=options["rejected"], older_than=options["older_than"])
        if options["yes"]:
            for path in doomed:
                path.unlink(missing_ok=True)
        verb = "deleted" if options["yes"] else "would be deleted; --yes deletes them"
        lines = [f"{len(doomed)} envelopes {verb}."]
        self._print({"envelopes": len(doomed), "deleted": options["yes"]}, lines, options)


def _outbox(config: Config) -> Outbox:
    if config.dsn is None:
        raise CommandError("SENTRY_DSN is not set: the outbox is that of a tracker's project.", returncode=2)
    outbox = outbox_for(config.dsn, config.delivery)
    if outbox is None:
        raise CommandError("There is no outbox: set OUTBOX_DIR to a folder that survives a restart.", returncode=2)
    return outbox


def _age(text: str) -> float:
    match = _AGE.fullmatch(text)
    if match is None:
        raise ArgumentTypeError(f"{text!r} is no age; it looks like 30m, 12h or 7d.")
    return float(match[1]) * _SECONDS[match[2]]


def _doomed(outbox: Outbox, *, rejected_only: bool, older_than: float | None) -> list[Path]:
    waiting = [] if rejected_only else [outbox.folder / entry.name for entry in outbox.entries()]
    limit = time.time() - older_than if older_than is not None else float("inf")
    return [path for path in [*waiting, *outbox.rejected()] if path.lstat().st_mtime <= limit]


def _lines(found: OutboxStatus, outbox: Outbox) -> list[str]:
    oldest = f", the oldest for {found.oldest:.0f} s" if found.oldest is not None else ""
    lines = [
        f"folder    {found.folder}",
        f"waiting   {found.waiting} envelopes, {found.bytes} bytes{oldest}",
        f"rejected  {found.rejected}",
        f"problem   {found.problem or 'none'}",
        f"sender    {found.sender or 'none at this moment'}",
    ]
    return lines + [
        f"other     {count} wait for {name}, which is not the DSN's" for name, count in others(outbox).items()
    ]
