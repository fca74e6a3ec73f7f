"""A small site of careless views: the URLconf of the tests that look at the wire."""

import logging
import urllib.request
from typing import Any, NoReturn

import sentry_sdk
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.error_tracking import breadcrumb, capture_error, count, identify, tag, timed_span

logger = logging.getLogger("tests.site")
# What the tests plant; the views take their values from here.
planted: dict[str, str] = {}


class Careless(Exception):
    """Carries data in its arguments."""


def _use_everything(request: HttpRequest) -> None:
    identify("0199a6d2-1111-7abc-8def-001122334455")
    tag("customer", planted["tag"])
    sentry_sdk.set_context("order", {"mail": planted["context"], "deep": {"list": [planted["context_deep"]]}})
    sentry_sdk.get_isolation_scope().set_extra("note", planted["extra"])
    sentry_sdk.get_isolation_scope().set_user({"id": planted["user_id"], "email": planted["user_email"]})
    breadcrumb(f"mailed {planted['breadcrumb']}", to=planted["breadcrumb_data"])
    logger.info("mailed %s", planted["log_argument"], extra={"mail": planted["log_extra"]})
    count("order.paid", mail=planted["count_label"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s", [planted["sql_parameter"]])
        cursor.execute(f"SELECT '{planted['sql_literal']}'")
    cache.set(planted["cache_key"], planted["cache_value"])
    cache.get(planted["cache_key"])
    get_user_model().objects.filter(email=planted["orm_filter"]).first()
    with timed_span("mail.send", f"to {planted['span_name']}", to=planted["span_data"]):
        pass
    if "outgoing" in planted:
        urllib.request.urlopen(planted["outgoing"]).read()
    assert request.body is not None


@csrf_exempt
def fails(request: HttpRequest, name: str) -> NoReturn:
    """Use everything, then raise."""
    local = planted["local"]
    nested = {"inner": [planted["local_nested"]], planted["local_key"]: 1}
    assert local and nested
    _use_everything(request)
    try:
        raise Careless(f"cause: {planted['cause']}")
    except Careless as cause:
        error = Careless(f"no account for {planted['message']}", planted["argument"])
        error.add_note(f"asked by {planted['note']}")
        raise error from cause


@csrf_exempt
def succeeds(request: HttpRequest, name: str) -> HttpResponse:
    """Use everything, and answer."""
    _use_everything(request)
    capture_error(
        ExceptionGroup(planted["group"], [ValueError(planted["group_member"])]), details={"m": planted["detail"]}
    )
    logger.error("could not mail %s", planted["log_error"])
    sentry_sdk.logger.warning("mail to {to}", to=planted["log_attribute"])
    sentry_sdk.metrics.count("mails", 1, attributes={"to": planted["metric_attribute"]})
    sentry_sdk.capture_message(f"mail to {planted['captured_message']}")
    sentry_sdk.crons.api.capture_checkin(
        monitor_slug="nightly", status="ok", monitor_config={"note": planted["check_in"]}
    )
    return JsonResponse({"ok": True})


class ApiView(APIView):
    """The same in DRF."""

    authentication_classes = ()
    permission_classes = ()
    parser_classes = (JSONParser,)

    def post(self, request: Request, name: str) -> NoReturn:
        """Read the body, then raise."""
        values: Any = request.data
        raise Careless(f"no account for {values['body_json']}")


urlpatterns = [
    path("fails/<str:name>", fails),
    path("succeeds/<str:name>", succeeds),
    path("api/<str:name>", ApiView.as_view()),
    path("ok", lambda request: JsonResponse({"ok": True})),
]
handler400 = "apps.api.problems.bad_request"
handler404 = "apps.api.problems.not_found"
handler500 = "apps.api.problems.server_error"
