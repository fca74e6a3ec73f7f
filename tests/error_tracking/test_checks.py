"""System checks: every configuration that works, and loses errors or leaks data."""

from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks

KEY = "a" * 32


@pytest.fixture(autouse=True)
def good_configuration(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings.DEMO_ERRORS = False
    monkeypatch.setenv("SENTRY_DSN", f"https://{KEY}@tracker.example.com/1")
    monkeypatch.setenv("OUTBOX_DIR", str(tmp_path / "outbox"))


def found(*, deploy: bool = True) -> list[str]:
    return [str(message.id) for message in run_checks(tags=["error_tracking"], include_deployment_checks=deploy)]


def test_a_good_configuration_is_fine() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("variable", "value", "check"),
    [
        ("SENTRY_DSN", "", "W010"),
        ("SENTRY_DSN", f"http://{KEY}@tracker.example.com/1", "E011"),
        ("SENTRY_ENVIRONMENT", "development", "W013"),
        ("SENTRY_SAMPLE_RATE", "0.5", "W014"),
        ("SENTRY_TRACES_SAMPLE_RATE", "1", "W015"),
        ("SENTRY_DEBUG", "true", "E016"),
        ("OUTBOX_DIR", "", "W019"),
    ],
)
def test_what_must_not_be_deployed_is_found(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, check: str
) -> None:
    monkeypatch.setenv(variable, value)

    assert found() == [f"error_tracking.{check}"]
    assert found(deploy=False) == []


@pytest.mark.parametrize("host", ["127.0.0.1:8010", "[::1]:8010", "localhost:8010", "glitchtip-web:8000"])
def test_plain_http_that_stays_on_the_host_is_fine(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("SENTRY_DSN", f"http://{KEY}@{host}/1")

    assert found() == []


@pytest.mark.parametrize("host", ["10.0.0.7", "tracker.internal", "2130706433", "0x7f000001", "[fe80::1]"])
def test_plain_http_to_any_other_host_is_found(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("SENTRY_DSN", f"http://{KEY}@{host}/1")

    assert found() == ["error_tracking.E011"]


@pytest.mark.parametrize(
    ("setting", "value", "check"),
    [
        ("ERROR_TRACKING", {}, "W012"),
        ("DEMO_ERRORS", True, "E017"),
    ],
)
def test_settings_that_must_not_be_deployed_are_found(settings: Any, setting: str, value: Any, check: str) -> None:
    setattr(settings, setting, value)

    assert found() == [f"error_tracking.{check}"]


@pytest.mark.parametrize("name", ["a-file", "a-file/outbox"])
def test_an_outbox_that_cannot_be_written_to_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    (tmp_path / "a-file").write_text("")
    monkeypatch.setenv("OUTBOX_DIR", str(tmp_path / name))

    assert found(deploy=False) == ["error_tracking.E006"]


def test_a_folder_that_may_not_be_written_to_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: False)  # whoever runs the tests may be root

    assert found(deploy=False) == ["error_tracking.E006"]


def test_an_outbox_that_others_can_read_is_found(tmp_path: Path) -> None:
    (tmp_path / "outbox").mkdir()
    (tmp_path / "outbox").chmod(0o755)

    assert found(deploy=False) == ["error_tracking.W007"]


def test_a_check_makes_no_folder(tmp_path: Path) -> None:
    assert found() == []
    assert list(tmp_path.iterdir()) == []


def test_a_tracker_on_loopback_needs_no_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENTRY_DSN", f"http://{KEY}@127.0.0.1:8010/1")

    assert found() == []


def test_a_missing_middleware_is_found(settings: Any) -> None:
    settings.MIDDLEWARE = settings.MIDDLEWARE[1:]

    assert found(deploy=False) == ["error_tracking.E001"]


def test_a_middleware_that_is_not_first_is_found(settings: Any) -> None:
    settings.MIDDLEWARE = [settings.MIDDLEWARE[1], settings.MIDDLEWARE[0], *settings.MIDDLEWARE[2:]]

    assert found(deploy=False) == ["error_tracking.E002"]


def test_drfs_own_exception_handler_is_found(settings: Any) -> None:
    settings.REST_FRAMEWORK = {}

    assert found(deploy=False) == ["error_tracking.W003"]


@pytest.mark.parametrize("count", [-1, "1", None])
def test_a_proxy_count_that_is_none_is_found(settings: Any, count: Any) -> None:
    settings.TRUSTED_PROXY_COUNT = count

    assert found(deploy=False) == ["error_tracking.E004"]


def test_what_variables_hold_does_not_leave_outside_of_development(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENTRY_COLLECT", "debug")
    assert found(deploy=False) == ["error_tracking.E005"]

    monkeypatch.setenv("SENTRY_ENVIRONMENT", "development")
    assert found(deploy=False) == []
    assert found() == ["error_tracking.W013", "error_tracking.E018"]
