"""What the configuration takes from the environment, and what it refuses."""

import subprocess
from pathlib import Path

import pytest

from tests.daemons import ROOT, SECONDS
from tests.docker.server import Server, command, environment


def check(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    env = environment(folder, DJANGO_SETTINGS_MODULE="settings.production", **variables)
    return subprocess.run(
        command(*arguments), cwd=ROOT, env=env, capture_output=True, text=True, timeout=SECONDS, check=False
    )


def configured(folder: Path, **variables: str) -> dict[str, str]:
    lines = check(folder, "--print-config", **variables).stdout.splitlines()
    return {name.strip(): value.strip() for name, _, value in (line.partition("=") for line in lines)}


def test_the_production_configuration_is_accepted(tmp_path: Path) -> None:
    assert check(tmp_path, "--check-config").returncode == 0


@pytest.mark.parametrize(
    "variables",
    [
        {"WEB_CONCURRENCY": "0"},
        {"WEB_CONCURRENCY": "65"},
        {"WEB_THREADS": "many"},
        {"WEB_TIMEOUT": "9"},
        {"WEB_TIMEOUT": "-1"},
        {"WEB_TIMEOUT": "٣٠"},
        {"WEB_MAX_REQUESTS": "1e3"},
        {"PORT": "99999", "BIND": ""},
        {"BIND": "8000"},
        {"BIND": "0.0.0.0:99999"},
        {"BIND": "0.0.0.0:8000", "PORT": "9000"},
    ],
    ids=str,
)
def test_nonsense_is_one_sentence_that_names_the_variable(tmp_path: Path, variables: dict[str, str]) -> None:
    result = check(tmp_path, "--check-config", **variables)
    assert result.returncode == 2
    assert result.stderr.startswith("goimg: ")
    assert next(iter(variables)) in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_timeout_that_is_too_short_says_why(tmp_path: Path) -> None:
    assert "SQLite's lock" in check(tmp_path, "--check-config", WEB_TIMEOUT="9").stderr


def test_workers_that_are_no_number_are_refused_by_gunicorn_before_it_reads_any_file(tmp_path: Path) -> None:
    result = check(tmp_path, "--check-config", WEB_CONCURRENCY="many")
    assert result.returncode != 0
    assert "WEB_CONCURRENCY" in result.stderr


def test_without_variables_it_listens_on_loopback_only(tmp_path: Path) -> None:
    found = configured(tmp_path, BIND="")
    assert found["bind"] == "['127.0.0.1:8000']"
    assert found["control_socket_disable"] == "True"


def test_the_variables_are_followed(tmp_path: Path) -> None:
    found = configured(
        tmp_path, BIND="[::]:9000", PORT="9000", WEB_CONCURRENCY="3", WEB_TIMEOUT="20", WEB_MAX_REQUESTS="0"
    )
    assert found["bind"] == "['[::]:9000']"
    assert (found["workers"], found["timeout"], found["max_requests"]) == ("3", "20", "0")


def test_the_stop_leaves_time_for_a_request_and_its_delivery(tmp_path: Path) -> None:
    found = configured(tmp_path, WEB_TIMEOUT="20")
    assert int(found["graceful_timeout"]) >= 20 + 5


def test_no_control_socket_is_opened(tmp_path: Path) -> None:
    with Server(tmp_path, HOME=str(tmp_path), XDG_RUNTIME_DIR=str(tmp_path)) as server:
        server.get("/fine")
        assert list(tmp_path.rglob("gunicorn.ctl")) == []
