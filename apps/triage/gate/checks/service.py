"""This deployment of the application: its settings, its secrets, its outbox, what tracking costs it."""

import json
import tempfile
import time
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import checks

from apps.error_tracking.delivery import files
from apps.error_tracking.delivery.outbox import Outbox
from apps.error_tracking.delivery.status import others, status
from apps.error_tracking.delivery.transport import outbox_for
from apps.triage.plain import one_line
from apps.triage.words import counted

from ..code import same
from ..item import Finding, failed, held, unknown
from ..records import RECENT, counts
from ..scope import Scope

OVERHEAD = "docs/figures/overhead.json"
_KEY, _PASSWORD = 50, 16  # characters: Django's security.W009, and 128 bits in base64 with some to spare
_PAUSE = 0.2  # seconds


def deployment(scope: Scope) -> Finding:
    """`manage.py check --deploy` finds nothing."""
    found = checks.run_checks(include_deployment_checks=True)
    serious = [one for one in found if one.level >= checks.WARNING and not one.is_silenced()]
    if serious:
        said = "; ".join(
            f"{one.id}: {_first_sentence(one.msg)}" for one in sorted(serious, key=lambda one: str(one.id))
        )
        return failed(f"manage.py check --deploy, {counted(len(serious), 'finding')}: {said}.")
    return held("manage.py check --deploy: nothing found.")


def _first_sentence(text: str) -> str:
    return one_line(text).partition(". ")[0].removesuffix(".")


def secrets(scope: Scope) -> Finding:
    """The secrets of this process are there, and are none that could be guessed."""
    weak = []
    if scope.config.dsn is None:
        weak.append("SENTRY_DSN is not set")
    if len(settings.SECRET_KEY) < _KEY or len(set(settings.SECRET_KEY)) < 5:
        weak.append(f"SECRET_KEY has fewer than {_KEY} characters, or fewer than 5 different ones")
    database = settings.DATABASES["default"]
    own_file = database["ENGINE"].endswith("sqlite3")
    if not own_file and len(database.get("PASSWORD") or "") < _PASSWORD:
        weak.append(f"the database's password has fewer than {_PASSWORD} characters")
    folder = scope.root / "docker" / "secrets"
    if folder.exists() and folder.stat().st_mode & 0o077:
        weak.append("docker/secrets is open to other users of this machine")
    if weak:
        return failed(f"{'; '.join(weak)}.")
    password = "SQLite needs no password" if own_file else "the database's password is long enough"
    return held(f"SENTRY_DSN is set, SECRET_KEY is strong, {password}.")


def outbox(scope: Scope) -> Finding:
    """Errors have a place on disk to wait at, and none waits."""
    if scope.config.dsn is None:
        return failed("SENTRY_DSN is not set: the outbox is that of a tracker's project.")
    box = outbox_for(scope.config.dsn, scope.config.delivery)
    if box is None:
        return failed("OUTBOX_DIR is not set: errors that wait for the tracker are lost with their process.")
    try:
        box.folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        files.make_folder(box.folder)
        with tempfile.NamedTemporaryFile(dir=box.folder, prefix=".gate-") as probe:
            probe.write(b"x")
            probe.flush()
    except OSError as error:
        return failed(f"The outbox, {box.folder}, cannot be written to ({type(error).__name__}).")
    return _empty(box, scope.timeout)


def _empty(box: Outbox, seconds: float) -> Finding:
    deadline = time.monotonic() + seconds
    while (now := status(box)).waiting and time.monotonic() < deadline:
        time.sleep(_PAUSE)  # what another process has just written
    if now.waiting:
        why = f": {now.problem}" if now.problem else ""
        return failed(f"{counted(now.waiting, 'envelope')} in the outbox, waiting for the tracker{why}.")
    if now.rejected:
        return failed(f"{counted(now.rejected, 'envelope')} set aside, refused by the tracker.")
    if elsewhere := sum(others(box).values()):
        return failed(f"{counted(elsewhere, 'envelope')} waiting for a tracker that is not the DSN's (any more).")
    return held("The outbox can be written to, and nothing waits in it.")


def overhead(scope: Scope) -> Finding:
    """Tracking costs no more than its budgets, measured not long ago."""
    try:
        said = json.loads((scope.root / OVERHEAD).read_text(encoding="utf-8"))
        return _judged(said, scope)
    except FileNotFoundError:
        return unknown(f"There is no {OVERHEAD}: nothing was measured. `make bench` does.")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return unknown(f"{OVERHEAD} cannot be read ({type(error).__name__}).", "record")


def _judged(said: dict[str, Any], scope: Scope) -> Finding:
    moment, budgets = datetime.fromisoformat(said["date"]), said["budgets"]
    ratios = [(str(one["name"]), float(one["ratio"]), float(one["at_most"])) for one in budgets]
    when = f"{moment:%Y-%m-%d}, commit {str(said['commit'])[:7]}{' with changes' if said['changed'] else ''}"
    if scope.commit and not same(str(said["commit"]), scope.commit):
        when += f", here is {scope.commit[:7]}"
    if not counts(moment, scope.now):
        return failed(f"The figures are of {when}; they count for {RECENT.days} days: run `make bench`.", "record")
    if not said["whole"] or not ratios:
        return failed(f"The figures of {when} are of a part (--quick). `make bench` measures all.", "record")
    # Not "ratio > most": what is no number at all is missed too.
    missed = [f"{name}: {ratio:g} of {most:g}" for name, ratio, most in ratios if not ratio <= most]
    if missed:
        return failed(f"{len(missed)} of {len(ratios)} budgets are missed ({when}): {'; '.join(missed)}.", "record")
    return held(f"All {len(ratios)} budgets are met ({when}).", "record")
