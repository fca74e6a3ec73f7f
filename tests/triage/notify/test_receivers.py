"""Receivers from the environment: what is missing or unsafe is said before anything is sent."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from apps.triage.alerts.rules import Receiver
from apps.triage.notify.mail import Mail
from apps.triage.notify.pagerduty import PagerDuty
from apps.triage.notify.receivers import opened
from apps.triage.notify.slack import Slack

CHAT = Receiver(name="chat", kind="slack", variable="ALERT_SLACK_URL")
PAGER = Receiver(name="pager", kind="pagerduty", variable="ALERT_PAGERDUTY_KEY")
TEAM = Receiver(name="team", kind="email", to=("team@example.com",))
MAIL = {"ALERT_SMTP_URL": "smtp://mail.example.com", "ALERT_MAIL_FROM": "alerts@example.com"}


def test_a_slack_webhook_comes_from_its_variable_or_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "hook").write_text("https://hooks.example.com/services/T1\n")

    for environ in (
        {"ALERT_SLACK_URL": "https://hooks.example.com/services/T1"},
        {"ALERT_SLACK_URL_FILE": str(tmp_path / "hook")},
    ):
        assert opened([CHAT], environ) == {"chat": Slack("https://hooks.example.com/services/T1")}


def test_a_pager_is_pagerduty_s_american_one_unless_it_is_said() -> None:
    environ = {"ALERT_PAGERDUTY_KEY": "k" * 32}
    europe = environ | {"ALERT_PAGERDUTY_HOST": "https://events.eu.pagerduty.com/"}

    assert opened([PAGER], environ) == {"pager": PagerDuty("k" * 32, "https://events.pagerduty.com")}
    assert opened([PAGER], europe) == {"pager": PagerDuty("k" * 32, "https://events.eu.pagerduty.com")}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.com", ("mail.example.com", 587, "starttls", "", "")),
        ("smtps://mail.example.com", ("mail.example.com", 465, "tls", "", "")),
        ("smtp+plain://mail:2525", ("mail", 2525, "none", "", "")),
        ("smtp://a%40b.c:p%2Fw@mail.example.com:25", ("mail.example.com", 25, "starttls", "a@b.c", "p/w")),
        ("smtp+plain://a:b@127.0.0.1", ("127.0.0.1", 25, "none", "a", "b")),
    ],
)
def test_a_mail_server_is_one_address(url: str, expected: tuple[str, int, str, str, str]) -> None:
    mail = opened([TEAM], MAIL | {"ALERT_SMTP_URL": url})["team"]

    assert isinstance(mail, Mail)
    server = mail.server
    assert (server.host, server.port, server.security, server.user, server.password) == expected


def test_what_the_tracker_sends_itself_has_no_channel() -> None:
    assert opened([Receiver(name="everybody", kind="members")], {}) == {}


@pytest.mark.parametrize(
    ("receiver", "environ", "sentence"),
    [
        (CHAT, {}, "ALERT_SLACK_URL (or ALERT_SLACK_URL_FILE) must be set: the receiver chat in the alerts file needs"),
        (CHAT, {"ALERT_SLACK_URL": "hooks.example.com/SECRET"}, "ALERT_SLACK_URL must be an address that begins with"),
        (CHAT, {"ALERT_SLACK_URL": "http://hooks.example.com/SECRET"}, "ALERT_SLACK_URL must begin with https://"),
        (CHAT, {"ALERT_SLACK_URL": "https://[SECRET"}, "ALERT_SLACK_URL is no address."),
        (CHAT, {"ALERT_SLACK_URL_FILE": "nowhere"}, "ALERT_SLACK_URL_FILE cannot be read (FileNotFoundError)."),
        (PAGER, {}, "ALERT_PAGERDUTY_KEY (or ALERT_PAGERDUTY_KEY_FILE) must be set: the receiver pager"),
        (PAGER, {"ALERT_PAGERDUTY_KEY": "SECRET", "ALERT_PAGERDUTY_HOST": "http://x.example.com"}, "must begin with"),
        (TEAM, {}, "ALERT_SMTP_URL (or ALERT_SMTP_URL_FILE) must be set: e-mail in the alerts file needs it."),
        (TEAM, {"ALERT_SMTP_URL": "smtp://h"}, "ALERT_MAIL_FROM (or ALERT_MAIL_FROM_FILE) must be set"),
        (TEAM, MAIL | {"ALERT_MAIL_FROM": "nobody"}, "ALERT_MAIL_FROM must be an address, like alerts@example.com."),
        (TEAM, MAIL | {"ALERT_MAIL_FROM": "a@b\r\nBcc: c@d"}, "ALERT_MAIL_FROM must be an address"),
        (TEAM, MAIL | {"ALERT_SMTP_URL": "mailto://SECRET"}, "ALERT_SMTP_URL must be like smtp://user:password@"),
        (TEAM, MAIL | {"ALERT_SMTP_URL": "smtp://u:SECRET@h:port"}, "ALERT_SMTP_URL is no address."),
        (TEAM, MAIL | {"ALERT_SMTP_URL": "smtp+plain://u:SECRET@mail"}, "ALERT_SMTP_URL: a password does not go over"),
    ],
)
def test_what_cannot_be_used_is_one_sentence_without_the_secret(
    receiver: Receiver, environ: dict[str, str], sentence: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        opened([receiver], environ)

    assert sentence in str(refused.value)
    assert "SECRET" not in str(refused.value)
