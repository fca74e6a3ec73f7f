import errno
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
import sentry_sdk
from django.test import Client
from pytest_django import Settings

from apps.api import probes
from apps.error_tracking.delivery.options import DeliveryOptions
from tests.conftest import Tracked
from tests.processes import new_database, run

URL = "/api/v1/health/ready"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("closable_database")]


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """How busy the machine is decides over no test."""
    monkeypatch.setattr(probes, "SECONDS", 60)


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    folder.mkdir()
    settings.MEDIA_ROOT = folder
    return folder


def test_it_is_ready_when_everything_is_up(client: Client) -> None:
    response = client.get(URL)
    assert response.status_code == 200
    body = response.json()
    assert body["status"] == "ready"
    assert set(body["checks"]) == {"database", "cache", "storage"}
    assert body["outbox"] == {"waiting": 0, "oldest_seconds": None}
    for check in body["checks"].values():
        assert check["status"] == "up"
        assert check["latency_ms"] >= 0
        assert "error" not in check


def test_errors_that_wait_for_the_tracker_are_told_and_make_nothing_unready(
    client: Client, tracked: Tracked, tmp_path: Path
) -> None:
    tracked.sink.behaviour = "error_500"
    tracked.start(delivery=DeliveryOptions(outbox_dir=str(tmp_path / "outbox"), retry_first=60))
    sentry_sdk.capture_message("it broke", level="error")
    sentry_sdk.flush(timeout=60)

    response = client.get(URL)

    assert response.status_code == 200
    assert response.json()["outbox"]["waiting"] == 1
    assert response.json()["outbox"]["oldest_seconds"] >= 0


def test_a_try_leaves_nothing_behind(client: Client, media: Path) -> None:
    client.get(URL)
    assert list(media.iterdir()) == []


def test_a_folder_that_has_gone_is_down_and_is_not_made_again(client: Client, media: Path) -> None:
    media.rmdir()
    assert_down(client, "storage")
    assert not media.exists()


def test_a_full_disk_is_down(client: Client, media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []

    def fsync(file: int) -> None:
        written.append(os.fstat(file).st_size)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("apps.api.probes.os.fsync", fsync)
    assert_down(client, "storage")
    assert written == [4096]
    assert list(media.iterdir()) == []


def test_a_cache_that_forgets_is_down(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.core.cache.backends.locmem.LocMemCache.get", lambda self, key: None)
    assert_down(client, "cache")


def test_a_failing_database_is_down_and_its_message_stays_here(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ConnectionRefusedError("secret host db.internal")

    monkeypatch.setitem(probes.PROBES, "database", fail)
    assert_down(client, "database")


@pytest.fixture
def hanging() -> Iterator[Event]:
    """A dependency that says nothing until the test is over."""
    event = Event()
    yield event
    event.set()


def test_what_hangs_is_down_after_a_while_and_is_not_asked_again_until_it_answers(
    client: Client, hanging: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def hang() -> None:
        asked.append(1)
        hanging.wait(60)

    monkeypatch.setattr(probes, "PROBES", {"storage": hang})  # others may take longer than that, on a busy machine
    with monkeypatch.context() as patch:
        patch.setattr(probes, "SECONDS", 0.1)
        for _ in range(2):
            assert assert_down(client, "storage")["error"] == "TimeoutError"
    assert asked == [1]
    hanging.set()
    probes._latest["storage"]._thread.join()
    monkeypatch.setattr(probes, "PROBES", {"storage": probes.storage})
    assert client.get(URL).status_code == 200


ASK = f"response = Client().get({URL!r})\nprint(response.status_code, response.json()['checks']['database'])"


def test_a_database_that_cannot_be_opened_is_down(tmp_path: Path) -> None:
    assert run(f"sqlite:///{tmp_path}/missing/db.sqlite3", ASK).startswith("503 {'status': 'down'")


def test_a_database_without_tables_is_down(tmp_path: Path) -> None:
    assert run(f"sqlite:///{tmp_path}/empty.sqlite3", ASK).startswith("503 {'status': 'down'")


def test_a_database_that_another_process_writes_to_is_up(tmp_path: Path) -> None:
    database = new_database(tmp_path)
    other = sqlite3.connect(tmp_path / "test.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert run(database, ASK).startswith("200 {'status': 'up'")
    finally:
        other.close()


def assert_down(client: Client, name: str) -> dict[str, object]:
    response = client.get(URL)
    assert response.status_code == 503
    assert response["Content-Type"] == "application/json"
    assert response.json()["status"] == "not_ready"
    assert "secret" not in response.content.decode()
    down = [key for key, check in response.json()["checks"].items() if check["status"] == "down"]
    assert down == [name]
    check: dict[str, object] = response.json()["checks"][name]
    return check
