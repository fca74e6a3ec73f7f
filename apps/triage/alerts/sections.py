"""The sections of alerts.toml, each read into what rules.py has for it."""

import re
from collections.abc import Mapping
from datetime import time, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from ..query import PRIORITIES, QueryError, age
from ..releases import ReleaseError, check_environment
from .reader import Table, guess, shown
from .rules import DAYS, By, Hours, Kind, On, Priority, Receiver, Route, Rule, Span, When

Keys = tuple[str, ...]

MAX_EVENTS, MAX_MINUTES, MAX_AGAIN = 30_000, 1_440, timedelta(days=90)
_HOURS: tuple[Hours, ...] = ("business", "quiet")
_WHEN: tuple[When, ...] = ("always", "business")
_PRIORITIES: tuple[Priority, ...] = ("P0", "P1", "P2", "P3")
_BY: tuple[By, ...] = ("auto", "tracker", "watch")
# What each kind of receiver and of rule has besides.
_OF_KIND: Mapping[Kind, Keys] = {
    "email": ("to",),
    "slack": ("url_variable",),
    "pagerduty": ("key_variable",),
    "members": (),
}
_OF_RULE: Mapping[On, Keys] = {"new issue": (), "spike": ("events", "minutes", "again"), "users": ("users", "again")}
_OF_ALL: Keys = ("name", "to", "priorities", "environments", "by", "instead")
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
# With an underscore: the key of a service has none, and must not stand in the file by mistake.
_VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")


def hours(section: Table) -> dict[Hours, Span]:
    """Read [hours]."""
    section.known(*_HOURS)
    return {name: _span(section.table(name)) for name in _HOURS if name in section.data}


def receivers(section: Table) -> dict[str, Receiver]:
    """Read [receivers]: one table each."""
    for name in section.data:
        if not _NAME.fullmatch(name):
            section.wrong(name, f"{shown(name)} is no name for a receiver: letters, digits and dashes, 40 at most")
    return {name: _receiver(name, section.table(name)) for name in section.data}


def routes(section: Table, known: Mapping[str, Receiver], spans: Mapping[Hours, Span]) -> dict[Priority, Route]:
    """Read [priorities]; a priority that is not there goes to nobody."""
    section.known(*PRIORITIES)
    return {name: _route(section.table(name), known, spans) for name in _PRIORITIES}


def rules(
    top: Table, environments: tuple[str, ...], known: Mapping[str, Receiver], by_priority: Mapping[Priority, Route]
) -> tuple[Rule, ...]:
    """Read [[rules]]; `environments` are those of a rule that names none."""
    found: list[Rule] = []
    for table in top.tables("rules"):
        rule = _rule(table, environments, known, by_priority)
        if rule.name and rule.name in {other.name for other in found}:
            table.wrong("name", f"there are two rules with the name {shown(rule.name)}")
        found.append(rule)
    if not found and "rules" not in top.data:
        top.mistakes.add((), "there is no rule; each stands under [[rules]]")
    return tuple(found)


def not_an_environment(name: str) -> str | None:
    """Return what is wrong with the name of an environment."""
    try:
        check_environment(name)
    except ReleaseError as error:
        return str(error)
    return None


def _span(table: Table) -> Span:
    table.known("days", "from", "to")
    days = table.texts("days", lambda day: None if day in DAYS else f"a day is one of {', '.join(DAYS)}", DAYS)
    if not days:
        table.wrong("days", "days must name at least one day")
    start, end = _clock(table, "from"), _clock(table, "to")
    if start == end:
        table.wrong("to", "from and to must differ")
    return Span(days, start, end)


def _clock(table: Table, key: str) -> time:
    match = _CLOCK.fullmatch(table.text(key))
    if match:
        return time(int(match[1]), int(match[2]))
    table.wrong(key, f'{key} must be a time of the day, such as "09:00"')
    return time(0 if key == "from" else 1)


def _receiver(name: str, table: Table) -> Receiver:
    kind, own = _told_by(table, "kind", _OF_KIND)
    variables = [_variable(table, key) for key in own if key in ("url_variable", "key_variable")]
    return Receiver(
        name=name,
        kind=kind or "email",
        to=_addresses(table) if "to" in own else (),
        variable=variables[0] if variables else "",
    )


def _told_by[T: str](table: Table, key: str, of: Mapping[T, Keys], *besides: str) -> tuple[T | None, Keys]:
    """Return what a table is by one of its keys, and the keys that it has because of that.

    Where nobody can know what it is, these are those that are there: they can be wrong as well.
    """
    every = tuple(dict.fromkeys(own for keys in of.values() for own in keys))
    if key not in table.data:
        table.known(key, *every, *besides)  # it may be misspelt
    kind = table.choice(key, tuple(of))
    own = of[kind] if kind else every
    table.known(key, *own, *besides)
    return kind, own if kind else tuple(name for name in own if name in table.data)


