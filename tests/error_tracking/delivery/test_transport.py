"""The one way out: nothing leaves except through it, and what cannot be scrubbed does not leave."""

import gzip
import json
import logging
import random
from typing import Any

import pytest
import sentry_sdk
from sentry_sdk.envelope import Envelope, Item, PayloadRef

from apps.error_tracking import metrics
from apps.error_tracking.delivery import transport
from apps.error_tracking.delivery.transport import Outgoing, compressed, observe
from apps.error_tracking.scrubbing import Cleaned
from tests.conftest import Tracked

CANARY = "canary-5a1f@example.com"


def send(*items: Item) -> None:
    sender = sentry_sdk.get_client().transport
    assert sender is not None
    sender.capture_envelope(Envelope(items=list(items)))


def item(item_type: str, payload: Any) -> Item:
    return Item(payload=PayloadRef(json=payload), type=item_type)


def value_of(counter: Any, *labels: str) -> float:
    return float(counter.labels(*labels)._value.get())


def test_a_message_arrives_scrubbed(tracked: Tracked) -> None:
    sentry_sdk.capture_message(f"mail to {CANARY}")

    assert [event["message"] for event in tracked.events()] == ["mail to [EMAIL_REDACTED]"]
    assert CANARY not in tracked.wire()


@pytest.mark.parametrize("item_type", ["attachment", "profile", "profile_chunk", "replay_event", "unheard_of"])
def test_items_of_types_that_are_not_allowed_are_dropped_and_counted(tracked: Tracked, item_type: str) -> None:
    before = value_of(metrics.ITEMS_DROPPED, item_type, "type_not_allowed")

    send(Item(payload=CANARY.encode(), type=item_type, filename=CANARY), item("event", {"message": "kept"}))

    assert [event["message"] for event in tracked.events()] == ["kept"]
    assert [received.type for received in tracked.sink.items()].count(item_type) == 0
    assert CANARY not in tracked.wire()
    assert value_of(metrics.ITEMS_DROPPED, item_type, "type_not_allowed") == before + 1


def test_the_tracker_is_told_what_was_dropped(tracked: Tracked) -> None:
    send(Item(payload=b"x", type="attachment"))

    sentry_sdk.get_client().close(timeout=60)
    reports = [item.payload["discarded_events"] for item in tracked.sink.items("client_report")]
    assert [report for reported in reports for report in reported if report["category"] == "attachment"]


def test_an_envelope_of_which_nothing_is_left_is_not_sent(tracked: Tracked) -> None:
    send(Item(payload=b"x", type="attachment"))

    tracked.events()
    assert not tracked.sink.items("attachment")


def test_attachments_of_a_scope_do_not_leave(tracked: Tracked) -> None:
    sentry_sdk.get_current_scope().add_attachment(bytes=CANARY.encode(), filename=f"{CANARY}.txt")

    sentry_sdk.capture_message("with attachment")

    assert len(tracked.events()) == 1
    assert CANARY not in tracked.wire()


def test_headers_of_items_and_envelopes_that_are_not_known_do_not_leave(tracked: Tracked) -> None:
    sender = sentry_sdk.get_client().transport
    assert sender is not None
    headers = {
        "event_id": "a" * 32,
        "trace": {"transaction": CANARY},
        "note": CANARY,
        "sdk": {"name": CANARY, "x": CANARY},
    }
    about = {"note": CANARY, "content_type": CANARY, "item_count": CANARY}
    events = [Item(payload=PayloadRef(json={"message": "x"}), type="event", headers=about)]

    sender.capture_envelope(Envelope(headers=headers, items=events))

    assert len(tracked.events()) == 1
    assert CANARY not in tracked.wire()


def test_redactions_are_counted_by_kind(tracked: Tracked) -> None:
    before = value_of(metrics.REDACTIONS, "email")

    sentry_sdk.capture_message(CANARY)

    assert len(tracked.events()) == 1
    assert value_of(metrics.REDACTIONS, "email") == before + 1


def test_when_the_scrubber_fails_a_skeleton_leaves_and_it_is_counted_and_logged(
    tracked: Tracked, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    skeleton = Cleaned({"tags": {"scrubber": "failed"}}, failed=True)
    monkeypatch.setattr(transport, "clean_item", lambda *args, **kwargs: skeleton)
    before = value_of(metrics.SCRUBBER_FAILURES, "event")

    with caplog.at_level(logging.WARNING):
        sentry_sdk.capture_message(CANARY)

    assert [event["tags"] for event in tracked.events()] == [{"scrubber": "failed"}]
    assert CANARY not in tracked.wire()
    assert value_of(metrics.SCRUBBER_FAILURES, "event") == before + 1
    assert "The scrubber failed on an item of type event." in caplog.text
    assert CANARY not in caplog.text


@pytest.mark.parametrize("name", ["clean_item", "clean_envelope_header", "_rebuild"])
def test_whatever_raises_on_the_way_out_nothing_leaves_and_the_application_does_not_notice(
    tracked: Tracked, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    def fail(*args: object, **kwargs: object) -> Any:
        raise RuntimeError(CANARY)

    monkeypatch.setattr(transport, name, fail)
    before = value_of(metrics.ITEMS_DROPPED, "event", "scrubber_failed")

    sentry_sdk.capture_message(CANARY)

    assert tracked.events() == []
    assert CANARY not in tracked.wire()
    assert value_of(metrics.ITEMS_DROPPED, "event", "scrubber_failed") == before + 1
    assert "An envelope was dropped: the scrubber raised RuntimeError." in caplog.text
    assert CANARY not in caplog.text


def test_whatever_raises_before_that_is_counted_and_the_application_does_not_notice(
    tracked: Tracked, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(envelope: Envelope) -> Any:
        raise RuntimeError(CANARY)

    monkeypatch.setattr(transport, "with_whole_event", fail)
    before = value_of(metrics.ITEMS_DROPPED, "event", "not_taken")

    sentry_sdk.capture_message("x")

    assert tracked.events() == []
    assert value_of(metrics.ITEMS_DROPPED, "event", "not_taken") == before + 1
    assert CANARY not in caplog.text


def test_observers_are_told_what_became_of_each_item(tracked: Tracked) -> None:
    seen: list[Outgoing] = []

    with observe(seen.append):
        send(
            item("event", {"message": CANARY, "tags": {"request_id": "req-abc123"}}),
            Item(payload=b"x", type="attachment"),
        )
    send(item("event", {"message": "not observed"}))

    assert [(one.item_type, one.request_id, one.dropped) for one in seen] == [
        ("event", "req-abc123", None),
        ("attachment", None, "type_not_allowed"),
    ]
    assert seen[0].size == len(json.dumps(seen[0].payload, separators=(",", ":")))
    assert dict(seen[0].redactions) == {"email": 1}


def test_a_tracker_that_refuses_does_not_disturb_the_application(tracked: Tracked) -> None:
    tracked.sink.behaviour = "error_500"

    assert sentry_sdk.capture_message("refused")
    assert tracked.events() == []


@pytest.mark.parametrize("size", [0, 50, 1_000, 4_095, 4_096, 40_000, 400_000])
def test_an_envelope_is_as_small_as_gzip_makes_it(size: int) -> None:
    words = [f'"{word:x}": [1.5, null]' for word in random.Random(size).choices(range(10_000), k=size)]  # noqa: S311 - a text
    envelope = ", ".join(words).encode()[:size]

    body = compressed(envelope)

    assert gzip.decompress(body) == envelope
    assert len(body) <= len(gzip.compress(envelope, 6)) * 1.01
