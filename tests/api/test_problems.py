from io import BytesIO
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.api import problems
from apps.api.problem_types import PROBLEM_TYPES

pytestmark = [pytest.mark.urls("tests.api.urls"), pytest.mark.django_db]


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture(autouse=True)
def captured(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """What would have become an event; each gets the ID "event"."""
    errors: list[BaseException] = []

    def capture(error: BaseException, **options: object) -> str:
        errors.append(error)
        return "event"

    monkeypatch.setattr(problems, "capture_error", capture)
    return errors


def problem(response: HttpResponse, status: int) -> dict[str, Any]:
    """Return the body, after checking what every problem has."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["status"] == status
    assert body["request_id"] == body["traceId"] == response["X-Request-ID"]
    assert body["instance"] == response.request["PATH_INFO"]
    assert "secret detail" not in response.content.decode()
    return body


@pytest.mark.parametrize(
    ("name", "status", "title"),
    [
        ("missing", 404, "Not Found"),
        ("forbidden", 403, "Forbidden"),
        ("invalid", 400, "Validation Error"),
        ("conflict", 409, "Conflict"),
        ("large", 413, "Content Too Large"),
        ("unprocessable", 422, "Unprocessable Content"),
    ],
)
def test_the_callers_fault_is_answered_and_not_reported(
    client: Client, captured: list[BaseException], name: str, status: int, title: str
) -> None:
    body = problem(client.get(f"/drf/{name}"), status)
    assert body["title"] == title
    assert "event_id" not in body
    assert captured == []


@pytest.mark.parametrize(
    ("name", "status", "detail"),
    [
        ("bug", 500, "Something went wrong on our side. Quote the request_id when you report it."),
        ("locked", 503, "The service is temporarily unavailable. Try again in a moment."),
        ("storage", 503, "The service is temporarily unavailable. Try again in a moment."),
        ("suspicious", 400, "The request is malformed."),
        ("own-500", 500, "Something went wrong on our side. Quote the request_id when you report it."),
    ],
)
def test_what_is_not_the_callers_fault_is_reported_once(
    client: Client, captured: list[BaseException], name: str, status: int, detail: str
) -> None:
    body = problem(client.get(f"/drf/{name}"), status)
    assert (body["detail"], body["event_id"]) == (detail, "event")
    assert len(captured) == 1


@pytest.mark.parametrize("name", ["locked", "storage"])
@pytest.mark.parametrize("kind", ["drf", "django"])
def test_an_outage_says_when_to_try_again(client: Client, kind: str, name: str) -> None:
    assert client.get(f"/{kind}/{name}")["Retry-After"] == "5"
    assert "Retry-After" not in client.get(f"/{kind}/bug")


def test_the_callers_fault_leaves_a_breadcrumb(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    left = []
    monkeypatch.setattr(problems, "breadcrumb", lambda message, **data: left.append((message, data)))
    client.get("/drf/conflict")
    client.get("/drf/bug")
    assert left == [("answered Conflict", {"category": "user_error"})]


@pytest.mark.parametrize(("name", "level"), [("bug", "ERROR"), ("locked", "ERROR"), ("replay", "WARNING")])
def test_what_is_reported_is_logged_with_its_traceback_if_it_is_ours(
    client: Client, caplog: pytest.LogCaptureFixture, name: str, level: str
) -> None:
    client.get(f"/drf/{name}")
    (record,) = [record for record in caplog.records if record.name == "apps.api.problems"]
    assert record.levelname == level
    assert record.getMessage().endswith("(event event)")
    assert bool(record.exc_info) == (level == "ERROR")


def test_a_validation_error_of_django_names_its_fields(client: Client) -> None:
    body = problem(client.get("/drf/invalid"), 400)
    assert body["errors"] == [{"field": "title", "message": "Too long."}]


@pytest.mark.parametrize(
    ("name", "status"), [("bug", 500), ("locked", 503), ("suspicious", 400), ("missing", 404), ("forbidden", 403)]
)
def test_a_django_view_that_fails_is_answered_alike(client: Client, name: str, status: int) -> None:
    problem(client.get(f"/django/{name}"), status)


@pytest.mark.parametrize("path", ["/nothing", "/api/v1/nothing", "/api/v1/health/", "/%00", "/%ff%fe", "/ünïcode"])
@pytest.mark.parametrize("method", ["get", "post", "delete", "options"])
def test_an_unknown_path_is_not_found(client: Client, method: str, path: str) -> None:
    response = getattr(client, method)(path)
    assert response.status_code == 404
    assert response.json()["detail"] == "There is nothing at this address."


def test_a_method_that_an_address_lacks_is_named_with_those_it_has(client: Client) -> None:
    response = client.post("/get-only")
    assert problem(response, 405)["detail"] == "POST is not allowed here."
    assert response["Allow"] == "GET"
    response = client.delete("/api/v1/auth/login")
    assert problem(response, 405)["title"] == "Method Not Allowed"
    assert response["Allow"] == "POST, OPTIONS"


def test_a_bare_error_response_becomes_a_problem(client: Client) -> None:
    assert problem(client.get("/bare-forbidden"), 403)["detail"] == "Forbidden"


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_body_of_another_type_is_refused(client: Client, content_type: str) -> None:
    problem(client.generic("POST", "/echo", b"a=b", content_type=content_type), 415)


def test_a_body_that_is_too_large_is_refused(client: Client) -> None:
    body = b'{"a": "' + b"x" * 1024 * 1024 + b'"}'
    problem(client.generic("POST", "/echo", body, content_type="application/json"), 413)


def test_a_file_name_that_is_too_long_is_refused_with_the_reason(client: Client) -> None:
    file = BytesIO(b"content")
    file.name = "x" * 4000
    response = client.post("/upload", {"file": file})
    detail = "The headers of a part of the multipart body are too long, its file name for example."
    assert problem(response, 400)["detail"] == detail
    response = client.generic("POST", "/upload", b"x", content_type="multipart/form-data")
    assert problem(response, 400)["detail"] == "The multipart body is malformed."


def test_headers_that_are_too_large_are_refused(client: Client) -> None:
    problem(client.get("/api/v1/health", headers={"X-Large": "x" * 33 * 1024}), 431)
    assert client.get("/api/v1/health", headers={"X-Large": "x" * 8 * 1024}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example.com", "a b", "", "[", "testserver:port", "\x00"])
def test_a_nonsensical_host_is_a_bad_request(client: Client, captured: list[BaseException], host: str) -> None:
    response = client.get("/api/v1/health", HTTP_HOST=host)
    assert problem(response, 400)["detail"] == "The request is malformed."
    assert captured == []


def test_an_answer_that_nobody_accepts_is_not_acceptable(client: Client) -> None:
    problem(client.get("/api/v1/health", headers={"Accept": "image/png"}), 406)


def test_a_client_that_hangs_up_is_no_error(client: Client, captured: list[BaseException]) -> None:
    class Gone(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError("connection reset")

    hung_up = {"wsgi.input": Gone(), "CONTENT_LENGTH": "10"}
    response = client.generic("POST", "/echo", b"{}", content_type="application/json", **hung_up)
    problem(response, 400)
    assert captured == []


def test_head_is_get_without_a_body(client: Client) -> None:
    response = client.head("/api/v1/health")
    assert (response.status_code, response.content) == (200, b"")


def test_options_says_what_is_allowed(client: Client) -> None:
    response = client.options("/api/v1/health")
    assert response.status_code == 200
    assert response["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("kind", PROBLEM_TYPES, ids=lambda kind: kind.slug)
def test_every_type_leads_to_a_page_that_says_what_it_means(client: Client, kind: Any) -> None:
    response = client.get(f"/api/v1/problems/{kind.slug}")
    assert response.status_code == 200
    assert kind.meaning in response.content.decode()


def test_the_type_of_a_problem_can_be_followed(client: Client) -> None:
    assert client.get(client.get("/drf/conflict").json()["type"]).status_code == 200
    assert client.get("/api/v1/problems/unheard-of").status_code == 404


def test_a_status_without_a_page_is_about_blank(client: Client) -> None:
    request = client.get("/api/v1/health").wsgi_request
    assert problems.problem(request, 418, "No coffee.").content.startswith(b'{"type": "about:blank"')


def test_every_problem_is_counted_by_class_and_status(client: Client) -> None:
    counter = problems.tracking.ERRORS.labels("system", "500")._value
    before = counter.get()
    client.get("/drf/bug")
    client.get("/django/bug")
    assert counter.get() == before + 2
