"""clean_item: both lines for every type of envelope item, failing closed."""

from typing import Any

import pytest

from apps.error_tracking.scrubbing import (
    clean_envelope_header,
    clean_item,
    items,
    minimise,
    policy,
    scrub_pii,
    scrub_request,
)

EMAIL = "jane@example.com"
PAYLOADS: dict[str, Any] = {
    "event": {"message": EMAIL},
    "transaction": {"transaction": EMAIL, "spans": [{"description": EMAIL}]},
    "span": {"items": [{"name": EMAIL, "attributes": {"note": {"value": EMAIL, "type": "string"}}}]},
    "log": {"items": [{"body": EMAIL, "attributes": {"user.email": {"value": EMAIL, "type": "string"}}}]},
    "trace_metric": {"items": [{"name": EMAIL, "attributes": {"note": {"value": EMAIL, "type": "string"}}}]},
    "check_in": {"monitor_slug": EMAIL, "contexts": {"trace": {"data": {"note": EMAIL}}}},
    "session": {"did": EMAIL, "sid": "a", "attrs": {"ip_address": "203.0.113.7", "release": "goimg-api@1.0.0"}},
    "sessions": {"aggregates": [{"started": "x", "did": EMAIL, "exited": 3}], "attrs": {}},
    "client_report": {"timestamp": 1.0, "discarded_events": [{"reason": EMAIL}], "note": EMAIL},
}


def test_each_allowed_type_has_its_payload_here() -> None:
    assert set(PAYLOADS) == policy.ALLOWED_ITEM_TYPES


@pytest.mark.parametrize("item_type", sorted(PAYLOADS))
def test_an_address_leaves_in_no_type_of_item(item_type: str) -> None:
    cleaned = clean_item(item_type, PAYLOADS[item_type])

    assert cleaned.payload
    assert not cleaned.failed
    assert "jane" not in str(cleaned.payload)
    assert "203.0.113.7" not in str(cleaned.payload)


@pytest.mark.parametrize("item_type", ["attachment", "profile", "profile_chunk", "replay_event", "feedback", "new"])
def test_a_type_that_is_not_allowed_does_not_leave(item_type: str) -> None:
    assert clean_item(item_type, {"message": "x"}).payload is None


NAME = "Jane"  # which line 2 does not know: only line 1 keeps it here
UNKNOWN_KEYS: list[tuple[str, Any]] = [
    ("session", {"sid": "a", "did": NAME, "attrs": {"user_agent": NAME, "release": "x"}}),
    ("sessions", {"aggregates": [{"started": "x", "did": NAME, "exited": 1}], "attrs": {"user_agent": NAME}}),
    ("event", {"exception": {"values": [{"type": "E", "raw_stacktrace": NAME, "thread_name": NAME}]}}),
    ("event", {"threads": {"values": [{"id": 1, "state": NAME, "held_monitor_address": NAME}]}}),
    ("event", {"logentry": {"message": "to %s", "params": [NAME]}}),
    ("event", {"modules": {NAME: "1"}, "user": {"name": NAME, "data": {"x": NAME}}}),
    ("check_in", {"status": "ok", "note": NAME, "contexts": {"trace": {"dynamic_sampling_context": NAME}}}),
    ("check_in", {"status": "ok", "monitor_config": {"owner": NAME, "schedule": {"type": "interval"}}}),
    ("client_report", {"timestamp": 1, "discarded_events": [], "note": NAME}),
    (
        "log",
        {"items": [{"body": "ok", "unknown": NAME, "attributes": {"user.name": {"value": NAME, "type": "string"}}}]},
    ),
    ("trace_metric", {"items": [{"name": "mails", "unknown": NAME}]}),
    ("transaction", {"spans": [{"op": "x", "unknown": NAME, "data": {"http.query": NAME, "db.user": NAME}}]}),
]


@pytest.mark.parametrize(("item_type", "payload"), UNKNOWN_KEYS)
def test_what_has_no_place_on_the_list_does_not_leave(item_type: str, payload: Any) -> None:
    cleaned = clean_item(item_type, payload)

    assert not cleaned.failed
    assert NAME not in str(cleaned.payload)


def test_redactions_are_counted_by_kind() -> None:
    cleaned = clean_item("event", {"message": f"{EMAIL} and {EMAIL}", "extra": {"password": "abc"}})

    assert dict(cleaned.redactions) == {"email": 2, "key": 1}


def test_typed_attributes_keep_their_form_and_the_user_its_id() -> None:
    attributes = {
        "password": {"value": "abc", "type": "string"},
        "user.id": {"value": "42", "type": "string"},
        "rows": {"value": 3, "type": "integer"},
    }

    cleaned = clean_item("log", {"items": [{"body": "ok", "attributes": attributes}]})

    assert cleaned.payload == {
        "items": [
            {
                "body": "ok",
                "attributes": {
                    "password": {"value": "[REDACTED]", "type": "string"},
                    "user.id": {"value": "42", "type": "string"},
                    "rows": {"value": 3, "type": "integer"},
                },
            }
        ]
    }


