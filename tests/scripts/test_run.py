"""The launcher up to the point where it would start something; tests/live starts everything."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from scripts import Problem, panel, ports, processes, run


@pytest.fixture(autouse=True)
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A .local folder of the test's own, no variables of the developer's, and the signals put back afterwards."""
    for name in ("PORT", "TRACKER_PORT", "SENTRY_DSN", "SENTRY_DSN_FILE", "WEB_CONCURRENCY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(run, "LOCAL", tmp_path / ".local")
    before = {number: signal.getsignal(number) for number in processes.STOP_SIGNALS}
    yield tmp_path / ".local"
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as server:
        server.bind((ports.HOST, 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.mark.parametrize("name", ["PORT", "TRACKER_PORT"])
def test_a_taken_port_is_refused_before_anything_is_made(
    name: str, taken_port: int, local: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run.ports, "require_free", free_but(taken_port))
    monkeypatch.setenv(name, str(taken_port))
    with pytest.raises(Problem, match=f"^Port {taken_port} is taken"):
        run.main()
    assert [path.name for path in local.iterdir()] == ["run.lock"]


def free_but(taken_port: int):
    """Every port counts as free but one: the default ports of this machine are not the test's business."""
    require_free = ports.require_free
    return lambda name, port: require_free(name, port) if port == taken_port else None


def test_one_port_for_both_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run.ports, "require_free", lambda name, port: None)
    monkeypatch.setenv("TRACKER_PORT", "8000")
    with pytest.raises(Problem, match=r"^PORT and TRACKER_PORT must be two different ports") as problem:
        run.main()
    assert problem.value.exit_code == 2


def test_a_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "http")
    with pytest.raises(Problem, match=r"^PORT must be a port number"):
        run.main()


def test_a_second_run_in_one_checkout_is_refused() -> None:
    with run.only_one(), pytest.raises(Problem, match="already running in this checkout"), run.only_one():
        pass


def test_a_run_that_was_killed_leaves_no_lock(local: Path) -> None:
    code = "import os, sys; from pathlib import Path; from scripts import run; run.LOCAL = Path(sys.argv[1])\n"
    code += "with run.only_one(): os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", code, local], cwd=processes.ROOT, check=False, timeout=60)
    with run.only_one():
        assert (local / "run.lock").exists()


@pytest.mark.parametrize("name", ["SENTRY_DSN", "SENTRY_DSN_FILE"])
def test_with_a_tracker_named_none_is_started(name: str, local: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    local.mkdir()
    before = "TRACKER_TOKEN=of-the-local-tracker\nMINE=stays\n"
    (local / "development.env").write_text(before)
    monkeypatch.setenv(name, "https://key@tracker.example.com/1")
    launcher = run.Launcher(8000, 8010)
    assert launcher._begin_tracker() is None
    assert launcher.children == []
    assert (local / "development.env").read_text() == before  # until the application has accepted the DSN
    launcher._write_variables()
    assert launcher._sentry_test() == f"{name}=… .venv/bin/python manage.py sentry_test"
    assert (local / "development.env").read_text() == "MINE=stays\n"


def test_an_empty_sentry_dsn_names_no_tracker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(run.tracker, "FOLDER", tmp_path / "tracker")
    monkeypatch.setenv("SENTRY_DSN", "")
    launcher = run.Launcher(8000, 8010)
    assert launcher.own_tracker
    assert launcher._application_env()["SENTRY_DSN"].endswith("@127.0.0.1:8010/1")


def test_without_bytecode_beside_the_sources_it_is_kept_under_local(
    local: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENTRY_DSN", "https://key@tracker.example.com/1")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    env = run.Launcher(8000, 8010)._application_env()
    assert "PYTHONDONTWRITEBYTECODE" not in env
    assert env["PYTHONPYCACHEPREFIX"] == str(local / "pycache")


def test_a_configuration_that_the_application_refuses_ends_the_run_and_changes_nothing(
    local: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local.mkdir()
    (local / "development.env").write_text("SENTRY_DSN=of-the-run-before\n")
    monkeypatch.setenv("SENTRY_DSN", "canary-7f3a9c")
    monkeypatch.setattr(run, "LOGS", local / "logs")
    monkeypatch.setattr(run.ports, "require_free", lambda name, port: None)
    monkeypatch.setattr(run.environment, "ensure", lambda venv, requirements: None)
    monkeypatch.setattr(run.environment, "python", lambda venv: Path(sys.executable))
    with pytest.raises(Problem, match=r"^SENTRY_DSN is not a DSN") as problem:
        run.main()
    assert problem.value.exit_code == 2
    assert "canary-7f3a9c" not in str(problem.value)
    assert (local / "development.env").read_text() == "SENTRY_DSN=of-the-run-before\n"


def test_workers_that_are_no_number_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run.ports, "require_free", lambda name, port: None)
    monkeypatch.setenv("WEB_CONCURRENCY", "many")
    with pytest.raises(Problem, match=r"^WEB_CONCURRENCY must be a whole number"):
        run.main()


def test_its_folder_is_for_this_user_alone(local: Path) -> None:
    local.mkdir(mode=0o755)
    with run.only_one():
        assert local.stat().st_mode & 0o777 == 0o700


def test_waiting_for_a_program_that_ended_is_a_sentence_with_its_log(tmp_path: Path) -> None:
    child = processes.start("The API", [sys.executable, "-c", "exit('no such setting')"], os.environ, tmp_path / "log")
    child.process.wait()
    with pytest.raises(Problem, match=r"^The API did not get ready\.(.|\n)*no such setting"):
        run.wait_until_ready(child, "http://127.0.0.1:1/")


def test_waiting_goes_on_until_the_answer_is_good(tmp_path: Path) -> None:
    answers = [503, 500, 200]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(answers.pop(0))
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    child = processes.start("The API", [sys.executable, "-c", "import time; time.sleep(600)"], os.environ)
    try:
        with HTTPServer((ports.HOST, 0), Handler) as server:
            thread = Thread(target=server.serve_forever, args=(0.01,))
            thread.start()
            run.wait_until_ready(child, f"http://{ports.HOST}:{server.server_address[1]}/")
            server.shutdown()
            thread.join()
    finally:
        processes.stop(child)
    assert answers == []


def test_the_panel_shows_every_address_and_credential() -> None:
    people = [{"email": "ada@example.com", "password": "correct horse"}, {"email": "bob@example.com", "password": "x"}]
    text = panel.text("http://127.0.0.1:8000", "http://127.0.0.1:8010   login: admin", people, "a test")
    for expected in [
        "http://127.0.0.1:8000/api/v1/docs",
        "login: admin",
        "ada@example.com",
        "bob@example.com",
        "  a test\n",
    ]:
        assert expected in text


def test_the_panels_login_command_survives_the_shell() -> None:
    login, *_ = panel.commands("http://127.0.0.1:8000", {"email": "ada@example.com", "password": 'it\'s "$HOME" \\'})
    shell = f'curl() {{ for last; do :; done; printf %s "$last"; }}; {login}'
    sent = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=True, timeout=60).stdout
    assert json.loads(sent) == {"email": "ada@example.com", "password": 'it\'s "$HOME" \\'}
