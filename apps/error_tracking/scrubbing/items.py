"""Both lines for every type of envelope item, failing closed.

https://develop.sentry.dev/sdk/data-model/envelope-items/ lists the types.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import policy
from .minimise import (
    is_safe_name,
    minimise,
    minimise_but_variables,
    minimise_check_in,
    minimise_data,
    minimise_span,
    minimise_span_data,
    minimise_user,
)
from .request import scrub_request_counted
from .structures import scrub_whole

_HEX = re.compile(r"[0-9a-fA-F-]{16,36}")
_HEADER_FORMS = {"event_id": _HEX, "sent_at": re.compile(r"[0-9TZ:.+-]{10,40}")}
_NUMBER = re.compile(r"[0-9.]{1,24}")
_NAME_OF_SDK = re.compile(r"[A-Za-z0-9_.:+-]{1,60}")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What became of an item: `payload` is what may leave (None: nothing), `redactions` counts by kind.

    `failed` says that the scrubber failed; an event then is a skeleton, everything else is None.
    """

    payload: dict[str, Any] | None
    redactions: Mapping[str, int] = field(default_factory=dict)
    failed: bool = False


def clean_item(item_type: str, payload: Any, *, keep_values: bool = False) -> Cleaned:
    """Apply the data policy to the decoded payload of one envelope item. Never raises.

    `keep_values`: variables of an event's frames are shown, not reduced to their shapes; for development.
    """
    if item_type not in policy.ALLOWED_ITEM_TYPES:
        return Cleaned(None)
    found: Counter[str] = Counter()
    try:
        minimiser = minimise_but_variables if keep_values and item_type == "event" else _MINIMISERS[item_type]
        return Cleaned(_scrub(minimiser(payload), found), found)
    except Exception:  # noqa: BLE001 - the caller counts and logs it; what could not be scrubbed must not leave
        return Cleaned(_skeleton(payload) if item_type == "event" else None, failed=True)


def minimise_event(event: Mapping[str, Any]) -> dict[str, Any]:
    """Apply line 1 to a whole event or transaction. Never raises: what cannot be looked at becomes a skeleton."""
    try:
        return minimise(event)
    except Exception:  # noqa: BLE001 - see clean_item
        return _skeleton(event)


