"""What an event says of its request, read when there is one; the scrubber takes from it what may not leave."""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django.http import HttpRequest

# A larger body is not looked at: reading and taking it apart would cost more than its shape is worth.
_LARGEST_BODY = 10_000  # bytes
_HEADERS_ALONE = ("CONTENT_TYPE", "CONTENT_LENGTH")


def described(request: HttpRequest) -> dict[str, Any]:
    """Return the request section of an event; the scrubber takes from it what may not leave."""
    section = {
        "url": f"{request.scheme}://{_host(request)}{request.path}",
        "method": request.method,
        "headers": dict(_headers(request)),
        "query_string": request.META.get("QUERY_STRING", ""),
        "data": _body(request),
    }
    return {key: value for key, value in section.items() if value}


def _host(request: HttpRequest) -> str:
    # Not get_host(): it raises for hosts that are not allowed.
    return str(request.META.get("HTTP_HOST") or request.META.get("SERVER_NAME") or "")


def _headers(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for key, value in request.META.items():
        if key.startswith("HTTP_") or key in _HEADERS_ALONE:
            yield _header_name(key), str(value)


@lru_cache(maxsize=256)
def _header_name(key: str) -> str:
    return key.removeprefix("HTTP_").replace("_", "-").title()


def _body(request: HttpRequest) -> Any:
    """Return what the view could read as fields, or None if that is too much, no such thing, or gone already."""
    if not 0 < _length(request) <= _LARGEST_BODY:
        return None
    try:
        return json.loads(request.body) if "json" in (request.content_type or "") else _form(request)
    except Exception:  # noqa: BLE001 - a body that cannot be read is the view's affair, and its event says enough
        return None


def _form(request: HttpRequest) -> dict[str, Any] | None:
    return {**request.POST.dict(), **dict.fromkeys(request.FILES, "")} or None


def _length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdigit() else 0
