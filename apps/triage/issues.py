"""Changes issues, one by one, so that each outcome is known and stopping in between leaves no doubt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from .actions import Action, Delete
from .query import Query
from .references import find
from .search import Budget, Progress, search
from .subject import Subject
from .trackers.base import Issue, NotFound, Tracker, TrackerError

State = Literal["changed", "deleted", "already so", "gone", "failed", "in doubt", "not reached"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one issue; `said` is why, or what else there is to know."""

    issue: Issue
    state: State
    said: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The issues that a change is for; `stopped` says that there may be more of them."""

    issues: tuple[Issue, ...]
    stopped: str = ""


def chosen_by_name(tracker: Tracker, names: Sequence[str], now: datetime, progress: Progress) -> Chosen:
    """Return the issues that are named, each once. Raises NotFound, TrackerError."""
    found = (find(tracker, name, now, progress).issue for name in names)
    return Chosen(tuple({issue.id: issue for issue in found}.values()))


def chosen_by_query(tracker: Tracker, query: Query, now: datetime, progress: Progress) -> Chosen:
    """Return the issues that a query finds. Raises TrackerError, ValueError for a query without terms."""
    if not query.terms:
        raise ValueError("an empty query is every issue; name at least one thing that they have in common")
    budget = Budget()
    return Chosen(tuple(one.issue for one in search(tracker, query, now, budget, progress)), budget.stopped)


def change(
    action: Action, tracker: Tracker, issues: Sequence[Issue], progress: Callable[[int], None]
) -> tuple[Outcome, ...]:
    """Change the issues one after the other and return an outcome for each; `progress` gets how many are done.

    Ctrl-C ends it: the issue that was being changed is then "in doubt", those behind it "not reached".
    """
    outcomes: list[Outcome] = []
    try:
        for issue in issues:
            outcomes.append(_change_one(action, tracker, issue))
            progress(len(outcomes))
    except KeyboardInterrupt:
        rest = issues[len(outcomes) :]
        outcomes += [Outcome(issue, "in doubt", "interrupted while it was asked for") for issue in rest[:1]]
        outcomes += [Outcome(issue, "not reached") for issue in rest[1:]]
    return tuple(outcomes)


def merge(tracker: Tracker, issues: Sequence[Issue]) -> Outcome:
    """Make one issue of several; interrupted, it is "in doubt". Raises TrackerError."""
    try:
        tracker.merge([issue.id for issue in issues])
    except KeyboardInterrupt:
        return Outcome(issues[0], "in doubt", "interrupted while it was asked for")
    return Outcome(issues[0], "changed", f"merged with {', '.join(issue.short_id for issue in issues[1:])}")


def _change_one(action: Action, tracker: Tracker, issue: Issue) -> Outcome:
    try:
        subject = Subject(tracker, tracker.issue(issue.id))
        if action.done(subject):
            return Outcome(issue, "already so")
        said = action.apply(subject)
        return Outcome(issue, "deleted" if isinstance(action, Delete) else "changed", said)
    except NotFound:
        return Outcome(issue, "gone", "somebody else deleted it meanwhile")
    except TrackerError as error:
        return Outcome(issue, "failed", str(error))
