"""The charts of the page as inline SVG: no script, no library; colours and fonts come from the page's style."""

from collections.abc import Sequence
from math import ceil, log10

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_WIDTH, _HEIGHT = 960, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 8, 12, 28  # room for the axes
_STEPS = 4  # lines across
_MOST_LABELS = 12
COLOURS = 5  # how many the style has; the last one is for all the rest


def columns(series: Sequence[tuple[str, Sequence[int]]], before: Sequence[int], labels: Sequence[str]) -> SafeString:
    """Return stacked columns, one part of a column per (name, counts), with `before` as a line across them.

    `labels` name the columns, and are as many as each of the counts.
    """
    sums = [sum(counts) for counts in zip(*(counts for _, counts in series), strict=True)] or [0] * len(labels)
    top = nice_top(max(*sums, *before, 1))
    step = (_WIDTH - _LEFT - _RIGHT) / len(labels)
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-labelledby="events-title events-about">'
        '<title id="events-title">Events over time</title><desc id="events-about">{} events in {} columns, '
        "{} at most in one; the table below has each number.</desc>{}{}{}{}</svg>",
        _WIDTH,
        _HEIGHT,
        sum(sums),
        len(labels),
        max(sums),
        _grid(top),
        format_html_join("", "{}", ((_column(part, series, labels, top, step),) for part in range(len(labels)))),
        _line(before, top, step),
        _labels(labels, step),
    )


def spark(series: Sequence[int], name: str) -> SafeString:
    """Return small columns for a row of a table; `name` says to a screen reader what they are."""
    top = max(max(series, default=0), 1)
    width = 120 / max(len(series), 1)
    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}"/>',
        (
            (_n(part * width), _n(24 - 24 * count / top), _n(width * 0.75), _n(24 * count / top))
            for part, count in enumerate(series)
            if count
        ),
    )
    return format_html(
        '<svg class="spark" viewBox="0 0 120 25" role="img" aria-label="{}: {} at most">'
        '<path d="M0 24.5H120"/>{}</svg>',
        name,
        max(series, default=0),
        bars,
    )


def meter(value: float, top: float) -> SafeString:
    """Return a horizontal bar as long as `value` is beside `top`; the number itself stands in the table."""
    length = 120 * value / top if top else 0
    return format_html(
        '<svg class="meter" viewBox="0 0 120 10" aria-hidden="true">'
        '<rect class="track" width="120" height="10" rx="5"/><rect width="{}" height="10" rx="5"/></svg>',
        _n(max(length, 3) if value else 0),
    )


def nice_top(highest: float) -> int:
    """Return the end of an axis: the next of 4, 8, 20, 40, 80, 200 … so that its quarters are whole numbers."""
    size = 10 ** int(log10(highest))
    return next(
        top for top in (4, 8, 20 * size // 10, 4 * size, 8 * size, 20 * size) if top >= highest and top % 4 == 0
    )


def _column(
    part: int, series: Sequence[tuple[str, Sequence[int]]], labels: Sequence[str], top: int, step: float
) -> SafeString:
    below, parts = 0, []
    for place, (name, counts) in enumerate(series):
        if counts[part]:
            parts.append((min(place, COLOURS - 1), name, counts[part], below))
            below += counts[part]
    return format_html_join(
        "",
        '<rect class="s{}" x="{}" y="{}" width="{}" height="{}"><title>{}, {}: {}</title></rect>',
        (
            (
                colour,
                _n(_LEFT + step * (part + 0.14)),
                _n(_y(start + count, top)),
                _n(step * 0.72),
                _n(_y(start, top) - _y(start + count, top)),
                labels[part],
                name,
                count,
            )
            for colour, name, count, start in parts
        ),
    )


def _line(before: Sequence[int], top: int, step: float) -> SafeString:
    points = " ".join(f"{_n(_LEFT + step * (part + 0.5))},{_n(_y(count, top))}" for part, count in enumerate(before))
    return format_html('<polyline class="before" points="{}"/>', points)


def _grid(top: int) -> SafeString:
    values = [top * part // _STEPS for part in range(_STEPS + 1)]
    return format_html_join(
        "",
        '<path class="grid" d="M{} {}H{}"/><text class="axis" x="{}" y="{}" text-anchor="end">{}</text>',
        ((_LEFT, _n(_y(value, top)), _WIDTH - _RIGHT, _LEFT - 8, _n(_y(value, top) + 4), value) for value in values),
    )


def _labels(labels: Sequence[str], step: float) -> SafeString:
    every = ceil(len(labels) / _MOST_LABELS)
    return format_html_join(
        "",
        '<text class="axis" x="{}" y="{}" text-anchor="middle">{}</text>',
        (
            (_n(_LEFT + step * (part + 0.5)), _HEIGHT - 8, label)
            for part, label in enumerate(labels)
            if part % every == 0
        ),
    )


def _y(value: float, top: int) -> float:
    return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - value / top)


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
