"""The service's addresses and some that fail in every way."""

from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation, ValidationError
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseForbidden
from django.urls import path
from django.views.decorators.http import require_GET
from rest_framework.exceptions import APIException
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.models import User
from apps.api import errors
from apps.api.pagination import PagePagination
from goimg.urls import *  # noqa: F403
from goimg.urls import urlpatterns

ERRORS: dict[str, Exception] = {
    "bug": KeyError("secret detail of a bug"),
    "locked": OperationalError("database is locked: secret detail"),
    "storage": errors.StorageUnavailable(),
    "suspicious": SuspiciousOperation("secret detail"),
    "missing": Http404("secret detail"),
    "forbidden": PermissionDenied("secret detail"),
    "invalid": ValidationError({"title": ["Too long."]}),
    "conflict": errors.Conflict("It is there already."),
    "large": errors.PayloadTooLarge(),
    "unprocessable": errors.Unprocessable(),
    "replay": errors.TokenReplay(),
    "own-500": APIException("secret detail"),
}


class FailingView(APIView):
    permission_classes = [AllowAny]

    def get(self, request: Request, name: str) -> Response:
        raise ERRORS[name]


class EchoView(APIView):
    permission_classes = [AllowAny]

    def post(self, request: Request) -> Response:
        return Response(request.data)


class UploadView(APIView):
    permission_classes = [AllowAny]
    parser_classes = [MultiPartParser]

    def post(self, request: Request) -> Response:
        return Response(list(request.data))


class UsersView(APIView):
    permission_classes = [AllowAny]

    def get(self, request: Request) -> Response:
        paginator = PagePagination()
        page: list[Any] = paginator.paginate_queryset(User.objects.order_by("username"), request, self)
        return paginator.get_paginated_response([user.username for user in page])


def failing_django_view(request: HttpRequest, name: str) -> HttpResponse:
    raise ERRORS[name]


@require_GET
def get_only(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def bare_forbidden(request: HttpRequest) -> HttpResponse:
    return HttpResponseForbidden("<h1>No</h1>")


urlpatterns = [
    *urlpatterns,
    path("drf/<str:name>", FailingView.as_view()),
    path("django/<str:name>", failing_django_view),
    path("echo", EchoView.as_view()),
    path("upload", UploadView.as_view()),
    path("users", UsersView.as_view()),
    path("get-only", get_only),
    path("bare-forbidden", bare_forbidden),
]
