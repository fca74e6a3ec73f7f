"""The one init: each error exactly once, and nothing that was not decided on."""

import logging
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import sentry_sdk
from django.core.exceptions import (
    RequestDataTooBig,
    SuspiciousFileOperation,
    SuspiciousOperation,
    ValidationError,
)
from django.db import OperationalError
from django.http import Http404, HttpRequest
from django.urls import path
from rest_framework.exceptions import APIException, NotFound
from rest_framework.views import APIView

from apps.api.errors import Conflict
from apps.error_tracking import sdk
from apps.error_tracking.sink import Sink
from tests.conftest import ROOT, Tracked

logger = logging.getLogger("tests.sdk")
raised: list[Exception] = []


def raises(request: HttpRequest) -> Any:
    raise raised[0]


def logs_and_raises(request: HttpRequest) -> Any:
    try:
        raise raised[0]
    except Exception:
        logger.exception("it failed")
        raise


class LogsAndRaises(APIView):
    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Any) -> Any:
        return logs_and_raises(request)


class Raises(APIView):
    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Any) -> Any:
        raise raised[0]


urlpatterns = [
    path("django", raises),
    path("drf", Raises.as_view()),
    path("logged", logs_and_raises),
    path("logged-in-drf", LogsAndRaises.as_view()),
]
handler400 = "apps.api.problems.bad_request"
handler500 = "apps.api.problems.server_error"


@pytest.fixture(autouse=True)
def _own_urls(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


def ask(tracked: Tracked, where: str, error: Exception) -> Any:
    raised[:] = [error]
    with tracked.client() as client:
        return client.get(where)


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["/django", "/drf", "/logged"])
def test_an_unhandled_error_is_reported_exactly_once(tracked: Tracked, where: str) -> None:
    response = ask(tracked, where, KeyError("x"))

    events = tracked.events()
    assert response.status_code == 500
    assert [event["event_id"] for event in events] == [response.json()["event_id"]]
    assert events[0]["level"] == "error"
    assert events[0]["transaction"] == where


@pytest.mark.django_db
def test_an_error_in_drf_is_marked_as_not_handled(tracked: Tracked) -> None:
    ask(tracked, "/drf", KeyError("x"))

    assert tracked.events()[0]["exception"]["values"][-1]["mechanism"]["handled"] is False


@pytest.mark.django_db
def test_an_apiexception_with_status_500_is_reported(tracked: Tracked) -> None:
    assert ask(tracked, "/drf", APIException("broken")).status_code == 500

    assert len(tracked.events()) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["/django", "/drf"])
@pytest.mark.parametrize(
    ("error", "status", "level", "tags", "fingerprint"),
    [
        (OperationalError("gone"), 503, "error", {"dependency": "database", "priority": "P0"}, "dependency"),
        (SuspiciousOperation("odd"), 400, "warning", {"security": "true", "priority": "P1"}, None),
        (SuspiciousFileOperation("odd"), 400, "warning", {"error_class": "security"}, None),
    ],
)
def test_the_event_says_what_kind_of_error_it_is(  # noqa: PLR0917
    tracked: Tracked, where: str, error: Exception, status: int, level: str, tags: dict[str, str], fingerprint: str
) -> None:
    assert ask(tracked, where, error).status_code == status

    events = tracked.events()
    assert len(events) == 1
    assert events[0]["level"] == level
    assert tags.items() <= events[0]["tags"].items()
    assert (events[0].get("fingerprint") or [None])[0] == fingerprint


@pytest.mark.django_db
def test_a_dependency_that_is_down_is_one_issue_whatever_it_says(tracked: Tracked) -> None:
    for text in ("could not connect to 10.0.0.1", "could not connect to 10.0.0.2"):
        ask(tracked, "/drf", OperationalError(text))

    first, second = tracked.events()
    assert first["fingerprint"] == second["fingerprint"] == ["dependency", "database", "OperationalError"]


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["/django", "/drf", "/logged", "/logged-in-drf"])
@pytest.mark.parametrize("error", [NotFound(), Conflict(), ValidationError("x"), Http404(), RequestDataTooBig("x")])
def test_the_callers_fault_is_no_event(tracked: Tracked, where: str, error: Exception) -> None:
    assert 400 <= ask(tracked, where, error).status_code < 500

    assert tracked.events() == []


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["/django", "/drf"])
def test_an_event_that_was_never_sent_is_not_named_in_the_answer(tracked: Tracked, where: str) -> None:
    tracked.start(sample_rate=0.0)

    response = ask(tracked, where, KeyError("x"))

    assert "event_id" not in response.json()
    assert tracked.events() == []


