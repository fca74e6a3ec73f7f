"""How `sentry_test` shows what happened: a table on a terminal, plain lines in a pipe, one document as JSON."""

import json
import sys
from collections.abc import Iterable
from typing import Any

from . import output
from .catalogue.cases import Case
from .firing import Outcome
from .trackers import Tracker


def show_catalogue(cases: Iterable[Case], *, as_json: bool) -> None:
    """Print name, description and expected outcome of each case."""
    rows = [
        {"name": case.name, "about": case.about, "status": case.status, "arrives": _arrives(case)} for case in cases
    ]
    if as_json:
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
    else:
        output.print_rows(rows, "Test errors")


def with_progress(outcomes: Iterable[Outcome], total: int) -> list[Outcome]:
    """Return the outcomes as a list; say on a terminal how far it is."""
    done = []
    for outcome in outcomes:
        done.append(outcome)
        output.progress(f"fired {len(done)} of {total}")
    return done


def poll_progress(found: int, expected: int) -> None:
    """Say on a terminal how many events the tracker has so far."""
    output.progress(f"found {found} of {expected} on the tracker")


def show_outcomes(outcomes: list[Outcome], tracker: Tracker | None, pages: dict[str, str], *, as_json: bool) -> None:
    """Print what each case did, then the verdict."""
    rows = [_row(outcome, pages) for outcome in outcomes]
    verdict = _verdict(outcomes, tracker)
    if as_json:
        document = {"tracker": tracker.name if tracker else None, "verdict": verdict, "outcomes": rows}
        sys.stdout.write(json.dumps(document, indent=2) + "\n")
        return
    output.print_rows([_for_people(row) for row in rows], "What left")
    for outcome in outcomes:
        for problem in outcome.problems:
            sys.stdout.write(f"{outcome.case.name}: {problem}\n")
    sys.stdout.write(verdict + "\n")


def _row(outcome: Outcome, pages: dict[str, str]) -> dict[str, Any]:
    return {
        "name": outcome.case.name,
        "ok": not outcome.problems,
        "status": outcome.status,
        "request_id": outcome.request_id,
        "event_id": outcome.event_id,
        "left": [{"type": item.item_type, "bytes": item.size} for item in outcome.left if not item.dropped],
        "redacted": outcome.redactions(),
        "page": pages.get(outcome.request_id),
        "problems": outcome.problems,
    }


def _for_people(row: dict[str, Any]) -> dict[str, Any]:
    left = " ".join(f"{item['type']} {item['bytes']} B" for item in row["left"]) or "nothing"
    redacted = " ".join(f"{kind}:{count}" for kind, count in row["redacted"].items())
    columns = {"case": row["name"], "": "ok" if row["ok"] else "FAILED", "status": row["status"]}
    return columns | {
        "request_id": row["request_id"],
        "event_id": row["event_id"] or "",
        "left": left,
        "redacted": redacted,
    }


def _verdict(outcomes: list[Outcome], tracker: Tracker | None) -> str:
    failed = sum(bool(outcome.problems) for outcome in outcomes)
    if failed:
        return f"{failed} of {len(outcomes)} test errors did not do what they must."
    proof = "what left was checked here; --verify asks the tracker"
    if tracker is not None:
        proof = f"{tracker.name} has each event once, found by its request ID, with no canary in it"
        lost = sorted({item.item_type for outcome in outcomes for item in outcome.left} - tracker.keeps)
        proof += f"; {tracker.name} keeps no item of type {', '.join(lost)}" if lost else ""
    return f"All {len(outcomes)} test errors did what they must: {proof}."


def _arrives(case: Case) -> str:
    return "transaction" if case.traced else case.event or "nothing"
