"""Request ID and user context: on the response, in problem bodies, in log lines, on events and transactions."""

import logging
import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.test import Client

from apps.error_tracking import capture_error, context
from apps.error_tracking.logs import RequestIdFilter
from apps.error_tracking.middleware import UserMiddleware
from tests.conftest import Tracked
from tests.error_tracking import site
from tests.factories import make_user, sign_in

# At the end of each request Django looks at its database connections.
pytestmark = pytest.mark.django_db
HEADER = "X-Request-ID"


@pytest.fixture
def careless_site(settings: Any) -> None:
    settings.ROOT_URLCONF = site.__name__


def ask(tracked: Tracked, path: str = "/api/v1/health", remote_addr: str = "127.0.0.1", **headers: str) -> Any:
    with tracked.client(remote_addr=remote_addr) as client:
        return client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_each_response_has_an_id_of_its_own_that_sorts_by_time(tracked: Tracked) -> None:
    first, second = (uuid.UUID(ask(tracked).headers[HEADER]) for _ in range(2))

    assert first.version == second.version == 7
    assert first < second


@pytest.mark.parametrize("path", ["/api/v1/health", "/nowhere", "/api/v1/users/me"])
def test_also_an_answer_that_is_an_error_has_it_in_header_and_body(tracked: Tracked, path: str) -> None:
    response = ask(tracked, path)

    assert response.headers[HEADER]
    if response.status_code >= 400:
        assert response.json()["request_id"] == response.json()["traceId"] == response.headers[HEADER]


def test_a_strangers_id_is_not_taken(tracked: Tracked) -> None:
    assert ask(tracked, X_Request_ID="req-abc123").headers[HEADER] != "req-abc123"


def test_a_trusted_proxys_id_is_taken(tracked: Tracked, settings: Any) -> None:
    settings.TRUSTED_PROXY_COUNT = 1

    assert ask(tracked, X_Request_ID="req-abc123").headers[HEADER] == "req-abc123"


@pytest.mark.parametrize("secret", ["4111111111111111", "203.0.113.77", "ghp_" + "a1B2c3D4e5F6" * 3])
def test_an_id_that_holds_what_must_not_leave_is_not_taken_from_anybody(
    tracked: Tracked, settings: Any, secret: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = 1

    assert uuid.UUID(ask(tracked, X_Request_ID=secret).headers[HEADER]).version == 7


@pytest.mark.parametrize(
    "malformed", ["short", "x" * 65, "with space", "../../etc/passwd", "-leading", "a@example.com", "<script>alert(1)"]
)
def test_a_malformed_id_is_not_taken_from_anybody(tracked: Tracked, settings: Any, malformed: str) -> None:
    settings.TRUSTED_PROXY_COUNT = 1

    assert uuid.UUID(ask(tracked, X_Request_ID=malformed).headers[HEADER]).version == 7


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.7", "198.51.100.9"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "10.9.9.9, 203.0.113.7", "203.0.113.7"),
        (2, "203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (2, "6.6.6.6, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (2, "203.0.113.7", "198.51.100.9"),
        (1, "", "198.51.100.9"),
    ],
)
def test_the_client_is_who_the_outermost_of_our_proxies_saw(proxies: int, forwarded: str, address: str) -> None:
    meta = {"REMOTE_ADDR": "198.51.100.9", "HTTP_X_FORWARDED_FOR": forwarded}

    assert context.client_ip(meta, proxies) == address


@pytest.mark.usefixtures("careless_site")
def test_events_and_transactions_carry_the_id_and_the_masked_address(tracked: Tracked) -> None:
    tracked.start(traces_sample_rate=1.0)
    with tracked.client(remote_addr="203.0.113.77") as client:
        response = client.post("/api/x", json={"body_json": "x"})

    for sent in (*tracked.events(), *tracked.transactions()):
        assert sent["tags"]["request_id"] == response.headers[HEADER]
        assert sent["user"] == {"ip_address": "203.0.113.0"}
    assert len(tracked.events()) == len(tracked.transactions()) == 1


def test_events_and_transactions_carry_the_users_id_and_nothing_else_of_them(tracked: Tracked) -> None:
    user = make_user()
    headers = sign_in(Client(), user)
    tracked.start(traces_sample_rate=1.0)
    with tracked.client(remote_addr="203.0.113.77") as client:
        client.get("/api/v1/users/me", headers=headers)

    sent = tracked.transactions()[0]
    assert sent["user"] == {"id": str(user.id), "ip_address": "203.0.113.0"}
    assert sent["tags"]["user_id"] == str(user.id)
    assert user.email not in tracked.wire()
    assert user.username not in tracked.wire()


@pytest.mark.parametrize(("signed_in", "expected"), [(True, "42"), (False, None)])
def test_a_project_with_sessions_has_the_users_id_from_its_middleware(
    tracked: Tracked, rf: Any, signed_in: bool, expected: str | None
) -> None:
    def fails(request: Any) -> Any:
        capture_error(ValueError("x"))
        return HttpResponse()

    request = rf.get("/")
    request.user = SimpleNamespace(pk=42, email="jane@example.com", is_authenticated=signed_in)
    UserMiddleware(fails)(request)

    assert tracked.events()[0].get("user", {}).get("id") == expected
    assert "jane" not in tracked.wire()


@pytest.mark.usefixtures("careless_site")
def test_the_next_request_on_the_thread_inherits_nothing(tracked: Tracked) -> None:
    with tracked.client() as client:
        context.user_id.set("somebody")
        client.post("/api/x", json={"body_json": "x"})

    assert context.user_id.get() is None
    assert "somebody" not in tracked.wire()


@pytest.mark.usefixtures("careless_site")
def test_log_lines_of_the_request_carry_the_id(tracked: Tracked, caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.addFilter(RequestIdFilter())
    with caplog.at_level(logging.ERROR), tracked.client() as client:
        response = client.post("/fails/x")

    assert {record.request_id for record in caplog.records} == {response.headers[HEADER]}  # type: ignore[attr-defined]


def test_the_route_is_there_for_log_lines_and_none_is_left_of_the_request_before(rf: Any) -> None:
    for path, route in (("/api/v1/problems/not-found", "/api/v1/problems/{slug}"), ("/nowhere", None)):
        WSGIHandler()(rf.get(path).environ, lambda status, headers: None)
        assert context.route.get() == route
