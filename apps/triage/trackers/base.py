"""What every tracker can be asked and told, and what its answers look like, whichever tracker it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, Protocol

from apps.triage.plain import one_line
from apps.triage.query import Query, Term

Status = Literal["unresolved", "resolved", "ignored"]
TrackerKind = Literal["sentry", "glitchtip", "bugsink"]


class TrackerError(Exception):
    """The tracker could not be asked; the message says what happened and names the URL, never the token.

    It is one line that drives no terminal: part of it may be in the words of the tracker, or of who answers for it.
    """

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


class NotFound(TrackerError):
    """There is no such issue (any more)."""


class Refused(TrackerError):
    """The tracker does not take what it was told (400)."""


class NotJson(TrackerError):
    """A page was answered in place of JSON: a path that the tracker does not know, or no tracker."""


class Unsupported(TrackerError):
    """This tracker cannot do that; the message is the sentence of its `lacks`."""


class Capability(StrEnum):
    """What one tracker can do and another cannot; the value is the name for people."""

    ASSIGN = "assign"
    PRIORITY = "priority"
    READ_COMMENTS = "read comments"
    MERGE = "merge issues"
    RESOLVE_IN_RELEASE = "resolve in a release"
    RESOLVE_IN_NEXT_RELEASE = "resolve in the next release"
    RESOLVE_IN_COMMIT = "resolve in a commit"
    IGNORE_FOR = "ignore for a time"
    IGNORE_UNTIL = "ignore until a number of events"
    SEARCH = "search"
    USER_COUNTS = "count users"
    COMMITS = "commits of a release"
    FINALIZE = "finalize a release"
    DEPLOYS = "deploys"
    MEMBERS = "list members"
    TWO_FACTOR = "see who uses two-factor authentication"
    LAST_LOGIN = "see last logins"
    TEAMS = "list teams"
    INVITATIONS = "see pending invitations"
    ALERT_RULES = "alert rules"
    ALERT_SPIKES = "alert on spikes"
    ALERT_ANY_SPIKE = "alert on spikes of any length, again after any time"
    ALERT_USERS = "alert on affected users"
    ALERT_ENVIRONMENT = "alert on one environment"
    ALERT_ENVIRONMENTS = "alert on several environments"
    ALERT_PRIORITY = "alert by priority"
    ALERT_HOURS = "alert at certain hours"
    ALERT_MEMBERS = "alert the project's members by e-mail"
    ALERT_EMAIL = "alert any address by e-mail"
    ALERT_SLACK = "alert through a Slack webhook"
    ALERT_PAGERDUTY = "alert through PagerDuty"
    AUDIT_LOG = "audit log"
    DELETE_EVENT = "delete one event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A group of events. `id` is the tracker's own, `short_id` the one for people, `url` the page for them.

    `users`, `assignee`, `priority`, `comments` and `resolved` are None where the tracker does not say; `level` is
    empty then. `most_users` is how many `users` are at most, where it says that. Moments are aware. `type` is the
    exception's, empty for a message.
    """

    id: str
    short_id: str
    title: str
    type: str
    culprit: str
    level: str
    status: Status
    events: int
    users: int | None
    first_seen: datetime
    last_seen: datetime
    url: str
    most_users: int | None = None
    assignee: str | None = None
    priority: str | None = None  # P0 to P3
    comments: int | None = None
    resolved: datetime | None = None  # since when it is, where the tracker says; from a list of issues maybe never


@dataclass(frozen=True, slots=True)
class Frame:
    """One line of a stack; `source` are (line number, text) around it, as far as the tracker has them."""

    module: str
    function: str
    filename: str
    line: int | None
    in_app: bool
    source: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Raised:
    """One exception of a chain, innermost call last in `frames`."""

    type: str
    value: str
    frames: tuple[Frame, ...] = ()


@dataclass(frozen=True, slots=True)
class Crumb:
    """A breadcrumb; `moment` is None when it carries none that can be read."""

    moment: datetime | None
    category: str
    level: str
    message: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event as the tracker keeps it: `event_id` in hex, `data` in the form in which an SDK sends it.

    From a list of events `level`, `raised`, `crumbs` and `data` may be empty: ask for the event itself then.
    """

    event_id: str
    issue_id: str
    url: str
    moment: datetime
    level: str
    message: str
    environment: str
    release: str
    user_id: str
    tags: Mapping[str, str]
    raised: tuple[Raised, ...] = ()
    crumbs: tuple[Crumb, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def request_id(self) -> str | None:
        """The tag request_id."""
        return self.tags.get("request_id")


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote to an issue; `author` is empty where the tracker does not say."""

    author: str
    text: str
    moment: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release; what the tracker does not keep is None or empty."""

    version: str
    created: datetime
    finalized: datetime | None = None
    commits: int | None = None
    deploys: tuple[str, ...] = ()
    new_issues: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody with access. None: the tracker does not say (see its `lacks`)."""

    id: str
    email: str
    name: str
    role: str
    teams: tuple[str, ...] = ()
    pending: bool = False
    last_login: datetime | None = None
    two_factor: bool | None = None
    joined: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRule:
    """`spec` is the rule in the tracker's own words, without what the tracker adds by itself.

    It may hold the address of a webhook, which is a secret.
    """

    id: str
    name: str
    spec: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Resolution:
    """How an issue is resolved: now, or with a release, the next release, or a commit (one of them at most)."""

    release: str | None = None
    next_release: bool = False
    commit: str | None = None