BROKEN = {
    "event_id": "a" * 32,
    "level": "error",
    "message": EMAIL,
    "tags": {"request_id": "req-abc123", "customer": EMAIL},
    "exception": {
        "values": [
            {
                "type": "ValueError",
                "value": EMAIL,
                "stacktrace": {"frames": [{"module": "app.views", "function": "f", "lineno": 3, "vars": {"x": EMAIL}}]},
            }
        ]
    },
}
SKELETON = {
    "event_id": "a" * 32,
    "level": "error",
    "tags": {"scrubber": "failed", "request_id": "req-abc123"},
    "exception": {
        "values": [
            {
                "type": "ValueError",
                "value": "(withheld: the scrubber failed)",
                "stacktrace": {"frames": [{"module": "app.views", "function": "f", "lineno": 3}]},
            }
        ]
    },
}


def fail(*args: object) -> Any:
    raise RuntimeError("the scrubber is broken")


def test_when_line_1_fails_a_skeleton_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(items._MINIMISERS, "event", fail)

    cleaned = clean_item("event", BROKEN)

    assert cleaned.failed
    assert cleaned.payload == SKELETON


def test_when_line_2_fails_a_skeleton_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items, "scrub_whole", fail)

    assert clean_item("event", BROKEN).payload == SKELETON
    assert scrub_pii(BROKEN) == SKELETON


@pytest.mark.parametrize("item_type", sorted(set(PAYLOADS) - {"event"}))
def test_when_the_scrubber_fails_on_anything_else_nothing_leaves(
    item_type: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(items, "scrub_whole", fail)

    cleaned = clean_item(item_type, PAYLOADS[item_type])

    assert cleaned.failed
    assert cleaned.payload is None


@pytest.mark.parametrize("payload", [None, [], "text", 7, {"exception": "x", "tags": 3, "request": []}])
def test_a_payload_of_an_unexpected_form_never_raises(payload: Any) -> None:
    for item_type in PAYLOADS:
        clean_item(item_type, payload)
    for line in (minimise, scrub_pii, scrub_request):
        line(payload)


def test_scrub_pii_is_line_2_for_a_whole_event() -> None:
    event = {"message": EMAIL, "request": {"cookies": {"a": "b"}, "headers": {"X": "y"}}, "user": {"email": EMAIL}}

    assert scrub_pii(event, {}) == {
        "message": "[EMAIL_REDACTED]",
        "request": {"cookies": {"a": "[REDACTED]"}, "headers": {"X": "y"}},
        "user": {"email": "[EMAIL_REDACTED]"},
    }


def test_the_parameters_of_a_log_line_do_not_leave_beside_its_text() -> None:
    attributes = {
        "sentry.message.template": {"type": "string", "value": "tried {p}"},
        "sentry.message.parameter.p": {"type": "string", "value": "hunter2"},
    }

    sent = clean_item("log", {"items": [{"body": "tried it", "attributes": attributes}]}).payload

    assert sent is not None
    assert list(sent["items"][0]["attributes"]) == ["sentry.message.template"]


@pytest.mark.parametrize(
    ("source", "name"), [("route", "/users/{user_id}"), ("url", "<unmatched path>"), (None, "<unmatched path>")]
)
def test_a_streamed_span_is_named_by_its_route_only(source: str | None, name: str) -> None:
    attributes = {"sentry.segment.name": {"type": "string", "value": "/users/{user_id}"}}
    if source:
        attributes["sentry.segment.name.source"] = {"type": "string", "value": source}
    span = {"name": "/users/{user_id}", "is_segment": True, "attributes": attributes}

    sent = clean_item("span", {"items": [span]}).payload

    assert sent is not None
    assert sent["items"][0]["name"] == name
    assert ("sentry.segment.name" in sent["items"][0]["attributes"]) is (source == "route")


def test_of_the_trace_in_the_envelopes_header_only_ids_and_rates_leave() -> None:
    header = {
        "event_id": "a" * 32,
        "dsn": "https://key@host/1",
        "trace": {
            "trace_id": "b" * 32,
            "public_key": "c" * 32,
            "sample_rate": "0.1",
            "sampled": "true",
            "release": EMAIL,
            "transaction": "/users/jane",
            "user_id": EMAIL,
        },
    }

    assert clean_envelope_header(header) == {
        "event_id": "a" * 32,
        "trace": {"trace_id": "b" * 32, "public_key": "c" * 32, "sample_rate": "0.1", "sampled": "true"},
    }


def test_of_the_sdk_in_the_envelopes_header_name_and_version_leave() -> None:
    sdk = {"name": "sentry.python.django", "version": "2.75.0", "packages": [{"name": EMAIL}]}

    assert clean_envelope_header({"sdk": sdk}) == {"sdk": {"name": "sentry.python.django", "version": "2.75.0"}}


def test_a_trace_id_that_is_none_does_not_leave() -> None:
    assert clean_envelope_header({"trace": {"trace_id": EMAIL, "sampled": EMAIL, "sample_rate": EMAIL}}) == {
        "trace": {}
    }
