"""What a tracker is, told from what it answers to anybody."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from apps.triage.detect import detect

PAGE = "<!doctype html><html></html>"
# As the real ones answer without a token; any other path is a page.
BUGSINK = {
    "/api/canonical/0/": (401, {"detail": "Authentication credentials were not provided."}),
    "/api/0/": (401, {"error": "Authorization header not found"}),
}
GLITCHTIP = {
    "/api/settings/": (
        200,
        {"socialApps": [], "version": "5.2", "glitchtipInstanceName": None},
    ),
    "/api/0/": (200, {"version": "0", "user": None, "auth": None}),
}
SENTRY = {"/api/0/": (200, {"version": "0", "auth": None, "user": None})}
ANSWERING_PAGES = {"/api/canonical/0/": (200, PAGE), "/api/settings/": (200, PAGE)}

Answers = dict[str, tuple[int, Any]]


@contextmanager
def serving(answers: Answers, asked: list[Any] | None = None) -> Iterator[str]:
    """Run a server with these answers; give its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if asked is not None:
                asked.append(dict(self.headers))
            status, said = answers.get(self.path, (404, PAGE))
            is_page = isinstance(said, str)
            self.send_response(status)
            self.send_header("Content-Type", "text/html" if is_page else "application/json")
            self.end_headers()
            self.wfile.write((said if is_page else json.dumps(said)).encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        (BUGSINK, "bugsink"),
        (GLITCHTIP, "glitchtip"),
        (SENTRY, "sentry"),
        ({**ANSWERING_PAGES, **GLITCHTIP}, "glitchtip"),
        ({**ANSWERING_PAGES, **SENTRY}, "sentry"),
    ],
)
def test_each_is_told_from_the_others(answers: Answers, kind: str) -> None:
    with serving(answers) as url:
        assert detect(url) == kind


def test_nobody_is_given_a_token() -> None:
    asked: list[dict[str, str]] = []
    with serving(SENTRY, asked) as url:
        detect(url)

    assert len(asked) == 3
    assert not any("authorization" in map(str.lower, headers) for headers in asked)


@pytest.mark.parametrize(
    "answers",
    [
        {},
        ANSWERING_PAGES,
        {"/api/0/": (200, ["version"])},
        {"/api/0/": (500, {"version": "0"})},
        {"/api/canonical/0/": (302, PAGE)},
    ],
)
def test_what_is_none_of_them_is_said_to_be(answers: Answers) -> None:
    with serving(answers) as url, pytest.raises(ImproperlyConfigured) as refused:
        detect(url)

    assert f"TRACKER_URL: {url} does not answer like Sentry, GlitchTip or Bugsink" in str(refused.value)


def test_a_tracker_that_is_down_is_named() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"http://127\.0\.0\.1:1 cannot be reached \(ConnectError\)"):
        detect("http://127.0.0.1:1")
