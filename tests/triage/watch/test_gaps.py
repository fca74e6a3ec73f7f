"""A rule that can fire nowhere is said when the watch begins."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command

from apps.triage import config
from apps.triage.alerts.rules import Rule
from apps.triage.notify.local import Local
from apps.triage.trackers.base import AlertRule, Capability
from apps.triage.watch.gaps import gaps
from tests.triage.alerts import NET
from tests.triage.watch.moving import NEW, Moving, alerts_of

GIVEN = Rule(name="net", on="new issue", to=("chat",), by="tracker")


def test_a_rule_that_the_tracker_is_to_evaluate_and_has_not_got_is_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    tracker, there = Moving(), list[AlertRule]()
    monkeypatch.setattr(Moving, "alert_rules", lambda self: there)

    assert list(gaps(alerts_of(GIVEN), tracker)) == [
        "Bugsink 2.6 is to evaluate net and has no such rule: `sentry_alerts apply` makes it."
    ]
    there.append(AlertRule(id="1", name="goimg: net", spec={}))
    assert list(gaps(alerts_of(GIVEN), tracker)) == []


def test_a_rule_that_the_tracker_cannot_evaluate_is_a_gap_where_the_watch_must_not() -> None:
    tracker = Moving(lacks={Capability.ALERT_RULES: "Bugsink 2.6 has no rules."})

    assert list(gaps(alerts_of(GIVEN, replace(NEW, by="auto")), tracker)) == [
        'Nobody evaluates net: Bugsink 2.6 has no rules. Write by = "auto": then sentry_watch evaluates it.'
    ]


@pytest.mark.parametrize("dsn", ["glitchtip", "sentry"], indirect=True)
def test_the_watch_says_it_until_the_rule_is_there(
    dsn: str, local: Local, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder.parent / "alerts.toml"
    path.write_text(path.read_text() + NET)
    sentence = f"{config.tracker().name} is to evaluate net and has no such rule"

    call_command("sentry_watch", "--dry-run")
    assert sentence in capsys.readouterr().err

    call_command("sentry_alerts", "apply", "--yes")
    capsys.readouterr()
    call_command("sentry_watch", "--dry-run")
    assert sentence not in capsys.readouterr().err
