"""Views that fail, each in a way of its own. They are mounted by `sentry_test` and, in development, for curl."""

import logging
import threading
import time
from contextlib import suppress
from typing import Any, NoReturn

from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.error_tracking import breadcrumb, capture_error, tag, timed_span

logger = logging.getLogger(__name__)


class ReportError(Exception):
    """What went wrong on the level above: the last link of a chain."""


class OpenView(APIView):
    """Nobody needs to sign in to see an error that was made on purpose; the API's documentation leaves it out."""

    schema = None
    permission_classes = ()

    def perform_authentication(self, request: Request) -> None:
        """Know who asks, so that the event does too; a token that is no good must not hide the error."""
        with suppress(exceptions.APIException):
            super().perform_authentication(request)


def unhandled(request: HttpRequest) -> HttpResponse:
    """A KeyError in a Django view."""
    prices = {"print": 12}
    return JsonResponse({"price": prices["poster"]})


class UnhandledInApi(OpenView):
    """A ZeroDivisionError in a DRF view, which a stock SDK behind an exception handler never sees."""

    def get(self, request: Request) -> Response:
        """Fail."""
        width, height = 1600, 0
        return Response({"ratio": width / height})


def handled(request: HttpRequest) -> HttpResponse:
    """An error that the view catches and reports with what it knows; the answer is fine."""
    try:
        int("twelve")
    except ValueError as error:
        capture_error(error, tags={"import": "prices"}, details={"row": 12, "column": "price"})
    return JsonResponse({"skipped_rows": 1})


def chained(request: HttpRequest) -> HttpResponse:
    """A cause, a conclusion and a note."""
    rows: list[str] = []
    try:
        rows[0]
    except IndexError as error:
        error.add_note("while reading the first row")
        raise ReportError("The report has no rows.") from error
    return HttpResponse()


def grouped(request: HttpRequest) -> NoReturn:
    """Two errors at once."""
    raise ExceptionGroup("two uploads failed", [TimeoutError("first"), ConnectionError("second")])


def logged(request: HttpRequest) -> HttpResponse:
    """An error that is only a log line."""
    logger.error("The nightly import skipped %d rows.", 3)
    return JsonResponse({"logged": True})


def in_thread(request: HttpRequest) -> HttpResponse:
    """An error that ends a thread, where nobody waits for its result."""
    thread = threading.Thread(target=_fail_in_thread, name="thumbnails")
    thread.start()
    thread.join()
    return JsonResponse({"started": True})


def _fail_in_thread() -> NoReturn:
    raise BufferError("the thread's buffer is gone")


def slow(request: HttpRequest) -> HttpResponse:
    """A traced request with two spans."""
    with timed_span("image.decode", "decode the upload", width=1600), timed_span("image.resize", "make the thumbnail"):
        time.sleep(0.02)
    return JsonResponse({"done": True})


def security(request: HttpRequest) -> NoReturn:
    """Somebody tries something."""
    raise SuspiciousOperation("A file name tried to leave its folder.")


class DependencyDown(OpenView):
    """The database is gone."""

    def get(self, request: Request) -> Response:
        """Fail as psycopg does."""
        raise OperationalError("connection to server failed: Connection refused")


@csrf_exempt
def leaky(request: HttpRequest, name: str) -> NoReturn:
    """Everything a careless view does with personal data, at once."""
    body: dict[str, Any] = dict(request.POST.items())
    email, password = body["email"], body["password"]
    card_number = int(body["card"])
    note = f"comment by {name}: {body['comment']}"
    tag("customer", email)
    breadcrumb(f"sign-in of {email} with password={password}", url=request.get_full_path(), password=password)
    logger.info("Charging card %s of %s, note of %d characters", card_number, email, len(note), extra={"email": email})
    error = ValueError(f"no account for {email} (password: {password}, Authorization: Bearer {body['token']})")
    error.add_note(f"card {card_number}, asked from {request.META.get('HTTP_X_FORWARDED_FOR')}")
    raise error


class NotFound(OpenView):
    """The caller's fault: no such thing."""

    def get(self, request: Request) -> Response:
        """Fail with 404."""
        raise exceptions.NotFound


class Invalid(OpenView):
    """The caller's fault: a field is missing."""

    def post(self, request: Request) -> Response:
        """Fail with 400, for bad JSON as for a missing field."""
        if "title" not in request.data:
            raise exceptions.ValidationError({"title": ["This field is required."]})
        return Response(status=204)


class Forbidden(OpenView):
    """The caller's fault: not theirs."""

    def get(self, request: Request) -> Response:
        """Fail with 403."""
        raise exceptions.PermissionDenied


class Throttled(OpenView):
    """The caller's fault: too often."""

    def get(self, request: Request) -> Response:
        """Fail with 429."""
        raise exceptions.Throttled(wait=7)
