"""`manage.py sentry_audit`: finds what is stored and should not be, and shows none of it."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sentry_sdk
from django.core.management import CommandError, call_command

from apps.triage.catalogue import urlconf
from apps.triage.catalogue.canaries import Canaries, found_in
from apps.triage.catalogue.cases import catalogue
from apps.triage.query import age
from tests.conftest import Tracked
from tests.error_tracking import wire
from tests.error_tracking.test_wire import OtherHost, careless_site, other_host, our_options, plant, sdk_with
from tests.error_tracking.visits import visit_all
from tests.triage.bugsink_double import BugsinkDouble

__all__ = ["careless_site", "other_host"]  # fixtures of the wire test
MAIL, PASSWORD = "canary5d0c@example.com", "canary81fe"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Run the command and return its exit code and what it printed."""
    code = 0
    try:
        call_command("sentry_audit", *arguments)
    except SystemExit as stop:
        code = int(str(stop.code))
    printed = capsys.readouterr()
    return code, printed.out + printed.err


@contextmanager
def stock_sdk(bugsink: BugsinkDouble) -> Iterator[None]:
    with sentry_sdk.isolation_scope(), sentry_sdk.new_scope():
        sentry_sdk.init(dsn=bugsink.sink.dsn)
        try:
            yield
        finally:
            sentry_sdk.get_client().close(timeout=60)
            sentry_sdk.get_global_scope().set_client(None)


def send_with_the_stock_sdk(bugsink: BugsinkDouble, count: int = 1) -> None:
    with stock_sdk(bugsink):
        for number in range(count):
            _fail(MAIL, PASSWORD, number)


def ask_with_everything_personal(tracked: Tracked) -> Canaries:
    """Make the service fail on a request with a canary in each place; return the canaries."""
    canaries = Canaries()
    case = next(case for case in catalogue(canaries) if case.name == "personal-data")
    with tracked.client() as client:
        assert client.request(case.method, f"/{urlconf.PREFIX}{case.path}", **case.sends).status_code == case.status
    return canaries


def _fail(mail: str, password: str, number: int) -> None:
    try:
        raise LookupError(f"no account {number} for {mail}")
    except LookupError as error:
        sentry_sdk.set_context("form", {mail: {"password": password}})
        sentry_sdk.capture_exception(error)


