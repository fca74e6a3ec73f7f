"""What an event says of its request: of every kind of body the shape, also when somebody has read it before."""

import json
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.error_tracking.inbound import described
from tests.conftest import Tracked


class Api(APIView):
    authentication_classes = ()
    permission_classes = ()
    parser_classes = (JSONParser, FormParser, MultiPartParser)

    def post(self, request: Request) -> Any:
        raise BufferError(len(request.data))


@csrf_exempt
def reads_nothing(request: HttpRequest) -> HttpResponse:
    raise BufferError


@csrf_exempt
def reads_fields(request: HttpRequest) -> HttpResponse:
    raise BufferError(len(request.POST))


@csrf_exempt
def reads_bytes(request: HttpRequest) -> HttpResponse:
    raise BufferError(len(request.body))


@csrf_exempt
def reads_the_stream(request: HttpRequest) -> HttpResponse:
    raise BufferError(len(request.read(2)))


urlpatterns = [
    path("nothing", reads_nothing),
    path("fields", reads_fields),
    path("bytes", reads_bytes),
    path("stream", reads_the_stream),
    path("api", Api.as_view()),
]
handler500 = "apps.api.problems.server_error"

JSON = {"json": {"name": "jane", "page": 2}}
FORM = {"data": {"name": "jane", "page": "2"}}
MULTIPART = {"data": {"name": "jane", "page": "2"}, "files": {"picture": ("jane.jpg", b"x", "image/jpeg")}}


@pytest.fixture(autouse=True)
def _own_urls(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


def section(tracked: Tracked, where: str, **sent: Any) -> dict[str, Any]:
    with tracked.client() as client:
        assert client.post(where, **sent).status_code == 500
    (event,) = tracked.events()
    return event["request"]


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["/nothing", "/fields", "/bytes", "/api"])
@pytest.mark.parametrize(
    ("sent", "shape"),
    [
        (JSON, {"name": "str[4]", "page": 2}),
        (FORM, {"name": "str[4]", "page": "2"}),
        (MULTIPART, {"name": "str[4]", "page": "2", "picture": "str[0]"}),
    ],
)
def test_a_body_leaves_by_its_shape_whoever_read_it(
    tracked: Tracked, where: str, sent: dict[str, Any], shape: dict[str, Any]
) -> None:
    assert section(tracked, where, **sent)["data"] == shape


@pytest.mark.django_db
def test_of_a_body_that_is_gone_nothing_leaves_and_the_event_arrives(tracked: Tracked) -> None:
    assert "data" not in section(tracked, "/stream", **JSON)


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["/nothing", "/api"])
def test_a_large_body_is_not_looked_at(tracked: Tracked, where: str) -> None:
    assert "data" not in section(tracked, where, json={"name": "x" * 10_000})


@pytest.mark.django_db
def test_a_body_beyond_what_django_reads_costs_only_its_shape(tracked: Tracked, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 5

    said = section(tracked, "/nothing", **JSON)

    assert (said["method"], "data" in said) == ("POST", False)


@pytest.mark.parametrize("body", [b"{", b"[" * 9000, b"\xff", b"NaN", b""])
def test_what_is_no_json_is_no_body(body: bytes) -> None:
    request = RequestFactory().post("/x", body, content_type="application/json")

    assert json.dumps(described(request).get("data", None)) in {"null", "NaN"}


def test_headers_have_the_names_that_the_client_gave_them() -> None:
    request = RequestFactory().post("/x", b"1", content_type="text/plain", headers={"X-Customer": "7"})

    expected = {"X-Customer": "7", "Content-Type": "text/plain", "Content-Length": "1"}
    assert expected.items() <= described(request)["headers"].items()


def test_a_host_that_django_refuses_is_said_as_it_came() -> None:
    request = RequestFactory().get("/x", headers={"Host": "no such host!"})

    assert described(request)["url"] == "http://no such host!/x"
