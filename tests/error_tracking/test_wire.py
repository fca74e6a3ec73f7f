"""Canaries in every place of a request and of a careless view; then the bytes that left are searched for them."""

import base64
import html
import secrets
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import quote, unquote

import pytest
import sentry_sdk

from apps.error_tracking.sink import Sink
from tests.conftest import Tracked
from tests.error_tracking import site

# Text that a person wrote can be anything, so those places hold what line 2 knows; all others hold any text.
FREE_TEXT = (
    "argument breadcrumb breadcrumb_data captured_message cause check_in context context_deep count_label detail extra "
    "group group_member local_key log_argument log_attribute log_error log_extra message metric_attribute note "
    "span_data span_name tag user_email"
).split()
STRUCTURED = (
    "cache_key cache_value local local_nested orm_filter sql_literal sql_parameter user_id path query_key "
    "query body_form body_nested body_json file_name header authorization cookie cookie_name referer forwarded "
    "x_forwarded_for x_real_ip cf_connecting_ip basic token_header baggage trace_state user_info"
).split()


class OtherHost:
    """A server that keeps the headers it is sent."""

    def __init__(self) -> None:
        self.headers: list[str] = []
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host.headers.append(str(self.headers))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def other_host() -> Iterator[OtherHost]:
    host = OtherHost()
    thread = threading.Thread(target=host.server.serve_forever, args=(0.05,))
    thread.start()
    yield host
    host.server.shutdown()
    thread.join()
    host.server.server_close()


@pytest.fixture
def canaries(settings: Any) -> Iterator[dict[str, str]]:
    settings.ROOT_URLCONF = site.__name__
    planted = {name: f"canary{secrets.token_hex(5)}" for name in STRUCTURED}
    planted |= {name: f"canary{secrets.token_hex(5)}@example.com" for name in FREE_TEXT}
    site.planted.update(planted)
    yield planted
    site.planted.clear()


def headers_of(canaries: dict[str, str]) -> dict[str, str]:
    basic = base64.b64encode(f"jane:{canaries['basic']}".encode()).decode()
    return {
        "X-Customer": canaries["header"],
        "Authorization": f"Bearer {canaries['authorization']}",
        "Proxy-Authorization": f"Basic {basic}",
        "X-Auth-Token": canaries["token_header"],
        "Cookie": f"sessionid={canaries['cookie']}; {canaries['cookie_name']}=1",
        "Referer": f"https://example.com/?q={canaries['referer']}",
        "Forwarded": f"for={canaries['forwarded']}",
        "X-Forwarded-For": canaries["x_forwarded_for"],
        "X-Real-IP": canaries["x_real_ip"],
        "CF-Connecting-IP": canaries["cf_connecting_ip"],
        "baggage": f"sentry-trace_id={'a' * 32},sentry-transaction={canaries['baggage']}",
        "tracestate": canaries["trace_state"],
    }


def ask(tracked: Tracked, where: str, canaries: dict[str, str], **body: Any) -> int:
    query = {"q": canaries["query"], canaries["query_key"] + " x": "1", "page": "2"}
    with tracked.client() as client:
        path = f"/{where}/{quote(canaries['path'])}"
        return client.post(path, params=query, headers=headers_of(canaries), **body).status_code


def unwrapped(wire: str) -> str:
    """Return the wire and what it says once URL, HTML and JSON escapes and base64 are undone."""
    texts = [wire, unquote(wire), unquote(unquote(wire)), html.unescape(wire)]
    texts.append(wire.encode().decode("unicode_escape", "replace"))
    for word in set(wire.replace('"', " ").split()):
        try:
            texts.append(base64.b64decode(word, validate=True).decode())
        except ValueError:
            continue
    return "\n".join(texts)


def leaks(tracked: Tracked, canaries: dict[str, str]) -> list[str]:
    """Return the names of the canaries that left."""
    sentry_sdk.get_client().close(timeout=5)
    text = unwrapped(tracked.sink.raw().decode())
    return sorted(name for name, value in canaries.items() if value.partition("@")[0] in text)


