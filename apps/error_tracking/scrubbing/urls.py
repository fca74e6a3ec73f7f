"""URLs and query strings without what a stranger, or a user, typed into them."""

import re
from urllib.parse import parse_qsl, urlsplit

from . import policy
from .lazy import lazy
from .shapes import safe_name

# Segments that are pseudonymous keys; a longer number may be somebody's telephone.
_KEY_SEGMENT = lazy(r"\d{1,8}|\{[\w:]{1,60}\}|<[\w:]{1,60}>|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HOST = lazy(r"[A-Za-z0-9._-]{1,253}|[0-9a-fA-F:.]{2,45}|host\[\d{1,5}\]")
_LENGTH = lazy(r"(?:str|key)\[\d{1,7}\]|<(?:int|float)>|\[[A-Z_]{1,20}REDACTED\]|\[REDACTED\]")
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
    if not _HOST.fullmatch(host):
        host = f"host[{len(host)}]" if host else ""  # a stranger may send any Host header
    origin = f"{parts.scheme}://{host}" if parts.scheme and host else ""
    return origin + (f":{port}" if port and host else "") + minimise_path(parts.path, route)


def minimise_path(path: str, route: str | None = None) -> str:
    """Return the path with each segment that is neither in `route` nor a number nor a UUID by its shape."""
    known = set(route.strip("/").split("/")) if route else set()
    segments = [
        segment if not segment or segment in known or _KEY_SEGMENT.fullmatch(segment) else _length(segment)
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
        # `?jane` is a value that has no key.
        parts = (part if "=" in part else f"={part}" for part in text.split("&") if part)
        pairs = parse_qsl("&".join(parts), keep_blank_values=True)
    return "&".join(f"{key and safe_name(key)}={minimise_value(key, value)}" for key, value in pairs[:_MAX_PAIRS])


def minimise_value(key: str, value: str) -> str:
    """Return the value where it is on the short list of its key, else its shape."""
    allowed = policy.ALLOWED_VALUES.get(key)
    if allowed and re.fullmatch(allowed, value):
        return value
    return _length(value)


def _length(text: str) -> str:
    # What comes from outside may look like a shape, a date or a UUID and still be somebody's: only its length leaves.
    return text if _LENGTH.fullmatch(text) else f"str[{len(text)}]"


_COMMENT = lazy(r"/\*(?:[^*]|\*(?!/))*(?:\*/)?|--[^\n]*")
# A backslash may escape the quote or not, depending on the database: to be safe it does.
_STRING_LITERAL = lazy(r"[EeNnBbXx]?'(?:[^'\\]|''|\\.)*'?|(?<!\w)\$[A-Za-z_]{0,20}\$.*", re.DOTALL)
# Double quotes hold a name, or in some databases a text.
_QUOTED_TEXT = lazy(r'(?P<name>"[\w$.-]{1,63}"(?!"))|"(?:[^"]|"")*"?')
_LONG_NUMBER = lazy(r"(?<![\w.$])-?\d{5,}(?:\.\d+)?(?!\w)")
_SQL = lazy(r"(?i)\s*(?:select|insert|update|delete|with|replace|merge|call|execute|copy|create|alter|drop|pragma)\s")


def looks_like_sql(text: str) -> bool:
    """Say whether a text begins like a statement."""
    return _SQL.match(text) is not None


def minimise_sql(statement: object) -> str:
    """Return a statement with its literals as `?`, without comments; placeholders, names and small numbers stay."""
    text = _STRING_LITERAL.sub("?", _COMMENT.sub("", str(statement)))
    return _LONG_NUMBER.sub("?", _QUOTED_TEXT.sub(lambda match: match["name"] or "?", text))
