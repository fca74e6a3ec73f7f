"""The tracker: that it is there, who has access to it, how long it keeps what it gets."""

from pathlib import Path

from apps.triage import access
from apps.triage.query import parse
from apps.triage.search import Budget, search
from apps.triage.trackers.base import Capability
from apps.triage.words import counted

from ..item import Finding, failed, held, unknown, untold
from ..scope import Scope
from .tls import reach

DAYS = 90
_SLACK = 2  # days: what is due at night is still there in the morning
_LIFE = "GLITCHTIP_MAX_EVENT_LIFE_DAYS"
_LOOKED_FOR_OLD = 10_000  # issues


def deployed(scope: Scope) -> Finding:
    """The tracker takes the token, and what it answers is encrypted."""
    tracker = scope.tracker()
    way = reach("TRACKER_URL", tracker.url)
    return held(f"{tracker.name} takes the token. {way.said}") if way.state == "held" else way


def release(scope: Scope) -> Finding:
    """The tracker knows the release that runs here."""
    version = scope.config.release
    if version is None:
        return failed("There is no release: set SENTRY_RELEASE.")
    scope.fired()
    tracker = scope.tracker()
    if all(known.version != version for known in tracker.releases()):
        return failed(f"{tracker.name} does not know the release {version}.")
    return held(f"{tracker.name} knows the release {version}.")


def reviewed(scope: Scope) -> Finding:
    """The access review finds nothing to act on."""
    review = access.review(scope.tracker(), scope.now)
    if review.members is None:
        return untold(f"{review.tracker} does not say who has access.")
    of_two_factor = [one for one in review.to_act_on if one.weight == "high"]
    others = len(review.to_act_on) - len(of_two_factor)
    if review.to_act_on:
        found = f"{others} others, {len(of_two_factor)} of two-factor authentication"
        return failed(f"{counted(len(review.members), 'member')}, {found}: sentry_access shows them.")
    owners = sum(member.role == "owner" for member in review.members)
    return held(f"{counted(len(review.members), 'member')}, {counted(owners, 'owner')}, nothing to act on.")


def two_factor(scope: Scope) -> Finding:
    """Everybody with access uses two-factor authentication."""
    tracker = scope.tracker()
    for capability in (Capability.MEMBERS, Capability.TWO_FACTOR):
        if capability in tracker.lacks:
            return untold(tracker.lacks[capability])
    members = [member for member in tracker.members() if not member.pending]
    without, silent = (sum(member.two_factor is answer for member in members) for answer in (False, None))
    if silent:
        return untold(f"Of {counted(silent, 'member')} {tracker.name} does not say whether they use it.")
    if without or not members:
        return failed(f"{without} of {counted(len(members), 'member')} do not use it.")
    return held(f"All {counted(len(members), 'member')} use it.")


def retention(scope: Scope) -> Finding:
    """Nothing on the tracker is older than 90 days, and its configuration says that this stays so."""
    tracker = scope.tracker()
    budget = Budget(issues=_LOOKED_FOR_OLD)
    old = parse(f"last_seen:>{DAYS + _SLACK}d")
    if next(search(tracker, old, scope.now, budget, lambda looked, found: scope.progress(f"{looked} issues")), None):
        return failed(f"{tracker.name} has issues that were last seen more than {DAYS} days ago.")
    seen = f"none of {counted(budget.looked_at, 'issue')} was last seen more than {DAYS} days ago"
    if tracker.kind != "glitchtip":
        return untold(f"{tracker.name} does not say in its API for how many days it keeps events; {seen}.")
    if budget.used_up:  # last seen first: the oldest come at the end
        return unknown(f"{tracker.name} has more than {counted(budget.looked_at, 'issue')}: the oldest were not read.")
    return _of_glitchtip(scope, seen)


def _of_glitchtip(scope: Scope, seen: str) -> Finding:
    file = scope.root / "docker" / ".env.glitchtip"
    said = scope.environ.get(_LIFE) or _from(file)
    if said is None:
        return untold(f"Neither the variable {_LIFE} nor docker/.env.glitchtip is here; {seen}.")
    if not said.isdecimal() or not 1 <= int(said) <= DAYS:
        return failed(f"{_LIFE} is not a number of days from 1 to {DAYS}.", "record")
    return held(f"{_LIFE} is {int(said)}; {seen}.", "record")


def _from(file: Path) -> str | None:
    """Return what the file says, its default where it leaves it out, None without a file."""
    if not file.exists():
        return None
    lines = [line.partition("=") for line in file.read_text(encoding="utf-8").splitlines()]
    return next((value.strip() for name, _, value in reversed(lines) if name.strip() == _LIFE), str(DAYS))
