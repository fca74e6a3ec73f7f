"""Events leave as whole as the SDK made them, although its serialiser never saw them."""

import logging
from typing import Any

import pytest
import sentry_sdk
from sentry_sdk.crons import MonitorStatus, capture_checkin
from sentry_sdk.envelope import Envelope, Item, PayloadRef

from apps.error_tracking import capture_error, tag
from apps.error_tracking.delivery.handover import Handover, claim, with_whole_event
from apps.error_tracking.delivery.plain import PlainCopy
from tests.conftest import Tracked

logger = logging.getLogger("tests.handover")


class Complains:
    """Logs an error when it is looked at."""

    def __repr__(self) -> str:
        logger.error("do not look at me")
        return "<complains>"


def taken(event: dict[str, Any]) -> dict[str, Any]:
    Handover().scrub_event(event)
    return event


def test_the_sdk_keeps_only_what_its_envelope_needs() -> None:
    left = taken({"event_id": "a" * 32, "level": "error", "message": "x", "extra": {"rows": 3}})

    assert left == {"event_id": "a" * 32}
    assert claim("a" * 32) == {"event_id": "a" * 32, "level": "error", "message": "x", "extra": {"rows": 3}}


def test_an_event_is_claimed_once_and_by_its_own_id_only() -> None:
    taken({"event_id": "a" * 32, "message": "x"})

    assert claim("b" * 32) is None
    assert claim("a" * 32) is not None
    assert claim("a" * 32) is None


def test_an_event_has_all_that_the_client_adds(tracked: Tracked) -> None:
    tag("tenant", "north")
    capture_error(ValueError("x"), details={"row": 12})

    (event,) = tracked.events()
    assert {"event_id", "timestamp", "level", "platform", "release", "environment", "server_name", "sdk"} <= set(event)
    assert (event["tags"]["tenant"], event["contexts"]["details"]) == ("north", {"row": 12})
    assert event["contexts"]["trace"]["trace_id"]


def test_the_envelope_names_the_trace_and_the_event_does_not_repeat_it(tracked: Tracked) -> None:
    tracked.start(traces_sample_rate=1.0)

    with sentry_sdk.start_transaction(name="nightly", source="task"):
        pass

    (transaction,) = tracked.transactions()
    trace = transaction["contexts"]["trace"]
    (envelope,) = [one for one in tracked.sink.envelopes if one.items[0].type == "transaction"]
    assert envelope.header["trace"]["trace_id"] == trace["trace_id"]
    assert "dynamic_sampling_context" not in trace


def test_what_was_sampled_out_is_not_sent_with_the_next_one(tracked: Tracked) -> None:
    tracked.start(sample_rate=0.0)
    capture_error(ValueError("sampled out"))
    tracked.start(sample_rate=1.0)
    capture_error(ValueError("next"))

    assert [event["exception"]["values"][0]["value"] for event in tracked.events()] == ["next"]


def test_more_breadcrumbs_than_fit_leave_the_newest(tracked: Tracked) -> None:
    for number in range(60):
        sentry_sdk.add_breadcrumb(message=f"step {number}")
    capture_error(ValueError("x"))

    crumbs = tracked.events()[0]["breadcrumbs"]["values"]
    assert [crumbs[0]["message"], crumbs[-1]["message"], len(crumbs)] == ["step 10", "step 59", 50]


def test_an_object_that_logs_an_error_when_it_is_looked_at_is_no_event_of_its_own(tracked: Tracked) -> None:
    sentry_sdk.get_isolation_scope().set_context("app", {"object": Complains()})

    capture_error(ValueError("x"))

    (event,) = tracked.events()
    assert event["contexts"]["app"] == {"object": "<complains>"}


def test_a_check_in_leaves_as_it_is(tracked: Tracked) -> None:
    capture_checkin(monitor_slug="nightly", status=MonitorStatus.OK)
    tracked.events()

    assert [item.payload["status"] for item in tracked.sink.items("check_in")] == ["ok"]


def large() -> list[list[list[str]]]:
    return [[["x"] * 50 for _ in range(50)] for _ in range(50)]


def circle() -> list[Any]:
    graph: list[Any] = []
    graph += [graph] * 4
    return graph


@pytest.mark.parametrize("details", [{"graph": circle()}, {"a": large(), "b": large()}], ids=["circle", "large"])
def test_however_much_an_application_attaches_the_rest_of_the_event_is_whole(
    tracked: Tracked, details: dict[str, Any]
) -> None:
    tag("tenant", "north")

    assert capture_error(ValueError("x"), details=details)

    (event,) = tracked.events()
    assert event["tags"]["tenant"] == "north"
    assert event["exception"]["values"][0]["value"] == "x"
    assert len(event["contexts"]["trace"]["trace_id"]) == 32
    assert tracked.sink.envelopes[0].header["trace"]["trace_id"] == event["contexts"]["trace"]["trace_id"]


@pytest.mark.parametrize("contexts", ["none", ["a"], {"trace": "abc"}, {"trace": None}, None])
def test_contexts_that_are_none_do_not_disturb_the_application(tracked: Tracked, contexts: Any) -> None:
    taken({"event_id": "a" * 32, "message": "x", "contexts": contexts})

    envelope = with_whole_event(Envelope(headers={"event_id": "a" * 32}, items=[Item(type="event", payload="")]))

    payload = envelope.items[0].payload
    assert isinstance(payload, PayloadRef)
    assert payload.json == {"event_id": "a" * 32, "message": "x", "contexts": contexts}


def test_an_event_that_cannot_be_copied_is_left_to_the_sdk(tracked: Tracked, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **options: object) -> None:
        raise RecursionError

    monkeypatch.setattr(PlainCopy, "of", fail)

    capture_error(ValueError("x"))

    assert [event["exception"]["values"][0]["value"] for event in tracked.events()] == ["x"]


@pytest.mark.parametrize("later", ["changed", "emptied"])
def test_what_changes_after_the_capture_changes_no_event(tracked: Tracked, later: str) -> None:
    rows = {"names": ["x", 1]}
    capture_error(ValueError("x"), details=rows)
    rows["names"].append("more") if later == "changed" else rows.clear()

    assert tracked.events()[0]["contexts"]["details"]["names"] == ["x", 1]