def test_a_tracker_without_events_is_clean(bugsink: BugsinkDouble, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(capsys)

    assert code == 0
    assert re.fullmatch(r"Nothing found in 0 events that Bugsink took in since [\d-]+ [\d:]+ UTC\.\n", out)


@pytest.mark.django_db
def test_what_this_project_sends_is_clean(
    tracked: Tracked, bugsink: BugsinkDouble, capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    settings.ROOT_URLCONF = urlconf.__name__
    ask_with_everything_personal(tracked)
    assert len(tracked.events()) == 1

    code, out = run(capsys)

    assert code == 0, out
    assert out.startswith("Nothing found in 1 event ")


@pytest.mark.django_db
def test_every_test_error_is_clean(bugsink: BugsinkDouble, capsys: pytest.CaptureFixture[str]) -> None:
    with sentry_sdk.isolation_scope():
        call_command("sentry_test")
    sentry_sdk.get_client().close(timeout=60)
    sentry_sdk.get_global_scope().set_client(None)
    assert len(bugsink.sink.events()) > 5
    capsys.readouterr()

    code, out = run(capsys)

    assert code == 0, out


@pytest.mark.django_db
def test_what_the_stock_sdk_sends_is_found_and_not_shown(
    bugsink: BugsinkDouble, capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    settings.ROOT_URLCONF = urlconf.__name__
    with stock_sdk(bugsink):
        canaries = ask_with_everything_personal(Tracked(bugsink.sink))
    assert {"email", "token", "name"} <= set(found_in(json.dumps(bugsink.sink.events()), canaries))

    for arguments in ([], ["--json"]):
        code, out = run(capsys, *arguments)

        assert code == 1
        assert "email" in out
        assert "exception.values[" in out
        assert found_in(out, canaries) == []


@pytest.mark.django_db
def test_of_all_places_of_the_wire_test_nothing_is_found(
    bugsink: BugsinkDouble, other_host: OtherHost, careless_site: None, capsys: pytest.CaptureFixture[str]
) -> None:
    plant()
    with sdk_with(bugsink.sink, our_options(bugsink.sink)) as tracked:
        visit_all(tracked, other_host.url)
        sentry_sdk.get_client().close(timeout=60)
    capsys.readouterr()

    code, out = run(capsys)

    assert code == 0, out
    assert out.startswith(f"Nothing found in {len(bugsink.sink.events())} events")


@pytest.mark.django_db
def test_of_all_places_of_the_wire_test_none_is_shown(
    bugsink: BugsinkDouble, other_host: OtherHost, careless_site: None, capsys: pytest.CaptureFixture[str]
) -> None:
    canaries = plant()
    with sdk_with(bugsink.sink, {}) as tracked:
        visit_all(tracked, other_host.url)
        sentry_sdk.get_client().close(timeout=60)
    capsys.readouterr()

    code, out = run(capsys, "--json")

    assert code == 1
    assert json.loads(out)["looked_at"] == len(json.loads(out)["events"]) == len(bugsink.sink.events())
    assert wire.found(out, canaries) == []


def test_kinds_counts_and_pages_are_told(bugsink: BugsinkDouble, capsys: pytest.CaptureFixture[str]) -> None:
    send_with_the_stock_sdk(bugsink)

    code, out = run(capsys, "--json")

    document = json.loads(out)
    assert code == 1
    assert (document["tracker"], document["looked_at"], len(document["events"])) == ("Bugsink", 1, 1)
    event = document["events"][0]
    assert event["page"].startswith(f"{bugsink.url}/issues/issue/")
    assert event["event_id"] == bugsink.sink.events()[0]["event_id"]
    places = {(finding["path"], finding["kind"]) for finding in event["findings"]}
    assert ("exception.values[0].value", "email") in places
    assert ("modules", "not_allowed") in places
    assert (f"contexts.form.key[{len(MAIL)}].password", "key") in places
    assert event["kinds"] == document["kinds"]
    assert sum(event["kinds"].values()) == len(event["findings"])
    assert not any(value.partition("@")[0] in out for value in (MAIL, PASSWORD))


def test_in_a_pipe_each_line_is_an_event_and_a_kind(bugsink: BugsinkDouble, capsys: pytest.CaptureFixture[str]) -> None:
    send_with_the_stock_sdk(bugsink, count=4)

    *rows, verdict = run(capsys)[1].splitlines()

    pages = {row.split("\t")[0] for row in rows}
    kinds = {row.split("\t")[1] for row in rows}
    assert len(pages) == 4
    assert {"email", "not_allowed"} <= kinds
    assert verdict.startswith("Found something in 4 of 4 events that Bugsink took in since ")


def test_what_came_in_earlier_is_not_looked_at(bugsink: BugsinkDouble, capsys: pytest.CaptureFixture[str]) -> None:
    send_with_the_stock_sdk(bugsink)
    bugsink.started -= timedelta(hours=2)

    assert run(capsys, "--since", "1h")[0] == 0
    assert run(capsys, "--since", "3h")[0] == 1


def test_on_a_terminal_progress_is_told(
    bugsink: BugsinkDouble, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    send_with_the_stock_sdk(bugsink)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)

    assert "looked at 1 event, found something in 1" in run(capsys)[1]


@pytest.mark.parametrize(("text", "seconds"), [("30m", 1800), ("24h", 86400), ("7d", 604800)])
def test_an_age_is_a_number_and_a_unit(text: str, seconds: int) -> None:
    assert age(text).total_seconds() == seconds


@pytest.mark.parametrize("text", ["", "7", "0h", "-1h", "1w", "1.5h", "24h ", "999999d", "٣h"])
def test_any_other_age_is_refused(text: str, bugsink: BugsinkDouble) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("sentry_audit", since=text)

    sentence = "--since: an age is a number of minutes, hours or days, such as 30m, 24h or 7d."
    assert (str(refused.value), refused.value.returncode) == (sentence, 2)


def test_a_tracker_that_cannot_be_asked_is_named_without_the_token(
    bugsink: BugsinkDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_TOKEN", "wrong" * 8)

    with pytest.raises(CommandError) as refused:
        call_command("sentry_audit")

    assert str(refused.value).startswith(f"The tracker cannot be read: GET {bugsink.url}/api/canonical/0/issues/")
    assert (refused.value.returncode, "wrong" in str(refused.value)) == (1, False)
