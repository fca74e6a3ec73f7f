"""The plan of the alert rules, and what became of it."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from .. import output
from ..alerts.applying import Outcome
from ..alerts.coverage import Coverage
from ..alerts.plan import Plan
from ..plain import one_line
from ..words import counted

_EVALUATORS = {"tracker": "the tracker", "watch": "sentry_watch", "nobody": "nobody"}


def show(plan: Plan) -> None:
    """Print who evaluates what and why, and what is different on the tracker."""
    output.print_table([_covered(one) for one in plan.coverage], "Who evaluates", lose=("to",))
    _lines(f"{', '.join(names)}: {why}" for why, names in _reasons(plan.coverage).items())
    rows = [{"action": one.action, "name": one.name} for one in plan.changes]
    output.print_table(rows, f"On {plan.tracker}")
    _lines(
        f"{one.name}: {field}: {_json(is_now)} -> {_json(will)}"
        for one in plan.changes
        for field, is_now, will in one.fields()
    )


def verdict(plan: Plan) -> str:
    """Return the plan in a sentence."""
    changes = f"{counted(len(plan.to_do), 'change')} to make" if plan.to_do else "Nothing to do"
    watched = _names(one for one in plan.coverage if one.by == "watch")
    missing = _names(one for one in plan.coverage if one.missing)
    parts = [
        f"{changes} on {plan.tracker}",
        f"sentry_watch evaluates {watched}" * bool(watched),
        f"nobody evaluates {missing}" * bool(missing),
    ]
    return "; ".join(filter(None, parts)) + "."


def results(outcomes: Sequence[Outcome]) -> None:
    """Print what became of each rule."""
    output.print_table([{"result": one.result, "name": one.name} for one in outcomes], "Alert rules")
    _lines(f"{one.name}: {one.failed}" for one in outcomes if one.failed)


def plan_document(plan: Plan) -> dict[str, Any]:
    """Return the plan as JSON has it."""
    return {
        "tracker": plan.tracker,
        "different": plan.different,
        "why_no_rules": plan.why_no_rules or None,
        "coverage": [_document(one) for one in plan.coverage],
        "changes": [
            {
                "action": one.action,
                "name": one.name,
                "id": one.before.id if one.before else None,
                "fields": [{"field": field, "is": is_now, "will_be": will} for field, is_now, will in one.fields()],
            }
            for one in plan.changes
        ],
    }


def results_document(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Return the outcomes as JSON has them."""
    return [{"name": one.name, "result": one.result, "said": one.failed or None} for one in outcomes]


def _document(one: Coverage) -> dict[str, Any]:
    return {
        "rule": one.rule.name,
        "priority": one.priority or None,
        "to": list(one.route.to),
        "when": one.route.when,
        "by": one.by,
        "missing": one.missing,
        "why": one.why or None,
    }


def _covered(one: Coverage) -> dict[str, str]:
    return {
        "name": one.rule.name,
        "priority": one.priority or "any",
        "to": ", ".join(one.route.to) or "nobody",
        "by": "NOBODY" if one.missing else _EVALUATORS[one.by],
    }


def _reasons(covered: Iterable[Coverage]) -> dict[str, dict[str, None]]:
    """Return, for each reason, the rules that have it."""
    found: dict[str, dict[str, None]] = {}
    for one in covered:
        if one.why:
            found.setdefault(one.why, {})[one.rule.name] = None
    return found


def _names(covered: Iterable[Coverage]) -> str:
    return ", ".join(dict.fromkeys(one.rule.name for one in covered))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _lines(sentences: Iterable[str]) -> None:
    """Print each sentence once, whole: a table would cut it off on a narrow terminal."""
    for sentence in dict.fromkeys(sentences):
        sys.stdout.write(f"{one_line(sentence)}\n")