def scrub_pii(event: Mapping[str, Any], hint: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Apply line 2 to a whole event; has the signature of the SDK's before_send.

    Returns a scrubbed copy, or a skeleton of it when scrubbing fails. Never raises.
    """
    try:
        return _scrub(event, Counter())
    except Exception:  # noqa: BLE001 - see clean_item
        return _skeleton(event)


def _scrub(payload: Mapping[str, Any], found: Counter[str]) -> dict[str, Any]:
    request = payload.get("request")
    scrubbed = scrub_whole({key: value for key, value in payload.items() if key != "request"}, found)
    if isinstance(request, Mapping):
        scrubbed["request"] = scrub_request_counted(request, found)
    return scrubbed


def clean_envelope_header(headers: Mapping[str, Any]) -> dict[str, Any]:
    """Return what may stand in an envelope's first line.

    Of the trace only IDs and rates: the rest may come from a stranger's `baggage` header.
    """
    kept = {key: headers[key] for key, form in _HEADER_FORMS.items() if form.fullmatch(str(headers.get(key, "")))}
    if isinstance(sdk := headers.get("sdk"), Mapping):
        named = {key: sdk.get(key) for key in ("name", "version")}
        kept["sdk"] = {key: value for key, value in named.items() if _NAME_OF_SDK.fullmatch(str(value or ""))}
    trace = headers.get("trace")
    if isinstance(trace, Mapping):
        kept["trace"] = {key: value for key, value in trace.items() if _is_safe_trace_value(key, value)}
    return kept


def _is_safe_trace_value(key: str, value: Any) -> bool:
    if key in ("trace_id", "public_key"):
        return isinstance(value, str) and _HEX.fullmatch(value) is not None
    if key in ("sample_rate", "sample_rand"):
        return _NUMBER.fullmatch(str(value)) is not None
    return key == "sampled" and value in ("true", "false")


def _keeping(allowed: frozenset[str]) -> Callable[[Any], dict[str, Any]]:
    return lambda payload: {key: value for key, value in payload.items() if key in allowed}


def _batch(change: Callable[[Mapping[str, Any]], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
    def of_items(payload: Any) -> dict[str, Any]:
        return {"items": [change(item) for item in payload["items"]]}

    return of_items


def _log(log: Mapping[str, Any]) -> dict[str, Any]:
    return _with_attributes({key: value for key, value in log.items() if key in policy.LOG_KEYS})


def _metric(metric: Mapping[str, Any]) -> dict[str, Any]:
    return _with_attributes({key: value for key, value in metric.items() if key in policy.METRIC_KEYS})


def _spans(payload: Any) -> dict[str, Any]:
    if "items" not in payload:
        return _span(payload)
    return {"items": [_span(span) for span in payload["items"]]}


def _span(span: Mapping[str, Any]) -> dict[str, Any]:
    attributes = span.get("attributes")
    kept = minimise_span(span)
    if not isinstance(attributes, Mapping):
        return kept
    kept = _with_attributes(kept | {"attributes": attributes}, minimise_span_data)
    source = kept["attributes"].get("sentry.segment.name.source", {}).get("value")
    is_named = is_safe_name(span.get("name"), source)
    if span.get("is_segment"):
        # The request's own span is named like a transaction, and the spans inside it repeat the name.
        kept["name"] = span["name"] if is_named else policy.UNNAMED_TRANSACTION
    if not is_named:
        kept["attributes"].pop("sentry.segment.name", None)
    return kept


def _with_attributes(
    item: dict[str, Any], change: Callable[[Mapping[str, Any]], dict[str, Any]] = minimise_data
) -> dict[str, Any]:
    # Typed attributes ({"value": …, "type": …}) are unwrapped for the rules and wrapped again.
    typed = item.get("attributes")
    if isinstance(typed, Mapping):
        plain = {key: value["value"] for key, value in typed.items() if isinstance(value, Mapping) and "value" in value}
        if user_id := plain.pop("user.id", None):
            plain |= {f"user.{key}": value for key, value in minimise_user({"id": user_id}).items()}
        kept = change(plain)
        item["attributes"] = {key: {**typed[key], "value": value} for key, value in kept.items()}
    return item


def _session(session: Mapping[str, Any]) -> dict[str, Any]:
    kept = _keeping(policy.SESSION_KEYS)(session)
    if isinstance(kept.get("attrs"), Mapping):
        kept["attrs"] = _keeping(policy.SESSION_ATTRS)(kept["attrs"])
    if isinstance(kept.get("aggregates"), list):
        # `did` names the user: an e-mail or an address as likely as an ID.
        kept["aggregates"] = [_keeping(_AGGREGATE_KEYS)(bucket) for bucket in kept["aggregates"]]
    return kept


_AGGREGATE_KEYS = frozenset({"abnormal", "crashed", "errored", "exited", "started"})

_MINIMISERS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "event": minimise,
    "transaction": minimise,
    "span": _spans,
    "log": _batch(_log),
    "trace_metric": _batch(_metric),
    "check_in": minimise_check_in,
    "session": _session,
    "sessions": _session,
    "client_report": _keeping(policy.CLIENT_REPORT_KEYS),
}

_SKELETON_KEYS = ("event_id", "timestamp", "platform", "level", "release", "environment")
_NAME = re.compile(r"[\w.<>]{1,200}")


def _skeleton(event: Any) -> dict[str, Any]:
    """What can be said of an error without looking at any data: types, places, request ID."""
    event = event if isinstance(event, Mapping) else {}
    kept: dict[str, Any] = {key: event[key] for key in _SKELETON_KEYS if isinstance(event.get(key), str | int | float)}
    kept["tags"] = {"scrubber": "failed"}
    tags = event.get("tags")
    request_id = tags.get("request_id") if isinstance(tags, Mapping) else None
    if isinstance(request_id, str) and re.fullmatch(r"[A-Za-z0-9._-]{8,64}", request_id):
        kept["tags"]["request_id"] = request_id
    exceptions = event.get("exception")
    values = exceptions.get("values") if isinstance(exceptions, Mapping) else None
    kept["exception"] = {
        "values": [_bare_exception(value) for value in values if isinstance(value, Mapping)]
        if isinstance(values, list)
        else []
    }
    return kept


def _bare_exception(exception: Mapping[str, Any]) -> dict[str, Any]:
    stacktrace = exception.get("stacktrace")
    frames = stacktrace.get("frames") if isinstance(stacktrace, Mapping) else None
    bare: dict[str, Any] = {"type": _name(exception.get("type")), "value": "(withheld: the scrubber failed)"}
    if isinstance(frames, list):
        places = [{key: _name(frame.get(key)) for key in ("module", "function")} | _line(frame) for frame in frames]
        bare["stacktrace"] = {"frames": places}
    return bare


def _name(value: Any) -> str:
    return value if isinstance(value, str) and _NAME.fullmatch(value) else "?"


def _line(frame: Mapping[str, Any]) -> dict[str, int]:
    return {"lineno": frame["lineno"]} if isinstance(frame.get("lineno"), int) else {}
