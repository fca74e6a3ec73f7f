"""What a round did, for people and for programs."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from apps.triage.notify.message import Message
from apps.triage.plain import one_line
from apps.triage.rendering.columns import Column, print_table
from apps.triage.words import counted

from .look import Firing
from .post import Posted
from .service import Round
from .silence import Silence

_SHOWN = 5  # issues of which a rule is silent
_COLUMNS = [
    Column("priority"),
    Column("issue"),
    Column("what", elastic=True),
    Column("why"),
    Column("told", 1),
    Column("environment", 2),
]


def as_json(done: Round, now: datetime, *, indent: int | None) -> str:
    """Return the round as one JSON document."""
    document = {
        "at": now.isoformat(timespec="seconds"),
        "changed": done.seen.changed,
        "fired": [_fired(message, firings) for message, firings in done.seen.told],
        "receivers": [_posted(one) for one in done.posted],
        "silent": None if done.seen.silent is None else [asdict(one) for one in done.seen.silent],
        "waiting": done.waiting,
        "problems": done.problems,
        "remarks": done.remarks,
    }
    return json.dumps(document, indent=indent)


def show(done: Round) -> str:
    """Print what fired as a table, and return what became of it in a sentence; empty where nothing happened."""
    if done.seen.told:
        print_table(_COLUMNS, [_row(message, firings) for message, firings in done.seen.told])
    return "\n".join(filter(None, [*_silent(done.seen.silent or ()), " ".join(_sentences(done))]))


def happened(done: Round) -> bool:
    """Say whether there is anything to tell."""
    return bool(done.seen.told or done.remarks or done.problems or any(one.sent for one in done.posted))


def _sentences(done: Round) -> Iterator[str]:
    changed, told = done.seen.changed, len(done.seen.told)
    if changed:
        yield f"{counted(changed, 'issue')} changed, {told or 'none'} to be told."
    elif not done.problems:  # else nobody knows
        yield "Nothing changed."
    for one in done.posted:
        if one.sent or one.held:
            held = f", {one.held} wait" if one.held else ""
            yield f"{one.receiver}: {one.sent} sent{held}."


def _silent(silent: Sequence[Silence]) -> Iterator[str]:
    """Yield a sentence for each rule and reason, with its issues."""
    grouped: dict[tuple[str, bool, str], list[str]] = {}
    for one in silent:
        grouped.setdefault((one.rule, one.later, one.why), []).append(one.issue)
    for (rule, later, why), issues in grouped.items():
        more = f" and {len(issues) - _SHOWN} more" if len(issues) > _SHOWN else ""
        yield one_line(f"{rule} tells nobody of {', '.join(issues[:_SHOWN])}{more}{' yet' * later}: {why}.")


def _row(message: Message, firings: tuple[Firing, ...]) -> dict[str, str]:
    return {
        "priority": message.priority,
        "issue": message.short_id,
        "what": message.title,
        "why": ", ".join(one.rule.name for one in firings),
        "told": ", ".join(_told(firings)) or "nobody",
        "environment": message.environment,
    }


def _told(firings: tuple[Firing, ...]) -> list[str]:
    return list(dict.fromkeys(name for one in firings for name in one.to))


def _fired(message: Message, firings: tuple[Firing, ...]) -> dict[str, Any]:
    return message.to_json() | {"rules": [one.rule.name for one in firings], "told": _told(firings)}


def _posted(one: Posted) -> dict[str, Any]:
    return {"receiver": one.receiver, "sent": one.sent, "held": one.held, "problem": one.problem}
