"""The access review: who can get at the errors, and what about that should not stay as it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from .query import Query
from .trackers.base import Capability, Member, Tracker, Unsupported

Weight = Literal["high", "medium", "note"]
# What a review needs to be able to read.
NEEDED = (
    Capability.MEMBERS,
    Capability.TWO_FACTOR,
    Capability.LAST_LOGIN,
    Capability.TEAMS,
    Capability.INVITATIONS,
    Capability.AUDIT_LOG,
)
OWNERS = 2  # one who is ill must not lock everybody out; more are more than needed
STALE = timedelta(days=90)
# Every other role can: GlitchTip asks for no more than a token with event:write, which anybody can make; on Sentry a
# member can unless "Let Members Delete Events" is off, and the list of members does not say whether it is.
_CANNOT_DELETE = frozenset({"billing"})


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to act on ("high", "medium") or to know ("note"); `who` is an e-mail address, or empty for all."""

    weight: Weight
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class Review:
    """`members` is None where the tracker cannot list them; `unread` says in sentences what could not be read.

    `tells_logins`: without a last login somebody never signed in; otherwise nobody knows.
    """

    tracker: str
    moment: datetime
    members: tuple[Member, ...] | None
    findings: tuple[Finding, ...]
    unread: tuple[str, ...]
    tells_logins: bool

    @property
    def to_act_on(self) -> tuple[Finding, ...]:
        """The findings that are more than notes."""
        return tuple(finding for finding in self.findings if finding.weight != "note")


def review(tracker: Tracker, now: datetime, *, owners: int = OWNERS, stale: timedelta = STALE) -> Review:
    """Return who has access and what was found: more than `owners` owners, and who did not sign in for `stale`.

    Raises TrackerError, but not for what the tracker cannot tell.
    """
    unread = tuple(tracker.lacks[capability] for capability in NEEDED if capability in tracker.lacks)
    tells_logins = Capability.LAST_LOGIN not in tracker.lacks
    try:
        members = sorted(tracker.members(), key=lambda member: member.email)
    except Unsupported as error:
        next(iter(tracker.issues(Query())), None)  # nothing was asked yet: is it there at all?
        said = unread if str(error) in unread else (str(error), *unread)
        return Review(tracker.name, now, None, (), said, tells_logins)
    findings = [*_of_all(members, owners), *_of_each(members, tracker, now, stale)]
    order = ("high", "medium", "note")
    findings.sort(key=lambda finding: (order.index(finding.weight), finding.who, finding.what))
    return Review(tracker.name, now, tuple(members), tuple(findings), unread, tells_logins)


def can_delete(member: Member) -> bool:
    """Say whether somebody's role lets them delete issues; one that is not known counts as one that does."""
    return not member.pending and member.role not in _CANNOT_DELETE


def _of_all(members: Sequence[Member], owners: int) -> Iterator[Finding]:
    own = [member for member in members if member.role == "owner" and not member.pending]
    if len(own) > owners:
        yield Finding("medium", "", f"{len(own)} owners: {owners} are enough")
    if len(own) == 1:
        yield Finding("note", own[0].email, "is the only owner: nobody else can help when they cannot sign in")
    may = sum(map(can_delete, members))
    if may:
        yield Finding("note", "", f"{may} of {len(members)} have a role that can delete issues, for good")


def _of_each(members: Sequence[Member], tracker: Tracker, now: datetime, stale: timedelta) -> Iterator[Finding]:
    for member in members:
        if member.pending:
            yield Finding("medium", member.email, _invited(member, now))
            continue
        if member.two_factor is False:
            yield Finding("high", member.email, "does not use two-factor authentication")
        if Capability.LAST_LOGIN not in tracker.lacks:
            yield from _stale(member, now, stale)


def _invited(member: Member, now: datetime) -> str:
    since = f" for {(now - member.joined).days} days" if member.joined else ""
    return f"invited{since} and not joined: whoever has the link gets in as {member.role}"


def _stale(member: Member, now: datetime, stale: timedelta) -> Iterator[Finding]:
    seen = member.last_login or member.joined
    if seen is None:
        yield Finding("medium", member.email, "never signed in")
    elif now - seen > stale:
        what = "last signed in" if member.last_login else "joined, and never signed in,"
        yield Finding("medium", member.email, f"{what} {(now - seen).days} days ago")
