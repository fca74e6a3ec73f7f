"""Trends as a person reads them in a terminal, as one JSON document, and as one flat table."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from .. import output
from ..plain import csv_of, one_line
from ..words import counted
from .figures import Trends, change
from .repair import Repair

_BLOCKS = "▁▂▃▄▅▆▇█"
# What a narrow terminal can do without, the first one first.
_LOSE = ("trend", "status", "alive", "users")
_COLUMNS = ("section", "name", "figure", "value", "before")
NO_NAME = "(none)"
NOTHING = "-"


def sparkline(series: Sequence[int]) -> str:
    """Return one block per number, as high as it is beside the highest; a dot stands for zero."""
    top = max(series, default=0)
    return "".join(_BLOCKS[-(-number * len(_BLOCKS) // top) - 1] if number else "·" for number in series)


def duration(span: timedelta | None) -> str:
    """Return a span in the two largest units that fit, like "3 d 4 h"."""
    if span is None:
        return "unknown"
    minutes = int(span.total_seconds() // 60)
    units = ((minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min"))
    first = next((place for place, (number, _) in enumerate(units) if number), 2)
    return " ".join(f"{number} {unit}" for number, unit in units[first : first + 2] if number) or "0 min"


def signed(per_cent: float | None) -> str:
    """Return a change in per cent with its sign; a dash where there was nothing before."""
    return NOTHING if per_cent is None else f"{per_cent:+.0f} %"


def totals(trends: Trends) -> Iterator[tuple[str, int, int]]:
    """Yield name, figure and figure before of each total."""
    now, before = trends.totals, trends.before
    yield "events", now.events, before.events
    yield "issues", now.issues, before.issues
    yield "new issues", now.new_issues, before.new_issues
    yield "users affected", now.users, before.users


def show(trends: Trends) -> None:
    """Print tables with sparklines, then what the figures do not say by themselves."""
    print_line(f"{trends.tracker}: {trends.start:%Y-%m-%d %H:%M} to {trends.end:%Y-%m-%d %H:%M} UTC")
    print_line(f"events  {sparkline(trends.series)}  before  {sparkline(trends.series_before)}")
    _show(_totals(trends), f"This {trends.period} and the one before")
    _show(_environments(trends), "By environment")
    _show(_releases(trends), "By release")
    _show(_top(trends), "Most events")
    print_line(repair_sentence(trends))
    for remark in trends.remarks:
        print_line(remark)


def repair_sentence(trends: Trends) -> str:
    """Return what is known of the time to resolution, in words."""
    repair = trends.repair
    if not repair.resolved:
        return "Mean time to resolution: no issue was resolved."
    if not repair.known:
        return f"Mean time to resolution: {least(repair)}. {repair.remark}"
    exact = f"{duration(repair.mean)} (median {duration(repair.median)}, {counted(repair.known, 'issue')})"
    if repair.known == repair.resolved:
        return f"Mean time to resolution: {exact}."
    over_all = f"over all {repair.resolved} at least {duration(repair.at_least)}"
    return f"Mean time to resolution: {exact}; {over_all}. {repair.remark}"


def least(repair: Repair) -> str:
    """Return what is known where no moment of a resolution is: of issues that were seen once, nothing."""
    known = repair.at_least is not None and repair.at_least >= timedelta(minutes=1)
    return f"at least {duration(repair.at_least)}" if known else duration(None)


def as_json(trends: Trends) -> str:
    """Return all figures as one document; times are ISO 8601, spans are seconds."""
    document = asdict(trends)
    document["change"] = {name.replace(" ", "_"): change(now, was) for name, now, was in totals(trends)}
    for release, stability in zip(document["releases"], trends.releases, strict=True):
        release["per_day"] = stability.per_day
    return json.dumps(document, indent=2, default=_plain)


def as_csv(trends: Trends) -> str:
    """Return all figures as one table: section, name, figure, value and the value before where there is one."""
    return csv_of((dict(zip(_COLUMNS, row, strict=True)) for row in _flat(trends)), _COLUMNS)


def print_line(text: str) -> None:
    """Print one line, whatever is in it."""
    sys.stdout.write(one_line(text) + "\n")


def _plain(value: datetime | timedelta) -> str | float:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value.total_seconds()


def _show(rows: Iterator[dict[str, Any]], title: str) -> None:
    if found := list(rows):
        output.print_table(found, title, _LOSE)


def _totals(trends: Trends) -> Iterator[dict[str, Any]]:
    for name, now, was in totals(trends):
        yield {"figure": name, "now": now, "before": was, "change": signed(change(now, was))}


def _environments(trends: Trends) -> Iterator[dict[str, Any]]:
    for one in trends.environments:
        yield {
            "environment": one.name or NO_NAME,
            "events": one.events,
            "issues": one.issues,
            "users": one.users,
            "trend": sparkline(one.series),
        }


def _releases(trends: Trends) -> Iterator[dict[str, Any]]:
    for one in trends.releases:
        yield {
            "release": one.version,
            "events": one.events,
            "users": one.users,
            "new issues": one.new_issues,
            "alive": duration(timedelta(days=one.days)),
            "events a day": one.per_day,
        }


def _top(trends: Trends) -> Iterator[dict[str, Any]]:
    for one in trends.top:
        yield {
            "issue": one.issue.short_id,
            "title": one.issue.title,
            "status": "new" if one.is_new else one.issue.status,
            "events": one.events,
            "users": one.users,
            "trend": sparkline(one.series),
        }


def _flat(trends: Trends) -> Iterator[tuple[str, str, str, Any, Any]]:
    for name, now, was in totals(trends):
        yield "total", "", name, now, was
    for part, (now, was) in enumerate(zip(trends.series, trends.series_before, strict=True)):
        begin = trends.start + part * trends.part
        yield "part", begin.isoformat(timespec="minutes"), "events", now, was
    sections = (("environment", _environments), ("release", _releases), ("issue", _top))
    for section, rows in sections:
        for row in rows(trends):
            name = row.pop(section)
            yield from ((section, name, figure, value, None) for figure, value in row.items() if figure != "trend")
    repair = trends.repair
    for figure, span in (("mean", repair.mean), ("median", repair.median), ("at least", repair.at_least)):
        seconds = span.total_seconds() if span is not None else None
        yield "time to resolution", "", f"{figure} (seconds)", seconds, None
    yield "time to resolution", "", "issues resolved", repair.resolved, None
    yield "time to resolution", "", "issues with a known moment", repair.known, None
