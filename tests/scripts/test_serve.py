"""`make serve` up to the point where it becomes the server."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import Problem, environment, processes, serve
from tests.settings.environment import production


@pytest.fixture(autouse=True)
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[list[str]]]:
    """A production environment whose packages are this one's; what the process would have become."""
    commands: list[list[str]] = []
    for name in [name for name in os.environ if name.startswith(("SENTRY_", "WEB_"))]:
        monkeypatch.delenv(name)
    for name, value in production(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(environment, "ensure", lambda venv, *requirements: commands.append(["ensure", *requirements]))
    monkeypatch.setattr(environment, "python", lambda venv: Path(sys.executable))
    monkeypatch.setattr(os, "execv", lambda program, command: commands.append(command))
    monkeypatch.chdir(processes.ROOT)
    return commands


@pytest.fixture
def migrated() -> None:
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, check=True, timeout=60)


@pytest.fixture
def uncollected(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The static files stay out of the checkout."""
    asked: list[tuple[str, ...]] = []
    manage = serve._manage

    def instead(*arguments: str, capture: bool = False) -> subprocess.CompletedProcess[str]:
        if arguments[0] != "collectstatic":
            return manage(*arguments, capture=capture)
        asked.append(arguments)
        return subprocess.CompletedProcess(arguments, 0)

    monkeypatch.setattr(serve, "_manage", instead)
    return asked


@pytest.mark.usefixtures("migrated")
def test_it_becomes_the_server_with_runtime_packages_only(
    started: list[list[str]], uncollected: list[tuple[str, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    serve.serve()
    ensured, command = started
    assert ensured == ["ensure", environment.RUNTIME]
    assert command == [sys.executable, "-m", "gunicorn", "goimg.wsgi", "--config", "docker/gunicorn.conf.py"]
    assert len(uncollected) == 1
    assert (
        capsys.readouterr().err == "goimg: warning: SENTRY_DSN is not set; no error of this process reaches anybody.\n"
    )


@pytest.mark.usefixtures("migrated", "uncollected")
def test_with_a_tracker_there_is_no_warning(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SENTRY_DSN", "https://key@tracker.example.com/1")
    serve.serve()
    assert capsys.readouterr().err == ""


def test_a_database_without_migrations_is_refused_with_the_command_that_helps(started: list[list[str]]) -> None:
    with pytest.raises(Problem, match=r"^The database lacks migrations; apply them: .*manage\.py migrate$"):
        serve.serve()
    assert len(started) == 1


def test_a_database_that_does_not_answer_is_refused(tmp_path: Path) -> None:
    (tmp_path / "test.sqlite3").write_text("no database " * 1000)
    with pytest.raises(Problem, match=r"^The database that DATABASE_URL names does not answer \(\S+Error\)\.$"):
        serve.serve()


def test_a_configuration_that_is_refused_is_its_own_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "foo")
    with pytest.raises(Problem, match=r"^DATABASE_URL must be a database URL") as problem:
        serve.serve()
    assert problem.value.exit_code == 2


def test_a_configuration_that_a_system_check_refuses_is_the_checks_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENTRY_COLLECT", "debug")

    with pytest.raises(Problem, match=r"refuses this configuration: \(error_tracking.E005\) SENTRY_COLLECT is debug"):
        serve.serve()


@pytest.mark.parametrize("workers", ["many", "", "-1", "٣"])
def test_workers_that_are_no_number_are_refused_before_gunicorn_reads_them(
    monkeypatch: pytest.MonkeyPatch, started: list[list[str]], workers: str
) -> None:
    monkeypatch.setenv("WEB_CONCURRENCY", workers)
    with pytest.raises(Problem, match=r"^WEB_CONCURRENCY must be a whole number") as problem:
        serve.serve()
    assert problem.value.exit_code == 2
    assert started == []
