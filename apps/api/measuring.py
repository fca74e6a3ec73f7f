"""Counts and times requests, and shows Prometheus what was counted."""

import time
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from prometheus_client import Counter, Histogram

from apps.error_tracking import exposition
from apps.error_tracking.requests import route_name

from . import errors, metrics, problems, scraping

PATH = "/metrics"
UNMATCHED = "unmatched"
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class MetricsMiddleware:
    """Stands behind RequestIdMiddleware. Answers /metrics itself: Prometheus asks by address, not by ALLOWED_HOSTS.

    Whoever has METRICS_TOKEN may read (`Authorization: Bearer …`). Without that setting there is nothing at /metrics.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request."""
        if request.path == PATH and settings.METRICS_TOKEN:
            return _page(request)
        metrics.IN_PROGRESS.inc()
        try:
            return self._measured(request)
        finally:
            metrics.IN_PROGRESS.dec()

    def _measured(self, request: HttpRequest) -> HttpResponseBase:
        began, status = time.perf_counter(), 500  # gunicorn's answer, when it stops the request
        try:
            response = self.get_response(request)
            status = response.status_code
        finally:
            method, route = _method(request), _route(request)
            _requests(method, route, status // 100).inc()
            _seconds(method, route).observe(time.perf_counter() - began)
        return response


def _page(request: HttpRequest) -> HttpResponse:
    if not scraping.may_read(request.META.get("HTTP_AUTHORIZATION", "")):
        return problems.answer(request, errors.Unauthorized("Send METRICS_TOKEN as a bearer token."))
    return HttpResponse(exposition.page(), content_type=exposition.CONTENT_TYPE, headers={"Cache-Control": "no-store"})


# To look up a metric by its labels costs more than to count.
@cache
def _requests(method: str, route: str, hundreds: int) -> Counter:
    return metrics.REQUESTS.labels(method, route, f"{hundreds}xx")


@cache
def _seconds(method: str, route: str) -> Histogram:
    return metrics.REQUEST_SECONDS.labels(method, route)


def _method(request: HttpRequest) -> str:
    return request.method if request.method in _METHODS else "other"


def _route(request: HttpRequest) -> str:
    return route_name(request.resolver_match.route) if request.resolver_match else UNMATCHED
