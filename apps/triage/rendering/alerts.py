"""The plan of the alert rules, and what became of it."""

from collections.abc import Sequence
from typing import Any

from .. import output
from ..alerts.applying import Outcome
from ..alerts.coverage import Coverage
from ..alerts.plan import Change, Plan
from ..words import counted

_WHY = {"not ours": "left alone", "same": "as alerts.toml says", "delete": "not in alerts.toml any more"}


def show(plan: Plan) -> None:
    """Print who evaluates what, and what is different on the tracker."""
    output.print_table([_covered(one) for one in plan.coverage], "Who evaluates", lose=("to", "priority"))
    output.print_table([_changed(one) for one in plan.changes], f"On {plan.tracker}")


def verdict(plan: Plan) -> str:
    """Return the plan in a sentence."""
    missing = sum(one.missing for one in plan.coverage)
    parts = [f"{counted(len(plan.to_do), 'change')} to make on {plan.tracker}"]
    parts += [f"{counted(missing, 'rule')} that nobody evaluates"] if missing else []
    return f"{plan.why_no_rules} " * bool(plan.why_no_rules) + ", ".join(parts) + "."


def results(outcomes: Sequence[Outcome]) -> None:
    """Print what became of each rule."""
    output.print_table(
        [{"result": one.result, "name": one.name, "what": one.failed} for one in outcomes], "Alert rules"
    )


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
    evaluator = {"tracker": "the tracker", "watch": "sentry_watch", "nobody": "NOBODY" if one.missing else "nobody"}
    return {
        "name": one.rule.name,
        "priority": one.priority or "any",
        "to": ", ".join(one.route.to) or "nobody",
        "evaluated by": evaluator[one.by],
        "what": one.why,
    }


def _changed(one: Change) -> dict[str, str]:
    fields = "; ".join(f"{field}: {is_now} -> {will}" for field, is_now, will in one.fields())
    return {"action": one.action, "name": one.name, "what": fields or _WHY.get(one.action, "")}
