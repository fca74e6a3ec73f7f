"""Slack and PagerDuty over real HTTP, at the receivers on loopback that `sentry_alerts test` has too."""

import json
import logging
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from apps.triage.alerts.rules import Receiver
from apps.triage.notify import posting
from apps.triage.notify.errors import Undelivered
from apps.triage.notify.local import Local
from apps.triage.notify.pagerduty import PagerDuty
from apps.triage.notify.receivers import opened
from apps.triage.notify.slack import Slack
from tests.triage.watch.test_post import message

CHAT = Receiver(name="chat", kind="slack", variable="ALERT_SLACK_URL")
PAGER = Receiver(name="pager", kind="pagerduty", variable="ALERT_PAGERDUTY_KEY")
TEAM = Receiver(name="team", kind="email", to=("team@example.com",))


class Webhook:
    """A server that keeps what is posted, and answers as it is told."""

    def __init__(self) -> None:
        self.posted: list[tuple[str, Any]] = []
        self.status, self.says, self.headers, self.hangs_up = 200, b"ok", dict[str, str](), False
        webhook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                webhook.posted.append((self.path, body))
                if webhook.hangs_up:
                    return
                self.send_response(webhook.status)
                for name, value in webhook.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(webhook.says)))
                self.end_headers()
                self.wfile.write(webhook.says)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda request, address: None  # type: ignore[method-assign] # who asked is gone
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    running = Webhook()
    thread = Thread(target=running.server.serve_forever, args=(0.05,))
    thread.start()
    yield running
    running.server.shutdown()
    thread.join()
    running.server.server_close()


def test_slack_gets_blocks_and_for_those_who_show_none_the_whole_text(webhook: Webhook) -> None:
    Slack(f"{webhook.url}/services/T1").send([message()])

    ((path, body),) = webhook.posted
    assert path == "/services/T1"
    assert body["text"].startswith("P1 production: KeyError: 'poster'\nWhy:        new issue\n")
    header, why, link = body["blocks"]
    assert header["text"] == {"type": "plain_text", "text": "P1 production: KeyError: 'poster'"}
    assert why["text"]["text"] == "new issue"
    assert "*Events*\n12" in [one["text"] for one in why["fields"]]
    assert link["text"]["text"] == (
        "*<https://tracker.example.com/issues/1|Open GOIMG-1>*\n*Runbook* https://docs.example.com/runbook"
    )


def test_what_an_exception_says_is_no_command_to_slack(webhook: Webhook) -> None:
    Slack(webhook.url).send([message(title="<!channel> & <https://evil.example.com|click>", culprit="<@U1>")])

    ((_, body),) = webhook.posted
    marked = [json.dumps(block) for block in body["blocks"] if block["type"] == "section"]
    assert "&lt;!channel&gt; &amp; &lt;https://evil.example.com|click&gt;" in body["text"]
    assert not any("<!channel>" in text or "<@U1>" in text for text in [body["text"], *marked])


@pytest.mark.parametrize("called", ["@all", "@channel", "@Everyone", "@here"])
def test_nobody_is_called_by_an_errors_words(webhook: Webhook, called: str) -> None:
    Slack(webhook.url).send([message(title=f"failed: {called} look")])

    ((_, body),) = webhook.posted
    assert called not in json.dumps(body, ensure_ascii=False)


def test_slack_s_limits_are_kept(webhook: Webhook) -> None:
    Slack(webhook.url).send([message(f"{number}", title="x" * 5000, whys=("y" * 5000,)) for number in range(15)])

    ((_, body),) = webhook.posted
    assert len(body["blocks"]) <= 50
    assert all(len(block["text"]["text"]) <= (150 if block["type"] == "header" else 3000) for block in body["blocks"])


def test_pagerduty_gets_an_incident_for_each_issue(webhook: Webhook) -> None:
    PagerDuty("k" * 32, webhook.url).send([message("1", "P0"), message("2", "P2")])

    (path, first), (_, second) = webhook.posted
    assert path == "/v2/enqueue"
    assert first["dedup_key"] == "goimg/1"
    assert second["dedup_key"] == "goimg/2"
    assert [one["payload"]["severity"] for _, one in webhook.posted] == ["critical", "warning"]
    assert first["routing_key"] == "k" * 32
    assert first["event_action"] == "trigger"
    assert first["payload"]["summary"] == "P0 production: KeyError: 'poster'"
    assert first["payload"]["custom_details"]["Users"] == "3"
    assert [link["href"] for link in first["links"]] == [
        "https://tracker.example.com/issues/1",
        "https://docs.example.com/runbook",
    ]


