"""Whether a person can be forgotten, by a drill: an event of somebody made up is found, deleted, not found again."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from uuid import uuid4

import sentry_sdk

from apps.error_tracking import capture_error, sdk
from apps.error_tracking.classification import ErrorClass
from apps.triage import erasure, firing
from apps.triage.erasure import Found
from apps.triage.query import Query, Term, age
from apps.triage.search import Budget, search
from apps.triage.trackers.base import Issue, NotFound
from apps.triage.words import counted

from ..item import Finding, failed, held
from ..scope import Scope

_ISSUES, _EVENTS, _OF_ONE = 2_000, 500, 100  # that a search reads at most; what was seen last comes first
# Where each event is a request, what happens all the time would use up a search before it comes to the drill's.
_NEW = Term("first_seen", "1h", "<")
_PAUSE = 0.5  # seconds
_TEXT = "a drill of an erasure, nothing is wrong"


class ErasureDrill(Exception):
    """Nothing is wrong: the gate tries whether a person's events can be deleted."""

    error_class = ErrorClass.USER  # which wakes nobody


def drilled(scope: Scope) -> Finding:
    """What the tracker has of a person is found by user.id, deleted, and not found any more."""
    if scope.config.dsn is None:
        return failed("SENTRY_DSN is not set: no event can be sent for the drill.")
    tracker, user_id = scope.tracker(), str(uuid4())
    _send(scope, scope.config.dsn, user_id)
    found = _until(scope, user_id, lambda one: one is not None)
    if found is None:
        why = f"{tracker.name} does not find the drill's event by its user.id after {scope.timeout:g} s"
        return failed(f"{why}; it may arrive yet, as {ErasureDrill.__name__}.")
    if found.theirs != 1 or found.shared:  # of others nothing is deleted
        return failed(f"{tracker.name} finds by a user.id what is not that person's: its search cannot be relied on.")
    if problem := _erase(scope, found, user_id):
        return failed(f"{tracker.name} did not delete the drill's issue {found.issue.short_id}: {problem}")
    if _until(scope, user_id, lambda one: one is None):
        return failed(f"{tracker.name} said that it deleted {found.issue.short_id}, and still finds it.")
    said = f"A drill on {tracker.name}: an event of a made-up person was found, deleted, and not found again."
    left = deleted_of_earlier(scope)
    return held(f"{said} So was {counted(left, 'issue')} that an interrupted drill had left." if left else said)


def deleted_of_earlier(scope: Scope) -> int:
    """Delete what interrupted drills left, and return how many issues that were. Raises TrackerError.

    What is younger than an hour may be the drill of somebody else, who still needs it.
    """
    tracker, deleted = scope.tracker(), 0
    query = Query((Term("error.type", ErasureDrill.__name__),))
    for subject in search(tracker, query, scope.now, Budget(issues=_ISSUES)):
        if _is_left(subject.issue, scope.now):
            with suppress(NotFound):  # somebody else got there first
                tracker.delete(subject.issue.id)
                deleted += 1
    return deleted


def _is_left(issue: Issue, now: datetime) -> bool:
    return issue.events == 1 and _TEXT in issue.title and issue.first_seen < now - age(_NEW.value)


def _send(scope: Scope, dsn: str, user_id: str) -> None:
    scope.progress("sending an event of somebody made up")
    firing.start(scope.config, dsn)
    with sentry_sdk.new_scope() as mine:
        mine.fingerprint = ["erasure-drill", user_id]  # an issue of its own, in which nobody else's events are
        mine.set_user({"id": user_id})
        capture_error(ErasureDrill(_TEXT))
    sentry_sdk.flush(timeout=sdk.SHUTDOWN_TIMEOUT)


def _until(scope: Scope, user_id: str, satisfied: Callable[[Found | None], bool]) -> Found | None:
    """Return what a search finds of the person, when that is as wanted or time is up."""
    deadline = time.monotonic() + scope.timeout
    while not satisfied(found := _search(scope, user_id)) and time.monotonic() < deadline:
        time.sleep(_PAUSE)
    return found


def _search(scope: Scope, user_id: str) -> Found | None:
    tracker, budget = scope.tracker(), Budget(issues=_ISSUES, events=_EVENTS, of_one=_OF_ONE)
    query = Query((Term("user.id", user_id), _NEW))
    subject = next(search(tracker, query, scope.now, budget), None)
    with suppress(NotFound):  # a search may know it a little longer
        return erasure.look_at(tracker, subject.issue, user_id) if subject else None
    return None


def _erase(scope: Scope, found: Found, user_id: str) -> str:
    """Delete the issue as sentry_erase does; return what went wrong."""
    erased = erasure.erase(scope.tracker(), [found], user_id, shared=False, progress=lambda *_: None)
    if erased.outcome == "interrupted":
        raise KeyboardInterrupt
    if erased.problem or erased.deleted:
        return erased.problem
    return "somebody else got there first."
