"""What decides whether a rule is still the one that was seen to fire."""

from dataclasses import replace
from pathlib import Path

import pytest

from apps.triage.alerts import file
from apps.triage.alerts.rules import Alerts
from tests.triage.alerts import SMALL, written

# As the version noted it in fired.json whose rules had no `instead` yet.
NOTED = "5acd651496c3e7315aac5a049305ac7e60a1915b3afdce5604a53cc522f3112d"


@pytest.fixture
def alerts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Alerts:
    return file.load(written(tmp_path, SMALL, monkeypatch))


def test_a_rule_that_did_not_change_has_the_fingerprint_that_an_earlier_version_noted(alerts: Alerts) -> None:
    assert [alerts.fingerprint(rule) for rule in alerts.rules] == [NOTED]


def test_whom_the_watch_tells_instead_is_part_of_the_fingerprint(alerts: Alerts) -> None:
    (rule,) = alerts.rules

    assert alerts.fingerprint(replace(rule, instead=("chat",))) != NOTED
