"""What GlitchTip loses of what is sent to it: the double has each trap, the way out falls into none."""

import gzip
import json
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import sentry_sdk
from django.core.exceptions import ImproperlyConfigured
from sentry_sdk.envelope import Envelope

from apps.error_tracking import config
from apps.error_tracking.delivery.options import DeliveryOptions
from apps.triage.releases import ReleaseError, check_version
from tests.conftest import Tracked
from tests.triage.glitchtip_double import GlitchTipDouble
from tests.triage.glitchtip_events import event

RIGHT, WRONG = "0" * 32, "1" * 32
LOSING = ("trace_metric", "profile_chunk", "feedback", "something_new")


@pytest.fixture
def sending(tracked: Tracked, double: GlitchTipDouble, tmp_path: Path) -> Iterator[None]:
    """This process reports to the double, and tries again soon."""
    quick = DeliveryOptions(outbox_dir=str(tmp_path), retry_first=0.02, retry_most=0.2, outbox_rate=10_000.0)
    tracked.start(dsn=double.dsn, delivery=quick)
    yield
    sentry_sdk.get_client().close(timeout=60)


def post(double: GlitchTipDouble, *items: tuple[str, Any], key: str = RIGHT) -> int:
    """Post an envelope as anybody might; return the status."""
    lines: list[Any] = [{}]
    for kind, payload in items:
        lines += [{"type": kind}, payload]
    body = gzip.compress("".join(f"{json.dumps(line)}\n" for line in lines).encode())
    headers = {"X-Sentry-Auth": f"Sentry sentry_key={key}", "Content-Encoding": "gzip"}
    return httpx.post(f"{double.url}/api/1/envelope/", content=body, headers=headers, timeout=60).status_code


def titles(double: GlitchTipDouble) -> list[str]:
    """Return what is stored, an entry for each event."""
    return sorted(stored.title for stored in double.store.events)


def until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not done():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def test_the_same_event_is_dropped_for_five_minutes_and_stored_again_after_that(double: GlitchTipDouble) -> None:
    one = event("broken")
    for later in (0, 299, 600):
        double.ingest.later = timedelta(seconds=later)
        assert post(double, ("event", one)) == 200

    assert titles(double) == ["broken", "broken"]


def test_an_error_whose_answer_was_lost_is_sent_again_under_the_same_id_and_kept_once(
    double: GlitchTipDouble, sending: None
) -> None:
    double.ingest.unheard = 2

    sent = sentry_sdk.capture_message("broken", level="error")

    until(lambda: double.ingest.answered == [None, None, 200])
    assert [stored.id for stored in double.store.events] == [sent]


def test_a_wrong_key_blocks_everybody_for_half_a_minute(double: GlitchTipDouble) -> None:
    assert post(double, ("event", event("first"))) == 200
    assert post(double, ("event", event("second")), key=WRONG) == 403
    assert post(double, ("event", event("third"))) == 403
    double.ingest.later = timedelta(seconds=31)
    assert post(double, ("event", event("fourth"))) == 200

    assert titles(double) == ["first", "fourth"]


def test_an_error_while_the_project_is_blocked_arrives_after_that(double: GlitchTipDouble, sending: None) -> None:
    post(double, ("event", event("somebody else's")), key=WRONG)

    sentry_sdk.capture_message("ours", level="error")

    until(lambda: 403 in double.ingest.answered[1:])
    assert titles(double) == []
    double.ingest.later = timedelta(seconds=31)
    until(lambda: titles(double) == ["ours"])


@pytest.mark.parametrize("kind", LOSING)
def test_an_item_that_it_does_not_know_takes_the_error_behind_it_along(double: GlitchTipDouble, kind: str) -> None:
    assert post(double, (kind, {}), ("event", event("lost"))) == 200
    assert post(double, ("event", event("kept")), (kind, {})) == 200
    assert post(double, ("log", {}), ("event", event("kept too"))) == 200

    assert titles(double) == ["kept", "kept too"]


def test_no_error_shares_an_envelope_with_an_item_that_takes_it_along(tracked: Tracked) -> None:
    sentry_sdk.metrics.count("uploads", 1)
    sentry_sdk.logger.error("a log line")
    sentry_sdk.capture_message("broken", level="error")
    sentry_sdk.metrics.count("uploads", 1)
    sentry_sdk.capture_event({"type": "feedback", "contexts": {"feedback": {"message": "It does not work."}}})
    sentry_sdk.get_client().close(timeout=60)

    sent = [[item.type for item in envelope.items] for envelope in tracked.sink.envelopes]
    assert ["event"] in sent
    assert ["trace_metric"] in sent
    assert [types for types in sent if "event" in types and len(types) > 1] == []


def test_an_envelope_that_somebody_mixed_leaves_with_the_error_first(double: GlitchTipDouble, sending: None) -> None:
    mixed = Envelope(headers={"event_id": uuid.uuid4().hex})
    for kind, payload in (("trace_metric", {"items": []}), ("event", event("broken"))):
        mixed.add_item(sentry_sdk.envelope.Item(sentry_sdk.envelope.PayloadRef(json=payload), type=kind))
    transport = sentry_sdk.get_client().transport
    assert transport is not None

    transport.capture_envelope(mixed)

    until(lambda: len(double.store.events) == 1)


def test_an_envelope_that_is_too_large_is_refused(double: GlitchTipDouble) -> None:
    assert post(double, ("event", event("x" * 2_700_000))) == 413
    assert titles(double) == []


def test_no_error_is_too_large_to_be_taken(double: GlitchTipDouble, sending: None) -> None:
    with sentry_sdk.new_scope() as scope:
        for number in range(50):
            scope.set_extra(f"note {number}", "word " * 100_000)
            scope.set_tag(f"tag {number}", "word " * 100_000)
            scope.add_breadcrumb(message="word " * 100_000)
        sentry_sdk.capture_exception(ValueError("word " * 1_000_000))

    until(lambda: bool(double.ingest.answered))
    assert double.ingest.answered == [200]
    assert len(double.store.events) == 1


def test_a_long_release_takes_along_what_came_with_it(double: GlitchTipDouble) -> None:
    with double.ingest.one_batch():
        assert post(double, ("event", event("somebody else's"))) == 200
        assert post(double, ("event", event("mine", release="v" * 256))) == 200
    assert titles(double) == []

    with double.ingest.one_batch():
        assert post(double, ("event", event("mine", release="v" * 255))) == 200
    assert titles(double) == ["mine"]


def test_no_release_that_long_is_ever_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    for length in (201, 256):
        with pytest.raises(ReleaseError, match="at most 200 characters"):
            check_version("v" * length)
        monkeypatch.setenv("SENTRY_RELEASE", "v" * length)
        with pytest.raises(ImproperlyConfigured, match="SENTRY_RELEASE must be at most 200 characters"):
            config.load()
