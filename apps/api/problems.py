"""Every error as problem details (https://www.rfc-editor.org/rfc/rfc9457), reported exactly once.

A DRF exception handler that answers an unhandled exception hides it from the SDK, so this one reports it.
"""

import logging
import sys
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404, HttpRequest, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from rest_framework import exceptions
from rest_framework.serializers import as_serializer_error

from apps.error_tracking import breadcrumb, capture_error
from apps.error_tracking import metrics as tracking
from apps.error_tracking.classification import ErrorClass, classify

from . import errors as api_errors
from . import metrics, problem_types

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 5

# An error that Django raises below DRF -> the error of the API that it means.
TRANSLATIONS: tuple[tuple[type[Exception], Callable[[Any], exceptions.APIException]], ...] = (
    (Http404, lambda error: exceptions.NotFound()),
    (PermissionDenied, lambda error: exceptions.PermissionDenied()),
    (DjangoValidationError, lambda error: exceptions.ValidationError(as_serializer_error(error))),
    (RequestDataTooBig, lambda error: api_errors.PayloadTooLarge()),
    (TooManyFieldsSent, lambda error: exceptions.ParseError("The request has too many fields.")),
    (TooManyFilesSent, lambda error: exceptions.ParseError("The request has too many files.")),
    (MultiPartParserError, lambda error: exceptions.ParseError(_multipart_detail(error))),
    # The client hung up; nobody reads this answer.
    (UnreadablePostError, lambda error: exceptions.ParseError("The request body ended too early.")),
    (BadRequest, lambda error: exceptions.ParseError()),
)
# What is said of an exception that was not written for callers: never its own text.
_DETAILS = {
    400: "The request is malformed.",
    500: "Something went wrong on our side. Quote the request_id when you report it.",
    503: "The service is temporarily unavailable. Try again in a moment.",
}
_STATUSES = {
    ErrorClass.USER: 400,
    ErrorClass.SECURITY: 400,
    ErrorClass.DEPENDENCY: 503,
    ErrorClass.SYSTEM: 500,
}


def exception_handler(error: Exception, context: dict[str, Any]) -> JsonResponse:
    """DRF's EXCEPTION_HANDLER (https://www.django-rest-framework.org/api-guide/exceptions/).

    Reports what is not the caller's fault, then answers.
    """
    return answer(context["request"]._request, error)


def answer(request: HttpRequest, error: Exception) -> JsonResponse:
    """Turn any exception into its problem response; capture it first unless it is the caller's fault."""
    error = _translate(error)
    verdict = classify(error)
    event_id = None
    if verdict.reported:
        event_id = capture_error(error, handled=False)
        _log(error, verdict.error_class, event_id)
    else:
        breadcrumb(f"answered {type(error).__name__}", category="user_error")
    return _respond(request, error, verdict.error_class, event_id)


def problem(
    request: HttpRequest,
    status: int,
    detail: str,
    *,
    error_class: ErrorClass = ErrorClass.USER,
    event_id: str | None = None,
    errors: list[dict[str, str]] | None = None,
) -> JsonResponse:
    """Build a problem body, and count it.

    type, title, status, detail, instance, request_id (= traceId), event_id and errors where there are any.
    """
    kind = problem_types.lookup(status, validation=bool(errors))
    tracking.ERRORS.labels(str(error_class), str(status)).inc()
    metrics.PROBLEMS.labels(kind.slug if kind else str(status)).inc()
    request_id = getattr(request, "request_id", None)
    body: dict[str, Any] = {
        # https://www.rfc-editor.org/rfc/rfc9457#name-aboutblank
        "type": problem_types.PREFIX + kind.slug if kind else "about:blank",
        "title": kind.title if kind else HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": request.path,
        "request_id": request_id,
        "traceId": request_id,
    }
    optional = {"event_id": event_id, "errors": errors}
    body |= {name: value for name, value in optional.items() if value}
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE)


def not_found(request: HttpRequest, exception: Exception) -> JsonResponse:
    """handler404: an unknown path."""
    return answer(request, exceptions.NotFound("There is nothing at this address."))


def forbidden(request: HttpRequest, exception: Exception) -> JsonResponse:
    """handler403."""
    return answer(request, exceptions.PermissionDenied())


def bad_request(request: HttpRequest, exception: Exception) -> JsonResponse:
    """handler400: Django found the request suspicious or malformed."""
    return answer(request, exception)


def server_error(request: HttpRequest) -> JsonResponse:
    """handler500: outside of DRF. The SDK has captured the exception and left the event's ID on it."""
    error = sys.exc_info()[1]
    if not isinstance(error, Exception):
        return problem(request, 500, _DETAILS[500], error_class=ErrorClass.SYSTEM)
    return _respond(request, error, classify(error).error_class, getattr(error, "event_id", None))


def _log(error: Exception, error_class: ErrorClass, event_id: str | None) -> None:
    """Write what was reported into the log, with its traceback if it is our fault; the tracker has it already."""
    ours = error_class is not ErrorClass.SECURITY
    level = logging.ERROR if ours else logging.WARNING
    logger.log(level, "answered %s (event %s)", type(error).__name__, event_id, exc_info=error if ours else None)


def _respond(request: HttpRequest, error: Exception, error_class: ErrorClass, event_id: str | None) -> JsonResponse:
    status = _status(error, error_class)
    response = problem(
        request,
        status,
        _detail(error, status),
        error_class=error_class,
        event_id=event_id,
        errors=_errors(error),
    )
    for name, value in _headers(error, error_class).items():
        response[name] = value
    return response


def _multipart_detail(error: MultiPartParserError) -> str:
    # Django has one exception for both, so its text tells them apart:
    # https://github.com/django/django/blob/main/django/http/multipartparser.py (MAX_TOTAL_HEADER_SIZE)
    if "header size exceeded" in str(error):
        return "The headers of a part of the multipart body are too long, its file name for example."
    return "The multipart body is malformed."


def _translate(error: Exception) -> Exception:
    if isinstance(error, exceptions.ParseError) and isinstance(error.__context__, MultiPartParserError):
        error = error.__context__  # DRF's parser repeats Django's words
    for source, target in TRANSLATIONS:
        if isinstance(error, source):
            return target(error)
    return error


def _status(error: Exception, error_class: ErrorClass) -> int:
    return int(error.status_code) if isinstance(error, exceptions.APIException) else _STATUSES[error_class]


def _detail(error: Exception, status: int) -> str:
    if not isinstance(error, exceptions.APIException) or status == 500:
        return _DETAILS[status]
    if isinstance(error, exceptions.ValidationError):
        return "Request validation failed"
    return str(error.detail)


def _headers(error: Exception, error_class: ErrorClass) -> dict[str, str]:
    headers = {}
    if auth_header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(auth_header)
    if error_class is ErrorClass.DEPENDENCY:
        headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers


def _errors(error: Exception) -> list[dict[str, str]] | None:
    if not isinstance(error, exceptions.ValidationError):
        return None
    return list(_flatten(error.detail))


def _flatten(detail: Any, field: str = "") -> Iterator[dict[str, str]]:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _flatten(inner, f"{field}.{name}" if field else str(name))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _flatten(inner, field)
    else:
        yield {"field": field or "non_field_errors", "message": str(detail)}
