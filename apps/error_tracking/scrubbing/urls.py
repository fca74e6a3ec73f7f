"""URLs and query strings without what a stranger, or a user, typed into them."""

import re
from urllib.parse import parse_qsl, urlsplit

from . import policy
from .shapes import safe_name, shape_of_text

# Segments that are names of code or pseudonymous keys: numbers and UUIDs.
_KEY_SEGMENT = re.compile(r"\d{1,12}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_SHORT_VALUE = re.compile(r"[A-Za-z0-9_.,+-]{1,32}")
_MAX_PAIRS = 50


def minimise_url(url: object, route: str | None = None) -> str:
    """Return scheme, host and the shape of the path: segments that `route` spells, numbers and UUIDs stay.

    User and password, query and fragment go. `https://a.example/u/jane?x=1` -> `https://a.example/u/str[4]`
    with the route /u/{name}, and `https://a.example/str[1]/str[4]` without one.
    """
    try:
        parts = urlsplit(str(url))
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return f"url[{len(str(url))}]"
    origin = f"{parts.scheme}://{host}" if parts.scheme and host else ""
    return origin + (f":{port}" if port and host else "") + minimise_path(parts.path, route)


def minimise_path(path: str, route: str | None = None) -> str:
    """Return the path with each segment that is neither in `route` nor a number nor a UUID by its shape."""
    known = set(route.strip("/").split("/")) if route else set()
    segments = [
        segment if not segment or segment in known or _KEY_SEGMENT.fullmatch(segment) else shape_of_text(segment)
        for segment in path.split("/")[:_MAX_PAIRS]
    ]
    return "/".join(segments)


def minimise_query(query: object) -> str:
    """Return the keys of a query string and the shapes of its values; values of allow-listed keys stay."""
    if isinstance(query, dict):
        pairs = [(str(key), str(value)) for key, value in query.items()]
    elif isinstance(query, list | tuple):
        pairs = [(str(pair[0]), str(pair[1])) for pair in query if isinstance(pair, list | tuple) and len(pair) == 2]
    else:
        text = query.decode("utf-8", "replace") if isinstance(query, bytes) else str(query or "")
        pairs = parse_qsl(text, keep_blank_values=True)
    return "&".join(f"{safe_name(key)}={minimise_value(key, value)}" for key, value in pairs[:_MAX_PAIRS])


def minimise_value(key: str, value: str) -> str:
    """Return the value where the key is allow-listed and the value is a short word or number, else its shape."""
    if key in policy.ALLOWED_KEYS and _SHORT_VALUE.fullmatch(value):
        return value
    return shape_of_text(value)


_STRING_LITERAL = re.compile(r"[EeNnBbXx]?'(?:[^']|'')*'?|\$[A-Za-z_]{0,20}\$.*", re.DOTALL)
_LONG_NUMBER = re.compile(r"(?<![\w.$])-?\d{5,}(?:\.\d+)?(?!\w)")


def minimise_sql(statement: object) -> str:
    """Return a statement with its literals as `?`; placeholders, names and small numbers (LIMIT 21) stay."""
    return _LONG_NUMBER.sub("?", _STRING_LITERAL.sub("?", str(statement)))
