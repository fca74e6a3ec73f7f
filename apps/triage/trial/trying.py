"""Runs the trials: sends the errors, waits for the tracker, asks the watch, tells the receivers, tidies up."""

import copy
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import sentry_sdk

from apps.error_tracking import sdk
from apps.triage.alerts.rules import Alerts
from apps.triage.notify.errors import Undelivered
from apps.triage.notify.message import Message
from apps.triage.notify.receivers import Channel
from apps.triage.trackers.base import Issue, Resolution, Tracker, TrackerError
from apps.triage.watch import walk
from apps.triage.watch.look import Look
from apps.triage.watch.state import State
from apps.triage.words import counted

from .errors import send
from .trials import Trial

_POLL_SECONDS = 1.0


@dataclass(slots=True)
class Outcome:
    """What became of a trial. `told` are the receivers that took the message, `stays` what was not tidied up.

    `seconds` passed between its first error and the last of them; `arrived` is how many of them had the whole message,
    None where nobody here sees what arrives.
    """

    trial: Trial
    event_id: str = ""
    message: Message | None = None
    told: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    stays: str = ""
    began: float = 0.0  # time.monotonic()
    seconds: float | None = None
    arrived: int | None = None

    @property
    def well(self) -> bool:
        """The rule fired, and everybody was told."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class Desk:
    """`confirms` asks a person whether what the tracker itself sends has arrived; `progress` is told what goes on."""

    tracker: Tracker
    alerts: Alerts
    channels: Mapping[str, Channel]
    timeout: float
    confirms: Callable[[Trial], bool]
    progress: Callable[[str], None]

    def run(self, trials: Sequence[Trial]) -> list[Outcome]:
        """Run all trials. Raises TrackerError when the tracker cannot be read at all."""
        now = datetime.now(UTC)
        before = walk.first(self.tracker, "", None, now)
        outcomes = [Outcome(trial, problems=[trial.problem] if trial.problem else []) for trial in trials]
        for one in outcomes:
            if one.well:
                self.progress(f"sending {counted(one.trial.events, 'error')} for {one.trial.rule.name}")
                one.began = time.monotonic()
                one.event_id = send(one.trial)
        sentry_sdk.flush(timeout=sdk.SHUTDOWN_TIMEOUT)
        for one in outcomes:
            if one.well:
                self._see(one, copy.deepcopy(before))
        return outcomes

    def _see(self, one: Outcome, before: State) -> None:
        if not one.event_id:
            one.problems.append("no error left: is it sampled out?")
            return
        if one.trial.by == "tracker":
            self._ask_a_person(one)
        else:
            self._watch(one, before)
        if one.message is not None:
            self._tell(one, one.message)
        if one.told:
            one.seconds = time.monotonic() - one.began
        self._tidy(one)

    def _watch(self, one: Outcome, state: State) -> None:
        """Let the watch look until the rule fires."""
        look = Look(self.tracker, self.alerts, [one.trial.rule], one.trial.mark)
        deadline = time.monotonic() + self.timeout
        while True:
            self.progress(f"waiting for {self.tracker.name} to have what {one.trial.rule.name} needs")
            seen = look.take(state, datetime.now(UTC))
            if seen.told:
                ((one.message, firings),) = seen.told
                if set(firings[0].to) != set(one.trial.to):
                    one.problems.append(f"it went to {', '.join(firings[0].to)} in place of {', '.join(one.trial.to)}")
                return
            if time.monotonic() > deadline:
                why = seen.problem or f"{self.tracker.name} has not got all {one.trial.events} of its errors"
                one.problems.append(f"it did not fire in {self.timeout:g} seconds: {why}")
                return
            time.sleep(_POLL_SECONDS)

    def _ask_a_person(self, one: Outcome) -> None:
        if self._stored(one) is None:
            one.problems.append(f"{self.tracker.name} has not got its error after {self.timeout:g} seconds")
        elif self.confirms(one.trial):
            one.told += one.trial.to
        else:
            one.problems.append(f"{self.tracker.name} sends this one, and nobody said that it arrived")

    def _stored(self, one: Outcome) -> Issue | None:
        deadline = time.monotonic() + self.timeout
        while True:
            if event := self.tracker.event(one.event_id):
                return self.tracker.issue(event.issue_id)
            if time.monotonic() > deadline:
                return None
            time.sleep(_POLL_SECONDS)

    def _tell(self, one: Outcome, message: Message) -> None:
        for name in one.trial.to:
            self.progress(f"telling {name}")
            try:
                self.channels[name].send([message])
                one.told.append(name)
            except Undelivered as error:
                one.problems.append(f"{name}: {error}")

    def _tidy(self, one: Outcome) -> None:
        """Resolve the issue; it stays as the proof that it was there."""
        try:
            issue = self._issue_of(one)
            if issue is None:
                return
            one.stays = f"{issue.short_id} (resolved) {issue.url}"
            self.tracker.resolve(issue.id, Resolution())
        except TrackerError as error:
            one.stays = one.stays.replace("(resolved)", "(open)") or one.trial.mark
            one.stays += f": it could not be resolved. {error}"

    def _issue_of(self, one: Outcome) -> Issue | None:
        if one.message is not None:
            return self.tracker.issue(one.message.issue_id)
        event = self.tracker.event(one.event_id)
        return self.tracker.issue(event.issue_id) if event else None
