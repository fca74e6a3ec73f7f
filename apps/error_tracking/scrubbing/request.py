"""Line 2 for the request section of an event."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote

from . import policy
from .keys import key_class
from .structures import scrub_mapping, scrub_value, scrub_whole
from .text import scrub_counted


def scrub_request(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return a scrubbed copy of a request (url, query_string, headers, cookies, data, env).

    Sensitive headers, parameters and fields and every cookie become [REDACTED]; patterns go from the rest.
    Never raises.
    """
    try:
        return scrub_request_counted(request, Counter())
    except Exception:  # noqa: BLE001 - what could not be scrubbed must not be shown
        return {policy.REDACTED: policy.REDACTED}


def scrub_request_counted(request: Mapping[str, Any], found: Counter[str]) -> dict[str, Any]:
    """Do what scrub_request does, and count what was replaced."""
    scrubbed = scrub_whole({key: value for key, value in request.items() if key not in _OWN_RULES}, found)
    for key, rule in _OWN_RULES.items():
        if key in request:
            scrubbed[key] = rule(request[key], found)
    return scrubbed


def _cookies(cookies: Any, found: Counter[str]) -> Any:
    if not isinstance(cookies, Mapping):
        return policy.REDACTED if cookies else cookies
    return {scrub_counted(str(name), found): policy.REDACTED for name in cookies}


def _query(query: Any, found: Counter[str]) -> Any:
    if not isinstance(query, str):
        return scrub_value(query, found)
    if (
        "%" not in query
        and "+" not in query
        and not _says_something(part.partition("=")[0] for part in query.split("&"))
    ):
        return scrub_counted(query, found)  # most, and to take them apart takes longer
    pairs = parse_qsl(query, keep_blank_values=True)
    if not _says_something(key for key, _ in pairs):
        return scrub_counted(query, found)
    return "&".join(f"{quote(key, safe='[]')}={value}" for key, value in scrub_pairs(pairs, found))


def _says_something(keys: Iterable[str]) -> bool:
    return any(key_class(key) for key in keys)


def scrub_pairs(pairs: list[tuple[str, str]], found: Counter[str]) -> list[tuple[str, str]]:
    """Scrub the values of (key, value) pairs; the value of a sensitive key becomes [REDACTED]."""
    return [(key, str(scrub_mapping({key: value}, found).popitem()[1])) for key, value in pairs]


_OWN_RULES = {"cookies": _cookies, "query_string": _query}
