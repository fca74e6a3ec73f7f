"""Sends what waits: each message once, or marked where nobody knows whether it was sent before."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from apps.triage.alerts.rules import Alerts
from apps.triage.notify.errors import Undelivered
from apps.triage.notify.receivers import Channel
from apps.triage.words import counted

from .routing import is_time
from .state import LONGEST_WAIT, State, Trouble, Waiting

MOST_SINGLE = 3  # messages that a receiver gets one by one; more are one digest
MOST_IN_ONE = 15  # issues of a digest
MOST_WAITING = 1_000  # messages for all receivers together
_FIRST_WAIT = timedelta(seconds=30)


@dataclass(slots=True)
class Posted:
    """What became of one receiver's messages; `problem` is empty where nothing went wrong."""

    receiver: str
    sent: int = 0
    held: int = 0
    problem: str = ""


def deliver(
    state: State, alerts: Alerts, channels: Mapping[str, Channel], now: datetime, save: Callable[[], None]
) -> list[Posted]:
    """Send what is due, and return what became of it.

    `save` keeps the state: before something is sent and when it was, so that whoever comes after an end in between
    knows that it may have been sent.
    """
    posted = [*_limited(state), *_dropped(state, channels)]
    if posted:
        save()
    receivers = dict.fromkeys(one.receiver for one in state.waiting)
    return posted + [_Post(state, name, channels[name], now, save).send(alerts) for name in receivers]


class _Post:
    """One receiver's messages."""

    def __init__(self, state: State, receiver: str, channel: Channel, now: datetime, save: Callable[[], None]) -> None:
        self.state, self.receiver, self.channel, self.now, self.save = state, receiver, channel, now, save
        self.posted = Posted(receiver)

    def send(self, alerts: Alerts) -> Posted:
        mine = [one for one in self.state.waiting if one.receiver == self.receiver]
        due = [one for one in mine if is_time(alerts, one.when, self.now)]
        due.sort(key=lambda one: (one.message.priority, one.since))
        trouble = self.state.troubles.get(self.receiver)
        if trouble and trouble.after > self.now:
            self.posted.problem = f"not tried again before {trouble.after:%H:%M:%S} UTC" if due else ""
            due = []
        for batch in _batches(due, self.channel.gathers):
            if not self._batch(batch):
                break
        self.posted.held = len(mine) - self.posted.sent
        return self.posted

    def _batch(self, batch: Sequence[Waiting]) -> bool:
        """Send one batch; return whether the receiver took it."""
        messages = [replace(one.message, repeated=one.sending or one.message.repeated) for one in batch]
        for one in batch:
            one.sending = True
        self.save()
        try:
            self.channel.send(messages)
        except Undelivered as error:
            self.posted.problem = str(error)
            if not error.partly:
                self._failed(batch, error)
                return False
        self.posted.sent += len(batch)
        sent = {id(one) for one in batch}
        self.state.waiting = [one for one in self.state.waiting if id(one) not in sent]
        self.state.troubles.pop(self.receiver, None)
        self.save()
        return True

    def _failed(self, batch: Sequence[Waiting], error: Undelivered) -> None:
        attempts = (self.state.troubles[self.receiver].attempts if self.receiver in self.state.troubles else 0) + 1
        wait = max(_FIRST_WAIT * 2 ** min(attempts - 1, 10), timedelta(seconds=error.patience))
        self.state.troubles[self.receiver] = Trouble(attempts, self.now + min(wait, LONGEST_WAIT))
        for one in batch:
            one.message = replace(one.message, repeated=one.message.repeated or error.unsure)
            one.sending = False
        self.save()


def _batches(due: Sequence[Waiting], gathers: bool) -> Iterator[Sequence[Waiting]]:
    size = MOST_IN_ONE if gathers and len(due) > MOST_SINGLE else 1
    return (due[start : start + size] for start in range(0, len(due), size))


def _dropped(state: State, known: Collection[str]) -> Iterator[Posted]:
    """Drop what waits for receivers that are not known any more."""
    gone = Counter(one.receiver for one in state.waiting if one.receiver not in known)
    state.waiting = [one for one in state.waiting if one.receiver not in gone]
    for receiver, number in gone.items():
        yield Posted(receiver, problem=f"no longer in the alerts file: {counted(number, 'message')} dropped")


def _limited(state: State) -> Iterator[Posted]:
    """Drop the oldest where too many wait."""
    too_many = len(state.waiting) - MOST_WAITING
    if too_many > 0:
        del state.waiting[:too_many]
        yield Posted("all", problem=f"more than {MOST_WAITING:,} messages wait: the oldest were dropped ({too_many})")
