"""`sentry_alerts export`."""

import tomllib
from pathlib import Path
from typing import Any

from apps.triage.alerts.file import parse
from tests.triage.alerts import CHAT, FILE, HOOK, Run
from tests.triage.glitchtip_double import GlitchTipDouble
from tests.triage.sentry_double import SentryDouble


def test_export_is_a_file_that_says_the_same(double: Any, file: Path, run: Run) -> None:
    run("apply", "--yes")

    code, out, _ = run("export")

    assert code == 0
    [rule] = parse(out).rules
    assert (rule.name, rule.on, rule.to, rule.by, rule.environments) == (
        "net",
        "new issue",
        ("everybody",),
        "tracker",
        (),
    )
    file.write_text(out)
    assert run("plan")[0] == 0


def test_export_has_a_spike_of_sentry(sentry: SentryDouble, file: Path, run: Run) -> None:
    rule = '[[rules]]\nname = "spike"\non = "spike"\nevents = 10\nminutes = 5\nto = ["everybody"]\nby = "tracker"\n'
    file.write_text(FILE + rule + 'environments = ["production"]\nagain = "1h"\n')
    run("apply", "--yes")

    file.write_text(run("export")[1])

    assert run("plan")[0] == 0


def test_export_leaves_secrets_out_and_comments_what_it_has_no_words_for(
    glitchtip: GlitchTipDouble, file: Path, run: Run
) -> None:
    file.write_text(CHAT)
    run("apply", "--yes")
    odd = {"project": "goimg", "timespanMinutes": 5, "quantity": 100, "uptime": False}
    for number, name in ((801, "goimg: net"), (802, 'a "quoted" \\ one\nof two lines'), (803, "")):
        mine = [{"recipientType": "discord", "url": HOOK}]
        glitchtip.store.alerts.append({"id": number, "name": name, **odd, "alertRecipients": mine})

    out = run("export")[1]

    document = tomllib.loads(out)
    assert [rule["name"] for rule in document["rules"]] == ["net (101)", "all to chat"]
    assert document["receivers"]["webhook-1"] == {"kind": "slack", "url_variable": "ALERT_WEBHOOK_1_URL"}
    assert '# a "quoted" \\ one of two lines: alerts.toml has no words for this rule.\n# {"timespanMinutes": 5' in out
    assert "# without a name: alerts.toml has no words" in out
