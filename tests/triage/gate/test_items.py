"""Every line of the gate's checklists is answered by an item."""

import pytest

from apps.triage.gate.item import BREACH, ERASURE, MINIMISATION, MONITORING, SECURITY
from apps.triage.gate.items import ATTESTABLE, ITEMS

# As the gate's checklists have them, all in the order of their lists.
VERIFICATION = (
    "Tracker deployed",
    "SDK integrated in API and worker",
    "Unhandled errors captured",
    "Scrubbing implemented and tested",
    "Sample rates 100 %/10 %",
    "Alerts for spikes and new types configured",
    "Team trained on dashboard and triage",
    "Documentation complete",
    "Access control configured",
    "Retention 90 days",
    "Tested in staging",
    "Production verified (errors appear)",
)
SUMMARY = (
    "Alert configuration documented",
    "Operational procedures documented",
    "Search and filtering documented",
    "Performance impact documented",
    "Security considerations documented",
    "GDPR addressed",
)
IMPLEMENTATION = (
    "Choose the tracker",
    "Deploy it or sign up",
    "Generate and configure secrets (DSN, database password, secret key)",
    "Install and initialise the SDK",
    "Middleware",
    "Scrubbing in before_send",
    "Alerts (e-mail, Slack, PagerDuty)",
    "Test capture in staging",
    "Deploy",
    "Verify on the dashboard",
    "Train the team",
    "On-call rota for critical errors",
)
LINES = (*VERIFICATION, *SUMMARY, *IMPLEMENTATION)


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_the_checklists_has_an_item(line: str) -> None:
    assert [item.id for item in ITEMS if line in item.answers]


def test_items_answer_lines_that_are_there() -> None:
    assert {line for item in ITEMS for line in item.answers} <= set(LINES)
    assert all(item.answers for item in ITEMS)


def test_each_control_has_an_item() -> None:
    controls = {control for item in ITEMS for control in item.controls}
    assert controls == {MINIMISATION, ERASURE, SECURITY, BREACH, MONITORING}
    assert all(item.controls for item in ITEMS)


def test_items_are_told_apart() -> None:
    assert len({item.id for item in ITEMS}) == len(ITEMS)


def test_without_a_check_only_a_person_can_know() -> None:
    assert all((item.check is None) == (item.known_by == ("person",)) for item in ITEMS)


def test_only_what_no_machine_can_know_is_a_person_s_to_say() -> None:
    assert set(ATTESTABLE) == {
        "choice",
        "containers",
        "retention",
        "access",
        "two-factor",
        "access-policy",
        "dpa",
        "dashboard",
        "training",
        "on-call",
    }
