import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.urls("tests.api.urls")


def send(client: Client, body: bytes | str, content_type: str = "application/json") -> HttpResponse:
    return client.generic("POST", "/echo", body, content_type=content_type)


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8"])
def test_an_object_is_read_as_it_is(client: Client, content_type: str) -> None:
    body = {"text": "äöü 🙂", "number": 1.5, "list": [1, [2, {"x": None}]], "yes": True}
    response = client.post("/echo", body, content_type=content_type)
    assert (response.status_code, response.json()) == (200, body)


def test_no_body_is_an_empty_object(client: Client) -> None:
    assert send(client, b"").json() == {}


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"{", "The request body is not valid JSON: line 1, column 2."),
        (b'{"a": 1,}', "The request body is not valid JSON"),
        (b"{'a': 1}", "The request body is not valid JSON"),
        (b" ", "The request body is not valid JSON"),
        (b"\xef\xbb\xbf{}", "The request body is not valid JSON"),
        (b'{"a": "\xff"}', "The request body is not valid UTF-8."),
        ('{"a": 1}'.encode("utf-16"), "The request body is not valid UTF-8."),
        (b"[]", "The request body must be a JSON object."),
        (b'"text"', "The request body must be a JSON object."),
        (b"null", "The request body must be a JSON object."),
        (b'{"a": 1, "a": 2}', "The request body names the same field twice."),
        (b'{"o": {"a": 1, "a": 2}}', "The request body names the same field twice."),
        (b'{"a": NaN}', "The request body contains NaN, which is not JSON."),
        (b'{"a": -Infinity}', "The request body contains -Infinity, which is not JSON."),
        (b'{"a": ' + b"9" * 5000 + b"}", "The request body contains a number that is too long."),
        (b'{"a": 1e999}', "The request body contains a number that is too large."),
    ],
)
def test_what_is_no_clear_json_object_is_refused_with_one_sentence(client: Client, body: bytes, detail: str) -> None:
    response = send(client, body)
    assert response.status_code == 400
    assert response.json()["detail"].startswith(detail)


@pytest.mark.parametrize("depth", [65, 10_000, 200_000])
def test_a_body_that_is_nested_too_deep_is_refused(client: Client, depth: int) -> None:
    nested = '{"a":' * depth + "1" + "}" * depth if depth < 100_000 else '{"a":' + "[" * depth + "]" * depth + "}"
    response = send(client, nested)
    assert response.status_code == 400
    assert response.json()["detail"] == "The request body is nested more than 64 levels deep."


def test_a_body_of_64_levels_is_read(client: Client) -> None:
    assert send(client, '{"a":' * 64 + "1" + "}" * 64).status_code == 200


@settings(deadline=None)
@given(st.binary(max_size=200) | st.text(alphabet='{}[]":,\\\\eE+-.019 tfn', max_size=200).map(str.encode))
def test_no_body_whatsoever_is_a_server_error(body: bytes) -> None:
    assert send(Client(), body).status_code in {200, 400}
