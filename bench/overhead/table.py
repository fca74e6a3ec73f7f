"""The results as Markdown."""

import statistics

from .budgets import judged
from .figures import Results, Spread
from .measure import KINDS


def markdown(results: Results) -> str:
    """Return budgets first, then what they are made of."""
    parts = [_budgets(results)]
    parts += [_requests(results, setting) for setting in results.settings()]
    return "\n\n".join([*parts, _memory(results), _starts(results)])


def _budgets(results: Results) -> str:
    lines = [
        "| budget, of what the stock SDK adds | at most | median (least … most of the rounds) | |",
        "|---|---|---|---|",
    ]
    for budget in judged(results):
        verdict = "met" if budget.met else "**missed**"
        lines.append(f"| {budget.name} | {budget.at_most} | {_of(budget.ratio)} | {verdict} |")
    return "\n".join(lines)


def _of(spread: Spread) -> str:
    if spread.low == spread.high:
        return f"{spread.median:.2f}"
    return f"{spread.median:.2f} ({spread.low:.2f} … {spread.high:.2f})"


def _requests(results: Results, setting: tuple[str, float]) -> str:
    kinds = [kind for kind in KINDS if kind != "off"]
    lines = [
        f"{setting[0]}, traces {setting[1]:g}; ms of CPU, all threads (of them on the request's thread; latency)\n",
        f"| request | without | {' | '.join(f'{kind} adds' for kind in kinds)} | goimg over stock |",
        "|---|---|" + "---|" * (len(kinds) + 1),
    ]
    for request in results.requests():
        alone = [statistics.median(results.rounds(setting, request, "off", what)) for what in _WHAT]
        cells = [_cell(alone)]
        cells += [
            _cell([statistics.median(results.added(setting, request, kind, what)) for what in _WHAT]) for kind in kinds
        ]
        lines.append(f"| {request} | {' | '.join(cells)} | {_of(results.ratio(setting, request, 'cpu'))} |")
    return "\n".join(lines)


_WHAT = ("cpu", "thread", "latency")


def _cell(figures: list[float]) -> str:
    cpu, thread, latency = figures
    return f"{cpu:.2f} ({thread:.2f}; {latency:.2f})"


def _memory(results: Results) -> str:
    lines = [
        "| MiB of a worker | warm | after a quarter of the errors against a tracker that hangs | after all of them |",
        "|---|---|---|---|",
    ]
    lines += [f"| {one.kind} | {one.warm:.1f} | {one.some:.1f} | {one.all:.1f} |" for one in results.weights]
    return "\n".join(lines)


def _starts(results: Results) -> str:
    lines = ["| CPU to load the application, ms | median (least … most) |", "|---|---|"]
    for kind, times in results.starts.items():
        spread = Spread.of(times)
        lines.append(f"| {kind} | {spread.median:.0f} ({spread.low:.0f} … {spread.high:.0f}) |")
    return "\n".join(lines)
