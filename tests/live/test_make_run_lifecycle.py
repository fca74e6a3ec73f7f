"""Starting again, stopping in every way, and going without the local tracker."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from apps.error_tracking.sink import Sink
from tests.live.conftest import START_SECONDS, STOP_SECONDS, Stack, clean_environment


@pytest.fixture(scope="module", autouse=True)
def first_run(make_run: Callable[..., Stack]) -> Stack:
    """Everything is installed, and was stopped the way a supervisor does it."""
    stack = make_run()
    stack.stop()
    stack.wait_until_gone()
    return stack


def test_a_second_start_installs_nothing_and_follows_the_new_ports(
    first_run: Stack, make_run: Callable[..., Stack]
) -> None:
    stack = make_run()
    assert "nstalling" not in stack.text
    assert stack.tracker_port != first_run.tracker_port
    assert stack.variables()["TRACKER_URL"] == stack.tracker
    assert f":{stack.tracker_port}/" in stack.variables()["SENTRY_DSN"]
    stack.stop()
    stack.wait_until_gone()


def test_a_first_run_that_was_interrupted_is_completed_by_the_next(
    checkout: Path, make_run: Callable[..., Stack]
) -> None:
    forget_the_first_run(checkout)
    interrupted = make_run(until="Migrating the database")
    interrupted.stop()
    interrupted.wait_until_gone()
    stack = make_run()
    headers = {"Authorization": f"Bearer {stack.variables()['TRACKER_TOKEN']}"}
    projects = httpx.get(f"{stack.tracker}/api/canonical/0/projects/", headers=headers, trust_env=False, timeout=60)
    assert [project["name"] for project in projects.json()["results"]] == ["goimg-api"]
    assert (checkout / ".local" / "tracker" / "prepared").exists()
    stack.stop()
    stack.wait_until_gone()


def forget_the_first_run(folder: Path) -> None:
    """Take away what the first run made; the installed tracker stays, because that part takes longest."""
    for path in (".venv", ".local/media"):
        shutil.rmtree(folder / path)
    for path in (folder / ".local").glob("**/*.sqlite3*"):
        path.unlink()
    (folder / ".local" / "tracker" / "prepared").unlink()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_signal_to_the_launcher_alone_ends_everything(number: signal.Signals, make_run: Callable[..., Stack]) -> None:
    stack = make_run()
    os.kill(stack.launcher(), number)
    stack.wait_until_gone()
    assert (stack.process.wait(STOP_SECONDS) == 0) == (number != signal.SIGKILL)


def test_ctrl_c_ends_everything(make_run: Callable[..., Stack]) -> None:
    stack = make_run()
    # A terminal sends it to the whole foreground group: make and the launcher.
    os.killpg(stack.process.pid, signal.SIGINT)
    stack.wait_until_gone()
    assert "Traceback" not in stack.text


def test_a_second_run_beside_the_first_is_refused_and_harms_nothing(make_run: Callable[..., Stack]) -> None:
    stack = make_run()
    second = make(stack.folder, "PORT=1", "TRACKER_PORT=2")
    assert second.returncode != 0
    assert "already running in this checkout" in second.stderr
    assert httpx.get(f"{stack.api}/api/v1/health", trust_env=False, timeout=60).status_code == 200
    stack.stop()


def test_with_sentry_dsn_no_tracker_is_started_and_errors_go_there(make_run: Callable[..., Stack]) -> None:
    with Sink() as sink:
        stack = make_run(SENTRY_DSN=sink.dsn)
        assert "bugsink" not in "\n".join(stack.processes().values())
        assert "SENTRY_DSN" in stack.find(r"Tracker +(.*)")[1]
        assert "  SENTRY_DSN=… .venv/bin/python manage.py sentry_test\n" in stack.text
        assert sink.dsn not in stack.text
        assert "TRACKER_TOKEN" not in stack.variables()
        request_id = httpx.get(f"{stack.api}/demo/errors/unhandled", trust_env=False, timeout=60).json()["request_id"]
        [event] = sink.wait_for(1, seconds=60)
        assert event["tags"]["request_id"] == request_id
        stack.stop()
        stack.wait_until_gone()


def make(folder: Path, *variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "run", *variables],
        cwd=folder,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=START_SECONDS,
    )
