"""The watch: looks, keeps what it saw, sends; once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from apps.triage.notify.receivers import Channel
from apps.triage.trackers.base import TrackerError
from apps.triage.words import counted

from . import walk
from .look import Look, Seen
from .post import Posted, deliver
from .state import State
from .store import Store


@dataclass(slots=True)
class Round:
    """What one round did. `problems` make it a failure, `remarks` do not."""

    seen: Seen = field(default_factory=Seen)
    posted: list[Posted] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Watch:
    """`place` names tracker and project, `since` when a first look begins; with `dry_run` nothing is kept or sent."""

    look: Look
    channels: Mapping[str, Channel]
    store: Store
    place: str
    since: datetime | None = None
    dry_run: bool = False

    def once(self, now: datetime, progress: Callable[[int], None] = lambda changed: None) -> Round:
        """Do one round. Raises StoreError."""
        done = Round()
        with self.store.held():
            state = self._state(now, done)
            if state is not None:
                self._go_round(state, now, done, progress)
            done.problems += [f"{one.receiver}: {one.problem}" for one in done.posted if one.problem]
            if not self.dry_run:
                self.store.beat(now, self.place, len(done.problems))
        return done

    def _state(self, now: datetime, done: Round) -> State | None:
        state, nobody_since, became = self.store.load(self.place, put_aside=not self.dry_run)
        done.problems += filter(None, [became])
        if state is not None:
            if self.since is not None:
                done.remarks.append("--since is for a first look; this one goes on where the last one ended.")
            state.not_after(now)
            return state
        since = nobody_since or self.since
        try:
            state = walk.first(self.look.tracker, self.place, since, now)
        except TrackerError as error:
            done.problems.append(str(error))
            return None
        done.remarks.append(_began(state, since))
        return state

    def _go_round(self, state: State, now: datetime, done: Round, progress: Callable[[int], None]) -> None:
        before = state.to_json()
        done.seen = self.look.take(state, now, progress)
        done.problems += filter(None, [done.seen.problem, *done.seen.remarks])
        if not self.dry_run:
            if state.to_json() != before or not self.store.exists:
                self.store.save(state)
            done.posted = deliver(state, self.look.alerts, self.channels, now, lambda: self.store.save(state))
        done.waiting = len(state.waiting)


def _began(state: State, since: datetime | None) -> str:
    known = counted(len(state.known), "issue")
    if since is None:
        return f"First look: what began before it is known, and nobody is told of it ({known})."
    moment = f"{since.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return (
        f"First look: what began since {moment} is new; what began before is known, and nobody is told of it ({known})."
    )
