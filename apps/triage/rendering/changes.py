"""What a change would do, and what it did."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from ..issues import Outcome
from ..trackers.base import Issue
from .columns import LINK, Column, print_table

_ISSUE = (Column("issue"), Column("title", elastic=True))
_PREVIEW = (*_ISSUE, Column("status", rank=1), Column("events", rank=2, align="right"))
_RESULT = (*_ISSUE, Column("result"))


def preview(issues: Sequence[Issue]) -> None:
    """Print the issues that would be changed."""
    print_table(_PREVIEW, [_cells(issue) | {"status": issue.status, "events": str(issue.events)} for issue in issues])


def show(outcomes: Sequence[Outcome]) -> list[str]:
    """Print what became of each issue; return what else is to be said, each sentence once."""
    print_table(_RESULT, [_cells(outcome.issue) | {"result": outcome.state} for outcome in outcomes])
    return [*sentences(outcomes), summary(outcomes)]


def sentences(outcomes: Sequence[Outcome]) -> list[str]:
    """Return what was said, with the issues that it concerns unless it is all of them."""
    concerned: defaultdict[str, list[str]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.said:
            concerned[outcome.said].append(outcome.issue.short_id)
    return [said if len(ids) == len(outcomes) else f"{', '.join(ids)}: {said}" for said, ids in concerned.items()]


def summary(outcomes: Sequence[Outcome]) -> str:
    """Return how many issues came to what, like "3 changed, 1 failed."."""
    states = [outcome.state for outcome in outcomes]
    return ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states)) + "."


def document(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Return the outcomes as JSON has them."""
    return [
        {
            "id": outcome.issue.id,
            "short_id": outcome.issue.short_id,
            "title": outcome.issue.title,
            "url": outcome.issue.url,
            "result": outcome.state,
            "said": outcome.said or None,
        }
        for outcome in outcomes
    ]


def _cells(issue: Issue) -> dict[str, str]:
    return {"issue": issue.short_id, "title": issue.title, LINK: issue.url}
