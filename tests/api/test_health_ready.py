from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.test import Client
from pytest_django import Settings

from apps.api import probes
from tests.processes import run

URL = "/api/v1/health/ready"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
    settings.STORAGES = settings.STORAGES | {"default": storage}
    return folder


def test_it_is_ready_when_everything_is_up(client: Client) -> None:
    response = client.get(URL)
    assert response.status_code == 200
    body = response.json()
    assert body["status"] == "ready"
    assert set(body["checks"]) == {"database", "cache", "storage"}
    for check in body["checks"].values():
        assert check["status"] == "up"
        assert check["latency_ms"] >= 0
        assert "error" not in check


def test_a_try_leaves_nothing_behind(client: Client, media: Path) -> None:
    client.get(URL)
    assert default_storage.listdir("") == ([], [])
    assert list(media.iterdir()) == []


def test_storage_that_cannot_be_written_is_down(client: Client, media: Path) -> None:
    media.write_text("a file where a folder should be")
    assert_down(client, "storage")


def test_a_cache_that_forgets_is_down(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "get", lambda key: None)
    assert_down(client, "cache")


def test_a_failing_database_is_down_and_its_message_stays_here(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ConnectionRefusedError("secret host db.internal")

    monkeypatch.setitem(probes.PROBES, "database", fail)
    assert_down(client, "database")


def test_a_database_that_cannot_be_opened_is_down(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/missing/db.sqlite3"
    output = run(url, f"response = Client().get({URL!r})\nprint(response.status_code, response.json()['checks'])")
    assert output.startswith("503 {'database': {'status': 'down'")


def assert_down(client: Client, name: str) -> None:
    response = client.get(URL)
    assert response.status_code == 503
    assert response["Content-Type"] == "application/json"
    assert response.json()["status"] == "not_ready"
    assert "secret" not in response.content.decode()
    down = [key for key, check in response.json()["checks"].items() if check["status"] == "down"]
    assert down == [name]
