"""DELETE /images/{id}."""

import uuid
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from apps.gallery.models import Image, Variant

from .pictures import uploaded


def url(image: dict) -> str:
    return f"/api/v1/images/{image['id']}"


def test_removes_the_image_and_its_files(
    client: Client,
    as_owner: dict[str, str],
    media: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    image = uploaded(client, as_owner, tags="one")
    with django_capture_on_commit_callbacks(execute=True):
        assert client.delete(url(image), headers=as_owner).status_code == 204
    assert client.get(url(image), headers=as_owner).status_code == 404
    assert client.get(f"{url(image)}/variants/small", headers=as_owner).status_code == 404
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_leaves_other_images_alone(
    client: Client,
    as_owner: dict[str, str],
    media: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    image, other = uploaded(client, as_owner), uploaded(client, as_owner)
    with django_capture_on_commit_callbacks(execute=True):
        client.delete(url(image), headers=as_owner)
    assert (media / Variant.objects.get(image=other["id"], size="small").path).exists()


@pytest.mark.parametrize(("visibility", "status"), [("public", 403), ("unlisted", 403), ("private", 404)])
def test_another_users_image_cannot_be_deleted(
    client: Client, as_owner: dict[str, str], as_other: dict[str, str], visibility: str, status: int
) -> None:
    image = uploaded(client, as_owner, visibility=visibility)
    assert client.delete(url(image), headers=as_other).status_code == status
    assert client.delete(url(image)).status_code == 401
    assert Image.objects.exists()


def test_an_unknown_image_is_a_404(client: Client, as_owner: dict[str, str]) -> None:
    assert client.delete(f"/api/v1/images/{uuid.uuid4()}", headers=as_owner).status_code == 404
