"""The search syntax, the same on every tracker: `is:unresolved environment:production times_seen:>100 free text`.

What each key means is in KEYS; any other key is a tag of the event. A leading ! negates a term. Values with
spaces stand in double quotes, and so does free text that looks like a term. `first_seen:<7d` reads "less than 7
days ago".
"""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Kind = Literal["status", "text", "count", "age", "priority", "tag"]

# What a term is held against: the issue itself, or (a "tag") one of its events.
KEYS: dict[str, Kind] = {
    "is": "status",
    "level": "text",
    "error.type": "text",
    "assigned": "text",
    "priority": "priority",
    "times_seen": "count",
    "users": "count",
    "first_seen": "age",
    "last_seen": "age",
}
# Keys that are held against an event's own fields, or against tags that the application sets.
_ON_EVENTS = ("environment", "release", "user.id", "request_id")
_TAGS = ("user_id", "error_class", "dependency", "security", "task")
# What Sentry, GlitchTip or a person in a hurry calls what has another name here.
_ALIASES = {"user": "user.id", "status": "is", "type": "error.type", "age": "first_seen", "env": "environment"}
STATUSES = ("unresolved", "resolved", "ignored")
PRIORITIES = ("P0", "P1", "P2", "P3")
MAX_LENGTH = 1000  # characters

_KEY = r"[A-Za-z][\w.-]{0,63}:"
_WORD = re.compile(rf'\s*(!?)({_KEY})?(?:"([^"]*)"|([^\s"](?:[^\s"]|"[^\s"]*")*))(?=\s|$)')
_KEY_ALONE = re.compile(_KEY)
_LOOKS_LIKE_A_TERM = re.compile(rf"!|{_KEY}")
_AGE = re.compile(r"([1-9]\d{0,4})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_COUNT = re.compile(r"\d{1,9}")
_OPERATORS = (">=", "<=", ">", "<")
_NOT_OURS = frozenset({"AND", "OR", "NOT"})  # words of other syntaxes


class QueryError(ValueError):
    """The query cannot be read; the message says where and what to do."""


@dataclass(frozen=True, slots=True)
class Term:
    """`key:value`. `operator` is =, >, >=, < or <=; `negated` turns the outcome round. Free text has the key ""."""

    key: str
    value: str
    operator: str = "="
    negated: bool = False

    @property
    def kind(self) -> Kind:
        """What the value is and what it is held against."""
        return KEYS.get(self.key, "text" if not self.key else "tag")

    def __str__(self) -> str:
        ambiguous = re.search(r"\s", self.value) or (not self.key and _LOOKS_LIKE_A_TERM.match(self.value))
        value = f'"{self.value}"' if ambiguous else self.value
        operator = "" if self.operator == "=" else self.operator
        return f"{'!' if self.negated else ''}{self.key + ':' if self.key else ''}{operator}{value}"


class Tag(Term):
    """A term on a tag, even where a key of ours has the tag's name; no query that is typed has one."""

    __slots__ = ()

    @property
    def kind(self) -> Kind:
        """A tag, whatever its name."""
        return "tag"


@dataclass(frozen=True, slots=True)
class Query:
    """Terms that must all hold; those on tags must hold for one and the same event."""

    terms: tuple[Term, ...] = ()

    @property
    def on_events(self) -> tuple[Term, ...]:
        """The terms that are held against events."""
        return tuple(term for term in self.terms if term.kind == "tag")

    def __str__(self) -> str:
        return " ".join(map(str, self.terms))


def parse(text: str) -> Query:
    """Read a query. Raises QueryError with one sentence."""
    if len(text) > MAX_LENGTH:
        raise QueryError(f"a query has at most {MAX_LENGTH} characters, this one has {len(text)}")
    if text.count('"') % 2:
        raise QueryError("a quotation mark is not closed")
    return Query(tuple(_terms(text.strip())))


def doubts(query: Query) -> list[str]:
    """Return a sentence for each key or word that is taken for a tag or a text, and may be a mistake."""
    keys = dict.fromkeys(term.key for term in query.on_events)
    words = dict.fromkeys(term.value for term in query.terms if not term.key and term.value in _NOT_OURS)
    return [
        *(
            f"{key}: is no key of a query, so events with a tag of that name are looked for; did you mean {meant}:?"
            for key in keys
            if (meant := _meant(key))
        ),
        *(f"{word} is looked for as a text: all that stands in a query must hold." for word in words),
    ]


def _meant(key: str) -> str:
    """Return the key that was probably meant, or nothing."""
    if key in _TAGS:
        return ""
    known = {_bare(name): name for name in (*KEYS, *_ON_EVENTS)}
    if key in known.values():
        return ""
    close = difflib.get_close_matches(_bare(key), known, n=1, cutoff=0.75)
    return _ALIASES.get(key.lower()) or (known[close[0]] if close else "")


def _bare(key: str) -> str:
    return re.sub(r"[._-]", "", key).lower()


def age(text: str) -> timedelta:
    """Return how long 30m, 24h or 7d are. Raises QueryError."""
    match = _AGE.fullmatch(text)
    if match is None:
        raise QueryError("an age is a number of minutes, hours or days, such as 30m, 24h or 7d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _terms(text: str) -> Iterator[Term]:
    position = 0
    while position < len(text):
        match = _WORD.match(text, position)
        # !""x could be read: as a word that cannot be written.
        if match is None or not _WORD.fullmatch(str(term := _term(match))):
            odd = text[position:].split(maxsplit=1)[0]
            raise QueryError(f"cannot read {odd!r}; put the whole value into quotation marks")
        yield term
        position = match.end()


def _term(match: re.Match[str]) -> Term:
    negated, key = bool(match[1]), (match[2] or "").removesuffix(":")
    quoted = match[3] is not None
    value = match[3] if quoted else match[4]
    if not key and not quoted and (_KEY_ALONE.fullmatch(value) or value == "!"):
        raise QueryError(f"{value} has no value; put the value right behind it")
    kind = KEYS.get(key)
    operator = "="
    if kind in ("count", "age"):
        operator = next((sign for sign in _OPERATORS if value.startswith(sign)), "=")
        value = value.removeprefix(operator)
    term = Term(key, value, operator, negated)
    _check(term)
    return term


def _check(term: Term) -> None:
    if not term.value.strip():
        raise QueryError(f"{term.key}: has no value" if term.key else "an empty text finds everything; leave it out")
    if term.kind == "status" and term.value not in STATUSES:
        raise QueryError(f"is: is one of {', '.join(STATUSES)}")
    if term.kind == "priority" and term.value not in PRIORITIES:
        raise QueryError(f"priority: is one of {', '.join(PRIORITIES)}")
    if term.kind == "count" and not _COUNT.fullmatch(term.value):
        raise QueryError(f"{term.key}: takes a number, like {term.key}:>100")
    if term.kind == "age":
        if term.operator == "=":
            raise QueryError(f"{term.key}: takes an age with < or >, like {term.key}:<7d")
        age(term.value)
