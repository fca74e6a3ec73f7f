"""Test errors are fired and read back: over HTTP, from a real Bugsink and from one that can be told to misbehave."""

import json
from typing import Any

import pytest

from apps.error_tracking.delivery import transport
from apps.error_tracking.scrubbing import Cleaned
from apps.triage.gate.checks import capture
from tests.triage.bugsink_double import BugsinkDouble
from tests.triage.gate.conftest import MakeScope
from tests.triage.glitchtip_double import GlitchTipDouble
from tests.triage.real_bugsink import Project
from tests.triage.sentry_double import SentryDouble

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_own_client")]
CHECKS = (capture.arrive, capture.stay_away, capture.carry, capture.scrubbed)


def test_on_a_real_bugsink_everything_holds(project: Project, make_scope: MakeScope) -> None:
    scope = make_scope(environment="staging", release="goimg-api@1.2.3")

    said = [check(scope) for check in CHECKS]

    assert {finding.state for finding in said} == {"held"}, said
    assert [finding.said for finding in said[:3]] == [
        "10 test errors of as many kinds were fired; Bugsink has each of them once.",
        "6 requests failed by the caller's fault; none of them is on the tracker.",
        "10 events on the tracker, each with its request ID, release goimg-api@1.2.3, environment staging.",
    ]
    assert said[3].said.startswith("None of 8 kinds of canaries is in ")
    assert len(scope.events()) == 10


def test_on_glitchtip_everything_holds(glitchtip: GlitchTipDouble, make_scope: MakeScope) -> None:
    scope = make_scope()
    assert {check(scope).state for check in CHECKS} == {"held"}


def test_on_sentry_everything_holds(sentry: SentryDouble, make_scope: MakeScope) -> None:
    scope = make_scope()
    assert {check(scope).state for check in CHECKS} == {"held"}


def test_an_event_that_is_there_twice_has_failed(bugsink: BugsinkDouble, make_scope: MakeScope) -> None:
    bugsink.twice = True

    found = capture.arrive(make_scope())

    assert found.state == "failed"
    assert "unhandled: Bugsink has 2 events with this request ID in place of 1" in found.said
    assert "And 7 more; sentry_test --verify shows them." in found.said


def test_events_that_never_arrive_have_failed(bugsink: BugsinkDouble, make_scope: MakeScope) -> None:
    bugsink.sink.behaviour = "error_500"
    scope = make_scope(timeout=0.1)

    assert "Bugsink has 0 events with this request ID in place of 1" in capture.arrive(scope).said
    assert capture.carry(scope).said.startswith("The tracker has no event with the request ID of unhandled, ")


def test_an_error_of_the_caller_s_that_arrives_has_failed(bugsink: BugsinkDouble, make_scope: MakeScope) -> None:
    scope = make_scope()
    first = next(outcome for outcome in scope.fired().outcomes if outcome.case.name == "not-found")
    first.problems.append("Bugsink has 1 events with this request ID in place of 0")

    assert capture.stay_away(scope).said == "not-found: Bugsink has 1 events with this request ID in place of 0."


@pytest.mark.parametrize(("field", "name"), [("release", "release"), ("environment", "environment")])
def test_an_event_of_another_release_or_environment_has_failed(
    bugsink: BugsinkDouble, make_scope: MakeScope, monkeypatch: pytest.MonkeyPatch, field: str, name: str
) -> None:
    real = bugsink.sink.events

    def otherwise() -> list[dict[str, Any]]:
        return [event | {field: "another"} for event in real()]

    monkeypatch.setattr(bugsink.sink, "events", otherwise)

    found = capture.carry(make_scope())

    assert found.state == "failed"
    assert f"has the {name} 'another' in place of " in found.said


def test_a_scrubber_that_lets_everything_pass_has_failed(
    bugsink: BugsinkDouble, make_scope: MakeScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "clean_item", lambda item_type, payload, **kwargs: Cleaned(payload))

    found = capture.scrubbed(make_scope())

    assert found.state == "failed"
    assert found.said.startswith("Personal data left: ")
    assert "email" in found.said


def test_a_canary_that_is_only_on_the_tracker_has_failed(
    bugsink: BugsinkDouble, make_scope: MakeScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope = make_scope()
    fired = scope.fired()
    request_id, event = next(iter(fired.stored.items()))
    object.__setattr__(event, "data", {"somewhere": json.dumps({"deep": fired.canaries.password})})

    assert request_id
    assert capture.scrubbed(scope).said == "Personal data left: 1 kind of canaries (password)."


def test_nothing_on_the_wire_is_not_nothing_found(
    bugsink: BugsinkDouble, make_scope: MakeScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = Cleaned(None)
    scope = make_scope()
    scope.fired()
    monkeypatch.setattr(transport, "clean_item", lambda item_type, payload, **kwargs: nothing)

    assert capture.scrubbed(scope).said == "0 of 10 test errors were on the wire: too few to look at."


def test_a_tracker_that_is_not_there_is_asked_once(
    nowhere: None, make_scope: MakeScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apps.triage.trackers import TrackerError

    scope = make_scope()
    errors = []
    for check in CHECKS:
        with pytest.raises(TrackerError, match="cannot be reached") as refused:
            check(scope)
        errors.append(refused.value)

    assert len(set(map(id, errors))) == 1


@pytest.mark.parametrize(
    ("rates", "state", "said"),
    [
        ({}, "held", "Sampled are errors 100%, requests 10%."),
        ({"sample_rate": 0.5}, "failed", "Sampled are errors 50%, requests 10% in place of errors 100%, requests 10%."),
        ({"traces_sample_rate": 1.0}, "failed", "requests 100% in place of"),
        ({"trace_rates": {"/api/": 0.0}}, "failed", "requests 0% in place of"),
        ({"trace_rates": {"/metrics": 0.0}}, "held", "requests 10%."),
    ],
)
def test_rates_are_those_of_an_ordinary_request(
    make_scope: MakeScope, rates: dict[str, Any], state: str, said: str
) -> None:
    found = capture.rates(make_scope(**rates))

    assert found.state == state
    assert said in found.said
