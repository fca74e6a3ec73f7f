"""Alert rules: those of alerts.toml are on the tracker, and nobody's else are missed."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from apps.triage import config
from apps.triage.alerts import applying
from apps.triage.alerts.file import load
from apps.triage.alerts.plan import plan
from apps.triage.gate.checks import alerts
from apps.triage.gate.scope import RecordError, Scope
from apps.triage.watch.config import place
from apps.triage.watch.store import Store
from tests.conftest import ROOT
from tests.triage.gate.conftest import MakeScope
from tests.triage.glitchtip_double import GlitchTipDouble
from tests.triage.real_bugsink import Project

OWN = (ROOT / "alerts.toml").read_text()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "alerts.toml"
    auto = OWN.replace('by = "tracker"', 'by = "auto"').replace("instead = ", "#")
    path.write_text(auto.replace('to = ["everybody"]', 'to = ["team-mail"]'))
    return path


def test_on_a_tracker_without_rules_the_watch_evaluates_them_all(
    project: Project, make_scope: MakeScope, file: Path
) -> None:
    found = alerts.as_planned(make_scope())

    assert found.state == "held", found
    assert found.said.startswith("4 rules for ")
    assert "Bugsink evaluates 0, as alerts.toml says; sentry_watch the other " in found.said


def test_our_own_file_holds_there_because_the_watch_tells_others_instead(
    project: Project, make_scope: MakeScope
) -> None:
    found = alerts.as_planned(make_scope(root=ROOT))

    assert found.state == "held", found
    assert "Bugsink evaluates 0, as alerts.toml says; sentry_watch the other " in found.said


def test_a_rule_that_only_a_tracker_without_rules_may_evaluate_has_failed(
    project: Project, make_scope: MakeScope, tmp_path: Path
) -> None:
    (tmp_path / "alerts.toml").write_text(OWN.replace("instead = ", "#"))

    found = alerts.as_planned(make_scope())

    assert found.state == "failed"
    assert "net is evaluated by nobody: Bugsink 2.6 has no alert rules in its API" in found.said
    assert found.said.endswith('write instead = ["RECEIVER"]: whom sentry_watch tells then.')


def test_rules_that_are_not_on_the_tracker_have_failed_and_hold_once_they_are(
    glitchtip: GlitchTipDouble, make_scope: MakeScope
) -> None:
    scope = make_scope(root=ROOT)

    before = alerts.as_planned(scope)
    asked = plan(load(ROOT / "alerts.toml"), scope.tracker())
    list(applying.apply(scope.tracker(), asked))
    after = alerts.as_planned(scope)

    assert (before.state, after.state) == ("failed", "held"), after
    assert before.said == "GlitchTip 5.2 is not as alerts.toml says: goimg: net: to create."
    assert "GlitchTip 5.2 evaluates 1, as alerts.toml says; sentry_watch the other " in after.said


def test_a_rule_that_somebody_changed_by_hand_has_failed(glitchtip: GlitchTipDouble, make_scope: MakeScope) -> None:
    scope = make_scope(root=ROOT)
    tracker = scope.tracker()
    list(applying.apply(tracker, plan(load(ROOT / "alerts.toml"), tracker)))
    [rule] = tracker.alert_rules()
    tracker.delete_alert_rule(rule.id)

    assert alerts.as_planned(scope).state == "failed"


@pytest.mark.parametrize("on", ["new issue", "spike"])
def test_rules_that_leave_out_what_somebody_must_hear_of_have_failed(
    project: Project, make_scope: MakeScope, file: Path, on: str
) -> None:
    blocks = file.read_text().split("[[rules]]")
    file.write_text("[[rules]]".join(block for block in blocks if f'on = "{on}"' not in block))

    found = alerts.as_planned(make_scope())

    assert (found.state, found.said) == ("failed", f"By alerts.toml nobody hears in production of: {on}.")


def test_rules_about_another_name_than_production_s_have_failed(
    project: Project, make_scope: MakeScope, file: Path
) -> None:
    text = file.read_text().replace('environments = ["production"]', 'environments = ["prod"]')
    file.write_text(text.replace("environments = []\n", ""))

    found = alerts.as_planned(make_scope())

    assert (found.state, found.said) == ("failed", "By alerts.toml nobody hears in production of: new issue, spike.")


def test_a_file_with_a_mistake_or_none_at_all_cannot_be_held_against_the_tracker(
    make_scope: MakeScope, file: Path
) -> None:
    file.write_text("timezne = 3\n")
    with pytest.raises(RecordError, match=r"^alerts\.toml:1: "):
        alerts.as_planned(make_scope())

    file.unlink()
    with pytest.raises(RecordError, match=r"^alerts\.toml:1: the file cannot be read"):
        alerts.seen_to_fire(make_scope())


def test_another_file_may_be_named(
    project: Project, make_scope: MakeScope, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALERTS_FILE", str(file.rename(file.with_name("others.toml"))))

    assert alerts.as_planned(make_scope()).state == "held"


def _beat(folder: Path, moment: datetime, problems: int = 0) -> None:
    Store(folder).beat(moment, place(os.environ, config.tracker().url), problems)


def test_a_watch_that_looked_just_now_holds(
    project: Project, make_scope: MakeScope, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCH_STATE_DIR", str(tmp_path))
    now = datetime.now(UTC).replace(microsecond=0)
    _beat(tmp_path, now - timedelta(minutes=4))

    found = alerts.watched(make_scope(root=ROOT, now=now))

    assert found.state == "held"
    assert found.said.endswith("left to sentry_watch, which looked 240 s ago.")


@pytest.mark.parametrize("minutes", [11, -11])
def test_a_watch_that_is_dead_has_failed(
    project: Project, make_scope: MakeScope, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    monkeypatch.setenv("WATCH_STATE_DIR", str(tmp_path))
    scope = make_scope(root=ROOT)
    assert alerts.watched(scope).said.endswith("which has not looked: there is no heartbeat.")

    _beat(tmp_path, scope.now - timedelta(minutes=minutes))

    assert alerts.watched(scope).state == "failed"


def test_a_watch_that_is_alive_and_cannot_read_the_tracker_has_failed(
    project: Project, make_scope: MakeScope, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCH_STATE_DIR", str(tmp_path))
    scope = make_scope(root=ROOT)
    _beat(tmp_path, scope.now, problems=1)

    found = alerts.watched(scope)

    assert found.state == "failed"
    assert "which could not read or send all when it looked last" in found.said


def test_a_watch_of_another_project_has_failed(
    project: Project, make_scope: MakeScope, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCH_STATE_DIR", str(tmp_path))
    scope = make_scope(root=ROOT)
    Store(tmp_path).beat(scope.now, "https://tracker.example.com goimg")

    found = alerts.watched(scope)

    assert found.state == "failed"
    assert found.said.endswith("which watches another place: https://tracker.example.com goimg.")


def test_where_the_tracker_evaluates_all_there_is_nothing_to_watch(
    glitchtip: GlitchTipDouble, make_scope: MakeScope, file: Path
) -> None:
    blocks = OWN.split("[[rules]]")
    file.write_text("[[rules]]".join([blocks[0], *(block for block in blocks if 'name = "net"' in block)]))

    assert alerts.watched(make_scope()).said == (
        "GlitchTip 5.2 evaluates all of alerts.toml: there is nothing to watch."
    )


Note = Callable[..., Scope]


def _entries(scope: Scope, net: str) -> list[dict[str, Any]]:
    """What is noted where each rule of the project's own file fired; `net` is the kind of who hears of the last one."""
    rules = load(ROOT / "alerts.toml")
    return [
        {
            "rule": rule.name,
            "sha256": rules.fingerprint(rule),
            "kinds": [net] if rule.to else ["email", "pagerduty", "slack"],
            "receiver": "real",
            "evaluated_by": "watch",
            "tracker": scope.tracker().name,
            "environment": "staging",
            "event_ids": [f"{index:x}" * 32],
            "at": scope.now.isoformat(timespec="seconds"),
        }
        for index, rule in enumerate(rules.rules)
    ]


