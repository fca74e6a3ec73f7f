"""Line 1: what is not on the allow-list of policy.py does not leave, whatever it looks like."""

import re
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any

from . import policy
from .ip import mask_ip
from .lazy import lazy
from .shapes import safe_name, shape_of_text
from .urls import looks_like_sql, minimise_path, minimise_query, minimise_sql, minimise_url, minimise_value

# A key of a database's; an address or a name of somebody's is none.
_USER_ID = lazy(r"[0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}|[0-9]{1,20}")
_CODE_NAME = lazy(r"[\w.:<>()\[\]-]{1,200}(?: [\w.:<>()\[\]-]{1,60}){0,5}")
_PATH = lazy(r"(?P<method>[A-Z]{3,7} )?(?P<path>/[^\s?#]{0,2048})(?:[?#].*)?", re.DOTALL)
_MAX_DEPTH = 6
_MAX_ITEMS = 50
_URL = lazy(
    r"(?P<url>\b[A-Za-z][A-Za-z0-9+.-]{1,20}://(?:[^\s?#\"'<>:]|:(?!//)){0,2048})(?:[?#](?:[^\s\"'<>:]|:(?!//))*)?"
)


def minimise(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of an event or a transaction with what the data policy allows, and nothing else.

    Expects the event as the SDK serialised it; what has an unexpected type is left out.
    """
    kept = _keep(event, policy.EVENT_KEYS)
    route = _name_by_route(kept)
    _replace(kept, "logentry", Mapping, _log_entry)
    _replace(kept, "user", Mapping, minimise_user)
    _replace(kept, "request", Mapping, lambda request: minimise_request(request, route))
    _replace(kept, "contexts", Mapping, _contexts)
    _replace(kept, "extra", Mapping, minimise_data)
    _replace(kept, "exception", Mapping | list, lambda part: _values(part, _exception))
    _replace(kept, "threads", Mapping | list, lambda part: _values(part, _thread))
    _replace(kept, "stacktrace", Mapping, _stacktrace)
    _replace(kept, "breadcrumbs", Mapping | list, lambda part: _values(part, _breadcrumb))
    _replace(
        kept,
        "spans",
        list,
        lambda spans: [minimise_span(span) for span in spans if isinstance(span, Mapping)],
    )
    return kept


def minimise_but_variables(event: Mapping[str, Any]) -> dict[str, Any]:
    """Do what minimise does, but let the variables of exceptions' frames keep what they hold. For development."""
    kept = minimise(event)
    for before, after in zip(_frames(event), _frames(kept), strict=True):
        if "vars" in after:
            after["vars"] = {safe_name(name): value for name, value in before["vars"].items()}
    return kept


def _frames(event: Mapping[str, Any]) -> list[dict[str, Any]]:
    exceptions = event.get("exception", {}).get("values", ())
    return [frame for exception in exceptions for frame in exception.get("stacktrace", {}).get("frames", ())]


def is_user_id(text: str) -> bool:
    """Say whether a text is a pseudonymous user ID, a UUID or a whole number: no other leaves."""
    return _USER_ID.fullmatch(text) is not None


def minimise_user(user: Mapping[str, Any]) -> dict[str, Any]:
    """Return the pseudonymous ID (a UUID or a number) and the masked address; never a name or an e-mail."""
    kept: dict[str, Any] = {}
    if is_user_id(str(user.get("id", ""))):
        kept["id"] = str(user["id"])
    if user.get("ip_address"):
        kept["ip_address"] = mask_ip(str(user["ip_address"]))
    return kept


def minimise_request(request: Mapping[str, Any], route: str | None = None) -> dict[str, Any]:
    """Return method, URL by its route, allow-listed headers, names of cookies and shapes of query and body."""
    kept: dict[str, Any] = {}
    if isinstance(request.get("method"), str):
        method = request["method"]
        kept["method"] = method if method.upper() in policy.ALLOWED_METHODS else shape_of_text(method)
    if request.get("url"):
        kept["url"] = minimise_url(request["url"], route)
    if request.get("query_string"):
        kept["query_string"] = minimise_query(request["query_string"])
    if headers := _pairs(request.get("headers")):
        kept["headers"] = {name: _header(name, value) for name, value in headers}
    if cookies := _pairs(request.get("cookies")):
        kept["cookies"] = {safe_name(name): policy.REDACTED for name, _ in cookies}
    if request.get("data") not in (None, "", {}):
        kept["data"] = minimise_body(request["data"])
    return kept


def minimise_body(value: Any, key: str = "", depth: int = 0) -> Any:
    """Return a request body as keys and shapes: `{"email": "str[17]", "page": 2}`."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value if re.fullmatch(policy.ALLOWED_VALUES.get(key, ""), str(value)) else f"<{type(value).__name__}>"
    if isinstance(value, str):
        return minimise_value(key, value)
    if depth >= _MAX_DEPTH:
        return policy.TOO_DEEP
    if isinstance(value, Mapping):
        items = list(value.items())[:_MAX_ITEMS]
        return {safe_name(name): minimise_body(inner, str(name), depth + 1) for name, inner in items}
    if isinstance(value, list | tuple):
        return [minimise_body(inner, key, depth + 1) for inner in value[:_MAX_ITEMS]]
    return f"<{type(value).__name__}>"


def minimise_check_in(check_in: Mapping[str, Any]) -> dict[str, Any]:
    """Return a check-in with what the tracker needs to judge a schedule."""
    kept = _keep(check_in, policy.CHECK_IN_KEYS)
    _replace(kept, "contexts", Mapping, _contexts)
    _replace(kept, "monitor_config", Mapping, lambda config: _keep(config, policy.MONITOR_KEYS))
    return kept


def minimise_span(span: Mapping[str, Any]) -> dict[str, Any]:
    """Return a span with its SQL by placeholders, its URLs by shape and no data that says who or where."""
    kept = _keep(span, policy.SPAN_KEYS)
    for key in ("description", "name"):
        if key in kept:
            kept[key] = _span_name(str(kept.get("op", "")), str(kept[key]))
    _replace(kept, "data", Mapping, minimise_span_data)
    return kept


def _span_name(op: str, text: str) -> str:
    if (op.startswith("db") and not op.startswith(policy.FIRST_WORD_OPS)) or looks_like_sql(text):
        return minimise_sql(text)
    if op.startswith(policy.FIRST_WORD_OPS):
        return _command(text)
    return policy.CACHE_SPAN if op.startswith("cache") else _with_url_shapes(text)


def _command(text: str) -> str:
    # The arguments of a command, and the key that Redis is asked for, are data.
    return PurePath(text.split(" ", 1)[0]).name


def _with_url_shapes(text: str) -> str:
    if path := _PATH.fullmatch(text):
        return (path["method"] or "") + minimise_path(path["path"])
    return _URL.sub(lambda match: minimise_url(match["url"]), text) if "://" in text else text


def minimise_span_data(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of a span as minimise_data does, and without what a template was given."""
    return {
        key: value
        for key, value in minimise_data(data).items()
        if key not in policy.DROPPED_SPAN_KEYS and not str(key).startswith(policy.DROPPED_SPAN_PREFIXES)
    }


def _keep(mapping: Mapping[str, Any], allowed: frozenset[str]) -> dict[str, Any]:
    return {key: value for key, value in mapping.items() if key in allowed}


def _replace(mapping: dict[str, Any], key: str, kind: Any, change: Callable[[Any], Any]) -> None:
    if key in mapping:
        value = mapping.pop(key)
        if isinstance(value, kind):
            mapping[key] = change(value)


def _name_by_route(event: dict[str, Any]) -> str | None:
    info = event.get("transaction_info")
    source = info.get("source") if isinstance(info, Mapping) else None
    event.pop("transaction_info", None)
    name = event.get("transaction")
    if name is None:
        return None
    if not is_safe_name(name, source):
        event["transaction"] = policy.UNNAMED_TRANSACTION
        return None
    event["transaction_info"] = {"source": source}
    return str(name)


def is_safe_name(name: object, source: object) -> bool:
    """Say whether a transaction's name may leave: a route, or what somebody named in code. A path may hold anything."""
    if source == "route":
        return True
    return source in policy.SAFE_TRANSACTION_SOURCES and _CODE_NAME.fullmatch(str(name)) is not None


def _pairs(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, Mapping):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = [tuple(pair) for pair in value if isinstance(pair, list | tuple) and len(pair) == 2]
    else:
        pairs = []
    return [(str(name), inner) for name, inner in pairs[:_MAX_ITEMS]]


def _header(name: str, value: Any) -> str:
    form = policy.ALLOWED_HEADERS.get(name.lower().replace("_", "-"))
    return str(value) if form and re.fullmatch(form, str(value)) else policy.REDACTED


def _contexts(contexts: Mapping[str, Any]) -> dict[str, Any]:
    kept = {
        name: minimise_data(context)
        for name, context in contexts.items()
        if isinstance(context, Mapping) and name not in policy.DROPPED_CONTEXTS
    }
    trace = contexts.get("trace")
    if isinstance(trace, Mapping):
        kept["trace"] = _keep(trace, policy.TRACE_KEYS)
        _replace(kept["trace"], "data", Mapping, minimise_data)
    return kept


def _values(part: Any, change: Callable[[Mapping[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    values = part.get("values") if isinstance(part, Mapping) else part
    return {"values": [change(value) for value in values or () if isinstance(value, Mapping)]}


def _exception(exception: Mapping[str, Any]) -> dict[str, Any]:
    kept = _keep(exception, policy.EXCEPTION_KEYS)
    _replace(kept, "mechanism", Mapping, lambda mechanism: _keep(mechanism, policy.MECHANISM_KEYS))
    _replace(kept, "stacktrace", Mapping, _stacktrace)
    return kept


def _thread(thread: Mapping[str, Any]) -> dict[str, Any]:
    kept = _keep(thread, policy.THREAD_KEYS)
    _replace(kept, "stacktrace", Mapping, _stacktrace)
    return kept


def _stacktrace(stacktrace: Mapping[str, Any]) -> dict[str, Any]:
    return {"frames": [_frame(frame) for frame in stacktrace.get("frames") or () if isinstance(frame, Mapping)]}


def _frame(frame: Mapping[str, Any]) -> dict[str, Any]:
    kept = _keep(frame, policy.FRAME_KEYS)
    filename = str(kept.get("filename") or "")
    if filename.startswith("/") or ":\\" in filename:
        # An absolute path names the machine's user: /home/jane/…
        kept["filename"] = PurePath(filename).name
    if frame.get("in_app") is True:
        kept |= {key: frame[key] for key in policy.SOURCE_KEYS if key in frame}
        if isinstance(frame.get("vars"), Mapping):
            kept["vars"] = {safe_name(name): _variable(value) for name, value in frame["vars"].items()}
    return kept


def _variable(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    return shape_of_text(value) if isinstance(value, str) else f"{type(value).__name__}[{len(value)}]"


def _log_entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    # `params` repeats, without their keys, the values that the text shows scrubbed.
    return _keep(entry, policy.LOG_ENTRY_KEYS)


def _breadcrumb(breadcrumb: Mapping[str, Any]) -> dict[str, Any]:
    kept = _keep(breadcrumb, policy.BREADCRUMB_KEYS)
    if isinstance(kept.get("message"), str):
        kept["message"] = _breadcrumb_message(kept.get("category"), kept["message"])
    _replace(kept, "data", Mapping, minimise_data)
    if kept.get("type") == "log" and "data" in kept:
        kept["data"] = {key: value for key, value in kept["data"].items() if key not in policy.LOG_RECORD_KEYS}
    return kept


def _breadcrumb_message(category: Any, message: str) -> str:
    if category == "query":
        return minimise_sql(message)
    if category in policy.FIRST_WORD_OPS:
        return _command(message)
    return _with_url_shapes(message) if category in ("httplib", "http") else _without_query(message)


def minimise_data(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return free data (of spans, breadcrumbs, logs) without what says who or where; URLs and SQL minimised."""
    return {key: _datum(key, value) for key, value in data.items() if not _is_dropped(str(key).lower())}


def _is_dropped(key: str) -> bool:
    return key in policy.DROPPED_DATA_KEYS or key.startswith(policy.DROPPED_DATA_PREFIXES)


def _datum(key: str, value: Any) -> Any:
    if key in policy.URL_DATA_KEYS:
        return minimise_url(value)
    if key in policy.SQL_DATA_KEYS:
        return minimise_sql(value)
    return value


def _without_query(text: str) -> str:
    return _URL.sub(lambda match: match["url"], text) if "://" in text else text
