"""`manage.py sentry_test`: fires, shows, verifies, and fails when something is not as it must be."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import sentry_sdk
from django.core.management import CommandError, call_command

from apps.error_tracking.delivery import transport
from apps.error_tracking.scrubbing import Cleaned
from apps.triage.catalogue.canaries import Canaries
from apps.triage.catalogue.cases import catalogue
from tests.conftest import ROOT
from tests.triage.bugsink_double import BugsinkDouble

pytestmark = pytest.mark.django_db
NAMES = [case.name for case in catalogue(Canaries())]
USER_ERRORS = {"not-found", "unknown-path", "invalid", "malformed", "forbidden", "throttled"}


@pytest.fixture(autouse=True)
def _own_client() -> Iterator[None]:
    with sentry_sdk.isolation_scope():
        yield
    sentry_sdk.get_client().close(timeout=1)
    sentry_sdk.get_global_scope().set_client(None)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Run the command and return its exit code and what it printed."""
    code = 0
    try:
        call_command("sentry_test", *arguments)
    except SystemExit as stop:
        code = int(str(stop.code))
    return code, capsys.readouterr().out


def outcomes(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, dict[str, Any]]]:
    code, out = run(capsys, "--json", *arguments)
    return code, {row["name"]: row for row in json.loads(out)["outcomes"]}


def test_without_a_tracker_all_cases_pass_against_a_sink_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sentry_test")

    printed = capsys.readouterr()
    assert "SENTRY_DSN is not set: sending to a sink of this command's own, on loopback." in printed.err
    assert f"All {len(NAMES)} test errors did what they must" in printed.out
    assert [line.split("\t")[0] for line in printed.out.splitlines()[:-1]] == NAMES


def test_each_case_says_what_left_and_what_was_redacted(capsys: pytest.CaptureFixture[str]) -> None:
    code, rows = outcomes(capsys)

    assert code == 0
    assert list(rows) == NAMES
    for name, row in rows.items():
        types = [item["type"] for item in row["left"]]
        expected = [] if name in USER_ERRORS else ["transaction"] if name == "slow" else ["event"]
        assert types == expected, name
        assert all(item["bytes"] > 0 for item in row["left"])
        assert bool(row["event_id"]) == (expected == ["event"])
        assert row["request_id"]
    assert {"email", "card", "key", "token"} <= set(rows["personal-data"]["redacted"])
    assert rows["unhandled"]["redacted"] == {}


def test_the_list_fires_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(capsys, "--list", "--json")

    assert code == 0
    assert [row["name"] for row in json.loads(out)] == NAMES
    assert not sentry_sdk.is_initialized()


def test_only_what_was_asked_for_is_fired(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(outcomes(capsys, "--only", "chained", "--only", "slow")[1]) == ["chained", "slow"]


def test_verifying_finds_each_event_once_by_its_request_id(
    bugsink: BugsinkDouble, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = run(capsys, "--verify")

    assert code == 0, out
    assert "Bugsink has each event once, found by its request ID, with no canary in it" in out
    assert "Bugsink keeps no item of type transaction" in out


def test_verifying_gives_the_page_of_each_event(bugsink: BugsinkDouble, capsys: pytest.CaptureFixture[str]) -> None:
    _, rows = outcomes(capsys, "--verify", "--only", "unhandled")

    assert rows["unhandled"]["page"].startswith(f"{bugsink.url}/issues/issue/")


def test_an_event_that_is_there_twice_fails(bugsink: BugsinkDouble, capsys: pytest.CaptureFixture[str]) -> None:
    bugsink.twice = True

    code, rows = outcomes(capsys, "--verify", "--only", "unhandled")

    assert code == 1
    assert rows["unhandled"]["problems"] == ["Bugsink has 2 events with this request ID in place of 1"]


def test_an_event_that_never_arrives_fails(bugsink: BugsinkDouble, capsys: pytest.CaptureFixture[str]) -> None:
    bugsink.sink.behaviour = "error_500"

    code, rows = outcomes(capsys, "--verify", "--only", "unhandled", "--timeout", "0.1")

    assert code == 1
    assert rows["unhandled"]["problems"] == ["Bugsink has 0 events with this request ID in place of 1"]


def test_a_scrubber_that_lets_everything_pass_fails(
    bugsink: BugsinkDouble, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "clean_item", lambda item_type, payload, **kwargs: Cleaned(payload))

    code, rows = outcomes(capsys, "--verify", "--only", "personal-data")

    assert code == 1
    assert "personal data left: the email canary is in the event" in rows["personal-data"]["problems"]
    assert "personal data is on the tracker: the email canary" in rows["personal-data"]["problems"]


def test_a_scrubber_that_fails_fails(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    failed = Cleaned({"event_id": "a" * 32, "tags": {"scrubber": "failed"}}, failed=True)
    monkeypatch.setattr(transport, "clean_item", lambda *args, **kwargs: failed)

    code, rows = outcomes(capsys, "--only", "unhandled")

    assert code == 1
    assert "the scrubber failed on the event" in rows["unhandled"]["problems"]


def test_a_blind_exception_handler_fails(capsys: pytest.CaptureFixture[str], settings: Any) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "EXCEPTION_HANDLER": f"{__name__}.blind"}

    code, rows = outcomes(capsys, "--only", "unhandled-in-api")

    assert code == 1
    assert "0 items of type event left in place of 1" in rows["unhandled-in-api"]["problems"]


def blind(error: Exception, context: dict[str, Any]) -> Any:
    """A handler as it is often written: it answers, and tells nobody."""
    from django.http import JsonResponse

    return JsonResponse({"detail": "error"}, status=500, content_type="application/problem+json")


def test_nothing_of_what_was_made_fail_is_printed_as_a_traceback(capfd: pytest.CaptureFixture[str]) -> None:
    call_command("sentry_test", "--only", "unhandled", "--only", "in-thread")

    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--only", "unhandld"], "There is no test error 'unhandld'. Did you mean unhandled?"),
        (["--only", "zzz"], "There is no test error 'zzz'. --list shows what there is."),
        (["--verify"], "--verify needs SENTRY_DSN: without it nothing is sent to a tracker."),
        (["--timeout", "-1"], "--timeout must be a number of seconds, 0 or more."),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_code_2(arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("sentry_test", *arguments)

    assert (str(refused.value), refused.value.returncode) == (sentence, 2)


def test_a_tracker_that_cannot_be_asked_is_named_without_the_token(
    bugsink: BugsinkDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_TOKEN", "wrong" * 8)

    with pytest.raises(CommandError) as refused:
        call_command("sentry_test", "--verify", "--only", "unhandled")

    assert str(refused.value).startswith(f"Nothing was fired: the tracker cannot be read: GET {bugsink.url}/api/")
    assert bugsink.sink.events() == []
    assert "answered 401. Check TRACKER_TOKEN" in str(refused.value)
    assert "wrong" not in str(refused.value)


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"SENTRY_DSN": "foo"}, "goimg: SENTRY_DSN is not a DSN; it looks like https://<key>@<host>/<project>.\n"),
        (
            {"SENTRY_TRACES_SAMPLE_RATE": "2"},
            "goimg: SENTRY_TRACES_SAMPLE_RATE must be between 0 and 1 (0.1 is 10 %).\n",
        ),
    ],
)
def test_a_wrong_configuration_is_one_sentence_and_exit_code_2(variables: dict[str, str], sentence: str) -> None:
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "settings.development", **variables}

    done = subprocess.run(
        [sys.executable, "manage.py", "sentry_test"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (2, "", sentence)
