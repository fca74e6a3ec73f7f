"""What the SDK must know of a request: its own scope, what it was, its transaction, and the errors that end it.

In place of the SDK's Django integration, which wraps every handler, view and middleware, reads all headers and
begins a transaction for each request, also for those that are not sampled: most of what the SDK costs a request
that goes well. Only public hooks of Django are used here.
https://docs.djangoproject.com/en/stable/ref/signals/#got-request-exception
"""

import json
import random
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, cast

import sentry_sdk
from django.contrib.admindocs.views import simplify_regex
from django.core.signals import got_request_exception
from django.http import HttpRequest, StreamingHttpResponse
from django.http.request import RawPostDataException
from django.http.response import HttpResponseBase
from sentry_sdk.scope import use_isolation_scope
from sentry_sdk.tracing import Transaction

from .face import capture_unhandled

# A larger body is not looked at: reading and taking it apart would cost more than its shape is worth.
_LARGEST_BODY = 10_000  # bytes
# https://opentelemetry.io/docs/specs/semconv/http/http-spans/ : the SDK's names for the same
_OP, _ORIGIN = "http.server", "auto.http.django"
_NOT_TRACED = ("HEAD", "OPTIONS")
_HEADERS_ALONE = ("CONTENT_TYPE", "CONTENT_LENGTH")


def start() -> None:
    """Report the errors that end requests."""
    got_request_exception.connect(_report, dispatch_uid="error_tracking")


def _report(request: HttpRequest | None = None, **kwargs: Any) -> None:
    error = sys.exception()
    if error is not None:
        capture_unhandled(error)


@contextmanager
def scope_of(request: HttpRequest) -> Iterator[sentry_sdk.Scope]:
    """Give the block a scope of its own, in which every event says what this request was."""
    with sentry_sdk.isolation_scope() as scope:
        scope.clear_breadcrumbs()
        scope.set_new_propagation_context()

        def describe(event: Any, hint: Any) -> Any:
            event["request"] = _description(request)
            if request.resolver_match:
                event["transaction"] = route_name(request.resolver_match.route)
                event["transaction_info"] = {"source": "route"}
            return event

        scope.add_event_processor(describe)
        yield scope


@contextmanager
def traced(request: HttpRequest) -> Iterator[Transaction | None]:
    """Time the block as a transaction, if the sampler wants this request; its name is known when it ends."""
    if "HTTP_SENTRY_TRACE" in request.META:
        # The caller's trace goes on here; whether we record our part is for us to say.
        transaction = sentry_sdk.continue_trace(request.META, op=_OP, origin=_ORIGIN)
    else:
        transaction = None
    rate = 0.0 if request.method in _NOT_TRACED else _rate(request)
    if not rate or random.random() >= rate:  # noqa: S311 - a sample, not a secret
        yield None
        return
    transaction = transaction or Transaction(op=_OP, origin=_ORIGIN)
    transaction.sampled = True
    with sentry_sdk.start_transaction(transaction):
        transaction.sample_rate = rate
        yield transaction


def finish(transaction: Transaction, request: HttpRequest, response: HttpResponseBase) -> None:
    """Name a transaction by its route, never by its path, and say how it ended."""
    transaction.set_http_status(response.status_code)
    transaction.name = route_name(request.resolver_match.route) if request.resolver_match else UNMATCHED
    transaction.source = "route"


def watch(response: HttpResponseBase, scope: sentry_sdk.Scope) -> None:
    """Report an error that comes while a streamed body is sent, when all middleware is done.

    A file is left alone: the server sends it by itself.
    """
    if isinstance(response, StreamingHttpResponse) and not response.is_async and not _is_file(response):
        response.streaming_content = _watched(cast("Iterator[bytes]", response.streaming_content), scope)


def _is_file(response: StreamingHttpResponse) -> bool:
    return getattr(response, "file_to_stream", None) is not None


def _watched(chunks: Iterator[bytes], scope: sentry_sdk.Scope) -> Iterator[bytes]:
    try:
        yield from chunks
    except Exception as error:
        with use_isolation_scope(scope):
            capture_unhandled(error)
        raise


def _rate(request: HttpRequest) -> float:
    sampler = sentry_sdk.get_client().options["traces_sampler"]
    return float(sampler({"wsgi_environ": request.META, "asgi_scope": {"path": request.path}})) if sampler else 0.0


UNMATCHED = "<unmatched path>"
_PARAMETER = re.compile(r"<(?:[^<>:]+:)?([^<>]+)>")


@lru_cache(maxsize=1024)
def route_name(route: str) -> str:
    """Return a route of Django as /images/{image_id}: from path() as from re_path()."""
    named = _PARAMETER.sub(r"{\1}", route)
    if re.search(r"[\^$\\(]", named):
        named = _PARAMETER.sub(r"{\1}", simplify_regex(route))
    return "/" + named.lstrip("/")


def _description(request: HttpRequest) -> dict[str, Any]:
    """Return the request section of an event; the scrubber takes from it what may not leave."""
    described = {
        "url": f"{request.scheme}://{_host(request)}{request.path}",
        "method": request.method,
        "headers": dict(_headers(request)),
        "query_string": request.META.get("QUERY_STRING", ""),
        "data": _body(request),
    }
    return {key: value for key, value in described.items() if value}


def _host(request: HttpRequest) -> str:
    # Not get_host(): it raises for hosts that are not allowed.
    return str(request.META.get("HTTP_HOST") or request.META.get("SERVER_NAME") or "")


def _headers(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for key, value in request.META.items():
        if key.startswith("HTTP_") or key in _HEADERS_ALONE:
            yield key.removeprefix("HTTP_").replace("_", "-").title(), str(value)


def _body(request: HttpRequest) -> Any:
    """Return what the view could read as fields, or None; never reads from the client what nobody has read."""
    # Set by a parser that has taken the body apart and left nothing to read (Django REST framework's do).
    if (parsed := getattr(request, "parsed_body", None)) is not None:
        return parsed
    if not 0 < _length(request) <= _LARGEST_BODY:
        return None
    if "json" in (request.content_type or ""):
        return _json(request)
    try:
        return {**request.POST.dict(), **dict.fromkeys(request.FILES, "")} or None
    except Exception:  # noqa: BLE001 - a body that cannot be read is the view's affair, and its event says enough
        return None


def _json(request: HttpRequest) -> Any:
    try:
        return json.loads(request.body)
    except (RawPostDataException, ValueError, OSError, RecursionError):  # read by somebody else, or no JSON
        return None


def _length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdigit() else 0
