"""`manage.py sentry_erase`: a person asks to be forgotten."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.error_tracking.config import load
from apps.error_tracking.printing import read_in_part
from apps.triage import config, output, typed
from apps.triage.erasure import Found, check_user_id, erase, find, search_again, to_delete, what_remains
from apps.triage.erasure_report import deleted_sentence, document, left_sentence, show_preview
from apps.triage.receipts import Receipt, ReceiptError, Run, default_path
from apps.triage.trackers import Tracker, TrackerError
from apps.triage.words import counted


class Command(BaseCommand):
    """Exit codes: 0 nothing of the person is left, 1 something is or the tracker failed, 2 usage, 130 Ctrl-C."""

    help = (
        "Shows what the tracker has of a user, deletes it after a question (or --yes), searches again and writes a "
        "receipt without personal data. Issues that have events of others too are kept unless --include-shared."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define the options."""
        parser.add_argument("user_id", metavar="USER_ID", help="user.id as the application sends it, never an e-mail")
        parser.add_argument("--include-shared", action="store_true", help="delete issues with events of others too")
        parser.add_argument("--yes", action="store_true", help="delete without asking")
        parser.add_argument("--receipt", type=Path, metavar="FILE", help="in place of erasure-<date>-<hash>.json")
        parser.add_argument("--json", action="store_true", help="one JSON document in place of tables")

    def handle(self, **options: Any) -> None:
        """Preview, ask, delete, prove, write the receipt, exit."""
        typed.check(options)
        started = datetime.now(UTC)
        user_id = _user_id(options["user_id"])
        tracker = config.tracker()
        found = _find(tracker, user_id)
        chosen = to_delete(found, shared=options["include_shared"])
        if not options["json"]:
            with read_in_part():
                show_preview(found, chosen, tracker)
        if found and not _agreed(len(chosen), options):
            self._stop_without_deleting(found, tracker, as_json=options["json"])
        receipt = _begin(options["receipt"] or default_path(user_id, started), user_id, tracker, started)
        erased = erase(tracker, chosen, user_id, shared=options["include_shared"], progress=_progress)
        left = search_again(tracker, user_id, erased, _progress)
        output.progress("")
        run = Run(
            started=started,
            finished=datetime.now(UTC),
            found=found,
            erased=erased,
            left=left,
            include_shared=options["include_shared"],
        )
        self._finish(receipt, run, tracker, as_json=options["json"])

    def _stop_without_deleting(self, found: Sequence[Found], tracker: Tracker, *, as_json: bool) -> None:
        if as_json:
            with read_in_part():
                self.stdout.write(json.dumps(document(found, tracker), indent=2))
        self.stderr.write("Nothing was deleted.")
        sys.exit(1)

    def _finish(self, receipt: Receipt, run: Run, tracker: Tracker, *, as_json: bool) -> None:
        remains = list(what_remains(tracker))
        try:
            written = receipt.end(run, remains)
        except ReceiptError as error:
            raise CommandError(f"{deleted_sentence(run)} The receipt is missing: {error}") from error
        lines = [deleted_sentence(run), left_sentence(run, tracker), "What stays behind:"]
        lines += [*(f"- {sentence}" for sentence in remains), f"Receipt: {receipt.path}"]
        whole = json.dumps(document(run.found, tracker) | {"receipt": written}, indent=2)
        with read_in_part():
            self.stdout.write(whole if as_json else "\n".join(lines))
        _exit(run)


def _exit(run: Run) -> None:
    if run.erased.outcome == "interrupted":
        sys.exit(130)
    if run.left or run.left is None or run.erased.outcome != "complete":
        sys.exit(1)


def _user_id(text: str) -> str:
    try:
        return check_user_id(text)
    except ValueError as error:
        raise CommandError(f"USER_ID: {error}.", returncode=2) from error


def _find(tracker: Tracker, user_id: str) -> list[Found]:
    try:
        return find(tracker, user_id, _progress)
    except TrackerError as error:
        raise CommandError(f"The tracker cannot be read, and nothing was deleted: {error}") from error
    except KeyboardInterrupt:
        raise CommandError("Interrupted; nothing was deleted.", returncode=130) from None
    finally:
        output.progress("")


def _agreed(number: int, options: dict[str, Any]) -> bool:
    if options["yes"]:
        return True
    if not number:
        sys.stderr.write("All of these issues have events of others too; --include-shared deletes them.\n")
        return False
    if options["json"] or not sys.stdin.isatty():
        sys.stderr.write(f"This would delete {counted(number, 'issue')}; --yes does it without asking.\n")
        return False
    return output.agreed(f"Delete {counted(number, 'issue')} for good?")


def _begin(path: Path, user_id: str, tracker: Tracker, started: datetime) -> Receipt:
    try:
        receipt = Receipt(path, user_id, tracker.name, tracker.url, load().release or "")
        receipt.begin(started)
    except ReceiptError as error:
        raise CommandError(f"--receipt: {error} Nothing was deleted.", returncode=2) from error
    return receipt


def _progress(word: str, done: int, of: int) -> None:
    looked_at = f"{word} {counted(done, 'issue')}, {of:,} of this user"
    output.progress(looked_at if word == "looked at" else f"{word} {done:,} of {of:,}")
