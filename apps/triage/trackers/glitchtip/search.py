"""What of a query GlitchTip can be asked so that no match is lost.

Not `level:`, because an issue keeps the level of its first event there, nor free text, because only whole words are
found; for any other key of ours GlitchTip looks for a tag of that name, and finds nothing.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from apps.triage.query import Query, Term, age

_MAX_TAG = 255  # characters that GlitchTip keeps of a tag
# GlitchTip means something else by these than a tag of that name.
_TAKEN = frozenset({"has", "is", "level"})
# The clocks of two machines, and the time that passes until the caller looks at the answer.
_MARGIN = timedelta(minutes=5)


def sent(query: Query) -> tuple[Term, ...]:
    """Return the terms of which GlitchTip can be asked."""
    return tuple(term for term in query.terms if _can_be_sent(term))


def to_parameters(query: Query) -> dict[str, str]:
    """Return the parameters of a list of issues that leave out what cannot match."""
    words = " ".join(_quoted(f"{term.key}:{term.value}") for term in sent(query))
    return {"sort": "-last_seen", **({"query": words} if words else {}), **dict(_first_seen(query))}


def too_old(query: Query) -> datetime | None:
    """Return a moment: an issue that was last seen before it does not match. None: there is no such moment."""
    limits = [_before(term) for term in query.terms if _is_younger(term, "last_seen")]
    return max(limits) - _MARGIN if limits else None


def _can_be_sent(term: Term) -> bool:
    if term.negated:
        return False
    if term.kind == "status":
        return True
    # GlitchTip takes quotation marks off a value's ends.
    plain = term.value.strip('"') == term.value and len(term.value) <= _MAX_TAG
    return term.kind == "tag" and term.key not in _TAKEN and plain


def _quoted(word: str) -> str:
    """Return a word as a shell would need it, which is how GlitchTip splits; always in quotation marks.

    Without them `uuid:` and 32 hex digits would be taken for an event's ID.
    """
    return "'" + word.replace("'", "'\"'\"'") + "'"


def _first_seen(query: Query) -> Iterator[tuple[str, str]]:
    """Yield `start` and `end`, which GlitchTip holds against the first event."""
    younger = [_before(term) for term in query.terms if _is_younger(term, "first_seen")]
    older = [_before(term) for term in query.terms if _is_older(term, "first_seen")]
    if younger:
        yield "start", (max(younger) - _MARGIN).isoformat()
    if older:
        yield "end", (min(older) + _MARGIN).isoformat()


def _before(term: Term) -> datetime:
    return datetime.now(UTC) - age(term.value)


def _is_younger(term: Term, key: str) -> bool:
    return term.key == key and term.operator.startswith(">" if term.negated else "<")


def _is_older(term: Term, key: str) -> bool:
    return term.key == key and term.operator.startswith("<" if term.negated else ">")