def end_a_command(sink: Sink, folder: Path, last: str) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "settings.development",
        "SENTRY_DSN": sink.dsn,
        "OUTBOX_DIR": str(folder),
    }
    command = [sys.executable, "-c", f"import django; django.setup(); {last}"]
    subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=60, check=False)


def test_an_error_that_ends_a_command_is_reported(sink: Sink, tmp_path: Path) -> None:
    end_a_command(sink, tmp_path, "raise BufferError('gone')")

    assert [event["exception"]["values"][0]["type"] for event in sink.wait_for(1)] == ["BufferError"]


@pytest.mark.parametrize("last", ["raise KeyboardInterrupt", "raise SystemExit(3)"])
def test_a_command_that_somebody_ends_is_no_event(sink: Sink, tmp_path: Path, last: str) -> None:
    end_a_command(sink, tmp_path, last)

    assert sink.events() == []


@pytest.mark.django_db
def test_a_wrong_host_is_no_event(tracked: Tracked) -> None:
    with tracked.client() as client:
        response = client.get("/django", headers={"Host": "no such host!"})

    assert response.status_code == 400
    assert tracked.events() == []


def test_an_error_in_a_thread_is_reported(tracked: Tracked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda args: None)

    def fail() -> None:
        raise BufferError("gone")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()

    assert [event["exception"]["values"][0]["type"] for event in tracked.events()] == ["BufferError"]


def test_info_lines_become_breadcrumbs_and_error_lines_events(tracked: Tracked) -> None:
    logger.info("on the way", extra={"step": 1})
    logger.error("it broke: %s", "badly")

    event = tracked.events()[0]
    assert event["logentry"]["formatted"] == "it broke: badly"
    assert event["breadcrumbs"]["values"][0]["message"] == "on the way"
    assert event["breadcrumbs"]["values"][0]["data"] == {"step": 1}


@pytest.mark.parametrize("name", sorted(sdk.IGNORED_LOGGERS))
def test_ignored_loggers_make_no_events(tracked: Tracked, name: str) -> None:
    logging.getLogger(name).error("noise")

    assert tracked.events() == []


def test_only_the_chosen_integrations_run(tracked: Tracked) -> None:
    sentry_sdk.capture_message("x")

    assert tracked.events()[0]["sdk"]["integrations"] == sorted(
        [
            *(integration.identifier for integration, _, _ in sdk.INTEGRATIONS),
            "atexit",
            "error_tracking",
        ]
    )


def test_variables_and_source_come_with_our_frames_only(tracked: Tracked) -> None:
    secret = "canary"
    try:
        int(secret)
    except ValueError as error:
        sentry_sdk.capture_exception(error)

    frame = tracked.events()[0]["exception"]["values"][0]["stacktrace"]["frames"][-1]
    assert frame["in_app"] is True
    assert frame["vars"]["tracked"] == "<Tracked>"
    assert frame["vars"]["secret"] == "[REDACTED]"
    assert frame["context_line"].strip() == "int(secret)"
    assert "abs_path" not in frame


@pytest.mark.django_db
def test_library_frames_have_neither(tracked: Tracked) -> None:
    ask(tracked, "/django", KeyError("x"))

    frames = tracked.events()[0]["exception"]["values"][0]["stacktrace"]["frames"]
    libraries = [frame for frame in frames if not frame["in_app"]]
    assert libraries
    assert not [frame for frame in libraries if "vars" in frame or "context_line" in frame]


def test_release_environment_and_server_name_come_from_the_configuration(tracked: Tracked) -> None:
    tracked.start(environment="staging", release="goimg-api@9.9.9", server_name="api-eu")

    sentry_sdk.capture_message("x")

    event = tracked.events()[0]
    assert (event["environment"], event["release"], event["server_name"]) == ("staging", "goimg-api@9.9.9", "api-eu")


def test_no_sample_rate_below_one_by_default() -> None:
    options = sdk.options(sdk.Config(dsn="https://a@example.com/1"))

    assert options["sample_rate"] == 1.0
    assert options["shutdown_timeout"] == 5
    # Spotlight would send everything, unscrubbed, to a program on the same machine.
    assert options["spotlight"] is False
    assert options["transport"].delivery.send_timeout == 5


@pytest.mark.parametrize("debug", [False, True])
def test_the_sdks_own_log_is_made_only_for_debugging(tracked: Tracked, debug: bool) -> None:
    tracked.start(debug=debug)

    assert logging.getLogger("sentry_sdk.errors").isEnabledFor(logging.DEBUG) is debug
