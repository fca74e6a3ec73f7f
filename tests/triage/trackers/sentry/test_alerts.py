"""Alert rules on Sentry: workflows that listen to the project's detector."""

from typing import Any

import pytest

from apps.triage.trackers import TrackerError
from apps.triage.trackers.base import AlertRule, NotFound
from apps.triage.trackers.sentry import Sentry
from tests.triage.sentry_double import SentryDouble

MAIL = {"type": "email", "data": {"fallthroughType": "AllMembers"}, "config": {"targetType": "issue_owners"}}
SPEC: dict[str, Any] = {
    "enabled": True,
    "environment": "production",
    "config": {"frequency": 0},
    "triggers": {
        "logicType": "any-short",
        "conditions": [{"type": "first_seen_event", "comparison": True, "conditionResult": True}],
    },
    "actionFilters": [{"logicType": "all", "actions": [MAIL]}],
}


def test_a_rule_is_made_changed_and_deleted(double: SentryDouble, sentry: Sentry) -> None:
    number = sentry.create_alert_rule("goimg: new", SPEC)
    assert sentry.alert_rules() == [AlertRule(id=number, name="goimg: new", spec=SPEC)]
    assert double.store.workflows[0]["detectorIds"] == ["11"]

    sentry.update_alert_rule(number, "goimg: new", {**SPEC, "config": {"frequency": 60}})
    assert sentry.alert_rules()[0].spec == {**SPEC, "config": {"frequency": 60}}

    sentry.delete_alert_rule(number)
    assert sentry.alert_rules() == []
    with pytest.raises(NotFound):
        sentry.delete_alert_rule(number)


def test_what_a_change_does_not_name_does_not_stay(double: SentryDouble, sentry: Sentry) -> None:
    number = sentry.create_alert_rule("goimg: new", SPEC)

    sentry.update_alert_rule(number, "goimg: new", {key: SPEC[key] for key in SPEC if key != "environment"})

    assert double.store.workflows[0]["environment"] is None


def test_only_rules_that_hear_the_project_are_seen_all_of_them(double: SentryDouble, sentry: Sentry) -> None:
    for number in range(130):
        sentry.create_alert_rule(str(number), SPEC)
    double.store.workflows[7]["detectorIds"] = ["21"]
    double.store.workflows[8]["detectorIds"] = ["11", "21"]

    rules = sentry.alert_rules()

    assert [rule.name for rule in rules] == [str(number) for number in range(130) if number != 7]
    assert [rule.spec.get("detectorIds") for rule in rules[6:9]] == [None, ["11", "21"], None]


def test_an_older_sentry_has_no_stream_of_issues(double: SentryDouble, sentry: Sentry) -> None:
    double.store.detectors = [row for row in double.store.detectors if row["type"] == "error"]
    sentry.create_alert_rule("goimg: new", SPEC)

    assert double.store.workflows[0]["detectorIds"] == ["10"]


def test_nothing_to_listen_to_is_an_error(double: SentryDouble, sentry: Sentry) -> None:
    double.store.detectors = []

    with pytest.raises(TrackerError, match="Sentry has nothing in the project goimg that alert rules can listen to"):
        sentry.create_alert_rule("goimg: new", SPEC)


def test_a_field_that_was_passed_over_is_an_error(double: SentryDouble, sentry: Sentry) -> None:
    double.drop = {"environment"}

    with pytest.raises(TrackerError, match="answered that the rule goimg: new is stored, but not as it was sent"):
        sentry.create_alert_rule("goimg: new", SPEC)


def test_rules_need_a_scope_of_their_own(double: SentryDouble, sentry: Sentry) -> None:
    double.scopes = frozenset({"project:read", "org:read"})

    assert sentry.alert_rules() == []
    with pytest.raises(TrackerError, match=r"answered 403\. Check TRACKER_TOKEN"):
        sentry.create_alert_rule("goimg: new", SPEC)


def test_an_environment_that_sentry_has_not_seen_is_an_error(sentry: Sentry) -> None:
    with pytest.raises(TrackerError, match=r"answered 400.*Environment does not exist"):
        sentry.create_alert_rule("goimg: new", {**SPEC, "environment": "canary"})