def test_a_runbook_that_is_a_path_is_no_link_on_a_pager(webhook: Webhook) -> None:
    PagerDuty("k" * 32, webhook.url).send([message(runbook="docs/runbook.md")])

    ((_, body),) = webhook.posted
    assert [link["text"] for link in body["links"]] == ["GOIMG-1"]
    assert body["payload"]["custom_details"]["Runbook"] == "docs/runbook.md"


def failure(webhook: Webhook, path: str = "/services/topsecret") -> Undelivered:
    with pytest.raises(Undelivered) as error:
        Slack(webhook.url + path).send([message()])
    return error.value


def test_an_answer_that_is_no_success_is_repeated_without_the_secret(webhook: Webhook) -> None:
    webhook.status, webhook.says = 403, f"no such hook: {webhook.url}/services/topsecret\n".encode()

    error = failure(webhook)

    assert str(error) == "Slack answered 403: no such hook: [secret]"
    assert not error.unsure


def test_the_patience_that_is_asked_for_is_had(webhook: Webhook) -> None:
    webhook.status, webhook.headers = 429, {"Retry-After": "120"}
    assert failure(webhook).patience == 120

    for nonsense in ("-1", "²", "tomorrow", "9" * 400):
        webhook.headers = {"Retry-After": nonsense}
        assert 0 <= failure(webhook).patience <= 3600


def test_an_answer_without_end_is_not_read_to_its_end(webhook: Webhook) -> None:
    webhook.status, webhook.says = 500, b"x" * 10_000_000

    assert len(str(failure(webhook))) < 300


def test_a_redirect_is_not_followed(webhook: Webhook) -> None:
    webhook.status, webhook.headers = 307, {"Location": f"{webhook.url}/elsewhere"}

    assert str(failure(webhook)).startswith("Slack answered 307")
    assert len(webhook.posted) == 1


def test_whether_it_arrived_is_not_known_when_the_connection_breaks(webhook: Webhook) -> None:
    webhook.hangs_up = True

    error = failure(webhook)

    assert str(error) == "Slack cannot be reached (RemoteProtocolError)"
    assert error.unsure


def test_a_receiver_that_hangs_is_left(webhook: Webhook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "TIMEOUT", 0.05)
    webhook.server.RequestHandlerClass.do_POST = lambda self: self.rfile.read()  # type: ignore[attr-defined]

    error = failure(webhook)

    assert str(error) == "Slack cannot be reached (ReadTimeout)"
    assert error.unsure


def test_a_receiver_that_is_not_there_has_got_nothing_and_its_address_is_not_said() -> None:
    with pytest.raises(Undelivered) as error:
        Slack("http://127.0.0.1:1/services/topsecret").send([message()])

    assert str(error.value) == "Slack cannot be reached (ConnectError)"
    assert not error.value.unsure
    assert "topsecret" not in repr(error.value) + repr(error.value.__context__ and error.value.__cause__)


def test_secrets_are_in_no_log_line_and_no_representation(webhook: Webhook, caplog: pytest.LogCaptureFixture) -> None:
    chat, pager = Slack(f"{webhook.url}/services/topsecret"), PagerDuty("k" * 32, webhook.url)
    with caplog.at_level(logging.INFO):
        logging.getLogger("httpx").setLevel(logging.WARNING)  # as the settings have it
        chat.send([message()])
        pager.send([message()])

    assert "topsecret" not in caplog.text + repr(chat)
    assert "kkkk" not in caplog.text + repr(pager)


def test_receivers_on_loopback_get_what_the_real_ones_would() -> None:
    with Local() as local:
        for channel in opened([CHAT, PAGER, TEAM], local.environ([CHAT, PAGER, TEAM])).values():
            channel.send([message("1", "P0", test=True)])

    assert [(one.kind, one.to) for one in local.received] == [
        ("slack", ("chat",)),
        ("pagerduty", ("pager",)),
        ("email", ("team@example.com",)),
    ]
    for one in local.received:
        assert one.text.startswith("TEST P0 production: KeyError: 'poster'")
        assert "https://tracker.example.com/issues/1" in one.text
        assert "goimg-api@1.0.0" in one.text


def test_a_long_subject_arrives_without_the_blank_in_which_it_was_folded() -> None:
    with Local() as local:
        opened([TEAM], local.environ([TEAM]))["team"].send([message(title="x" * 90)])

    assert local.received[0].text.startswith("P1 production: xxx")


def test_receivers_on_loopback_can_refuse() -> None:
    with Local() as local:
        local.refuses = {"slack": 503}
        with pytest.raises(Undelivered, match="Slack answered 503"):
            opened([CHAT], local.environ([CHAT]))["chat"].send([message()])

    assert local.received == []
