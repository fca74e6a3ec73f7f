"""How long it took from the first event of an issue until somebody resolved it, as far as that can be known.

No tracker's list of issues says when one was resolved; a single issue may (Issue.resolved). What all trackers can
keep is the comment with which `sentry_triage` notes a resolution: then its moment is the one that counts here.
For every other issue its last event is known: it was resolved after that, so the mean over all is "at least".
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import mean, median

from .. import notes
from ..trackers.base import Issue, NotFound, Tracker, Unsupported
from .reading import Seen

_RESOLVED = frozenset({"resolved", "resolved-in"})
MOST_ASKED = 200  # resolved issues, of which the moment is asked for: a request or more for each


@dataclass(frozen=True, slots=True)
class Repair:
    """Of the issues resolved in the period: how many, and of how many the moment is known.

    `mean` and `median` are over those; `at_least` is the mean over all, up to the last event where no more is known.
    None where there is nothing to take the mean of. `remark` says what cannot be known.
    """

    resolved: int
    known: int
    mean: timedelta | None
    median: timedelta | None
    at_least: timedelta | None
    remark: str


def repair(tracker: Tracker, seen: Iterable[Seen], start: datetime, end: datetime) -> Repair:
    """Return how long repairs took that ended between `start` and `end`. Raises TrackerError.

    An issue of which the moment is not known counts when its last event lies in between.
    """
    known: list[timedelta] = []
    least: list[timedelta] = []
    lacking = ""
    passed_over = f"Only the {MOST_ASKED} last seen of them were asked about."
    for number, issue in enumerate(one.issue for one in seen if one.issue.status == "resolved"):
        moment, why = _resolved(tracker, issue) if number < MOST_ASKED else (None, passed_over)
        lacking = why or lacking
        if start <= (moment or issue.last_seen) < end:
            known += [moment - issue.first_seen] if moment else []
            least.append((moment or issue.last_seen) - issue.first_seen)
    return Repair(
        len(least),
        len(known),
        _of(known, mean),
        _of(known, median),
        _of(least, mean),
        _remark(tracker, len(least), len(known), lacking),
    )


def _resolved(tracker: Tracker, issue: Issue) -> tuple[datetime | None, str]:
    """Return when it was resolved by what the tracker or the last note says, or None and what the tracker lacks.

    A note that is older than the last event belongs to an earlier resolution.
    """
    try:
        if moment := issue.resolved or tracker.issue(issue.id).resolved:
            return moment, ""
        note = notes.read(tracker.comments(issue.id)).get("status")
    except NotFound:  # somebody deletes it meanwhile
        return None, ""
    except Unsupported as error:
        return None, str(error)
    if note is None or note.kind not in _RESOLVED or note.moment < issue.last_seen:
        return None, ""
    return note.moment, ""


def _of(spans: list[timedelta], kind: Callable[[list[float]], float]) -> timedelta | None:
    return timedelta(seconds=round(kind([span.total_seconds() for span in spans]))) if spans else None


def _remark(tracker: Tracker, resolved: int, known: int, lacking: str) -> str:
    if resolved == known:
        return ""
    why = f" {lacking}" if lacking else ""
    return (
        f"{tracker.name} does not say when {resolved - known} of {resolved} were resolved, only that they are: "
        f"known is what sentry_triage noted.{why}"
    )
