"""What the SDK knows of a request: its scope, its transaction, and the errors that end it or its streamed body."""

import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sentry_sdk
from asgiref.sync import async_to_sync
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.urls import include, path, re_path

from apps.error_tracking import breadcrumb, capture_error, identify, tag
from apps.error_tracking.requests import route_name
from tests.conftest import Tracked

TRACE = "0123456789abcdef0123456789abcdef"
USER = "0199a6d2-1111-7abc-8def-001122334455"
SPAN = "0123456789abcdef"
together = threading.Barrier(2, timeout=60)


def ok(request: HttpRequest, **parts: Any) -> HttpResponse:
    return HttpResponse("fine")


def fails(request: HttpRequest, **parts: Any) -> HttpResponse:
    raise BufferError("gone")


def tells(request: HttpRequest, name: str) -> HttpResponse:
    """Two of these at once: each waits for the other in the middle of what it does."""
    tag("asked_for", name)
    together.wait()
    breadcrumb(f"looked for {name}")
    together.wait()
    capture_error(LookupError("none"))
    return HttpResponse()


def streams(request: HttpRequest) -> StreamingHttpResponse:
    def chunks() -> Iterator[bytes]:
        yield b"first"
        raise BufferError("half way")

    tag("report", "yearly")
    return StreamingHttpResponse(chunks())


async def streams_asynchronously(request: HttpRequest) -> StreamingHttpResponse:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"first"
        raise BufferError("half way")

    return StreamingHttpResponse(chunks())


def identifies(request: HttpRequest) -> StreamingHttpResponse:
    def chunks() -> Iterator[bytes]:
        identify(USER)
        tag("tenant", "north")
        yield b"first"
        capture_error(LookupError("inside"))

    return StreamingHttpResponse(chunks())


async def identifies_asynchronously(request: HttpRequest) -> StreamingHttpResponse:
    async def chunks() -> AsyncIterator[bytes]:
        identify(USER)
        tag("tenant", "north")
        yield b"first"
        capture_error(LookupError("inside"))

    return StreamingHttpResponse(chunks())


def sends_a_file(request: HttpRequest) -> FileResponse:
    return FileResponse(Path(__file__).open("rb"))