@dataclass(frozen=True, slots=True)
class Ignoring:
    """How long an issue is ignored: for good, for minutes, or until it was seen so many times more."""

    minutes: int | None = None
    events: int | None = None


class Tracker(Protocol):
    """One of the trackers. Every method raises TrackerError; NotFound for what is not there.

    `kind` is the value of TRACKER_KIND for it; `keeps` are the envelope item types it stores, `lacks` says per missing
    capability in one sentence what is missing: a method that needs it raises Unsupported with that sentence.
    Changes concern one issue each, and raise TrackerError when the tracker answers that all is well but its
    answer shows that nothing changed.
    """

    kind: TrackerKind
    url: str
    keeps: frozenset[str]
    lacks: Mapping[Capability, str]

    @property
    def name(self) -> str:
        """The tracker's name for people, with its version where that is known."""
        ...

    def issues(self, query: Query) -> Iterator[Issue]:
        """Yield issues, last seen first: all that match `query`, and maybe others (see `answers`)."""
        ...

    def answers(self, query: Query) -> frozenset[Term]:
        """Return the terms by which `issues(query)` filters exactly; the others are for the caller to check."""
        ...

    def issue(self, issue_id: str) -> Issue:
        """Return an issue by its ID or its short ID."""
        ...

    def events(self, issue_id: str) -> Iterator[Event]:
        """Yield an issue's events, newest first, with tags, user, release and environment at least."""
        ...

    def events_of(self, issues: Sequence[Issue], since: datetime) -> Iterator[Event]:
        """Yield the events of these issues that happened since a moment, as `events` has them, in any order.

        Older ones may be among them. Issues that are gone are left out.
        """
        ...

    def event(self, event_id: str) -> Event | None:
        """Return a whole event by the hex ID that the application gave it, or None."""
        ...

    def latest_event(self, issue_id: str) -> Event:
        """Return an issue's newest event, whole."""
        ...

    def events_since(self, moment: datetime) -> Iterator[Event]:
        """Yield the whole events that the tracker took in since `moment`, newest issue first."""
        ...

    def users(self, issue: Issue) -> int:
        """Return how many different user.id an issue's stored events have."""
        ...

    def trends(self, issues: Sequence[Issue]) -> dict[str, tuple[int, ...]]:
        """Return by issue ID how many events each of the last 24 hours had, the oldest hour first."""
        ...

    def comments(self, issue_id: str) -> list[Comment]:
        """Return an issue's comments, oldest first."""
        ...

    def comment(self, issue_id: str, text: str) -> None:
        """Add a comment."""
        ...

    def resolve(self, issue_id: str, how: Resolution) -> None:
        """Resolve. Raises Unsupported for a way that the tracker does not know."""
        ...

    def ignore(self, issue_id: str, how: Ignoring) -> None:
        """Ignore. Raises Unsupported for a way that the tracker does not know."""
        ...

    def reopen(self, issue_id: str) -> None:
        """Make an issue unresolved again, resolved or ignored as it may be."""
        ...

    def assign(self, issue_id: str, who: str | None) -> None:
        """Assign to a person (e-mail address) or to nobody."""
        ...

    def prioritise(self, issue_id: str, priority: str) -> None:
        """Set the priority, P0 to P3."""
        ...

    def merge(self, issue_ids: Sequence[str]) -> None:
        """Make one issue of several."""
        ...

    def delete(self, issue_id: str) -> None:
        """Delete an issue with all its events."""
        ...

    def releases(self) -> Iterator[Release]:
        """Yield the releases, newest first."""
        ...

    def create_release(self, version: str) -> bool:
        """Create a release; return False when it was there already."""
        ...

    def set_commits(self, version: str, commits: Sequence[Mapping[str, str]]) -> None:
        """Say which commits a release has: id, message, author_name, timestamp each."""
        ...

    def finalize(self, version: str, moment: datetime) -> None:
        """Say when a release was released."""
        ...

    def deploy(self, version: str, environment: str) -> None:
        """Say that a release was deployed to an environment."""
        ...

    def members(self) -> list[Member]:
        """Return everybody with access."""
        ...

    def alert_rules(self) -> list[AlertRule]:
        """Return the project's alert rules, oldest first."""
        ...

    def create_alert_rule(self, name: str, spec: Mapping[str, Any]) -> str:
        """Make an alert rule and return its ID."""
        ...

    def update_alert_rule(self, rule_id: str, name: str, spec: Mapping[str, Any]) -> None:
        """Make an alert rule what `name` and `spec` say; nothing of what it was before stays."""
        ...

    def delete_alert_rule(self, rule_id: str) -> None:
        """Delete an alert rule."""
        ...
