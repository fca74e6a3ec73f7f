"""Line 1: what is not on the allow-list does not leave."""

from typing import Any

import pytest

from apps.error_tracking.scrubbing import minimise

USER = "0199a6d2-1111-7abc-8def-001122334455"


def request_of(**parts: Any) -> Any:
    return minimise({"request": parts})["request"]


def test_unknown_sections_are_left_out() -> None:
    assert minimise({"event_id": "a", "modules": {"django": "6"}, "_meta": {}, "debug_meta": {}}) == {"event_id": "a"}


@pytest.mark.parametrize(
    ("user", "kept"),
    [
        ({"id": USER, "email": "a@example.com", "username": "jane", "name": "Jane"}, {"id": USER}),
        ({"id": "42", "ip_address": "203.0.113.7"}, {"id": "42", "ip_address": "203.0.113.0"}),
        ({"id": "jane@example.com"}, {}),
        ({"id": "9" * 20}, {"id": "9" * 20}),
        ({"id": "9" * 21}, {}),
        ({"id": "٣"}, {}),
        ({"ip_address": "{{auto}}"}, {"ip_address": "[INVALID_IP]"}),
    ],
)
def test_of_the_user_only_a_pseudonymous_id_and_the_masked_address_leave(user: Any, kept: Any) -> None:
    assert minimise({"user": user})["user"] == kept


def test_headers_leave_by_an_allow_list_and_the_others_by_name_only() -> None:
    headers = request_of(headers={"User-Agent": "curl/8", "X-Customer": "Jane", "referer": "https://x/?a", "Host": "h"})

    assert headers["headers"] == {
        "User-Agent": "curl/8",
        "X-Customer": "[REDACTED]",
        "referer": "[REDACTED]",
        "Host": "h",
    }


def test_headers_as_pairs_are_treated_alike() -> None:
    assert request_of(headers=[["X-Customer", "Jane"]])["headers"] == {"X-Customer": "[REDACTED]"}


def test_cookies_leave_by_name_only() -> None:
    assert request_of(cookies={"sessionid": "abc"})["cookies"] == {"sessionid": "[REDACTED]"}


def test_a_body_leaves_as_keys_and_shapes() -> None:
    body = {"email": "a@example.com", "page": 2, "age": 41, "sort": "created_at", "tags": ["a", {"b": "c"}], "x": None}

    assert request_of(data=body)["data"] == {
        "email": "str[13]",
        "page": 2,
        "age": "<int>",
        "sort": "created_at",
        "tags": ["str[1]", {"b": "str[1]"}],
        "x": None,
    }


def test_a_body_that_is_text_leaves_as_its_length() -> None:
    assert request_of(data="name=Jane")["data"] == "str[9]"


def test_a_method_that_nobody_knows_leaves_by_its_shape() -> None:
    assert request_of(method="JANEDOE") == {"method": "str[7]"}


def test_the_environment_of_the_request_does_not_leave() -> None:
    assert request_of(env={"REMOTE_ADDR": "203.0.113.7", "SERVER_NAME": "web-1"}, method="GET") == {"method": "GET"}


def test_the_url_keeps_what_the_route_spells() -> None:
    event = {
        "transaction": "/api/v1/users/{user_id}",
        "transaction_info": {"source": "route"},
        "request": {"url": "https://a.example/api/v1/users/jane", "query_string": "q=jane&page=2"},
    }

    assert minimise(event)["request"] == {
        "url": "https://a.example/api/v1/users/str[4]",
        "query_string": "q=str[4]&page=2",
    }


@pytest.mark.parametrize("source", ["url", "unknown", None])
def test_a_transaction_that_is_not_named_by_its_route_has_no_name(source: str | None) -> None:
    event = minimise({"transaction": "/users/jane", "transaction_info": {"source": source}})

    assert event == {"transaction": "<unmatched path>"}


