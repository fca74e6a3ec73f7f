"""What an expression of Prometheus' asks for: the series it selects, and the labels it groups by."""

import re
from collections.abc import Iterator
from typing import Any

import promql_parser as promql

from tests.observability.stack import Sample

# What Grafana puts in before it asks.
_VARIABLES = {"$__rate_interval": "5m"}


def missing(expression: str, samples: list[Sample]) -> list[str]:
    """Return what the expression names that no sample has: series, or labels to group by."""
    for variable, value in _VARIABLES.items():
        expression = expression.replace(variable, value)
    return [*_missing_in(promql.parse(expression), samples)]


def _missing_in(whole: Any, samples: list[Sample]) -> Iterator[str]:
    for part in _parts(whole):
        if isinstance(part, promql.VectorSelector) and not _selected(part, samples):
            yield part.prettify().strip()
        if isinstance(part, promql.AggregateExpr) and part.modifier:
            selected = [found for inner in _parts(part) for found in _selected(inner, samples)]
            names = {name for found in selected for name in found.labels}
            yield from (f"{label} in {part.prettify().strip()}" for label in part.modifier.labels if label not in names)


def _parts(whole: Any) -> list[Any]:
    found: list[Any] = []
    promql.walk(whole, found.append)
    return found


def _selected(part: Any, samples: list[Sample]) -> list[Sample]:
    if not isinstance(part, promql.VectorSelector):
        return []
    matchers = part.matchers.matchers
    same_name = [sample for sample in samples if sample.name == part.name]
    return [sample for sample in same_name if all(_matches(matcher, sample) for matcher in matchers)]


def _matches(matcher: Any, sample: Sample) -> bool:
    value = sample.labels.get(matcher.name, "")
    if matcher.op in (promql.MatchOp.Equal, promql.MatchOp.NotEqual):
        return bool((value == matcher.value) == (matcher.op == promql.MatchOp.Equal))
    return (re.fullmatch(matcher.value, value) is not None) == (matcher.op == promql.MatchOp.Re)