urlpatterns = [
    path("ok/<int:number>", ok),
    path("fails/<uuid:image_id>/<slug:tag>", fails),
    re_path(r"^old/(?P<year>[0-9]{4})/(\w+)/$", fails),
    path("shop/", include([re_path(r"^item/(?P<pk>\d+)$", fails)])),
    path("tells/<str:name>", tells),
    path("streams", streams),
    path("streams-asynchronously", streams_asynchronously),
    path("identifies", identifies),
    path("identifies-asynchronously", identifies_asynchronously),
    path("file", sends_a_file),
]
handler500 = "apps.api.problems.server_error"
handler404 = "apps.api.problems.not_found"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_urls(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


def get(tracked: Tracked, where: str, **headers: str) -> httpx.Response:
    with tracked.client() as client:
        return client.get(where, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize(
    ("route", "name"),
    [
        ("api/v1/images/<uuid:image_id>", "/api/v1/images/{image_id}"),
        ("images/<image_id>", "/images/{image_id}"),
        ("", "/"),
        (r"^old/(?P<year>[0-9]{4})/$", "/old/{year}/"),
        (r"^old/(\d+)/(?P<slug>[-\w]+)\.html$", "/old/{var}/{slug}.html"),
        (r"shop/^item/(?P<pk>\d+)$", "/shop/item/{pk}"),
    ],
)
def test_a_route_reads_the_same_from_path_and_from_re_path(route: str, name: str) -> None:
    assert route_name(route) == name


@pytest.mark.parametrize(
    ("where", "name"),
    [
        ("/fails/0199a6d2-1111-7abc-8def-001122334455/red", "/fails/{image_id}/{tag}"),
        ("/old/1999/x/", "/old/{year}/{var}/"),
        ("/shop/item/7", "/shop/item/{pk}"),
    ],
)
def test_errors_and_transactions_are_named_by_their_route(tracked: Tracked, where: str, name: str) -> None:
    tracked.start(traces_sample_rate=1.0)

    assert get(tracked, where).status_code == 500

    for sent in (*tracked.events(), *tracked.transactions()):
        assert sent["transaction"] == name
        assert sent["transaction_info"] == {"source": "route"}
    assert len(tracked.events()) == len(tracked.transactions()) == 1


def test_a_transaction_says_how_the_request_ended(tracked: Tracked) -> None:
    tracked.start(traces_sample_rate=1.0)

    get(tracked, "/ok/1")
    get(tracked, "/shop/item/7")

    traces = [sent["contexts"]["trace"] for sent in tracked.transactions()]
    assert [(trace["op"], trace["status"]) for trace in traces] == [
        ("http.server", "ok"),
        ("http.server", "internal_error"),
    ]


def test_a_path_that_leads_nowhere_names_nothing(tracked: Tracked) -> None:
    tracked.start(traces_sample_rate=1.0)

    assert get(tracked, "/nowhere/jane").status_code == 404

    assert [sent["transaction"] for sent in tracked.transactions()] == ["<unmatched path>"]
    assert "jane" not in tracked.wire()


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_requests_that_ask_only_what_could_be_asked_are_not_traced(tracked: Tracked, method: str) -> None:
    tracked.start(traces_sample_rate=1.0)

    with tracked.client() as client:
        assert client.request(method, "/ok/1").status_code == 200

    assert tracked.transactions() == []


def test_a_request_that_is_not_sampled_begins_no_transaction(tracked: Tracked, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Any] = []
    monkeypatch.setattr(sentry_sdk, "start_transaction", begun.append)

    assert get(tracked, "/ok/1").status_code == 200

    assert begun == []


def test_fewer_requests_are_traced_while_the_sdk_cannot_send_them(tracked: Tracked) -> None:
    tracked.start(traces_sample_rate=1.0)
    monitor = sentry_sdk.get_client().monitor
    assert monitor is not None
    monitor._downsample_factor = 200  # of 2 ** 200 requests one

    get(tracked, "/ok/1")

    assert tracked.transactions() == []


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_a_callers_trace_goes_on(tracked: Tracked, rate: float) -> None:
    tracked.start(traces_sample_rate=rate)

    get(tracked, "/shop/item/7", sentry_trace=f"{TRACE}-{SPAN}-1")

    sent = [*tracked.events(), *tracked.transactions()]
    assert {one["contexts"]["trace"]["trace_id"] for one in sent} == {TRACE}
    assert len(sent) == 1 + rate


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_a_callers_baggage_is_in_no_envelope(tracked: Tracked, rate: float) -> None:
    tracked.start(traces_sample_rate=rate)
    stranger = "f" * 32

    get(
        tracked,
        "/shop/item/7",
        sentry_trace=f"{TRACE}-{SPAN}-1",
        baggage=f"sentry-trace_id={stranger},sentry-public_key={stranger},sentry-sample_rate=0.123",
    )

    wire = tracked.wire()
    assert TRACE in wire
    assert stranger not in wire
    assert "0.123" not in wire


def test_each_request_has_a_trace_of_its_own(tracked: Tracked) -> None:
    get(tracked, "/shop/item/7", sentry_trace=f"{TRACE}-{SPAN}-1")
    get(tracked, "/shop/item/7")
    get(tracked, "/shop/item/7")

    traces = [event["contexts"]["trace"]["trace_id"] for event in tracked.events()]
    assert traces[0] == TRACE
    assert len(set(traces)) == 3


def test_an_error_and_the_transaction_of_its_request_share_a_trace(tracked: Tracked) -> None:
    tracked.start(traces_sample_rate=1.0)

    get(tracked, "/shop/item/7")

    (event,), (transaction,) = tracked.events(), tracked.transactions()
    assert event["contexts"]["trace"]["trace_id"] == transaction["contexts"]["trace"]["trace_id"]


def test_an_error_in_a_streamed_body_is_reported_with_its_request(tracked: Tracked) -> None:
    environ = RequestFactory().get("/streams").environ
    response: Any = WSGIHandler()(environ, lambda status, headers: None)

    with pytest.raises(BufferError):
        list(response)

    (event,) = tracked.events()
    assert event["transaction"] == "/streams"
    assert event["tags"]["report"] == "yearly"
    assert event["tags"]["request_id"] == response.headers["X-Request-ID"]
    assert event["exception"]["values"][-1]["mechanism"] == {"type": "django", "handled": False}


def test_a_file_is_left_to_the_server(tracked: Tracked) -> None:
    environ = RequestFactory().get("/file").environ
    wrapped: list[Any] = []
    environ["wsgi.file_wrapper"] = lambda file, size: wrapped.append(file) or file

    response: Any = WSGIHandler()(environ, lambda status, headers: None)

    assert [file.name for file in wrapped] == [__file__]
    response.close()


async def ask(where: str) -> None:
    """Send one request to the whole service through real ASGI."""
    transport = httpx.ASGITransport(app=ASGIHandler(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        await client.get(where)


def test_under_asgi_too_an_error_is_reported_once_with_its_request(tracked: Tracked) -> None:
    async_to_sync(ask)("/shop/item/7")

    (event,) = tracked.events()
    assert event["transaction"] == "/shop/item/{pk}"
    assert event["request"]["method"] == "GET"


def test_under_asgi_too_an_error_in_a_streamed_body_is_reported(tracked: Tracked) -> None:
    async_to_sync(ask)("/streams-asynchronously")

    assert [event["transaction"] for event in tracked.events()] == ["/streams-asynchronously"]


def of_the_stream_only(events: list[dict[str, Any]]) -> None:
    inside, after = events
    assert (inside["user"]["id"], inside["tags"]["tenant"]) == (USER, "north")
    assert "id" not in after.get("user", {})
    assert not {"tenant", "user_id"} & set(after["tags"])


def test_what_a_streamed_body_says_of_its_user_is_in_no_other_requests_events(tracked: Tracked) -> None:
    get(tracked, "/identifies")
    get(tracked, "/shop/item/7")

    of_the_stream_only(tracked.events())


def test_under_asgi_too_a_streamed_body_keeps_its_user_to_itself(tracked: Tracked) -> None:
    async def both() -> None:
        await ask("/identifies-asynchronously")
        await ask("/shop/item/7")

    async_to_sync(both)()

    of_the_stream_only(tracked.events())


def test_a_request_takes_nothing_over_from_the_process(tracked: Tracked) -> None:
    scope = sentry_sdk.get_isolation_scope()
    identify(USER)
    scope.set_extra("rows", 7)
    scope.set_context("tenant", {"name": "north"})

    get(tracked, "/shop/item/7")

    (event,) = tracked.events()
    assert USER not in str(event)
    assert "rows" not in event.get("extra", {})
    assert "tenant" not in event["contexts"]


def test_two_requests_at_once_know_nothing_of_each_other(tracked: Tracked) -> None:
    def visit(name: str) -> None:
        with tracked.client() as client:
            client.get(f"/tells/{name}")

    threads = [threading.Thread(target=visit, args=(name,)) for name in ("first", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    told = {event["tags"]["asked_for"]: event["breadcrumbs"]["values"] for event in tracked.events()}
    assert {name: [crumb["message"] for crumb in crumbs] for name, crumbs in told.items()} == {
        "first": ["looked for first"],
        "second": ["looked for second"],
    }
    assert len({event["tags"]["request_id"] for event in tracked.events()}) == 2


def test_another_projects_own_sdk_is_left_alone(tracked: Tracked) -> None:
    theirs: list[Any] = []
    sentry_sdk.init(
        tracked.sink.dsn,
        default_integrations=False,
        auto_enabling_integrations=False,
        traces_sample_rate=1.0,
        before_send=lambda event, hint: theirs.append(event),
        before_send_transaction=lambda event, hint: theirs.append(event),
    )

    get(tracked, "/shop/item/7")
    capture_message = sentry_sdk.capture_message("theirs", tags={"kept": "yes"})

    assert capture_message is None  # their before_send drops it, after it has seen it
    assert [event["message"] for event in theirs] == ["theirs"]
    assert theirs[0]["tags"] == {"kept": "yes"}
