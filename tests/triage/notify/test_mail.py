"""E-mail, to a real SMTP server on loopback."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from apps.triage.alerts.rules import Receiver
from apps.triage.notify.errors import Undelivered
from apps.triage.notify.receivers import opened
from tests.triage.notify import mailbox
from tests.triage.notify.mailbox import PASSWORD, USER, Mailbox
from tests.triage.watch.test_post import message

TEAM = Receiver(name="team", kind="email", to=("team@example.com", "boss@example.com"))


def send(url: str, *messages: Any, sender: str = "goimg alerts <alerts@example.com>") -> None:
    environ = {"ALERT_SMTP_URL": url, "ALERT_MAIL_FROM": sender}
    opened([TEAM], environ)["team"].send(messages or [message()])


def plain(box: Mailbox) -> str:
    return f"smtp+plain://127.0.0.1:{box.port}"


def test_a_mail_says_in_plain_text_what_there_is_to_know() -> None:
    with mailbox.running() as box:
        send(plain(box))

    (mail,) = box.mails
    assert box.to == [["team@example.com", "boss@example.com"]]
    assert mail["From"] == "goimg alerts <alerts@example.com>"
    assert mail["To"] == "team@example.com, boss@example.com"
    assert mail["Subject"] == "P1 production: KeyError: 'poster'"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().splitlines() == [
        "P1 production: KeyError: 'poster'",
        "Why:        new issue",
        "Issue:      GOIMG-1",
        "Events:     12",
        "Users:      3",
        "First seen: 2026-11-24 11:00:00 UTC",
        "Level:      error",
        "Release:    goimg-api@1.0.0",
        "Where:      apps.gallery.views in post",
        "Link:       https://tracker.example.com/issues/1",
        "Runbook:    https://docs.example.com/runbook",
    ]


def test_mails_about_one_issue_belong_together_in_a_mail_program() -> None:
    with mailbox.running() as box:
        for _ in range(2):
            send(plain(box))
        send(plain(box), message("2"))

    first, second, other = box.mails
    assert first["References"] == second["References"] == "<goimg.1@example.com>"
    assert other["References"] != first["References"]
    assert first["Message-ID"] != second["Message-ID"]


def test_several_issues_are_one_mail() -> None:
    with mailbox.running() as box:
        send(plain(box), message("1"), message("2", "P0"))

    (mail,) = box.mails
    assert mail["Subject"] == "2 issues, up to P0: KeyError: 'poster', …"
    assert "GOIMG-1" in mail.get_content()
    assert "GOIMG-2" in mail.get_content()


def test_a_title_with_line_breaks_adds_no_header() -> None:
    hostile = message(title="KeyError\r\nBcc: thief@example.com\r\n\r\nbody").scrubbed()
    with mailbox.running() as box:
        send(plain(box), hostile)

    (mail,) = box.mails
    assert mail["Bcc"] is None
    assert box.to == [["team@example.com", "boss@example.com"]]


def test_letters_of_all_the_world_arrive() -> None:
    with mailbox.running() as box:
        send(plain(box), message(title="ValueError: größer als 漢字 🎉"))

    assert box.mails[0]["Subject"] == "P1 production: ValueError: größer als 漢字 🎉"
    assert "größer als 漢字 🎉" in box.mails[0].get_content()


def test_smtp_encrypts_before_the_password_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = mailbox.certificate(tmp_path, monkeypatch)
    with mailbox.running(tls_context=context, require_starttls=True, password=True) as box:
        send(f"smtp://{quote(USER)}:{quote(PASSWORD, safe='')}@localhost:{box.port}")

    assert box.encrypted == [True]


def test_smtps_encrypts_from_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = mailbox.certificate(tmp_path, monkeypatch)
    with mailbox.running(ssl_context=context) as box:
        send(f"smtps://localhost:{box.port}")

    assert box.encrypted == [True]


def test_a_server_that_does_not_encrypt_gets_nothing() -> None:
    with mailbox.running() as box:
        assert refusal(f"smtp://127.0.0.1:{box.port}") == "the mail server 127.0.0.1 offers no STARTTLS or no login"

    assert box.mails == []


def test_a_certificate_that_nobody_trusts_gets_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = mailbox.certificate(tmp_path, monkeypatch)
    monkeypatch.delenv("SSL_CERT_FILE")
    with mailbox.running(ssl_context=context) as box:
        said = refusal(f"smtps://localhost:{box.port}")

    assert said == "the mail server localhost cannot be reached (SSLCertVerificationError)"
    assert box.mails == []


def test_a_wrong_password_is_said_without_the_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = mailbox.certificate(tmp_path, monkeypatch)
    with mailbox.running(tls_context=context, password=True) as box:
        said = refusal(f"smtp://{quote(USER)}:mistyped@localhost:{box.port}")

    assert said == "the mail server localhost did not take user and password (535)"


def test_a_server_that_is_not_there_is_one_sentence() -> None:
    with mailbox.running() as box:
        pass

    assert refusal(plain(box)) == "the mail server 127.0.0.1 cannot be reached (ConnectionRefusedError)"


def test_a_server_s_refusal_is_repeated() -> None:
    with mailbox.running() as box:
        box.says = "452 the disk is full"
        assert refusal(plain(box)) == "the mail server 127.0.0.1 answered 452: the disk is full"


def test_addresses_that_are_refused_are_counted_and_the_others_have_their_mail() -> None:
    with mailbox.running() as box:
        box.refuses = {"boss@example.com"}
        with pytest.raises(Undelivered) as error:
            send(plain(box))
        assert str(error.value) == "the mail server 127.0.0.1 refused 1 of 2 addresses"
        assert error.value.partly
        assert box.to == [["team@example.com"]]

        box.refuses = set(TEAM.to)
        assert refusal(plain(box)) == "the mail server 127.0.0.1 refused every address"


def test_a_mail_that_was_taken_is_delivered_whatever_the_server_says_to_goodbye() -> None:
    with mailbox.running() as box:
        box.goodbye = "421 too busy"
        send(plain(box))

    assert len(box.mails) == 1


def test_where_the_server_hangs_up_over_the_mail_nobody_knows_whether_it_has_it() -> None:
    with mailbox.running() as box:
        box.says = ""
        with pytest.raises(Undelivered) as error:
            send(plain(box))

    assert error.value.unsure


def refusal(url: str) -> str:
    with pytest.raises(Undelivered) as error:
        send(url)
    assert not error.value.partly
    assert not error.value.unsure
    return str(error.value)


def test_nothing_that_the_tracker_calls_an_issue_begins_another_header() -> None:
    with mailbox.running() as box:
        send(plain(box), message("1\nBcc: eve@example.com"))

    (mail,) = box.mails
    assert "Bcc" not in mail
    assert box.to == [["team@example.com", "boss@example.com"]]
