"""What a view author calls."""

from typing import Any

import pytest
import sentry_sdk
from prometheus_client import REGISTRY
from rest_framework.exceptions import NotFound

from apps.error_tracking import breadcrumb, capture_error, context, count, identify, tag, timed_span
from tests.conftest import Tracked

USER = "0199a6d2-1111-7abc-8def-001122334455"


def failure() -> Exception:
    try:
        int("twelve")
    except ValueError as error:
        return error
    raise AssertionError


def test_a_handled_error_arrives_with_its_context(tracked: Tracked) -> None:
    event_id = capture_error(failure(), tags={"import": "prices"}, details={"row": 12})

    event = tracked.events()[0]
    assert event["event_id"] == event_id
    assert event["tags"] == {"import": "prices", "error_class": "system", "priority": "P1"}
    assert event["contexts"]["details"] == {"row": 12}
    assert event["exception"]["values"][0]["mechanism"] == {"type": "generic", "handled": True}


def test_tags_and_details_stay_with_their_error(tracked: Tracked) -> None:
    capture_error(failure(), tags={"import": "prices"}, details={"row": 12})
    capture_error(failure())

    second = tracked.events()[1]
    assert "import" not in second["tags"]
    assert "details" not in second["contexts"]


def test_an_error_that_ended_a_request_is_marked_as_not_handled(tracked: Tracked) -> None:
    capture_error(failure(), handled=False)

    assert tracked.events()[0]["exception"]["values"][0]["mechanism"]["handled"] is False


def test_the_same_error_is_reported_once_and_keeps_its_id(tracked: Tracked) -> None:
    error = failure()

    assert capture_error(error) == capture_error(error)
    assert len(tracked.events()) == 1


def test_errors_are_told_apart_whatever_lies_between(tracked: Tracked) -> None:
    first, second = failure(), failure()

    ids = [capture_error(error) for error in (first, second, first, second)]

    assert ids[:2] == ids[2:]
    assert [event["event_id"] for event in tracked.events()] == ids[:2]


def test_the_same_object_in_another_request_is_another_event(tracked: Tracked) -> None:
    error = failure()
    context.request_id.set("req-number-1")
    first = capture_error(error)
    context.request_id.set("req-number-2")
    second = capture_error(error)
    context.request_id.set(None)

    assert first != second
    assert len(tracked.events()) == 2


def test_an_error_that_was_sampled_out_has_no_id(tracked: Tracked) -> None:
    tracked.start(sample_rate=0.0)

    assert capture_error(failure()) is None
    assert tracked.events() == []


def test_the_callers_fault_is_reported_if_somebody_asks_for_it(tracked: Tracked) -> None:
    assert capture_error(NotFound())

    assert tracked.events()[0]["tags"]["error_class"] == "user"


def test_an_exception_whose_own_attributes_raise_is_reported(tracked: Tracked) -> None:
    class Hostile(Exception):
        def __getattr__(self, name: str) -> Any:
            raise RuntimeError(name)

    try:
        raise Hostile
    except Hostile as error:
        assert capture_error(error)

    exception = tracked.events()[0]["exception"]["values"][0]
    assert exception["value"] == "Hostile cannot be read: RuntimeError"
    assert exception["stacktrace"]["frames"]


def test_breadcrumbs_and_tags_travel_with_the_next_event(tracked: Tracked) -> None:
    tag("tenant", "north")
    breadcrumb("opened the album", category="gallery", pictures=12)

    capture_error(failure())

    event = tracked.events()[0]
    crumb = event["breadcrumbs"]["values"][0]
    assert event["tags"]["tenant"] == "north"
    assert (crumb["message"], crumb["category"], crumb["data"]) == ("opened the album", "gallery", {"pictures": 12})


def test_of_a_user_only_the_id_is_known(tracked: Tracked) -> None:
    identify(USER)

    capture_error(failure())

    event = tracked.events()[0]
    assert event["user"]["id"] == event["tags"]["user_id"] == USER


def test_a_timed_span_is_part_of_the_transaction(tracked: Tracked) -> None:
    tracked.start(traces_sample_rate=1.0)

    with sentry_sdk.start_transaction(name="nightly", source="task"), timed_span("image.decode", "decode", width=7):
        pass

    span = tracked.transactions()[0]["spans"][0]
    assert (span["op"], span["description"], span["data"]["width"]) == ("image.decode", "decode", 7)


def test_a_business_event_is_counted_and_leaves_a_breadcrumb(tracked: Tracked) -> None:
    def counted() -> float:
        return REGISTRY.get_sample_value("business_events_total", {"event": "image.uploaded"}) or 0

    before = counted()

    count("image.uploaded", format="JPEG")

    capture_error(failure())
    assert counted() == before + 1
    assert tracked.events()[0]["breadcrumbs"]["values"][0]["data"] == {"format": "JPEG"}


def test_without_a_tracker_everything_works_and_nothing_is_sent() -> None:
    assert not sentry_sdk.is_initialized()
    tag("tenant", "north")
    breadcrumb("opened the album")
    count("image.uploaded")
    with timed_span("image.decode", "decode"):
        pass

    assert capture_error(failure()) is None


@pytest.fixture(autouse=True)
def _clean_scope() -> Any:
    with sentry_sdk.isolation_scope():
        yield
