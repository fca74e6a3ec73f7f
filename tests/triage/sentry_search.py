"""The Sentry double's search: https://docs.sentry.io/concepts/search/, as far as it goes here; all else is a 400.

What concerns events must hold for one and the same event, and `lastSeen:` is about the events that match.
"""

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from tests.triage.sentry_store import StoredEvent, StoredIssue

_WORD = re.compile(r'\s*(!?)(?:(tags\[[\w.-]+\]|[\w.-]+):)?("(?:[^"\\]|\\.)*"|\[[^\]]*\]|[^\s"]+)(?=\s|$)')
_STATUSES = {"unresolved": "unresolved", "resolved": "resolved", "ignored": "ignored", "archived": "ignored"}
_COUNT = re.compile(r"(>=|<=|>|<)?(\d+)")
_AGE = re.compile(r"([+-])(\d+)([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SIGNS = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "": operator.eq}
_LATER_NAMES = {"times_seen": "timesSeen", "first_seen": "firstSeen", "age": "firstSeen", "last_seen": "lastSeen"}
_NOT_HERE = ("has", "assigned", "bookmarks", "firstRelease", "assigned_or_suggested")


class BadQuery(ValueError):
    """Sentry answers 400 to this."""


@dataclass(frozen=True)
class Word:
    """One term. `listed` is a list of values."""

    negated: bool
    key: str
    value: str
    listed: tuple[str, ...] = ()


def parse(text: str) -> list[Word]:
    """Read a query. Raises BadQuery."""
    words, position, text = [], 0, text.strip()
    while position < len(text):
        match = _WORD.match(text, position)
        if match is None:
            raise BadQuery(f"Error parsing search query: Parse error at {position}")
        words.append(_word(match))
        position = match.end()
    return words


def search(
    issues: Sequence[StoredIssue], query: str, since: datetime, now: datetime
) -> list[tuple[StoredIssue, list[StoredEvent]]]:
    """Return the issues that match with the events that do, last seen first."""
    words = parse(query)
    found = []
    for issue in issues:
        within = [event for event in issue.events if event.moment >= since]
        matching = [event for event in within if all(_on_event(word, event) for word in words)]
        if matching and all(_on_issue(word, issue, matching, now) for word in words):
            found.append((issue, matching))
    return sorted(found, key=lambda pair: max(event.moment for event in pair[1]), reverse=True)


def _word(match: re.Match[str]) -> Word:
    negated, key, value = bool(match[1]), match[2] or "", match[3]
    key = _LATER_NAMES.get(key, key)
    if value.startswith("["):
        return Word(negated, key, "", tuple(part.strip() for part in value[1:-1].split(",")))
    value = value[1:-1].replace('\\"', '"') if value.startswith('"') else value
    if key in _NOT_HERE:
        raise BadQuery(f"{key}: is not part of this double")
    if key == "is" and value not in _STATUSES:
        raise BadQuery(f'Error parsing search query: Invalid value for "is" search, valid values are {[*_STATUSES]}')
    if key == "timesSeen" and not _COUNT.fullmatch(value):
        raise BadQuery(f"Error parsing search query: {value}: Invalid number.")
    if key in ("firstSeen", "lastSeen") and not _AGE.fullmatch(value):
        raise BadQuery(f"Error parsing search query: {value}: Invalid date.")
    return Word(negated, key, value)


def _on_issue(word: Word, issue: StoredIssue, matching: list[StoredEvent], now: datetime) -> bool:
    checks: dict[str, Callable[[], bool]] = {
        "is": lambda: issue.status == _STATUSES[word.value],
        "issue": lambda: issue.short_id in (word.value, *word.listed),
        "timesSeen": lambda: _counted(word.value, len(issue.events)),
        "firstSeen": lambda: _aged(word.value, now, min(event.moment for event in issue.events)),
        "lastSeen": lambda: _aged(word.value, now, max(event.moment for event in matching)),
    }
    return checks[word.key]() != word.negated if word.key in checks else True


def _on_event(word: Word, event: StoredEvent) -> bool:
    if word.key in ("is", "issue", "timesSeen", "firstSeen", "lastSeen"):
        return True
    if not word.key:
        text = " ".join(str(raised.get("value")) for raised in event.raised) + str(event.payload.get("logentry"))
        return (word.value.casefold() in text.casefold()) != word.negated
    wanted = word.listed or (word.value,)
    return any(fnmatchcase(had, one) for had in _values(word.key, event) for one in wanted) != word.negated


def _values(key: str, event: StoredEvent) -> list[str]:
    if key == "error.type":
        return [str(raised["type"]) for raised in event.raised]
    if key == "user.id":
        return [str((event.payload.get("user") or {}).get("id"))]
    name = key.removeprefix("tags[").removesuffix("]")
    return [event.tags[name]] if name in event.tags else []


def _counted(value: str, count: int) -> bool:
    match = _COUNT.fullmatch(value)
    assert match
    return bool(_SIGNS[match[1] or ""](count, int(match[2])))


def _aged(value: str, now: datetime, moment: datetime) -> bool:
    match = _AGE.fullmatch(value)
    assert match
    limit = now - timedelta(**{_UNITS[match[3]]: int(match[2])})
    return moment >= limit if match[1] == "-" else moment <= limit
