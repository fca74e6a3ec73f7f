"""What the SDK must know of a request: its own scope, what it was, its transaction, and the errors that end it.

In place of the SDK's Django integration, which wraps every handler, view and middleware, reads all headers and
begins a transaction for each request, also for those that are not sampled: most of what the SDK costs a request
that goes well. Only public hooks of Django are used here.
https://docs.djangoproject.com/en/stable/ref/signals/#got-request-exception
"""

import random
import re
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import sentry_sdk
from django.core.signals import got_request_exception
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from sentry_sdk.scope import use_isolation_scope
from sentry_sdk.tracing import Transaction

from .face import capture_unhandled
from .inbound import described

# https://opentelemetry.io/docs/specs/semconv/http/http-spans/ : the SDK's names for the same
_OP, _ORIGIN = "http.server", "auto.http.django"
_NOT_TRACED = ("HEAD", "OPTIONS")


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
        scope.clear()  # it begins as a copy of the process's, where a thread of somebody's may have left a user
        scope.set_new_propagation_context()

        def describe(event: Any, hint: Any) -> Any:
            event["request"] = described(request)
            if request.resolver_match:
                event["transaction"] = route_name(request.resolver_match.route)
                event["transaction_info"] = {"source": "route"}
            return event

        scope.add_event_processor(describe)
        yield scope


@contextmanager
def traced(request: HttpRequest) -> Iterator[Transaction | None]:
    """Time the block as a transaction, if the sampler wants this request; its name is known when it ends."""
    if trace := request.META.get("HTTP_SENTRY_TRACE"):
        # The caller's trace goes on here, by its IDs only: in `baggage` a stranger may write what he likes, and it
        # would stand in our envelopes. Whether we record our part is for us to say.
        transaction = sentry_sdk.continue_trace({"sentry-trace": trace}, op=_OP, origin=_ORIGIN)
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
    """Have a streamed body made in its request's scope, and an error in it reported, when all middleware is done.

    A file is left alone: the server sends it by itself.
    """
    if not isinstance(response, StreamingHttpResponse) or _is_file(response):
        return
    content: Any = response.streaming_content
    response.streaming_content = _watched_async(content, scope) if response.is_async else _watched(content, scope)


def _is_file(response: StreamingHttpResponse) -> bool:
    return getattr(response, "file_to_stream", None) is not None


def _watched(chunks: Iterator[bytes], scope: sentry_sdk.Scope) -> Iterator[bytes]:
    while True:
        # Not across the yield: there the thread is the server's, or another request's.
        with _in(scope):
            try:
                chunk = next(chunks)
            except StopIteration:
                return
        yield chunk


async def _watched_async(chunks: AsyncIterator[bytes], scope: sentry_sdk.Scope) -> AsyncIterator[bytes]:
    while True:
        with _in(scope):
            try:
                chunk = await anext(chunks)
            except StopAsyncIteration:
                return
        yield chunk


@contextmanager
def _in(scope: sentry_sdk.Scope) -> Iterator[None]:
    with use_isolation_scope(scope):
        try:
            yield
        except Exception as error:
            capture_unhandled(error)
            raise


def _rate(request: HttpRequest) -> float:
    client = sentry_sdk.get_client()
    sampler = client.options["traces_sampler"]
    rate = float(sampler({"wsgi_environ": request.META, "asgi_scope": {"path": request.path}})) if sampler else 0.0
    # As the SDK does for any transaction: fewer of them while they cannot be sent.
    return rate / 2**client.monitor.downsample_factor if rate and client.monitor else rate


UNMATCHED = "<unmatched path>"
_PARAMETER = re.compile(r"<(?:[^<>:]+:)?([^<>]+)>")


@lru_cache(maxsize=1024)
def route_name(route: str) -> str:
    """Return a route of Django as /images/{image_id}: from path() as from re_path()."""
    named = _PARAMETER.sub(r"{\1}", route)
    if re.search(r"[\^$\\(]", named):
        from django.contrib.admindocs.views import simplify_regex  # loads a parser of documents, for re_path() only

        named = _PARAMETER.sub(r"{\1}", simplify_regex(route)).replace("\\", "")
    return "/" + named.lstrip("/")
