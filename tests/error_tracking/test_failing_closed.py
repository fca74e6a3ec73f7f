"""Each hook of the SDK is made to raise: the request is answered, and nothing unscrubbed leaves."""

from typing import Any

import pytest
import sentry_sdk
from sentry_sdk.scope import global_event_processors

from apps.error_tracking import sdk
from apps.error_tracking.frames import FrameEnricher
from tests.conftest import Tracked
from tests.error_tracking import site

CANARY = "canary-77ab@example.com"


def fail(*args: object) -> Any:
    raise RuntimeError(f"broken by {CANARY}")


@pytest.fixture(autouse=True)
def careless_site(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ROOT_URLCONF = site.__name__


def ask(tracked: Tracked) -> int:
    with tracked.client() as client:
        return client.post("/api/x", params={"mail": CANARY}, json={"body_json": CANARY}).status_code


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["drop_told", "label", "enrich", "remember"])
def test_an_event_processor_of_ours_that_raises(tracked: Tracked, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    ours = getattr(sdk, name)
    broken = [fail if getattr(p, "__wrapped__", None) is ours else p for p in global_event_processors]
    assert broken != global_event_processors
    monkeypatch.setattr("sentry_sdk.scope.global_event_processors", broken)

    assert ask(tracked) == 500

    assert tracked.events()
    assert CANARY not in tracked.wire()


@pytest.mark.django_db
def test_frame_enrichment_that_raises_leaves_no_variables(tracked: Tracked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FrameEnricher, "_add_context", fail)

    assert ask(tracked) == 500

    frames = tracked.events()[0]["exception"]["values"][-1]["stacktrace"]["frames"]
    assert frames
    assert not any("vars" in frame for frame in frames)
    assert CANARY not in tracked.wire()


def test_a_scopes_event_processor_that_raises(tracked: Tracked) -> None:
    with sentry_sdk.new_scope() as scope:
        scope.add_event_processor(fail)
        sentry_sdk.capture_message(f"to {CANARY}")

    assert [event["message"] for event in tracked.events()] == ["to [EMAIL_REDACTED]"]
    assert CANARY not in tracked.wire()


@pytest.mark.parametrize(
    "hook", ["before_breadcrumb", "before_send", "before_send_transaction", "before_send_log", "before_send_metric"]
)
def test_a_hook_that_a_project_adds_and_that_raises(tracked: Tracked, hook: str) -> None:
    options = sdk.options(sdk_config(tracked)) | {hook: fail, "traces_sampler": None, "traces_sample_rate": 1.0}
    sentry_sdk.init(**options)

    sentry_sdk.add_breadcrumb(message=f"to {CANARY}")
    sentry_sdk.logger.warning("to {mail}", mail=CANARY)
    sentry_sdk.metrics.count("mails", 1, attributes={"mail": CANARY})
    with sentry_sdk.start_transaction(name=CANARY, op="task"):
        sentry_sdk.capture_message(f"to {CANARY}")

    assert CANARY not in tracked.wire()


def sdk_config(tracked: Tracked) -> Any:
    return sdk.Config(dsn=tracked.sink.dsn)


def test_a_raw_variable_that_a_project_adds_leaves_by_shape(tracked: Tracked) -> None:
    def add_variable(event: Any, hint: Any) -> Any:
        frame = event["exception"]["values"][0]["stacktrace"]["frames"][-1]
        frame |= {"vars": {"name": "Jane"}, "in_app": True}
        return event

    with sentry_sdk.new_scope() as scope:
        scope.add_event_processor(add_variable)
        try:
            raise ValueError
        except ValueError as error:
            sentry_sdk.capture_exception(error)

    assert tracked.events()[0]["exception"]["values"][0]["stacktrace"]["frames"][-1]["vars"] == {"name": "str[4]"}
