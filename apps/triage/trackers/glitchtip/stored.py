"""An event as GlitchTip stores it, taken back into the form in which an SDK sent it: seen on a real GlitchTip 5.2."""

import re
from collections.abc import Mapping
from typing import Any

from .. import payload

_ADDED = ("datetime", "project", "title", "hashes")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?")
_WORDS = {"None": None, "True": True, "False": False}


def as_sent(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event without what GlitchTip added, and with what it changed as it was.

    It does not keep where a transaction's name came from: it is taken for a route, so a name that is none is not told
    apart from one.
    """
    event = {key: value for key, value in stored.items() if key not in _ADDED}
    if event.get("transaction"):
        event["transaction_info"] = {"source": "route"}
    elif "transaction" in event:
        del event["transaction"]
    for name, change in (("contexts", _contexts), ("request", _request), ("exception", _exception)):
        if isinstance(event.get(name), Mapping):
            event[name] = change(event[name])
    return event


def _contexts(contexts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: payload.without_type(name, context) for name, context in contexts.items()}


def _request(request: Mapping[str, Any]) -> dict[str, Any]:
    if "query_string" not in request:
        return dict(request)
    return {**request, "query_string": payload.query_string(request["query_string"])}


def _exception(exception: Mapping[str, Any]) -> dict[str, Any]:
    return {**exception, "values": [_value(value) for value in payload.maps(exception.get("values"))]}


def _value(value: Mapping[str, Any]) -> dict[str, Any]:
    stack = value.get("stacktrace")
    if not isinstance(stack, Mapping):
        return dict(value)
    return {**value, "stacktrace": {**stack, "frames": [_frame(frame) for frame in payload.maps(stack.get("frames"))]}}


def _frame(frame: Mapping[str, Any]) -> dict[str, Any]:
    sent = {key: value for key, value in frame.items() if key != "abs_path" or value != frame.get("filename")}
    if isinstance(sent.get("vars"), Mapping):
        sent["vars"] = {name: _variable(value) for name, value in sent["vars"].items()}
    return sent


def _variable(value: Any) -> Any:
    """Return what GlitchTip wrote as a text; a text of digits left here as `str[4]`."""
    if not isinstance(value, str):
        return value
    number = _NUMBER.fullmatch(value)
    if number is None:
        return _WORDS.get(value, value)
    return float(value) if number[1] else int(value)
