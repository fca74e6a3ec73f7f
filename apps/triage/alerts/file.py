"""Reads alerts.toml: everything that is wrong with it at once, each mistake with its line."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from apps.error_tracking.scrubbing import scrub_string

from . import sections
from .lines import Path as Place
from .lines import lines_of
from .reader import Mistakes, NotToml, Table, all_that_is_not_toml, guess, shown, toml
from .rules import OWNER, Alerts

MAX_LENGTH = 64_000  # characters
_KEYS = ("timezone", "environments", "runbook", "owner", "hours", "receivers", "priorities", "rules")
_OWNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_. -]{0,38}")


class AlertsFileError(ValueError):
    """The file cannot be used: one line for each mistake, `alerts.toml:LINE: what is wrong`."""


def load(path: Path) -> Alerts:
    """Read the file. Raises AlertsFileError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise AlertsFileError(f"{path.name}:1: the file cannot be read ({type(error).__name__})") from error
    return parse(text, path.name)


def parse(text: str, name: str = "alerts.toml") -> Alerts:
    """Read the text of a file with that name. Raises AlertsFileError."""
    if len(text) > MAX_LENGTH:
        raise AlertsFileError(f"{name}:1: the file has at most {MAX_LENGTH:,} characters, this one has {len(text):,}")
    try:
        data = toml(text, name)
    except NotToml as error:
        said = all_that_is_not_toml(text, name) or [str(error)]
        raise AlertsFileError("\n".join([*said[:-1], f"{said[-1]}; all else is read when it is TOML"])) from error
    mistakes = Mistakes(name, lines_of(text))
    alerts = _alerts(Table(data, (), mistakes))
    for place, value in _texts(data):
        if not _may_be_personal(place) and scrub_string(value) != value:
            mistakes.add(place, "this looks like a secret or like personal data, which belongs into the environment")
    if sentences := mistakes.sentences():
        raise AlertsFileError("\n".join(sentences))
    return alerts


def _alerts(top: Table) -> Alerts:
    top.known(*_KEYS)
    hours = sections.hours(top.table("hours"))
    receivers = sections.receivers(top.table("receivers"))
    routes = sections.routes(top.table("priorities"), receivers, hours)
    environments = top.texts("environments", sections.not_an_environment)
    return Alerts(
        timezone=_timezone(top),
        runbook=_runbook(top),
        owner=_owner(top),
        hours=hours,
        receivers=receivers,
        routes=routes,
        rules=sections.rules(top, environments, receivers, routes),
    )


def _timezone(top: Table) -> ZoneInfo:
    name = top.text("timezone", "UTC")
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not there; no name of a file; a folder
        hint = guess(name[:60], sorted(available_timezones())) if name else ""
    hint = hint if "mean" in hint else "they are named like Europe/Berlin"
    top.wrong("timezone", f"there is no time zone {shown(name)}; {hint}")
    return ZoneInfo("UTC")


def _runbook(top: Table) -> str:
    text = top.text("runbook")
    try:
        parts = urlsplit(text)
        secret = bool(parts.username or parts.password)
    except ValueError:
        secret = True
    if secret or (parts.scheme and (parts.scheme not in ("http", "https") or not parts.hostname)):
        top.wrong("runbook", "runbook must be a path or an http(s) address without a password")
    return text


def _owner(top: Table) -> str:
    text = top.text("owner", OWNER)
    if not _OWNER.fullmatch(text):
        top.wrong("owner", "owner must be a short name of letters, digits, spaces, dots, dashes")
    return text


def _texts(value: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Yield every text of the file, keys too."""
    if isinstance(value, str):
        yield place, value
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        if isinstance(key, str):
            yield (*place, key), key
        yield from _texts(item, (*place, key))


def _may_be_personal(place: Place) -> bool:
    """Say whether these are the addresses that a receiver mails to."""
    return len(place) == 4 and place[0] == "receivers" and place[2] == "to"
