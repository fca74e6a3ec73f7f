"""What a tracker is, told from what it answers to anybody."""

import gzip
from email.message import Message
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from apps.triage.detect import detect
from apps.triage.trackers import bounds
from tests.triage.http_double import Asked, HttpDouble, Reply, as_json, serving
from tests.triage.trackers.answering import Answer, answering

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
GZIP = {"Content-Encoding": "gzip"}
ANSWERING_PAGES = {"/api/canonical/0/": (200, PAGE), "/api/settings/": (200, PAGE)}

Answers = dict[str, tuple[int, Any]]


class Server(HttpDouble):
    """Gives these answers to anybody; `asked` are the headers of each request."""

    def __init__(self, answers: Answers) -> None:
        super().__init__()
        self.answers = answers
        self.asked: list[Message] = []

    def respond(self, asked: Asked) -> Reply:
        self.asked.append(asked.headers)
        status, said = self.answers.get(asked.path, (404, PAGE))
        return Reply(status, said.encode(), "text/html") if isinstance(said, str) else as_json(status, said)


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
    with serving(Server(answers)) as server:
        assert detect(server.url) == kind


def test_nobody_is_given_a_token() -> None:
    with serving(Server(SENTRY)) as server:
        detect(server.url)

    assert len(server.asked) == 3
    assert not any("authorization" in map(str.lower, headers) for headers in server.asked)


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
    with serving(Server(answers)) as server, pytest.raises(ImproperlyConfigured) as refused:
        detect(server.url)

    assert f"TRACKER_URL: {server.url} does not answer like Sentry, GlitchTip or Bugsink" in str(refused.value)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (Answer(body=b" " * 2**20, endless=True), "answers with more than 1 MB. Is it a tracker?"),
        (Answer(head=b"HTTP/1.1 200 OK\r\nX: ", more=b"x" * 4096), "cannot be reached (RemoteProtocolError)"),
        (
            Answer(body=gzip.compress(b" " * 2**21), headers=GZIP),
            "answers with more than 1 MB.",
        ),
        (Answer(body="[" * 100_000), "does not answer like Sentry, GlitchTip or Bugsink"),
    ],
    ids=["a body without end", "a head without end", "a body that grows when unpacked", "a body that is too deep"],
)
def test_whoever_answers_cannot_fill_the_memory(answer: Answer, sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_MEGABYTES", 1)
    with answering() as server, pytest.raises(ImproperlyConfigured) as refused:
        server.answers = [answer]
        detect(server.url)

    assert f"TRACKER_URL: {server.url} {sentence}" in str(refused.value)


def test_whoever_answers_cannot_take_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_SECONDS", 0.0)
    with answering() as server, pytest.raises(ImproperlyConfigured, match="did not come to the end of its answer"):
        server.answers = [Answer(head=b"HTTP/1.1 200 OK\r\nX: ", more=b".")]
        detect(server.url)


def test_a_tracker_that_is_down_is_named() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"http://127\.0\.0\.1:1 cannot be reached \(ConnectError\)"):
        detect("http://127.0.0.1:1")
