"""Judges items: a check that breaks is a failed item, one that cannot know is not held."""

import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from apps.triage.trackers import TrackerError
from apps.triage.words import counted

from .item import Finding, Item, Judged, failed, held, unknown, untold
from .scope import RecordError, Scope

NAME = "S9-MON-002"


def judge(items: Iterable[Item], scope: Scope) -> Iterator[Judged]:
    """Yield each item with what was found about it."""
    for item in items:
        scope.progress(item.title)
        finding = _checked(item, scope)
        yield Judged(item, _attested(item, scope, finding) if finding.ask else finding)


def _checked(item: Item, scope: Scope) -> Finding:
    if item.check is None:
        return untold("Only a person can know.")
    try:
        return item.check(scope)
    except ImproperlyConfigured as error:
        return unknown(str(error))
    except TrackerError as error:
        return failed(f"The tracker cannot be read: {error}")
    except RecordError as error:
        return failed(str(error), "record")
    except Exception as error:  # noqa: BLE001 - whatever a check runs into, the others are still to be judged
        return failed(f"The check broke: {type(error).__name__} at {_place(error)}.")


def _place(error: Exception) -> str:
    """Return where it was raised. Not what it says: that may hold anything."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"


def _attested(item: Item, scope: Scope, finding: Finding) -> Finding:
    if "person" not in item.known_by:
        return finding
    said = scope.attestations.get(item.id)
    before = "" if item.check is None else f"{finding.said} "
    if said is None:
        how = f"manage.py sentry_verify attest {item.id} --by NAME --expires DATE"
        return unknown(f"{before}Nobody attested it: {how}", "person")
    who = f"{said.by} on {said.date}, until {said.expires}"
    if problem := said.problem(scope.now.date()):
        return failed(f"{before}Attested by {who}: {problem}.", "person")
    note = "".join(f" {text}" for text in (said.note, said.reference and f"({said.reference})") if text)
    return held(f"{before}Attested by {who}.{note}", "person")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run and what came of it; `tracker` and `url` are empty where none answered, `events` are its test errors."""

    date: datetime
    environment: str
    release: str
    commit: str
    tracker: str
    url: str
    project: str
    events: tuple[str, ...]
    judged: tuple[Judged, ...]
    whole: bool

    @property
    def open(self) -> tuple[Judged, ...]:
        """What does not hold."""
        return tuple(one for one in self.judged if one.finding.state != "held")

    @property
    def verdict(self) -> str:
        """The outcome in one sentence."""
        what = f"The gate {NAME}" if self.whole else f"This part of the gate {NAME}"
        outcome = "does not hold" if self.open else "holds"
        held = len(self.judged) - len(self.open)
        return f"{what} {outcome} in {self.environment}: {held} of {counted(len(self.judged), 'item')} held."


def run(items: Iterable[Item], scope: Scope, *, whole: bool) -> Run:
    """Judge items and return the run; `whole`: they are all that the gate has."""
    judged = tuple(judge(items, scope))
    tracker = scope.asked()
    return Run(
        date=scope.now,
        environment=scope.config.environment,
        release=scope.config.release or "",
        commit=scope.commit,
        tracker=tracker.name if tracker else "",
        url=tracker.url if tracker else "",
        project=scope.project,
        events=tuple(scope.events()),
        judged=judged,
        whole=whole,
    )