@pytest.fixture
def note(glitchtip: GlitchTipDouble, make_scope: MakeScope) -> Note:
    """Notes that each rule of the project's own file fired, with an event on the tracker; arguments are changes."""

    def write(number: int = 1, **changes: Any) -> Scope:
        scope = make_scope(root=ROOT, environment="staging")
        rules = load(ROOT / "alerts.toml")
        for index, _ in enumerate(rules.rules):
            event = {"event_id": f"{index:x}" * 32, "environment": "staging", "message": "x"}
            glitchtip.store.ingest(event, 1)
        fired = _entries(scope, "members")
        fired[number] |= changes
        (scope.folder / alerts.FILE).write_text(json.dumps({"schema": 1, "fired": fired}))
        return scope

    return write


def test_rules_that_fired_and_whose_errors_are_on_the_tracker_hold(note: Note) -> None:
    scope = note()

    found = alerts.seen_to_fire(scope)

    assert (found.state, found.basis) == ("held", "record")
    assert found.said == (
        "4 rules seen to fire, their receivers told (email, members, pagerduty, slack), "
        f"the first on {scope.now:%Y-%m-%d}; "
        "4 of 4 test errors looked up on GlitchTip 5.2."
    )


@pytest.mark.parametrize(("net", "state"), [("email", "not known"), ("members", "failed")])
def test_on_a_tracker_without_rules_those_must_have_heard_whom_the_watch_tells_instead(
    project: Project, make_scope: MakeScope, net: str, state: str
) -> None:
    scope = make_scope(root=ROOT, environment="staging")
    (scope.folder / alerts.FILE).write_text(json.dumps({"schema": 1, "fired": _entries(scope, net)}))

    found = alerts.seen_to_fire(scope)  # not known: Bugsink has none of their errors

    assert found.state == state, found
    assert ("net: nothing was seen to arrive by email." in found.said) is (state == "failed")