def _addresses(table: Table) -> tuple[str, ...]:
    to = table.texts("to", _not_an_address)
    if not to:
        table.wrong("to", "to must name at least one e-mail address")
    return to


def _variable(table: Table, key: str) -> str:
    text = table.text(key)
    if not _VARIABLE.fullmatch(text):
        table.wrong(key, f"{key} must be the NAME of the environment variable with the secret, such as ALERT_SLACK_URL")
    return text


def _not_an_address(text: str) -> str | None:
    try:
        validate_email(text)
    except ValidationError:
        return "this is not an e-mail address"
    return None


def _route(table: Table, known: Mapping[str, Receiver], spans: Mapping[Hours, Span]) -> Route:
    table.known("to", "when")
    to = _named(table, "to", known)
    when = table.one_of("when", _WHEN, "always")
    if when == "business" and "business" not in spans:
        table.wrong("when", "there are no business hours: say business = {...} under [hours]")
    _only_by_tracker(table, to, known)
    return Route(to, when)


def _named(table: Table, key: str, known: Mapping[str, Receiver]) -> tuple[str, ...]:
    def unknown(name: str) -> str | None:
        return None if name in known else f"there is no receiver {shown(name)}; {guess(name, known)}"

    return tuple(name for name in table.texts(key, unknown) if name in known)


def _only_by_tracker(table: Table, to: tuple[str, ...], known: Mapping[str, Receiver]) -> None:
    for name in to:
        if known[name].kind == "members":
            table.wrong("to", f'only the tracker reaches {name}: name it in a rule that says by = "tracker"')


def _rule(
    table: Table, environments: tuple[str, ...], known: Mapping[str, Receiver], by_priority: Mapping[Priority, Route]
) -> Rule:
    on, own = _told_by(table, "on", _OF_RULE, *_OF_ALL)
    by, to = table.one_of("by", _BY, "auto"), _named(table, "to", known)
    if "to" in table.data and "priorities" in table.data:
        table.wrong("priorities", "a rule has either to, which is for every priority, or priorities")
    if table.data.get("to") == []:
        table.wrong("to", "to must name at least one receiver")
    if by != "tracker":
        _only_by_tracker(table, to, known)
    return Rule(
        name=_rule_name(table),
        on=on or "new issue",
        events=table.number("events", MAX_EVENTS) if "events" in own else 0,
        minutes=table.number("minutes", MAX_MINUTES) if "minutes" in own else 0,
        users=table.number("users", MAX_EVENTS) if "users" in own else 0,
        again=_again(table) if "again" in own else timedelta(0),
        environments=table.texts("environments", not_an_environment, environments),
        priorities=_priorities(table, by_priority),
        to=to,
        by=by,
        instead=_instead(table, by, known),
    )


def _instead(table: Table, by: By, known: Mapping[str, Receiver]) -> tuple[str, ...]:
    instead = _named(table, "instead", known)
    if "instead" in table.data and (by != "tracker" or "to" not in table.data):
        table.wrong("instead", 'instead is for a rule with to and by = "tracker": whom the watch tells in their place')
    if table.data.get("instead") == []:
        table.wrong("instead", "instead must name at least one receiver")
    for name in instead:
        if known[name].kind == "members":
            table.wrong("instead", f"only the tracker reaches {name}, which the watch must in its place")
    return instead


def _rule_name(table: Table) -> str:
    name = table.data.get("name")
    if isinstance(name, str) and name.isprintable() and 1 <= len(name) <= 100 and name == name.strip():
        return name
    table.wrong("name", "name must be a text of one line, 100 characters at most")
    return ""


def _again(table: Table) -> timedelta:
    try:
        again = age(table.text("again", "24h"))
    except QueryError:
        again = timedelta(0)
    if timedelta(0) < again <= MAX_AGAIN:
        return again
    table.wrong("again", f'again must be a time such as "30m", "24h" or "7d", {MAX_AGAIN.days} days at most')
    return MAX_AGAIN


def _priorities(table: Table, by_priority: Mapping[Priority, Route]) -> tuple[Priority, ...]:
    named = table.texts(
        "priorities", lambda one: None if one in PRIORITIES else f"a priority is one of {', '.join(PRIORITIES)}", ()
    )
    if "to" in table.data:
        return ()
    chosen = tuple(one for one in _PRIORITIES if one in named or "priorities" not in table.data)
    if not any(by_priority[one].to for one in chosen):
        table.mistakes.add(table.path, "nobody hears of this rule: say to = [...] here or under [priorities]")
    return chosen
