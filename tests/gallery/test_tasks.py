"""The sizes of an image, made by a worker after the upload was answered."""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from celery.exceptions import Retry
from django.db import transaction
from django.test import Client
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError
from pytest_django import Settings

from apps.accounts.models import User
from apps.api.errors import StorageUnavailable
from apps.gallery import services, tasks
from apps.gallery.encoding import SIZES
from apps.gallery.models import Image, Variant
from tests import celery_worker, daemons
from tests.accounts.helpers import LOGIN, REGISTER, REGISTRATION
from tests.conftest import Tracked
from tests.docker.server import Server
from tests.processes import new_database

from . import pictures
from .pictures import upload, uploaded


@pytest.fixture
def asked(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The IDs of the images that a worker is asked for; there is none."""
    settings.CELERY_TASK_ALWAYS_EAGER = False
    asked: list[str] = []
    monkeypatch.setattr(tasks.make_variants, "delay", asked.append)
    return asked


def store(owner: User) -> Image:
    return services.upload_image(owner, pictures.jpeg(400, 300), services.Details(visibility="public"))


def sizes(image: Image) -> set[str]:
    return set(image.variants.values_list("size", flat=True))


def files_of(image: Image, media: Path) -> dict[str, bytes]:
    folder = (media / image.variants.get(size="original").path).parent
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_an_upload_stores_the_original_and_asks_for_the_rest(owner: User, asked: list[str], media: Path) -> None:
    image = store(owner)
    assert (sizes(image), list(files_of(image, media))) == ({"original"}, ["original.jpg"])
    assert asked == [str(image.pk)]


def test_a_bad_upload_asks_for_nothing(client: Client, as_owner: dict[str, str], asked: list[str]) -> None:
    assert upload(client, as_owner, pictures.jpeg()[:900]).status_code == 422
    assert asked == []


def test_until_they_are_made_the_answer_is_503_try_again_and_no_event(
    client: Client, as_owner: dict[str, str], asked: list[str], tracked: Tracked
) -> None:
    image = uploaded(client, as_owner)
    assert list(image["variants"]) == ["original"]
    response = client.get(f"/api/v1/images/{image['id']}/variants/small", headers=as_owner)
    assert (response.status_code, response["Retry-After"]) == (503, "2")
    assert response["Content-Type"] == "application/problem+json"
    assert client.get(f"/api/v1/images/{image['id']}/variants/small").status_code == 404, "it is private"
    assert tracked.events() == []


def test_the_task_makes_every_size(owner: User, asked: list[str], media: Path) -> None:
    image = store(owner)
    tasks.make_variants(asked[0])
    assert sizes(image) == set(SIZES)
    for variant in image.variants.all():
        path = media / variant.path
        assert (path.stat().st_size, path.stat().st_mode & 0o777) == (variant.byte_size, 0o600)


@pytest.mark.parametrize("content", [pictures.png(), pictures.animation("GIF"), *pictures.labelled_files().values()])
def test_they_are_as_large_as_those_made_inline(
    owner: User, asked: list[str], settings: Settings, content: bytes
) -> None:
    later = services.upload_image(owner, content, services.Details())
    tasks.make_variants(asked[0])
    settings.CELERY_TASK_ALWAYS_EAGER = True
    inline = services.upload_image(owner, content, services.Details())
    measures = [set(image.variants.values_list("size", "width", "height")) for image in (later, inline)]
    assert measures[0] == measures[1]


def test_doing_it_twice_changes_nothing(owner: User, asked: list[str], media: Path) -> None:
    image = store(owner)
    tasks.make_variants(asked[0])
    before = files_of(image, media), list(image.variants.order_by("pk").values())
    tasks.make_variants(asked[0])
    assert (files_of(image, media), list(image.variants.order_by("pk").values())) == before


def test_two_workers_at_the_same_image_store_each_size_once(
    owner: User, asked: list[str], media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = store(owner)
    atomic: Callable[..., Any] = transaction.atomic

    def other_first() -> Any:
        monkeypatch.setattr(transaction, "atomic", atomic)
        tasks.make_variants(asked[0])
        return atomic()

    monkeypatch.setattr(transaction, "atomic", other_first)
    tasks.make_variants(asked[0])
    assert (image.variants.count(), len(files_of(image, media))) == (5, 5)


def test_an_image_that_is_gone_is_nothing_to_do(owner: User, asked: list[str]) -> None:
    store(owner).delete()
    tasks.make_variants(asked[0])
    assert not Variant.objects.exists()


def test_an_image_deleted_meanwhile_gets_no_rows(
    owner: User, asked: list[str], media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = store(owner)
    atomic: Callable[..., Any] = transaction.atomic

    def deleted_first() -> Any:
        monkeypatch.setattr(transaction, "atomic", atomic)
        image.delete()
        return atomic()

    monkeypatch.setattr(transaction, "atomic", deleted_first)
    tasks.make_variants(asked[0])
    assert not Variant.objects.exists()


@pytest.mark.parametrize("broken", ["read-only", "damaged"])
def test_what_may_pass_is_tried_again_and_leaves_nothing_by_halves(
    owner: User, asked: list[str], media: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    image = store(owner)
    original = media / image.variants.get(size="original").path
    if broken == "damaged":
        original.write_bytes(b"\xff\xd8\xff")
    else:
        monkeypatch.setattr(Path, "rename", lambda *args: (_ for _ in ()).throw(OSError("read-only")))
    with pytest.raises(StorageUnavailable):
        services.make_variants(image.pk)
    assert (sizes(image), list(files_of(image, media))) == ({"original"}, ["original.jpg"])


def test_the_task_is_bound_to_end(owner: User) -> None:
    task = tasks.make_variants
    assert (task.max_retries, task.retry_backoff, task.retry_jitter) == (5, 2, True)
    assert issubclass(StorageUnavailable, tuple(task.autoretry_for))
    task.push_request(called_directly=False, is_eager=False, retries=5, id="x")
    try:
        with pytest.raises(StorageUnavailable) as raised:
            task.retry(exc=StorageUnavailable())
    finally:
        task.pop_request()
    assert not isinstance(raised.value, Retry)


def test_a_broker_that_is_down_is_reported_and_the_upload_is_stored(
    client: Client, as_owner: dict[str, str], asked: list[str], tracked: Tracked, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(image_id: str) -> None:
        raise BrokerError("connection refused")

    monkeypatch.setattr(tasks.make_variants, "delay", down)
    uploaded(client, as_owner)
    assert [event["tags"]["dependency"] for event in tracked.events()] == ["broker"]


def test_images_that_were_forgotten_are_asked_for_again(owner: User, asked: list[str]) -> None:
    ages = (timedelta(minutes=1), timedelta(hours=1), timedelta(hours=2), timedelta(days=2))
    images = [store(owner) for _ in ages]
    for image, age in zip(images, ages, strict=True):
        Image.objects.filter(pk=image.pk).update(created_at=timezone.now() - age)
    services.make_variants(images[1].pk)
    asked.clear()
    tasks.complete_images()
    assert asked == [str(images[2].pk)]


def test_an_upload_over_http_is_completed_by_a_worker(tmp_path: Path) -> None:
    database = new_database(tmp_path)
    variables = {"DJANGO_SETTINGS_MODULE": "settings.production", "DATABASE_URL": database}
    with celery_worker.redis_server(tmp_path) as url:
        env = celery_worker.environment(tmp_path, f"{url}/0", "", **variables)
        with Server(tmp_path, **env) as server, httpx.Client(timeout=daemons.SECONDS) as client:
            client.base_url = f"http://127.0.0.1:{server.port}"
            client.post(REGISTER, json=REGISTRATION)
            credentials = {name: REGISTRATION[name] for name in ("email", "password")}
            token = client.post(LOGIN, json=credentials).json()["access_token"]
            client.headers["Authorization"] = f"Bearer {token}"
            image = client.post("/api/v1/images", files={"file": ("a.jpg", pictures.jpeg())}).json()
            assert list(image["variants"]) == ["original"]
            address = f"/api/v1/images/{image['id']}"
            assert client.get(f"{address}/variants/small").status_code == 503
            with celery_worker.worker(tmp_path, env, "prefork"):
                deadline = time.monotonic() + daemons.SECONDS
                while client.get(f"{address}/variants/small").status_code == 503 and time.monotonic() < deadline:
                    time.sleep(0.05)
                assert client.get(f"{address}/variants/small").status_code == 200
                assert list(client.get(address).json()["variants"]) == list(SIZES)
