"""`sentry_alerts apply`: what it changes, what it leaves alone, and what it says."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.triage.trackers.base import TrackerError
from apps.triage.trackers.glitchtip import GlitchTip
from apps.triage.trackers.sentry import Sentry
from tests.triage.alerts import CHAT, FILE, HOOK, Run, names
from tests.triage.glitchtip_double import TOKEN, GlitchTipDouble
from tests.triage.sentry_double import SentryDouble


class Typed:
    """A terminal at which somebody says yes, after `meanwhile`."""

    def __init__(self, meanwhile: Callable[[], Any], answer: str = "y\n") -> None:
        self.meanwhile, self.answer = meanwhile, answer

    def isatty(self) -> bool:
        return True

    def readline(self) -> str:
        self.meanwhile()
        return self.answer


def test_what_was_applied_is_not_different_any_more(double: Any, file: Path, run: Run) -> None:
    assert run("apply", "--yes")[0] == 0
    assert names(double) == ["goimg: net"]
    asked = len(double.asked)

    code, out, _ = run("plan")

    assert code == 0
    assert "same\tgoimg: net\n" in out
    assert run("apply")[0] == 0  # with nothing to do, nobody has to be asked
    assert {method for method, _ in double.asked[asked:]} == {"GET"}


def test_what_others_made_is_left_alone(glitchtip: GlitchTipDouble, file: Path, run: Run) -> None:
    theirs = {"id": 7, "project": "goimg", "name": "goimgs: mine", "timespanMinutes": None, "quantity": None}
    theirs |= {"uptime": True, "alertRecipients": [{"recipientType": "email", "url": ""}]}
    glitchtip.store.alerts.append(dict(theirs))

    code, out, _ = run("apply", "--yes")

    assert code == 0
    assert "not ours\tgoimgs: mine\n" in out
    assert glitchtip.store.alerts[0] == theirs


def test_what_left_the_file_is_deleted_and_only_that(double: Any, file: Path, run: Run) -> None:
    file.write_text(FILE + '[[rules]]\nname = "two"\non = "new issue"\nto = ["everybody"]\nby = "tracker"\n')
    run("apply", "--yes")
    assert names(double) == ["goimg: net", "goimg: two"]
    file.write_text(FILE)

    code, out, _ = run("apply", "--yes")

    assert code == 0
    assert "deleted\tgoimg: two" in out
    assert names(double) == ["goimg: net"]


def test_a_second_rule_of_the_same_name_is_one_too_many(glitchtip: GlitchTipDouble, file: Path, run: Run) -> None:
    run("apply", "--yes")
    glitchtip.store.alerts.append(glitchtip.store.alerts[0] | {"id": 900})

    assert run("apply", "--yes")[0] == 0
    assert [row["id"] for row in glitchtip.store.alerts] == [101]


def test_what_somebody_changed_is_shown_field_by_field_and_put_right(
    glitchtip: GlitchTipDouble, file: Path, run: Run
) -> None:
    file.write_text(CHAT)
    run("apply", "--yes")
    changed = next(row for row in glitchtip.store.alerts if row["name"] == "goimg: all to chat")
    changed |= {"quantity": 5, "alertRecipients": []}

    code, out, _ = run("plan", "--json")

    [change] = [one for one in json.loads(out)["changes"] if one["action"] == "change"]
    assert code == 1
    assert [one["field"] for one in change["fields"]] == ["quantity", "alertRecipients"]
    assert (change["fields"][0]["is"], change["fields"][0]["will_be"]) == (5, 1)
    assert change["fields"][1]["will_be"][0]["url"].startswith("hooks.example.com/…")
    run("apply", "--yes")
    assert changed["alertRecipients"] == [{"recipientType": "webhook", "url": HOOK}]
    assert run("plan")[0] == 0


def test_what_somebody_changed_on_sentry_is_put_right(sentry: SentryDouble, file: Path, run: Run) -> None:
    run("apply", "--yes")
    [row] = sentry.store.workflows
    row |= {"enabled": False, "environment": "staging", "detectorIds": ["11", "21"]}

    code, out, _ = run("plan", "--json")

    fields = json.loads(out)["changes"][0]["fields"]
    assert code == 1
    assert {one["field"]: one["is"] for one in fields} == {
        "enabled": False,
        "environment": "staging",
        "detectorIds": ["11", "21"],
    }
    assert run("apply", "--yes")[0] == 0
    assert (row["enabled"], row["environment"], row["detectorIds"]) == (True, None, ["11"])


def test_a_spike_that_sentry_counts_as_we_do_is_its_own(sentry: SentryDouble, file: Path, run: Run) -> None:
    rule = '[[rules]]\nname = "spike"\non = "spike"\nevents = 10\nminutes = 1\nto = ["everybody"]\nby = "tracker"\n'
    file.write_text(FILE + rule + 'environments = ["production"]\n')

    assert run("apply", "--yes")[0] == 0

    row = next(row for row in sentry.store.workflows if row["name"] == "goimg: spike")
    assert (row["environment"], row["config"]) == ("production", {"frequency": 1440})
    assert row["triggers"]["conditions"] == []  # every event
    [condition] = row["actionFilters"][0]["conditions"]
    assert (condition["type"], condition["comparison"]) == ("event_frequency_count", {"value": 10, "interval": "1m"})
    assert run("plan")[0] == 0


def test_a_failure_in_the_middle_leaves_the_rest_done_and_is_said(
    double: Any, file: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    extra = "".join(
        f'[[rules]]\nname = "{one}"\non = "new issue"\nto = ["everybody"]\nby = "tracker"\n' for one in "ab"
    )
    file.write_text(FILE + extra)
    adapter = GlitchTip if isinstance(double, GlitchTipDouble) else Sentry
    create = adapter.create_alert_rule

    def fail(self: Any, name: str, spec: Any) -> str:
        if name == "goimg: a":
            raise TrackerError("It answered 502.")
        return create(self, name, spec)

    monkeypatch.setattr(adapter, "create_alert_rule", fail)

    code, out, _ = run("apply", "--yes")

    assert code == 1
    assert "created\tgoimg: net" in out
    assert "\ngoimg: a: It answered 502." in out
    assert names(double) == ["goimg: b", "goimg: net"]


def test_who_interrupts_hears_what_was_made(
    sentry: SentryDouble, file: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text(FILE + '[[rules]]\nname = "two"\non = "new issue"\nto = ["everybody"]\nby = "tracker"\n')
    create = Sentry.create_alert_rule

    def interrupted(self: Any, name: str, spec: Any) -> str:
        if name == "goimg: two":
            raise KeyboardInterrupt
        return create(self, name, spec)

    monkeypatch.setattr(Sentry, "create_alert_rule", interrupted)

    code, out, _ = run("apply", "--yes")

    assert code == 130
    assert "created\tgoimg: net" in out
    assert names(sentry) == ["goimg: net"]


def test_a_yes_that_stored_something_else_is_a_failure(glitchtip: GlitchTipDouble, file: Path, run: Run) -> None:
    glitchtip.lies = True

    code, out, _ = run("apply", "--yes")

    assert code == 1
    assert "\ngoimg: net: GlitchTip answered that the rule goimg: net is stored, but not as it was sent." in out


def test_a_deletion_that_was_none_is_a_failure(glitchtip: GlitchTipDouble, file: Path, run: Run) -> None:
    file.write_text(CHAT)
    run("apply", "--yes")
    file.write_text(FILE)
    glitchtip.lies = True
    assert "answered that it is deleted, but it is still there" in run("apply", "--yes")[1]

    glitchtip.lies, glitchtip.store.admin = False, False
    code, out, _ = run("apply", "--yes")

    assert code == 1
    assert "GlitchTip deleted no rule: it is not there (any more), or the token's owner is no admin." in out


def test_who_was_faster_is_not_overwritten(
    sentry: SentryDouble, file: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("apply", "--yes")
    [row] = sentry.store.workflows
    row["enabled"] = False
    monkeypatch.setattr("sys.stdin", Typed(lambda: row.update(config={"frequency": 30})))

    code, out, _ = run("apply")

    assert code == 1
    assert "\ngoimg: net: Somebody changed it since the plan was made; make a new plan." in out
    assert (row["enabled"], row["config"]) == (False, {"frequency": 30})


def test_what_somebody_made_meanwhile_is_not_made_twice(
    sentry: SentryDouble, file: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Typed(lambda: call_command("sentry_alerts", "apply", "--yes")))

    code, out, _ = run("apply")

    assert code == 1
    assert "\ngoimg: net: Somebody made it since the plan was made; make a new plan." in out
    assert names(sentry) == ["goimg: net"]


def test_somebody_may_say_no(double: Any, file: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Typed(lambda: None, "\n"))

    assert run("apply")[0] == 1
    assert names(double) == []


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_without_a_terminal_nothing_is_changed_unasked(
    double: Any, file: Path, run: Run, form: tuple[str, ...]
) -> None:
    assert not sys.stdin.isatty()
    with pytest.raises(
        CommandError, match=r"^This would make 1 change on .*; --yes does it without asking\.$"
    ) as error:
        run("apply", *form)

    assert error.value.returncode == 2
    assert names(double) == []


def test_a_webhook_may_stand_in_a_file_and_be_spelt_otherwise(
    glitchtip: GlitchTipDouble, file: Path, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file.write_text(CHAT)
    (tmp_path / "url").write_text("https://HOOKS.example.com\n")
    monkeypatch.setenv("ALERT_SLACK_URL_FILE", str(tmp_path / "url"))

    assert run("apply", "--yes")[0] == 0
    assert run("plan")[0] == 0
    assert glitchtip.store.alerts[1]["alertRecipients"] == [
        {"recipientType": "webhook", "url": "https://hooks.example.com/"}
    ]


def test_a_tracker_that_refuses_does_not_get_the_webhook_printed(
    glitchtip: GlitchTipDouble, file: Path, run: Run
) -> None:
    file.write_text(CHAT)
    adapter = GlitchTip(glitchtip.url, "acme", "goimg", TOKEN)

    with pytest.raises(TrackerError) as error:
        adapter.create_alert_rule("x", {"alertRecipients": [{"recipientType": "odd", "url": HOOK}]})

    assert "answered 422" in str(error.value)
    assert "sEcReT" not in str(error.value)
