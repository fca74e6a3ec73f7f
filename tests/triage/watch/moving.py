"""A tracker to which things happen between two looks, and rules to look with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from apps.triage.alerts.rules import Alerts, Receiver, Route, Rule
from apps.triage.trackers.base import Issue, Status
from apps.triage.watch import walk
from apps.triage.watch.look import Look, Seen
from apps.triage.watch.silence import Silence
from apps.triage.watch.state import State
from tests.triage.fake_tracker import FakeTracker
from tests.triage.memory_tracker import NOW, event_of

NEW = Rule(name="new issue", on="new issue", again=timedelta(0), to=("chat",))
SPIKE = Rule(name="spike", on="spike", events=10, minutes=1, again=timedelta(hours=24), to=("chat",))
USERS = Rule(name="user impact", on="users", users=10, again=timedelta(hours=24), to=("chat",))
ALL = (NEW, SPIKE, USERS)


def alerts_of(*rules: Rule, **fields: Any) -> Alerts:
    """Return a file's content with some rules and two receivers."""
    receivers = {
        "chat": Receiver(name="chat", kind="slack", variable="ALERT_SLACK_URL"),
        "pager": Receiver(name="pager", kind="pagerduty", variable="ALERT_PAGERDUTY_KEY"),
        "mail": Receiver(name="mail", kind="email", to=("team@example.com",)),
    }
    routes = {
        "P0": Route(("pager", "chat")),
        "P1": Route(("chat", "mail"), "business"),
        "P2": Route(("mail",), "business"),
        "P3": Route(),
    }
    defaults: dict[str, Any] = {"timezone": ZoneInfo("UTC"), "receivers": receivers, "routes": routes}
    return Alerts(rules=rules, **(defaults | fields))


@dataclass
class Moving(FakeTracker):
    """`now` is the moment, on its clock and on ours."""

    now: datetime = NOW

    def fails(
        self,
        name: str = "1",
        *ages: float,
        environment: str = "production",
        users: Sequence[str] = ("",),
        **tags: str,
    ) -> Issue:
        """An error of the issue `name` happens, once for each age in seconds (now), and is taken in now."""
        issue = self.kept.get(name)
        moments = [self.now - timedelta(seconds=age) for age in ages or (0.0,)]
        if issue is None:
            issue = self.put(
                id=name, short_id=f"GOIMG-{name}", events=0, first_seen=min(moments), last_seen=max(moments)
            )
            self.stored[name] = []
        for number, moment in enumerate(moments):
            event = event_of(issue, moment, users[number % len(users)], "goimg-api@1.0.0", environment)
            self.stored[name].append(replace(event, tags=tags))
        status: Status = "ignored" if issue.status == "ignored" else "unresolved"
        last_seen = max([issue.last_seen, *moments])
        self.kept[name] = replace(issue, events=len(self.stored[name]), last_seen=last_seen, status=status)
        return self.kept[name]

    def passes(self, **span: float) -> None:
        """Time passes."""
        self.now += timedelta(**span)


class Watching:
    """Looks at a tracker, with what the last look left."""

    def __init__(self, tracker: Moving, *rules: Rule, since: datetime | None = None, **fields: Any) -> None:
        self.tracker, self.alerts = tracker, alerts_of(*rules, **fields)
        self.state = walk.first(tracker, "here", since, tracker.now)

    def look(self, test: str = "") -> Seen:
        """Look, with a state that was on disk in between."""
        self.state = State.from_json(self.state.to_json())
        self.state.not_after(self.tracker.now)
        return Look(self.tracker, self.alerts, self.alerts.rules, test).take(self.state, self.tracker.now)

    def silent(self) -> list[Silence]:
        """Look as a dry run does, and return what it says of rules that tell nobody."""
        dry = Look(self.tracker, self.alerts, self.alerts.rules, explains=True)
        return dry.take(self.state, self.tracker.now).silent or []

    def told(self) -> list[tuple[str, ...]]:
        """Look, and return the issue and the reasons of each message."""
        seen = self.look()
        assert seen.problem == ""
        return [(message.issue_id, *message.whys) for message, _ in seen.told]
