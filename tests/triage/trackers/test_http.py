"""The client with which trackers are asked."""

import time
from collections.abc import Iterator
from threading import get_ident

import pytest

from apps.triage.trackers.base import NotFound, TrackerError
from apps.triage.trackers.http import Api
from tests.triage.trackers.answering import Answer, Server, answering

TOKEN = "t0ken" * 8
WHO = "somebody@example.com"


@pytest.fixture
def server() -> Iterator[Server]:
    with answering() as server:
        yield server


@pytest.fixture
def api(server: Server) -> Api:
    return Api("Tracker", f"{server.url}/prefix/api/0/", TOKEN)


@pytest.fixture
def sleeps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What this thread would have slept; others, of other tests, do sleep."""
    mine, me, sleep = list[float](), get_ident(), time.sleep
    monkeypatch.setattr(time, "sleep", lambda seconds: mine.append(seconds) if get_ident() == me else sleep(seconds))
    return mine


def methods(server: Server) -> list[str]:
    return [method for method, _, _ in server.asked]


def refused(api: Api, method: str = "GET") -> str:
    """Return the sentence with which a request is refused."""
    with pytest.raises(TrackerError) as error:
        api.ask(method, "issues/", query={"query": f"user.email:{WHO}"})
    return str(error.value)


def test_json_is_returned_and_the_token_sent(server: Server, api: Api) -> None:
    server.answers = [Answer(body='{"a": [1]}')]

    assert api.get("issues/", {"project": "1"}) == {"a": [1]}
    assert server.asked == [("GET", "/prefix/api/0/issues/?project=1", f"Bearer {TOKEN}")]


def test_an_answer_without_content_is_none(server: Server, api: Api) -> None:
    server.answers = [Answer(204, "")]

    assert api.ask("DELETE", "issues/1/")[0] is None


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_passing_trouble_is_waited_for(server: Server, api: Api, status: int, method: str) -> None:
    server.answers = [Answer(status), Answer(status), Answer(body='"done"')]

    assert api.ask(method, "issues/")[0] == "done"
    assert methods(server) == [method] * 3


def test_a_lasting_trouble_is_an_error_in_the_end(server: Server, api: Api) -> None:
    server.answers = [Answer(503, "<html>", "text/html")]

    assert refused(api) == f"GET {server.url}/prefix/api/0/issues/ answered 503."
    assert len(server.asked) == 5


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_what_is_perhaps_done_already_is_not_done_twice(server: Server, api: Api, status: int) -> None:
    server.answers = [Answer(status)]

    assert f"answered {status}." in refused(api, "POST")
    assert methods(server) == ["POST"]


def test_what_was_not_done_is_done_later(server: Server, api: Api) -> None:
    server.answers = [Answer(429), Answer(body='"done"')]

    assert api.ask("POST", "issues/1/resolve/")[0] == "done"
    assert methods(server) == ["POST", "POST"]


@pytest.mark.parametrize(("asked_for", "slept"), [("7", 7.0), ("86400", 20.0), ("soon", 0.0)])
def test_a_tracker_may_ask_for_patience_but_not_for_more_than_a_person_has(
    server: Server, api: Api, sleeps: list[float], patient: None, asked_for: str, slept: float
) -> None:
    server.answers = [Answer(429, headers={"Retry-After": asked_for}), Answer()]

    api.get("issues/")

    assert [seconds for seconds in sleeps if seconds >= 1] == [slept] * (slept >= 1)


def test_all_waiting_together_has_an_end(server: Server, api: Api, sleeps: list[float], patient: None) -> None:
    server.answers = [Answer(429, headers={"Retry-After": "3600"})]

    assert "answered 429." in refused(api)
    assert sum(seconds for seconds in sleeps if seconds >= 1) == 40


@pytest.mark.parametrize("answer", [Answer(body="<html>", content_type="text/html"), Answer(body="{")])
def test_what_is_no_json_is_named(server: Server, api: Api, answer: Answer) -> None:
    server.answers = [answer]

    sentence = refused(api)

    assert sentence == (
        f"{server.url}/prefix/api/0/issues/ did not answer JSON; is {server.url}/prefix/api/0/ Tracker?"
    )


def test_a_redirect_is_not_followed(server: Server, api: Api) -> None:
    server.answers = [Answer(302, headers={"Location": "http://127.0.0.1:1/login"})]

    assert "answered 302." in refused(api)
    assert len(server.asked) == 1


def test_what_is_not_there_is_told_apart(server: Server, api: Api) -> None:
    server.answers = [Answer(404, '{"detail": "No Issue."}')]

    with pytest.raises(NotFound, match=r"issues/1/ answered 404: there is no such thing"):
        api.get("issues/1/")


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_token_has_a_hint(server: Server, api: Api, status: int) -> None:
    server.answers = [Answer(status, '{"detail": "No."}')]

    sentence = refused(api)

    assert f"answered {status}. Check TRACKER_TOKEN" in sentence
    assert sentence.endswith('It says: {"detail": "No."}')


def test_what_the_tracker_says_is_on_one_line_and_short(server: Server, api: Api) -> None:
    server.answers = [Answer(400, '{\n  "detail": "' + "no " * 200 + '"}')]

    sentence = refused(api)

    assert "\n" not in sentence
    assert len(sentence.partition("It says: ")[2]) == 200


def test_what_the_tracker_says_drives_no_terminal(server: Server, api: Api) -> None:
    server.answers = [Answer(400, '{"detail": "\x1b]0;owned\x07\x1b[2J\u202eno\x9b1A"}')]

    assert refused(api).endswith('answered 400. It says: {"detail": " ]0;owned  [2J no 1A"}')


@pytest.mark.parametrize("answer", [Answer(400, echo=True), Answer(403, "x" * 190, echo=True), Answer(404, echo=True)])
def test_neither_the_token_nor_the_query_is_told(server: Server, api: Api, answer: Answer) -> None:
    server.answers = [answer]

    sentence = refused(api)

    assert server.asked[0][2] == f"Bearer {TOKEN}"
    assert not any(part in sentence for part in (TOKEN, TOKEN[:5], WHO, "example.com", "query"))


def test_a_tracker_that_is_down_is_named_without_the_query() -> None:
    api = Api("Tracker", "http://127.0.0.1:1/api/", TOKEN)

    assert refused(api) == "http://127.0.0.1:1/api/issues/ cannot be reached (ConnectError)."


def test_a_link_to_another_host_is_followed_on_the_trackers_own(server: Server, api: Api) -> None:
    server.answers = [Answer()]
    with answering() as other:
        api.get(f"{other.url}/prefix/api/0/issues/?cursor=abc%3D&query=x")

        assert other.asked == []
    assert server.asked == [("GET", "/prefix/api/0/issues/?cursor=abc%3D&query=x", f"Bearer {TOKEN}")]
