"""Which requests are traced. An outsider's sampling decision is not followed: it would be his to flood us.

A task's trace is its request's: the decision came with the message, from ourselves.
"""

from collections.abc import Callable, Mapping
from typing import Any


def make_sampler(default_rate: float, rates: Mapping[str, float]) -> Callable[[Mapping[str, Any]], float]:
    """Return a `traces_sampler` (https://docs.sentry.io/platforms/python/configuration/sampling/).

    `rates` maps path prefixes to rates from 0 to 1; the longest prefix wins, other paths get `default_rate`.
    """
    prefixes = sorted(rates, key=len, reverse=True)

    def sampler(sampling_context: Mapping[str, Any]) -> float:
        decided = sampling_context.get("parent_sampled")
        if "task" in sampling_context and decided is not None:
            return float(decided)
        path = _path(sampling_context)
        return next((rates[prefix] for prefix in prefixes if path.startswith(prefix)), default_rate)

    return sampler


def _path(sampling_context: Mapping[str, Any]) -> str:
    source = sampling_context.get("wsgi_environ") or sampling_context.get("asgi_scope") or {}
    return str(source.get("PATH_INFO") or source.get("path") or "")
