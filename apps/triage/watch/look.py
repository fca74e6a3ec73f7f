"""One look at the tracker: which rules fire for which issues, and what is to be told to whom."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from apps.error_tracking import capture_error
from apps.triage.alerts.rules import Alerts, Rule
from apps.triage.notify.message import Message
from apps.triage.subject import Subject
from apps.triage.trackers.base import Event, Issue, NotFound, Tracker, TrackerError
from apps.triage.words import counted

from . import walk
from .conditions import Case, users_in_words, why
from .events import MOST, Events, Limit, within
from .routing import UNKNOWN, hour, route, soonest
from .silence import Silence, silences
from .state import Fired, Hour, Known, State, Waiting

MOST_FAILED = 3  # issues that cannot be looked at, before it is the tracker
MOST_TRIED = 5  # looks in a row at one of them, before it no longer counts
MOST_CHANGED = 10_000  # issues whose events are read in one look
TEST_TAG = "alert_test"  # of events that are made to see a rule fire


@dataclass(frozen=True, slots=True)
class Firing:
    """A rule that fires for an issue, why, and who hears of it."""

    rule: Rule
    why: str
    to: tuple[str, ...]
    when: Hour
    environment: str


@dataclass(slots=True)
class Seen:
    """What one look found. `problem` says why it ended early, `remarks` what was not read; empty if all was.

    `silent` are rules that hold and tell nobody; None where nobody asked.
    """

    changed: int = 0
    told: list[tuple[Message, tuple[Firing, ...]]] = field(default_factory=list)
    problem: str = ""
    remarks: list[str] = field(default_factory=list)
    silent: list[Silence] | None = None


class Look:
    """A look with the rules that are the watch's. `test`: the value of TEST_TAG; only such issues count, else none.

    `explains`: it says of what rules are silent, which costs requests.
    """

    def __init__(
        self, tracker: Tracker, alerts: Alerts, rules: Sequence[Rule], test: str = "", *, explains: bool = False
    ) -> None:
        self.tracker, self.alerts, self.rules, self.test, self.explains = tracker, alerts, rules, test, explains
        self._window = timedelta(minutes=max((rule.minutes for rule in rules), default=0))
        self._limit = Limit(max([MOST, *(2 * max(rule.events, rule.users) for rule in rules)]))

    def take(self, state: State, now: datetime, progress: Callable[[int], None] = lambda changed: None) -> Seen:
        """Look, and put into the state what was seen, what fired and what waits to be sent. Never raises TrackerError.

        Where it ends early, what was not looked at is looked at the next time.
        """
        seen, self._limit.cut = Seen(silent=[] if self.explains else None), 0
        try:
            seen.problem = self._walk(state, now, seen, progress)
        except TrackerError as error:
            seen.problem = str(error)
        if self._limit.cut:
            seen.remarks.append(f"Of {counted(self._limit.cut, 'issue')} only the newest events were read.")
        self._tidy(state, now)
        return seen

    def _walk(self, state: State, now: datetime, seen: Seen, progress: Callable[[int], None]) -> str:
        newest, missed = state.looked, dict[str, int]()
        for issue in walk.issues(self.tracker, state.looked - walk.REACH):
            newest = max(newest, issue.last_seen)
            if not _changed(issue, state.known.get(issue.id)):
                continue
            if seen.changed >= MOST_CHANGED:
                state.unread |= missed
                return f"Stopped early, after {MOST_CHANGED:,} issues: the next look reads on."
            seen.changed += 1
            progress(seen.changed)
            if problem := self._try(issue, state, now, seen):
                missed[issue.id] = min(state.unread.get(issue.id, 0) + 1, MOST_TRIED + 1)
                seen.remarks.append(_unread(issue, missed[issue.id], problem))
            # Those that could never be read do not count: what lies behind them would not be read either.
            if sum(looks <= MOST_TRIED for looks in missed.values()) >= MOST_FAILED:
                state.unread |= missed
                return f"Stopped early, after {MOST_FAILED} issues that could not be looked at."
        state.looked, state.unread = newest, missed
        return ""

    def _try(self, issue: Issue, state: State, now: datetime, seen: Seen) -> str:
        try:
            self._study(issue, state, now, seen)
        except TrackerError as error:
            return str(error)
        except Exception as error:  # noqa: BLE001 - one odd issue must not silence all others
            capture_error(error)
            return f"{type(error).__name__}, which was reported."
        return ""

    def _study(self, issue: Issue, state: State, now: datetime, seen: Seen) -> None:
        subject, known = Subject(self.tracker, issue), state.known.get(issue.id)
        try:
            case = self._case(subject, known, state)
            fired = state.fired.get(issue.id, {})
            firings = self._firings(case, fired, now) if issue.status == "unresolved" else ()
            if seen.silent is not None:
                seen.silent += self._silent(case, fired, firings, now)
            message = self._message(subject, firings) if firings else None
            environments = self._environments(case)
        except NotFound:
            return  # deleted meanwhile
        if message is not None:
            seen.told.append((message, firings))
            state.waiting += _waiting(message, firings, now)
            until = max(event.moment for event in case.events.read) if case.events.read else now
            state.fired.setdefault(issue.id, {}).update({one.rule.name: Fired(now, until) for one in firings})
        state.known[issue.id] = walk.remembered(issue, environments)

    def _case(self, subject: Subject, known: Known | None, state: State) -> Case:
        issue = subject.issue
        is_new = known is None and issue.first_seen >= state.floor
        if known is None and not is_new:  # it was forgotten, or it is from before the first look
            known = Known(issue.events, issue.first_seen, state.looked, "unresolved")
        events = Events(subject, known, self._window, self._limit)
        return Case(subject, events, known, is_new, known is not None and _is_back(subject, known), self._limit)

    def _firings(self, case: Case, fired: Mapping[str, Fired], now: datetime) -> tuple[Firing, ...]:
        found: list[Firing] = []
        if self.test and not self._is_meant(case):
            return ()
        for rule in self.rules:
            before = fired.get(rule.name)
            if before and now - before.at < rule.again:
                continue
            reason = why(rule, case, before.until if before else None)
            if reason and self._is_meant(case) and (heard := route(self.alerts, rule, case.subject.priority)):
                here = within(case.events.new, rule.environments)
                environment = here[0].environment if here else ""
                when = hour(rule, case.subject.priority, heard)
                found.append(Firing(rule, _reason(reason, rule), heard.to, when, environment))
        return tuple(found)

    def _silent(
        self, case: Case, fired: Mapping[str, Fired], firings: Sequence[Firing], now: datetime
    ) -> Iterator[Silence]:
        due = {one.rule.name: one.when for one in firings}
        return silences(self.alerts, self.rules, case, fired, due, now)

    def _is_meant(self, case: Case) -> bool:
        latest = case.subject.latest if not case.events.new else None
        events: Sequence[Event] = case.events.new or ([latest] if latest else [])
        if self.test:
            return bool(events) and events[0].tags.get(TEST_TAG) == self.test
        # Not one of many: who may send events to the project could silence an issue with it.
        return not events or not all(TEST_TAG in event.tags for event in events)

    def _environments(self, case: Case) -> tuple[str, ...] | None:
        before = () if case.is_new else case.known.environments if case.known else None
        wanted = {name for rule in self.rules if rule.on == "new issue" for name in rule.environments}
        if before is None or wanted <= set(before):
            return before
        return tuple(sorted({*before, *(event.environment for event in case.events.new)}))

    def _message(self, subject: Subject, firings: Sequence[Firing]) -> Message:
        issue, latest = subject.issue, subject.latest
        return Message(
            issue_id=issue.id,
            short_id=issue.short_id,
            url=issue.url,
            priority=subject.priority or UNKNOWN,
            level=subject.level,
            environment=firings[0].environment or (latest.environment if latest else ""),
            title=issue.title,
            culprit=issue.culprit,
            events=issue.events,
            users=users_in_words(subject),
            first_seen=issue.first_seen,
            release=latest.release if latest else "",
            whys=tuple(one.why for one in firings),
            runbook=self.alerts.runbook,
            test=bool(self.test),
        ).scrubbed()

    def _tidy(self, state: State, now: datetime) -> None:
        walk.forget(state)
        longest = max((rule.again for rule in self.rules), default=timedelta(0)) + self._window
        for issue, rules in list(state.fired.items()):
            state.fired[issue] = {name: one for name, one in rules.items() if now - one.at < longest}
            if not state.fired[issue]:
                del state.fired[issue]


def _changed(issue: Issue, known: Known | None) -> bool:
    return known is None or (issue.events, issue.last_seen, issue.status) != (
        known.events,
        known.last_seen,
        known.status,
    )


def _unread(issue: Issue, looks: int, problem: str) -> str:
    if looks <= MOST_TRIED:
        return f"{issue.short_id} is looked at again the next time: {problem}"
    return f"{issue.short_id} could not be read in {MOST_TRIED} looks and more, what lies behind it is: {problem}"


def _is_back(subject: Subject, known: Known) -> bool:
    issue = subject.issue
    if issue.status != "unresolved" or (issue.events <= known.events and issue.last_seen <= known.last_seen):
        return False
    if known.status == "resolved" or not issue.comments:
        return known.status == "resolved"
    # Resolved and back between two looks: sentry_triage leaves a note.
    note = subject.notes.get("status")
    return note is not None and note.kind.startswith("resolved") and known.last_seen <= note.moment < issue.last_seen


def _reason(reason: str, rule: Rule) -> str:
    return reason if reason == rule.name else f"{reason} ({rule.name})"


def _waiting(message: Message, firings: Sequence[Firing], now: datetime) -> Iterator[Waiting]:
    for receiver in dict.fromkeys(name for one in firings for name in one.to):
        yield Waiting(receiver, message, soonest({one.when for one in firings if receiver in one.to}), now)
