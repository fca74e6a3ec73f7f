"""What of a query Sentry is asked, so that no match of ours is lost: https://docs.sentry.io/concepts/search/.

All that Sentry holds against events it holds against one and the same event, and `lastSeen:` then means the last of
those that match. For us `level:`, `error.type:` and `last_seen:` concern the issue's newest event, so they are sent
only where nothing is looked for in tags. Negated terms are not sent: Sentry is content with one event that has it
not. Nor are free text and `users:`, which mean something else there.
"""

import re
from collections.abc import Iterator, Sequence

from apps.triage.query import Query, Term, age

from ..organisation import PAGE

_PERIOD_DAYS = 90  # for which Sentry keeps events
# No wildcard, list, comparison or escape of Sentry's syntax can be made of these.
_PLAIN = re.compile(r"[\w.@:/+-](?:[\w.@:/+ -]{0,198}[\w.@:/+-])?")
_LEVELS = ("debug", "info", "warning", "error", "fatal")
# Fields of Sentry's, and the application's tag that is none of them.
_OWN_KEYS = ("environment", "release", "user.id", "request_id")
# The clocks of two machines, and the time that passes until the caller looks at the answer.
_MARGIN = 5  # minutes


def to_parameters(query: Query) -> dict[str, str | int]:
    """Return the parameters of a list of issues that leave out what cannot match.

    Always with a query: without one Sentry would look for unresolved issues.
    """
    words = [*_on_issues(query), *map(_tag, _plain(query.on_events))]
    return {"query": " ".join(words), "statsPeriod": f"{_PERIOD_DAYS}d", "sort": "date", "limit": PAGE}


def exact(query: Query) -> Sequence[Term]:
    """Return the terms by which Sentry filters as we do: those on tags, when it can be asked for all of them."""
    wanted = [term for term in query.on_events if not term.negated]
    sent = _plain(wanted)
    return sent if len(sent) == len(wanted) else []


def _plain(terms: Sequence[Term]) -> list[Term]:
    return [term for term in terms if not term.negated and term.key.isascii() and _is_plain(term)]


def _is_plain(term: Term) -> bool:
    # The release "latest" is for Sentry whichever is the latest.
    return _PLAIN.fullmatch(term.value) is not None and (term.key, term.value) != ("release", "latest")


def _tag(term: Term) -> str:
    """Return a term in Sentry's form; tags in brackets, because a name may be that of a field there."""
    key = term.key if term.key in _OWN_KEYS else f"tags[{term.key}]"
    return f"{key}:{_value(term)}"


def _value(term: Term) -> str:
    return f'"{term.value}"' if " " in term.value else term.value


def _on_issues(query: Query) -> Iterator[str]:
    for term in query.terms:
        if term.key == "first_seen":
            yield from _age("firstSeen", term)
        elif term.negated:
            continue
        elif term.key == "is":
            yield f"is:{term.value}"
        elif term.key == "times_seen" and term.operator.startswith(">"):
            yield f"timesSeen:{term.operator}{term.value}"
    if not query.on_events:
        yield from _on_newest_event(query)


def _on_newest_event(query: Query) -> Iterator[str]:
    for term in query.terms:
        if term.key == "last_seen":
            yield from _age("lastSeen", term)
        elif term.negated:
            continue
        elif term.key == "level" and term.value in _LEVELS:
            yield f"level:{term.value}"
        elif term.key == "error.type" and _is_plain(term):
            yield f"error.type:{_value(term)}"


def _age(key: str, term: Term) -> Iterator[str]:
    """Yield "at most so many minutes ago" (-) or "at least" (+)."""
    minutes = int(age(term.value).total_seconds() // 60)
    younger = term.operator.startswith(">" if term.negated else "<")
    if younger and minutes + _MARGIN <= _PERIOD_DAYS * 24 * 60:
        yield f"{key}:-{minutes + _MARGIN}m"
    elif not younger and _MARGIN < minutes <= _PERIOD_DAYS * 24 * 60:
        yield f"{key}:+{minutes - _MARGIN}m"
