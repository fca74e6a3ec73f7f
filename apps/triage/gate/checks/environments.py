"""Whether errors were seen to arrive in staging and in production: by this run, or by one that left a report."""

from collections.abc import Sequence

from apps.triage.releases import ReleaseError
from apps.triage.words import counted

from .. import records
from ..code import COMMIT, differs
from ..item import Check, Finding, failed, held, unknown
from ..records import RECENT, Record, counts
from ..scope import Scope
from .capture import arrive

# What must have held there.
CAPTURE = ("capture", "context", "caller-errors", "scrubbing")


def verified_in(environment: str) -> Check:
    """Return the check for an environment, the same for each."""

    def check(scope: Scope) -> Finding:
        if scope.config.environment == environment:
            return arrive(scope)
        record = records.newest(scope.folder, environment)
        if record is None:
            return failed(f"There is no report of {environment} in {scope.folder.name}/{records.FOLDER}.", "record")
        return _judged(scope, record)

    return check


def _judged(scope: Scope, record: Record) -> Finding:
    if not counts(record.moment, scope.now):
        return failed(f"{record.file} is of {record.moment:%Y-%m-%d}; it counts for {RECENT.days} days.", "record")
    missing = [item for item in CAPTURE if item not in record.held]
    if missing or not record.events:
        return failed(f"In {record.file}, {', '.join(missing) or 'firing test errors'} did not hold.", "record")
    return _of_other_code(scope, record) or _on_the_tracker(scope, record)


def _of_other_code(scope: Scope, record: Record) -> Finding | None:
    """What was seen there was seen of one release, at one commit; None if they are those that run here."""
    if record.release != (scope.config.release or ""):
        return failed(f"{record.file} is of the release {record.release}; here is {scope.config.release}.", "record")
    of = f"{record.file} is of the commit {record.commit[:7]}"
    if not COMMIT.fullmatch(record.commit):
        return unknown(f"{record.file} does not say of which commit it is.", "record")
    try:
        wrong = differs(scope, record.commit)
    except ReleaseError as error:
        return unknown(f"{of}; nobody knows whether that is what is here: {error}.", "record")
    return failed(f"{of}; {wrong}.", "record") if wrong else None


def _on_the_tracker(scope: Scope, record: Record) -> Finding:
    tracker = scope.tracker()
    said = f"{record.file}: {record.release}, {counted(len(record.events), 'test error')}"
    if (record.url, record.project) != (tracker.url, scope.project):
        where = f"on {record.url}, project {record.project}, which is not what is asked here"
        return held(f"{said} {where}: a record, not looked up.", "record")
    return _looked_up(scope, record, said)


def _looked_up(scope: Scope, record: Record, said: str) -> Finding:
    tracker = scope.tracker()
    events = [tracker.event(event) for event in record.events]
    there = [event for event in events if event is not None]
    if len(there) < len(events):
        gone = len(events) - len(there)
        return unknown(f"{said}; {gone} of them are not on {tracker.name} (any more). Run the gate there again.")
    for what in ("environment", "release"):
        if wrong := _others([getattr(event, what) for event in there], getattr(record, what)):
            return failed(f"{said}, but on {tracker.name} they are of the {what} {wrong}.")
    if any(scope.now - event.moment > RECENT for event in there):
        return failed(f"{said}, but on {tracker.name} they are older than {RECENT.days} days.")
    # Still a record: what held there stands in the file alone, beside IDs that anybody can look up.
    there_too = f"all are there, with that release and the environment {record.environment}"
    return held(f"{said}, looked up on {tracker.name}: {there_too}.", "record")


def _others(found: Sequence[str], environment: str) -> str:
    return ", ".join(sorted({name or "none" for name in found} - {environment}))
