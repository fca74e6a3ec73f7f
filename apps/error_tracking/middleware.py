"""Gives each request an ID and its errors their context."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from . import context, requests
from .face import identify, is_tracking
from .scrubbing import mask_ip

HEADER = "X-Request-ID"


class RequestIdMiddleware:
    """Must stand first: what it sets, every other middleware, log line, event and response carries.

    Sets `request.request_id` and `request.client_ip`, tags events and transactions, answers X-Request-ID.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.trusted_proxies: int = getattr(settings, "TRUSTED_PROXY_COUNT", 0)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        inbound = request.META.get("HTTP_X_REQUEST_ID")
        request_id = context.choose_request_id(inbound, trusted=self.trusted_proxies > 0)
        address = context.client_ip(request.META, self.trusted_proxies)
        request.request_id, request.client_ip = request_id, address  # type: ignore[attr-defined]
        # Set, not reset at the end: gunicorn's access log line is written after this returns, and the next
        # request on this thread sets its own.
        context.request_id.set(request_id)
        context.trace_id.set(None)
        context.route.set(None)
        context.user_id.set(None)
        context.masked_ip.set(mask_ip(address) if address else None)
        response = self._tracked(request) if is_tracking() else self.get_response(request)
        response[HEADER] = request_id
        return response

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        """Note the route as soon as it is known: log lines name it."""
        if request.resolver_match:
            context.route.set(requests.route_name(request.resolver_match.route))

    def _tracked(self, request: HttpRequest) -> HttpResponse:
        with requests.scope_of(request) as scope:
            scope.set_tag("request_id", str(context.request_id.get()))
            scope.set_user(context.user())
            with requests.traced(request) as transaction:
                context.note_trace()
                response = self.get_response(request)
                if transaction:
                    requests.finish(transaction, request, response)
            requests.watch(response, scope)
            return response


class UserMiddleware:
    """For projects whose users sign in through Django's sessions: stands behind AuthenticationMiddleware.

    Says who the request is for, by primary key only. An API with tokens calls `identify` where it checks them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            identify(user.pk)
        return self.get_response(request)