def test_test_errors_that_were_deleted_are_counted(note: Note) -> None:
    found = alerts.seen_to_fire(note(event_ids=["f" * 32]))

    assert found.state == "held"
    assert found.said.endswith("; 3 of 4 test errors looked up on GlitchTip 5.2.")


def test_notes_of_which_no_test_error_is_on_the_tracker_prove_nothing(note: Note, glitchtip: GlitchTipDouble) -> None:
    scope = note()
    glitchtip.store.events.clear()

    assert alerts.seen_to_fire(scope).state == "not known"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"rule": "another"}, "spike: never."),
        ({"environment": "production"}, "spike: only in production on GlitchTip 5.2."),
        ({"tracker": "GlitchTip 5.1"}, "spike: only in staging on GlitchTip 5.1."),
        ({"receiver": "local"}, "spike: with receivers on loopback only."),
        (
            {"sha256": "0" * 64},
            "spike: it is not the rule that fired then, but changed since, or noted by an earlier version; "
            'sentry_alerts test "spike" notes it anew.',
        ),
        ({"kinds": ["email"]}, "spike: nothing was seen to arrive by pagerduty, slack."),
        ({"kinds": []}, "spike: nothing was seen to arrive by email, pagerduty, slack."),
        ({"at": (datetime.now(UTC) - timedelta(days=91)).isoformat()}, ", which counts for 90 days."),
        ({"at": (datetime.now(UTC) + timedelta(days=1)).isoformat()}, ", which counts for 90 days."),
    ],
)
def test_a_note_that_does_not_count_has_failed(note: Note, changes: dict[str, Any], why: str) -> None:
    found = alerts.seen_to_fire(note(**changes))

    assert found.state == "failed"
    assert found.said.startswith("Not seen to fire in staging: spike: ")
    assert found.said.endswith(why)


def test_an_event_of_another_environment_proves_nothing(note: Note, glitchtip: GlitchTipDouble) -> None:
    scope = note(event_ids=["e" * 32])
    glitchtip.store.ingest({"event_id": "e" * 32, "environment": "production", "message": "x"}, 1)

    assert alerts.seen_to_fire(scope).said == (
        f"spike: its test error {'e' * 32} is on GlitchTip 5.2, but not of then and there."
    )


def test_no_notes_have_failed(project: Project, make_scope: MakeScope) -> None:
    found = alerts.seen_to_fire(make_scope(root=ROOT))

    assert found.said == "There is no gate/fired.json: no rule was seen to fire."