@pytest.mark.django_db
def test_of_a_failing_request_nothing_personal_leaves(tracked: Tracked, canaries: dict[str, str]) -> None:
    form = {"name": canaries["body_form"], "nested[mail]": canaries["body_nested"]}
    files = {"file": (f"{canaries['file_name']}.jpg", b"x", "image/jpeg")}

    assert ask(tracked, "fails", canaries, data=form, files=files) == 500

    events = tracked.events()
    assert len(events) == 1
    assert [value["type"] for value in events[0]["exception"]["values"]] == ["Careless", "Careless"]
    assert leaks(tracked, canaries) == []


@pytest.mark.django_db
def test_of_a_failing_api_request_nothing_personal_leaves(tracked: Tracked, canaries: dict[str, str]) -> None:
    canaries |= {"body_json": f"canary{secrets.token_hex(5)}@example.com"}
    body = {"body_json": canaries["body_json"], "nested": {"list": [canaries["body_nested"]]}}

    assert ask(tracked, "api", canaries, json=body) == 500

    assert len(tracked.events()) == 1
    assert tracked.events()[0]["request"]["data"] == {"body_json": "str[28]", "nested": {"list": ["str[16]"]}}
    assert leaks(tracked, canaries) == []


@pytest.mark.django_db
def test_of_a_traced_request_that_succeeds_nothing_personal_leaves(
    tracked: Tracked, canaries: dict[str, str], other_host: OtherHost
) -> None:
    tracked.start(traces_sample_rate=1.0)
    site.planted["outgoing"] = f"{other_host.url}/{canaries['path']}?q={canaries['query']}"

    assert ask(tracked, "succeeds", canaries, json={"name": canaries["body_json"]}) == 200

    found = leaks(tracked, canaries)
    assert {item.type for item in tracked.sink.items()} == {"event", "transaction", "log", "trace_metric", "check_in"}
    assert {"db", "mail.send"} <= {span["op"] for span in tracked.sink.transactions()[0]["spans"]}
    assert found == []
    assert len(other_host.headers) == 1
    assert "sentry" not in str(other_host.headers).lower(), "trace headers went to a host that is not ours"


@pytest.mark.django_db
def test_a_path_that_leads_nowhere_names_nothing(tracked: Tracked, canaries: dict[str, str]) -> None:
    tracked.start(traces_sample_rate=1.0)

    assert ask(tracked, "nowhere", canaries, json={}) == 404

    assert tracked.transactions()[0]["transaction"] == "<unmatched path>"
    assert leaks(tracked, canaries) == []


@pytest.mark.django_db
def test_the_search_is_not_blind(sink: Sink, canaries: dict[str, str]) -> None:
    """The same request with the stock SDK leaks, so what is not found above is not there."""
    form = {"name": canaries["body_form"], "nested[mail]": canaries["body_nested"]}
    with sentry_sdk.isolation_scope(), sentry_sdk.new_scope():
        sentry_sdk.init(dsn=sink.dsn, traces_sample_rate=1.0)
        stock = Tracked(sink)
        assert ask(stock, "fails", canaries, data=form) == 500
        found = leaks(stock, canaries)
        sentry_sdk.get_global_scope().set_client(None)

    assert {"path", "query", "header", "message", "tag", "body_form", "local", "referer", "breadcrumb"} <= set(found)


def test_environment_arguments_and_host_name_do_not_leave(tracked: Tracked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_NOTE", "canaryenvironment")
    monkeypatch.setattr("sys.argv", ["manage.py", "send", "--to=canaryargument"])
    monkeypatch.setattr("socket.gethostname", lambda: "canaryhost")
    tracked.start()

    sentry_sdk.capture_message("from a command")

    assert tracked.events()[0]["server_name"] == "goimg-api"
    assert "canary" not in tracked.wire()
