"""Alert rules on GlitchTip."""

from typing import Any

import pytest

from apps.triage.trackers import TrackerError
from apps.triage.trackers.base import AlertRule
from apps.triage.trackers.glitchtip import GlitchTip
from tests.triage.glitchtip_double import GlitchTipDouble

MAIL, HOOK = {"recipientType": "email", "url": ""}, {"recipientType": "webhook", "url": "https://hooks.example.com/a"}
SPEC = {"timespanMinutes": 60, "quantity": 1, "uptime": False, "alertRecipients": [MAIL, HOOK]}


def test_a_rule_is_made_changed_and_deleted(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    number = glitchtip.create_alert_rule("goimg: new", SPEC)
    assert glitchtip.alert_rules() == [AlertRule(id=number, name="goimg: new", spec=SPEC)]

    glitchtip.update_alert_rule(number, "goimg: new", {**SPEC, "quantity": 2})
    assert glitchtip.alert_rules()[0].spec == {**SPEC, "quantity": 2}

    glitchtip.delete_alert_rule(number)
    assert glitchtip.alert_rules() == []


def test_only_the_projects_rules_are_seen_all_of_them_oldest_first(
    double: GlitchTipDouble, glitchtip: GlitchTip
) -> None:
    for number in range(130):
        glitchtip.create_alert_rule(str(number), SPEC)
    double.store.alerts[7]["project"] = "other"

    assert [rule.name for rule in glitchtip.alert_rules()] == [str(number) for number in range(130) if number != 7]


def test_a_rule_that_somebody_else_made_is_read_as_it_is(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    row: dict[str, Any] = {"id": 3, "project": "goimg", "name": None, "timespanMinutes": None, "quantity": None}
    double.store.alerts.append({**row, "uptime": True, "alertRecipients": [HOOK, MAIL]})

    [rule] = glitchtip.alert_rules()

    spec = {"timespanMinutes": None, "quantity": None, "uptime": True, "alertRecipients": [MAIL, HOOK]}
    assert rule == AlertRule(id="3", name="", spec=spec)


def test_recipients_that_stay_are_sent_again(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    number = glitchtip.create_alert_rule("goimg: new", SPEC)

    glitchtip.update_alert_rule(number, "goimg: newer", SPEC)

    assert double.store.alerts[0]["alertRecipients"] == [MAIL, HOOK]


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({**SPEC, "environment": "production"}, "answered 400"),
        ({**SPEC, "quantity": 40_000}, "answered 500"),
        ({**SPEC, "alertRecipients": [MAIL, MAIL]}, "answered 500"),
        ({**SPEC, "alertRecipients": [{"recipientType": "webhook", "url": ""}]}, "answered 422"),
    ],
)
def test_what_glitchtip_does_not_take_is_an_error(glitchtip: GlitchTip, spec: dict[str, Any], said: str) -> None:
    with pytest.raises(TrackerError, match=said):
        glitchtip.create_alert_rule("goimg: new", spec)


def test_what_failed_may_have_left_a_rule_without_recipients(glitchtip: GlitchTip) -> None:
    with pytest.raises(TrackerError):
        glitchtip.create_alert_rule("goimg: new", {**SPEC, "alertRecipients": [HOOK, HOOK]})

    assert [rule.spec["alertRecipients"] for rule in glitchtip.alert_rules()] == [[]]


def test_an_answer_of_another_form_is_an_error(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    double.store.alerts.append({"id": 3, "project": "goimg", "name": "x", "alertRecipients": []})

    with pytest.raises(TrackerError, match="This is not what GlitchTip answers"):
        glitchtip.alert_rules()
