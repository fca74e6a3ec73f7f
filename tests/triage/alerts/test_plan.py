"""`sentry_alerts validate` and `plan`, on the doubles and on a real Bugsink."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError

from tests.conftest import ROOT
from tests.triage.alerts import CHAT, FILE, Run, names
from tests.triage.glitchtip_double import GlitchTipDouble
from tests.triage.real_bugsink import Project

REMEDY = 'Beside by = "tracker" write instead = ["RECEIVER"]: whom sentry_watch tells then.'


def test_the_plan_says_who_evaluates_what_and_what_is_different(double: Any, file: Path, run: Run) -> None:
    code, out, _ = run("plan", "--json")

    document = json.loads(out)
    assert code == 1
    assert [(one["rule"], one["priority"], one["by"]) for one in document["coverage"]] == [
        ("urgent", "P0", "watch"),
        ("urgent", "P3", "nobody"),
        ("net", None, "tracker"),
    ]
    assert document["coverage"][0]["why"].startswith(("GlitchTip 5 has no priorities", "Sentry has no P0 to P3"))
    assert document["changes"] == [{"action": "create", "name": "goimg: net", "id": None, "fields": []}]
    assert names(double) == []


def test_the_plan_for_people_has_each_reason_and_each_field_in_full(
    glitchtip: GlitchTipDouble, file: Path, run: Run
) -> None:
    file.write_text(CHAT)
    run("apply", "--yes")
    glitchtip.store.alerts[1] |= {"quantity": 7}

    out = run("plan")[1]

    assert out.startswith(
        "Who evaluates\nname\tpriority\tto\tby\nurgent\tP0\tchat\tsentry_watch\nurgent\tP3\tnobody\tnobody\n"
    )
    assert "\nurgent: GlitchTip 5 has no priorities in a rule.\n" in out
    assert out.endswith("change\tgoimg: all to chat\ngoimg: all to chat: quantity: 7 -> 1\n")


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ('on = "users"\nusers = 1', "GlitchTip 5 has no user count in a rule."),
        ('on = "spike"\nevents = 1\nminutes = 1', "GlitchTip 5 has no exact spikes: it counts once a minute"),
        ('on = "new issue"\nenvironments = ["production"]', "GlitchTip 5 has no environments in a rule."),
    ],
)
def test_what_the_tracker_was_given_and_cannot_do_is_said(
    glitchtip: GlitchTipDouble, file: Path, run: Run, rule: str, why: str
) -> None:
    file.write_text(FILE + f'[[rules]]\nname = "more"\n{rule}\nto = ["everybody"]\nby = "tracker"\n')

    code, out, _ = run("apply", "--yes", "--json")

    document = json.loads(out)
    assert code == 1
    assert (document["plan"]["coverage"][-1]["by"], document["plan"]["coverage"][-1]["missing"]) == ("nobody", True)
    assert document["plan"]["coverage"][-1]["why"].startswith(why)
    assert [one["result"] for one in document["results"]] == ["created"]
    assert run("plan")[0] == 1


def test_a_webhook_that_is_not_set_is_named(
    glitchtip: GlitchTipDouble, file: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text(CHAT)
    monkeypatch.delenv("ALERT_SLACK_URL")
    with pytest.raises(ImproperlyConfigured, match="ALERT_SLACK_URL must be set"):
        run("plan")
    for wrong in ("hooks.example.com", "ftp://hooks.example.com/", "https://a:b@hooks.example.com/", "http://[/"):
        monkeypatch.setenv("ALERT_SLACK_URL", wrong)
        with pytest.raises(ImproperlyConfigured, match=r"ALERT_SLACK_URL must be the http\(s\) address of a webhook"):
            run("plan")


def test_bugsink_says_that_it_has_no_rules(project: Project, file: Path, run: Run) -> None:
    code, out, _ = run("plan", "--json")

    document = json.loads(out)
    why = "Bugsink 2.6 has no alert rules in its API, only three switches per project."
    assert code == 1
    assert (document["why_no_rules"], document["changes"]) == (why, [])
    assert [(one["rule"], one["by"], one["why"]) for one in document["coverage"]] == [
        ("urgent", "watch", why),
        ("urgent", "nobody", None),
        ("net", "nobody", f"{why} {REMEDY}"),
    ]
    assert run("apply", "--yes")[0] == 1
    with pytest.raises(CommandError, match=r"Bugsink 2\.6 has no alert rules in its API"):
        run("export")


def test_a_rule_that_nobody_evaluates_is_named_with_what_to_write(project: Project, file: Path, run: Run) -> None:
    code, out, err = run("plan")

    assert code == 1
    assert f"\nnet: Bugsink 2.6 has no alert rules in its API, only three switches per project. {REMEDY}\n" in out
    assert err == "Nothing to do on Bugsink; sentry_watch evaluates urgent; nobody evaluates net.\n"


def test_on_bugsink_there_is_nothing_to_do_for_our_own_file(project: Project, run: Run) -> None:
    code, out, err = run("plan", "--file", str(ROOT / "alerts.toml"))

    assert code == 0
    assert out.count("Bugsink 2.6 has no alert rules") == 1
    assert "\nnew issue, spike, user impact, net: Bugsink 2.6 has no alert rules in its API" in out
    assert "\nnet\tany\tteam-mail\tsentry_watch\n" in out
    assert err == "Nothing to do on Bugsink; sentry_watch evaluates new issue, spike, user impact, net.\n"
    assert run("apply", "--file", str(ROOT / "alerts.toml")).code == 0


def test_a_tracker_that_is_not_there_is_one_sentence(
    file: Path, run: Run, monkeypatch: pytest.MonkeyPatch, project: Project
) -> None:
    monkeypatch.setenv("TRACKER_URL", "http://127.0.0.1:9")

    with pytest.raises(CommandError, match=r"^The tracker cannot be asked: http://127\.0\.0\.1:9/"):
        run("plan")


@pytest.mark.parametrize("subcommand", ["plan", "apply"])
def test_a_bad_file_is_found_before_anybody_is_asked(file: Path, run: Run, double: Any, subcommand: str) -> None:
    file.write_text("rules = 1")

    with pytest.raises(CommandError) as error:
        run(subcommand)

    assert error.value.returncode == 2
    assert double.asked == []


def test_validate_names_every_mistake(file: Path, run: Run) -> None:
    assert run("validate")[0] == 0
    assert json.loads(run("validate", "--json")[1])["rules"] == ["urgent", "net"]
    file.write_text(FILE.replace('"members"', '"memberz"').replace('["everybody"]', '["nobody"]'))

    with pytest.raises(CommandError) as error:
        run("validate")

    assert error.value.returncode == 2
    assert [line.split(": ")[0] for line in str(error.value).split("\n")] == ["alerts.toml:13", "alerts.toml:18"]
