from io import BytesIO

import pytest
from django.http import FileResponse, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from apps.api.middleware import ProblemMiddleware


def answer(method: str, response: HttpResponseBase) -> HttpResponseBase:
    return ProblemMiddleware(lambda request: response)(RequestFactory().generic(method, "/"))


@pytest.mark.parametrize("status", [200, 404])
def test_the_response_to_head_has_no_body(status: int) -> None:
    assert answer("HEAD", HttpResponse("body", status=status)).content == b""


def test_a_file_is_not_sent_in_response_to_head_and_keeps_its_length() -> None:
    response = answer("HEAD", FileResponse(BytesIO(b"body")))
    assert b"".join(response.streaming_content) == b""
    assert response["Content-Length"] == "4"


def test_what_is_no_error_passes_as_it_is() -> None:
    response = HttpResponse("body")
    assert answer("GET", response) is response
    assert response.content == b"body"


def test_json_is_not_to_be_stored_unless_its_view_says_otherwise() -> None:
    assert answer("GET", JsonResponse({}))["Cache-Control"] == "no-store"
    assert answer("GET", HttpResponse(status=404))["Cache-Control"] == "no-store"
    assert answer("GET", JsonResponse({}, headers={"Cache-Control": "max-age=60"}))["Cache-Control"] == "max-age=60"
    assert "Cache-Control" not in answer("GET", HttpResponse("an image"))
