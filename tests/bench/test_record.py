"""The record of a benchmark: what sentry_verify reads."""

import json
from pathlib import Path
from typing import Any

from bench.overhead import record
from bench.overhead.figures import Results, against
from bench.overhead.measure import Cost, Weight

KINDS = {"off": 1.0, "stock": 3.0, "goimg": 1.5}


def results(goimg: float) -> Results:
    costs = [
        Cost("sync", 0.0, request, kind, cpu=goimg if kind == "goimg" else cost, thread=cost, latency=cost)
        for kind, cost in KINDS.items()
        for request in ("trivial", "unhandled")
    ]
    weights = [Weight(kind, warm=40 + 10 * cost, some=60, all=60) for kind, cost in KINDS.items()]
    starts = {kind: [100 * cost] for kind, cost in KINDS.items()}
    return Results(costs, {"stock": [1000], "goimg": [500]}, weights, starts, "a machine")


def budgets(path: Path) -> dict[str, Any]:
    said = json.loads(path.read_text())
    return {budget["name"]: budget for budget in said["budgets"]}


def test_a_budget_is_met_or_missed_by_its_ratio(tmp_path: Path) -> None:
    met, missed = tmp_path / "met.json", tmp_path / "missed.json"
    record.write(met, results(goimg=2.0), seconds=1, whole=True)
    record.write(missed, results(goimg=2.1), seconds=1, whole=True)
    name = "CPU of a trivial request, traces 0 (sync)"

    assert budgets(met)[name] == {"name": name, "at_most": 0.5, "ratio": 0.5, "least": 0.5, "most": 0.5, "met": True}
    assert budgets(missed)[name]["met"] is False
    assert [budget["met"] for budget in budgets(met).values()] == [True] * len(budgets(met))


def test_a_record_says_when_and_what_was_measured(tmp_path: Path) -> None:
    path = tmp_path / "figures" / "overhead.json"
    record.write(path, results(goimg=2.0), seconds=61.4, whole=False)

    said = json.loads(path.read_text())
    assert said["date"].endswith("+00:00")
    assert (said["machine"], said["seconds"], said["whole"]) == ("a machine", 61, False)
    assert set(said) == {"date", "commit", "changed", "python", "machine", "seconds", "whole", "budgets"}


def test_a_round_in_which_the_stock_sdk_costs_nothing_is_left_out() -> None:
    spread = against(ours=[1.5, 1.5, 1.5], stock=[2.0, 1.01, 3.0], off=[1.0, 1.0, 1.0])

    assert (spread.low, spread.high) == (0.25, 0.5)