def test_frames_of_libraries_leave_without_source_and_variables() -> None:
    frame = {
        "module": "django.db",
        "function": "execute",
        "lineno": 3,
        "abs_path": "/home/jane/x.py",
        "filename": "django/db.py",
        "context_line": "x",
        "vars": {"password": "abc"},
        "in_app": False,
    }

    frames = minimise({"exception": {"values": [{"type": "E", "stacktrace": {"frames": [frame]}}]}})

    assert frames["exception"]["values"][0]["stacktrace"]["frames"] == [
        {"module": "django.db", "function": "execute", "lineno": 3, "filename": "django/db.py", "in_app": False}
    ]


def test_variables_of_our_frames_leave_by_shape() -> None:
    variables = {"name": "Jane", "n": 3, "shape": "str[4]", "user": f"<User pk={USER}>", "list": ["Jane"], "a b": "x"}
    frame = {"in_app": True, "filename": "/home/jane/app.py", "vars": variables}

    kept = minimise({"threads": [{"stacktrace": {"frames": [frame]}}]})["threads"]["values"][0]["stacktrace"]

    assert kept["frames"][0]["filename"] == "app.py"
    assert kept["frames"][0]["vars"] == {
        "name": "str[4]",
        "n": 3,
        "shape": "str[4]",
        "user": f"<User pk={USER}>",
        "list": "list[1]",
        "key[3]": "str[1]",
    }


def test_breadcrumbs_lose_query_strings_and_literals() -> None:
    crumbs = [
        {"category": "query", "message": "SELECT * FROM t WHERE name = 'Jane'"},
        {"category": "httplib", "type": "http", "data": {"url": "https://x.example/jane?a=b", "http.query": "a=b"}},
        {"type": "log", "message": "GET https://x.example/a?name=jane", "data": {"request_id": "r", "n": 1}},
    ]

    assert minimise({"breadcrumbs": {"values": crumbs}})["breadcrumbs"]["values"] == [
        {"category": "query", "message": "SELECT * FROM t WHERE name = ?"},
        {"category": "httplib", "type": "http", "data": {"url": "https://x.example/str[4]"}},
        {"type": "log", "message": "GET https://x.example/a", "data": {"n": 1}},
    ]


def test_spans_keep_their_statement_and_lose_its_literals_and_who_was_asked() -> None:
    span = {
        "op": "db",
        "description": "SELECT 'Jane'",
        "data": {"db.params": ["Jane"], "db.system": "sqlite", "server.address": "db-1", "db.user": "app"},
        "unknown": 1,
    }

    assert minimise({"spans": [span]})["spans"] == [
        {"op": "db", "description": "SELECT ?", "data": {"db.system": "sqlite"}}
    ]


def test_the_arguments_of_a_command_do_not_leave() -> None:
    crumb = {"category": "subprocess", "message": "/usr/bin/mail -s Hello jane"}
    event = minimise(
        {"breadcrumbs": [crumb], "spans": [{"op": "subprocess", "description": "/home/jane/convert jane.jpg"}]}
    )

    assert event["breadcrumbs"]["values"][0]["message"] == "mail"
    assert event["spans"][0]["description"] == "convert"


def test_spans_keep_the_shape_of_the_url_that_was_asked() -> None:
    span = {"op": "http.client", "description": "POST https://a.example/users/jane/7?x=1"}

    assert minimise({"spans": [span]})["spans"][0]["description"] == "POST https://a.example/str[5]/str[4]/7"


def test_what_a_template_was_given_does_not_leave() -> None:
    span = {"op": "template.render", "description": "a.html", "data": {"context": {"x": "jane"}, "context.y": "jane"}}

    assert minimise({"spans": [span]})["spans"][0] == {"op": "template.render", "description": "a.html", "data": {}}


