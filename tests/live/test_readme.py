"""The README's commands, typed in a clone as they are written there, but for ports and folders of their own."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests import celery_worker
from tests.daemons import free_port
from tests.live.conftest import Stack, clean_environment

SECONDS = 600  # only ever reached by what hangs
KEY = "0123456789abcdefghij" * 3


@pytest.fixture(scope="module")
def stack(make_run: Callable[..., Stack]) -> Iterator[Stack]:
    stack = make_run()
    yield stack
    stack.stop()
    stack.wait_until_gone()


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    """The variables of the README's table."""
    return {
        "SECRET_KEY": KEY,
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
        "STORAGE_URL": f"file://{tmp_path / 'media'}",
        "OUTBOX_DIR": str(tmp_path / "outbox"),
        "PORT": str(free_port()),
    }


def typed(folder: Path, line: str, code: int = 0, **variables: str) -> str:
    """Run a line to its end and return what it prints."""
    result = subprocess.run(
        ["sh", "-c", line],
        cwd=folder,
        env=clean_environment() | variables,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert result.returncode == code, result.stdout + result.stderr
    return result.stdout + result.stderr


@contextmanager
def running(folder: Path, output: Path, line: str, **variables: str) -> Iterator[Callable[[str], None]]:
    """Run a line beside the test; yields what waits until it has said something, and ends it afterwards."""
    with output.open("wb") as file:
        process = subprocess.Popen(
            ["sh", "-c", f"exec {line}"],
            cwd=folder,
            env=clean_environment() | variables,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def until(text: str) -> None:
        deadline = time.monotonic() + SECONDS
        while text not in output.read_text():
            assert process.poll() is None and time.monotonic() < deadline, output.read_text()
            time.sleep(0.05)

    try:
        yield until
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(SECONDS)


def test_an_error_is_answered_and_found_and_nothing_personal_was_stored(stack: Stack) -> None:
    line = "curl -i http://127.0.0.1:8000/demo/errors/unhandled"
    assert '"status": 500' in typed(stack.folder, line.replace(":8000", f":{stack.port}"))
    said = typed(stack.folder, ".venv/bin/python manage.py sentry_test --verify")
    assert "All 17 test errors did what they must" in said
    said = typed(
        stack.folder, "echo 'mailed jane@example.com, password=hunter2' | .venv/bin/python manage.py sentry_scrub"
    )
    assert said == "mailed [EMAIL_REDACTED], password=[REDACTED]\n"
    said = typed(stack.folder, ".venv/bin/python manage.py sentry_audit --since 7d")
    assert said.startswith("Nothing found in ")


@pytest.mark.usefixtures("stack")
def test_without_a_variable_the_server_does_not_start(checkout: Path, production: dict[str, str]) -> None:
    said = typed(checkout, "make -s serve", code=2, **production | {"DATABASE_URL": ""})
    assert "goimg: DATABASE_URL is not set. Set DATABASE_URL, or DATABASE_URL_FILE to a file that holds it.\n" in said


@pytest.mark.usefixtures("stack")
def test_production_is_migrated_and_served(checkout: Path, production: dict[str, str], tmp_path: Path) -> None:
    line = "DJANGO_SETTINGS_MODULE=settings.production .venv/bin/python manage.py migrate"
    typed(checkout, line, **production)
    with running(checkout, tmp_path / "serve.txt", "make serve", **production) as until:
        until("Listening at")
        health = httpx.get(
            f"http://127.0.0.1:{production['PORT']}/api/v1/health/ready", trust_env=False, timeout=SECONDS
        )
        assert health.status_code == 200


@pytest.mark.usefixtures("stack")
def test_production_has_a_worker_and_a_scheduler(checkout: Path, production: dict[str, str], tmp_path: Path) -> None:
    line = ".venv/bin/celery -A goimg beat --schedule=/var/lib/goimg/beat"
    beat = line.replace("/var/lib/goimg", str(tmp_path))
    with celery_worker.redis_server(tmp_path) as url:
        variables = production | {"CELERY_BROKER_URL": f"{url}/0", "DJANGO_SETTINGS_MODULE": "settings.production"}
        with running(checkout, tmp_path / "worker.txt", ".venv/bin/celery -A goimg worker", **variables) as worker:
            worker("ready.")
        with running(checkout, tmp_path / "beat.txt", beat, **variables) as scheduler:
            scheduler("beat: Starting")
