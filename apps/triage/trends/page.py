"""The page of `sentry_trends --html`: one file that asks nobody for anything and runs no script."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.template import Context, Engine

from ..plain import one_line
from . import charts
from .figures import Trends, change
from .repair import Repair
from .tables import NO_NAME, NOTHING, duration, least, repair_sentence, signed, totals

_ENGINE = Engine(dirs=[str(Path(__file__).parent)], autoescape=True)


def html(trends: Trends) -> str:
    """Return the page. Everything that comes from the tracker is escaped."""
    return _ENGINE.get_template("page.html").render(Context(_context(trends)))


def _context(trends: Trends) -> dict[str, Any]:
    labels = _labels(trends)
    return {
        "trends": trends,
        "tiles": list(_tiles(trends)),
        "chart": charts.columns(_stacks(trends), trends.series_before, labels),
        "about": _about(trends),
        "legend": [name for name, _ in _stacks(trends)],
        "parts": list(zip(_starts(trends), trends.series, trends.series_before, strict=True)),
        "environments": [
            {"name": one_line(one.name) or NO_NAME, "one": one, "spark": charts.spark(one.series, "Events over time")}
            for one in trends.environments
        ],
        "releases": list(_releases(trends)),
        "top": list(_top(trends)),
        "repair": repair_sentence(trends),
    }


def _starts(trends: Trends) -> list[datetime]:
    return [trends.start + part * trends.part for part in range(len(trends.series))]


def _labels(trends: Trends) -> list[str]:
    if trends.period == "day":
        return [f"{start:%H:%M}" for start in _starts(trends)]
    # A period ends now, not at midnight: the last 24 hours of it are today's.
    return [f"{start + trends.part:%d %b}" for start in _starts(trends)]


def _about(trends: Trends) -> str:
    if trends.period == "day":
        return "Each column is the hour that begins at the time below it (UTC)."
    return f"Each column is the 24 hours until {trends.end:%H:%M} UTC of the day below it."


def _tiles(trends: Trends) -> Iterator[dict[str, str]]:
    for name, now, was in totals(trends):
        per_cent = change(now, was)
        word = "worse" if now > was else "better" if now < was else "same"
        by = "" if per_cent is None else signed(per_cent)
        yield {"name": name, "value": f"{now:,}", "was": f"{was:,}", "change": by, "class": word}
    yield {
        "name": "mean time to resolution",
        "value": _repaired(trends.repair),
        "note": f"{trends.repair.resolved} resolved",
    }


def _repaired(repair: Repair) -> str:
    if not repair.resolved:
        return NOTHING
    return duration(repair.mean) if repair.known else least(repair)


def _stacks(trends: Trends) -> list[tuple[str, tuple[int, ...]]]:
    """Return the environments' counts; those for which there is no colour are put together."""
    named = [(one_line(one.name) or NO_NAME, one.series) for one in trends.environments]
    if len(named) <= charts.COLOURS:
        return named
    rest = [counts for _, counts in named[charts.COLOURS - 1 :]]
    return [*named[: charts.COLOURS - 1], ("others", tuple(map(sum, zip(*rest, strict=True))))]


def _releases(trends: Trends) -> Iterator[dict[str, Any]]:
    top = max((one.per_day for one in trends.releases), default=0)
    for one in trends.releases:
        yield {"one": one, "version": one_line(one.version), "meter": charts.meter(one.per_day, top)}


def _top(trends: Trends) -> Iterator[dict[str, Any]]:
    for one in trends.top:
        yield {
            "one": one,
            "title": one_line(one.issue.title),
            # A link is the only way to another place, and a script would be one too.
            "url": one.issue.url if urlsplit(one.issue.url).scheme in ("http", "https") else "",
            "spark": charts.spark(one.series, "Events over time"),
        }