@pytest.mark.parametrize(
    ("name", "value", "leaves"),
    [
        ("Accept", "text/html,application/json;q=0.9, */*;q=0.8", True),
        ("Accept", "jane", False),
        ("Accept-Language", "en-GB,en;q=0.9,de;q=0.8", True),
        ("Accept-Language", "janedoe", False),
        ("Accept-Encoding", "gzip, deflate, br", True),
        ("Cache-Control", "max-age=0", True),
        ("Cache-Control", "jane=doe", False),
        ("Connection", "keep-alive", True),
        ("Connection", "jane", False),
        ("Content-Type", "multipart/form-data; boundary=----abc", True),
        ("X-Request-ID", "whatever-a-stranger-sent", False),
    ],
)
def test_a_header_leaves_in_its_form_only(name: str, value: str, leaves: bool) -> None:
    assert request_of(headers={name: value})["headers"][name] == (value if leaves else "[REDACTED]")


@pytest.mark.parametrize(
    ("span", "name"),
    [
        ({"op": "cache.get", "description": "user:jane"}, "<cache key>"),
        ({"op": "db.redis", "description": "GET user:jane"}, "GET"),
        ({"op": "view.process", "description": "GET /users/jane/7?x=jane"}, "GET /str[5]/str[4]/7"),
        ({"op": "view.process", "description": "/users/{id}"}, "/str[5]/{id}"),
    ],
)
def test_a_span_does_not_name_what_was_asked_for(span: dict[str, str], name: str) -> None:
    assert minimise({"spans": [span]})["spans"][0]["description"] == name


@pytest.mark.parametrize(
    ("source", "name", "leaves"),
    [
        ("custom", "nightly import", True),
        ("custom", "/users/jane", False),
        ("task", "gallery.tasks.resize", True),
        ("view", "apps.gallery.views.ImageList", True),
        ("component", "jane@example.com", False),
    ],
)
def test_a_transaction_that_was_named_in_code_has_no_path_for_a_name(source: str, name: str, leaves: bool) -> None:
    event = minimise({"transaction": name, "transaction_info": {"source": source}})

    assert event["transaction"] == (name if leaves else "<unmatched path>")


def test_free_data_of_an_exceptions_mechanism_does_not_leave() -> None:
    mechanism = {"type": "django", "handled": False, "data": {"x": "jane"}, "help_link": "https://a.example/jane"}
    event = minimise({"exception": {"values": [{"type": "E", "mechanism": mechanism}]}})

    assert event["exception"]["values"][0]["mechanism"] == {"type": "django", "handled": False}


def test_data_that_says_who_or_where_does_not_leave_however_its_key_is_spelled() -> None:
    extra = {"sys.argv": ["--to", "jane"], "Hostname": "janes-laptop", "HTTP.QUERY": "x=jane", "attempt": 3}

    assert minimise({"extra": extra})["extra"] == {"attempt": 3}


def test_a_feedback_form_does_not_leave() -> None:
    feedback = {"message": "call me", "contact_email": "jane"}

    assert minimise({"contexts": {"feedback": feedback, "app": {"a": 1}}})["contexts"] == {"app": {"a": 1}}


def test_arguments_of_the_process_and_the_trace_of_a_stranger_do_not_leave() -> None:
    event = {
        "extra": {"sys.argv": ["manage.py", "--password=abc"], "rows": 3},
        "contexts": {"trace": {"trace_id": "a", "dynamic_sampling_context": {"release": "x"}}, "details": {"row": 1}},
    }

    assert minimise(event) == {"extra": {"rows": 3}, "contexts": {"trace": {"trace_id": "a"}, "details": {"row": 1}}}


def test_minimising_twice_changes_nothing_more() -> None:
    event = {
        "transaction": "/users/jane",
        "transaction_info": {"source": "url"},
        "user": {"id": USER, "ip_address": "203.0.113.7"},
        "request": {"url": "https://a.example/jane", "query_string": "q=jane", "data": {"a": "b", "n": 3}},
        "exception": {"values": [{"stacktrace": {"frames": [{"in_app": True, "vars": {"a": "b"}}]}}]},
    }

    once = minimise(event)

    assert minimise(once) == once
