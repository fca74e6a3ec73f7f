"""A small site of careless views: the URLconf of the tests that look at the wire."""

from typing import Any, NoReturn

import sentry_sdk
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.views import APIView

from tests.error_tracking import careless
from tests.error_tracking.careless_errors import errors
from tests.error_tracking.careless_values import Careless, fail_deep
from tests.error_tracking.places import planted

# Where `succeeds` finds a host that is not ours.
others: list[str] = []


@csrf_exempt
def fails(request: HttpRequest, name: str) -> NoReturn:
    """Read what was sent, use everything, then raise."""
    assert request.POST is not None
    assert request.body is not None or request.FILES
    careless.use_scope()
    careless.use_database()
    fail_deep()


@csrf_exempt
def raw(request: HttpRequest, name: str) -> NoReturn:
    """Keep the body in a variable, then raise."""
    body = request.body
    text = body.decode("latin-1")
    raise Careless(f"cannot read {len(text)} characters")


@csrf_exempt
def succeeds(request: HttpRequest, name: str) -> HttpResponse:
    """Use everything, and answer."""
    careless.use_scope()
    careless.use_logs()
    careless.use_database()
    careless.use_cache_and_templates(request)
    careless.use_spans()
    careless.use_telemetry()
    careless.use_tasks()
    careless.use_celery()
    careless.use_threads()
    for url in others:
        careless.call_others(url)
    for error in errors():
        sentry_sdk.capture_exception(error)
    return JsonResponse({"ok": True})


class ApiView(APIView):
    """The same in DRF."""

    authentication_classes = ()
    permission_classes = ()
    parser_classes = (JSONParser,)

    def post(self, request: Request, name: str) -> NoReturn:
        """Read the body, then raise."""
        values: Any = request.data
        raise Careless(f"no account for {planted('message')}", len(values))


urlpatterns = [
    path("fails/<path:name>", fails),
    path("raw/<path:name>", raw),
    path("succeeds/<path:name>", succeeds),
    path("api/<path:name>", ApiView.as_view()),
    path("ok", lambda request: JsonResponse({"ok": True})),
]
handler400 = "apps.api.problems.bad_request"
handler404 = "apps.api.problems.not_found"
handler500 = "apps.api.problems.server_error"
