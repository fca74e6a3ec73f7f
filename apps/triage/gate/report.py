"""What a run of the gate found: as a table, as JSON, and as a dated page for the auditor."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from apps.triage import output
from apps.triage.plain import markdown_text, one_line, write_whole

from .item import BREACH, ERASURE, MINIMISATION, MONITORING, SECURITY, Item, Judged
from .run import NAME, Run

_BASES = {
    "measured": "this run saw it happen, or looked it up on the tracker",
    "record": "a file says so; whoever may write to it could have made it up, so its history is part of the evidence",
    "person": "somebody says so, by name; the gate checks the dates only",
}
_PHASES = ("Before staging", "In staging", "In production", "People")


def show(run: Run) -> None:
    """Print each item, then what to do about those that do not hold, then the verdict."""
    rows = [
        {"item": one.item.id, "": one.finding.state, "known by": one.finding.basis, "what was found": one.finding.said}
        for one in run.judged
    ]
    output.print_rows(rows, f"Gate {NAME}, {run.environment}")
    for one in run.open:
        sys.stdout.write(f"{one.item.id}: {one_line(one.item.how)}\n")
    sys.stdout.write(run.verdict + "\n")


def show_items(items: Sequence[Item], *, as_json: bool) -> None:
    """Print what there is to judge."""
    rows = [{"item": item.id, "known by": _known_by(item), "when": item.phase, "title": item.title} for item in items]
    if as_json:
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
    else:
        output.print_rows(rows, f"Gate {NAME}")


def as_json(run: Run) -> str:
    """Return everything as one document."""
    document = {
        "gate": NAME,
        "date": run.date.isoformat(timespec="seconds"),
        "environment": run.environment,
        "release": run.release,
        "commit": run.commit,
        "tracker": {"name": run.tracker, "url": run.url, "project": run.project},
        "events": list(run.events),
        "whole": run.whole,
        "holds": not run.open,
        "verdict": run.verdict,
        "items": [_item(one) for one in run.judged],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _item(one: Judged) -> dict[str, Any]:
    return {
        "id": one.item.id,
        "title": one.item.title,
        "state": one.finding.state,
        "known_by": one.finding.basis,
        "found": one_line(one.finding.said),
        "how": one.item.how,
        "may_be_known_by": list(one.item.known_by),
        "answers": list(one.item.answers),
        "controls": list(one.item.controls),
    }


def write(run: Run, path: Path) -> None:
    """Write the page, and beside it the same as JSON, which the gate reads in other environments. Raises OSError."""
    write_whole(path, as_markdown(run))
    write_whole(path.with_suffix(".json"), as_json(run))


def as_markdown(run: Run) -> str:
    """Return the page for the auditor. It has no secret, and of people only the names of those who attested."""
    return "\n".join(_page(run)) + "\n"


def _page(run: Run) -> Iterator[str]:
    yield f"# Gate {NAME}, error tracking: {markdown_text(run.environment)}, {run.date:%Y-%m-%d}"
    yield f"\n**{'Passed' if not run.open else 'Not passed'}.** {markdown_text(run.verdict)}"
    yield "\n| | |\n|---|---|"
    for name, value in _head(run):
        yield f"| {name} | {markdown_text(value or 'not known')} |"
    for phase in _PHASES:
        yield f"\n## {phase}\n"
        yield "| item | | known by | what was found | controls |\n|---|---|---|---|---|"
        yield from (_row(one) for one in run.judged if one.item.phase == phase)
    yield "\n## By control\n"
    yield "| control | items | do not hold |\n|---|---|---|"
    yield from (_control(run, name) for name in (MINIMISATION, ERASURE, SECURITY, BREACH, MONITORING))
    yield "\n## How it is known\n"
    yield from (f"- {basis}: {meaning}" for basis, meaning in _BASES.items())
    if run.events:
        yield f"\n## Test errors of this run\n\n{', '.join(run.events)}"


def _head(run: Run) -> Iterator[tuple[str, str]]:
    yield "date", f"{run.date:%Y-%m-%d %H:%M} UTC"
    yield "tracker", f"{run.tracker}, {run.url}" if run.tracker else ""
    yield "environment", run.environment
    yield "release", run.release
    yield "commit", run.commit


def _row(one: Judged) -> str:
    title, found = markdown_text(one.item.title), markdown_text(one.finding.said)
    todo = "" if one.finding.state == "held" else f" *To do:* {markdown_text(one.item.how)}"
    state = one.finding.state if one.finding.state == "held" else f"**{one.finding.state}**"
    cells = (f"{title} (`{one.item.id}`)", state, one.finding.basis, found + todo, ", ".join(one.item.controls))
    return f"| {' | '.join(cells)} |"


def _control(run: Run, name: str) -> str:
    mine = [one for one in run.judged if name in one.item.controls]
    broken = [one.item.id for one in mine if one in run.open]
    return f"| {name} | {', '.join(one.item.id for one in mine)} | {', '.join(broken) or 'none'} |"


def checklist(items: Sequence[Item]) -> str:
    """Return docs/deployment/checklist.md."""
    return "\n".join(_checklist(items)) + "\n"


def _checklist(items: Sequence[Item]) -> Iterator[str]:
    yield "# From staging to on-call: the checklist\n"
    yield "Written by `.venv/bin/python manage.py sentry_verify --checklist`; a test compares. Nothing is ticked here:"
    yield "`sentry_verify` says what holds, how that is known, and what is missing. *measured*: it sees it happen."
    yield "*record*: a file says so. *person*: somebody says so with `sentry_verify attest ITEM`; beside another word,"
    yield "only of what that cannot tell."
    for phase in _PHASES:
        yield f"\n## {phase}\n"
        mine = [item for item in items if item.phase == phase]
        yield from (f"- `{item.id}` ({_known_by(item)}): {item.title}. {item.how}" for item in mine)


def _known_by(item: Item) -> str:
    return " or ".join(item.known_by)
