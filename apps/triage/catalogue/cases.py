"""The catalogue: what is fired, and what must come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .canaries import Canaries


@dataclass(frozen=True, slots=True)
class Case:
    """One request and its outcome. `event` is the exception type (or log line) that must arrive; None: nothing may."""

    name: str
    about: str
    path: str
    status: int
    event: str | None = None
    level: str = "error"
    tags: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    sends: Mapping[str, Any] = field(default_factory=dict)  # keyword arguments of httpx.Client.request
    traced: bool = False


def catalogue(canaries: Canaries) -> tuple[Case, ...]:
    """Return all cases, in the order in which they are fired."""
    system, page = {"error_class": "system"}, {"error_class": "dependency", "dependency": "database", "priority": "P0"}
    return (
        Case("unhandled", "an exception in a Django view", "unhandled", 500, "KeyError", tags=system),
        Case(
            "unhandled-in-api", "an exception in a DRF view", "unhandled-in-api", 500, "ZeroDivisionError", tags=system
        ),
        Case("handled", "a handled error with context", "handled", 200, "ValueError", tags={"import": "prices"}),
        Case("chained", "a cause, a conclusion and a note", "chained", 500, "ReportError", tags=system),
        Case("grouped", "an exception group", "grouped", 500, "ExceptionGroup", tags=system),
        Case("logged", "an error that is only a log line", "logged", 200, "The nightly import skipped 3 rows."),
        Case("in-thread", "an error that ends a thread", "in-thread", 200, "BufferError"),
        Case("slow", "a traced request with spans", "slow", 200, traced=True),
        Case(
            "security", "a suspicious request", "security", 400, "SuspiciousOperation", "warning", {"security": "true"}
        ),
        Case("dependency-down", "the database is down", "dependency-down", 503, "OperationalError", tags=page),
        Case(
            "personal-data",
            "personal data in path, query, headers, cookies, body, variables, texts",
            f"leaky/{canaries.name}",
            500,
            "ValueError",
            method="POST",
            sends=_everything_personal(canaries),
        ),
        Case("not-found", "the caller's fault: 404", "not-found", 404),
        Case("unknown-path", "the caller's fault: an address that is none", f"nothing/{canaries.name}", 404),
        Case("invalid", "the caller's fault: a field is missing", "invalid", 400, method="POST", sends={"json": {}}),
        Case("malformed", "the caller's fault: broken JSON", "invalid", 400, method="POST", sends=_MALFORMED),
        Case("forbidden", "the caller's fault: 403", "forbidden", 403),
        Case("throttled", "the caller's fault: too often", "throttled", 429),
    )


_MALFORMED = {"content": b'{"title": ', "headers": {"Content-Type": "application/json"}}


def _everything_personal(canaries: Canaries) -> dict[str, Any]:
    fields = ("email", "password", "token", "comment", "card")
    return {
        "params": {"email": canaries.email, "token": canaries.token, "q": canaries.comment},
        "headers": {
            "Authorization": f"Bearer {canaries.token}",
            "X-Auth-Token": canaries.token,
            "X-Customer": canaries.name,
            "Referer": f"https://example.com/?email={canaries.email}",
            "X-Forwarded-For": canaries.client,
            "Forwarded": f"for={canaries.client}",
            "Cookie": f"sessionid={canaries.cookie}; name={canaries.name}",
        },
        "data": {name: getattr(canaries, name) for name in fields},
    }
