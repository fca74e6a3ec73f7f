"""PUT and PATCH /images/{id}."""

import json
import uuid

import pytest
from django.test import Client

from apps.gallery.models import Image
from tests.factories import make_user, sign_in

from .pictures import uploaded

FORM = {"title": "Old", "description": "Old", "visibility": "public", "tags": "old"}


def send(client: Client, method: str, image: dict, body: object, headers: dict[str, str]):
    return client.generic(
        method, f"/api/v1/images/{image['id']}", json.dumps(body), "application/json", headers=headers
    )


def shown(response) -> dict:
    assert response.status_code == 200, response.content
    return {name: response.json()[name] for name in ("title", "description", "visibility", "tags")}


def test_put_replaces_everything(client: Client, as_owner: dict[str, str]) -> None:
    image = uploaded(client, as_owner, **FORM)
    body = {"title": "New", "description": "Newer", "visibility": "unlisted", "tags": ["b", "a"]}
    assert shown(send(client, "PUT", image, body, as_owner)) == {**body, "tags": ["a", "b"]}


def test_what_put_leaves_out_takes_its_default(client: Client, as_owner: dict[str, str]) -> None:
    image = uploaded(client, as_owner, **FORM)
    expected = {"title": "New", "description": "", "visibility": "private", "tags": []}
    assert shown(send(client, "PUT", image, {"title": "New"}, as_owner)) == expected


@pytest.mark.parametrize(
    "change", [{"title": "New"}, {"description": ""}, {"visibility": "private"}, {"tags": ["x", "y"]}, {"tags": []}, {}]
)
def test_patch_changes_only_what_it_names(client: Client, as_owner: dict[str, str], change: dict) -> None:
    image = uploaded(client, as_owner, **FORM)
    assert shown(send(client, "PATCH", image, change, as_owner)) == {**FORM, "tags": ["old"], **change}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": "x" * 256}, "title"),
        ({"title": None}, "title"),
        ({"title": {"a": 1}}, "title"),
        ({"description": "x" * 2001}, "description"),
        ({"visibility": "secret"}, "visibility"),
        ({"tags": "a,b"}, "tags"),
        ({"tags": [str(number) for number in range(21)]}, "tags"),
        ({"tags": ["ok", "  "]}, "tags.1"),
        ({"album_id": str(uuid.uuid4())}, "album_id"),
        ({"owner_id": str(uuid.uuid4())}, "owner_id"),
        ({"view_count": 9}, "view_count"),
    ],
)
def test_a_bad_field_is_named_and_nothing_changes(
    client: Client, as_owner: dict[str, str], method: str, body: dict, field: str
) -> None:
    image = uploaded(client, as_owner, **FORM)
    response = send(client, method, image, body, as_owner)
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert client.get(f"/api/v1/images/{image['id']}", headers=as_owner).json() == image


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize(("visibility", "status"), [("public", 403), ("unlisted", 403), ("private", 404)])
def test_another_users_image_cannot_be_changed(
    client: Client, as_owner: dict[str, str], method: str, visibility: str, status: int
) -> None:
    image = uploaded(client, as_owner, visibility=visibility)
    as_other = sign_in(client, make_user())
    assert send(client, method, image, {"title": "Mine now"}, as_other).status_code == status
    assert send(client, method, image, {"title": "Mine now"}, {}).status_code == 401
    assert Image.objects.get().title == ""


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_an_unknown_image_is_a_404(client: Client, as_owner: dict[str, str], method: str) -> None:
    assert send(client, method, {"id": uuid.uuid4()}, {}, as_owner).status_code == 404


def test_a_body_that_is_no_json_is_an_unsupported_media_type(client: Client, as_owner: dict[str, str]) -> None:
    image = uploaded(client, as_owner)
    response = client.put(f"/api/v1/images/{image['id']}", b"title=x", content_type="text/plain", headers=as_owner)
    assert response.status_code == 415


def test_an_image_deleted_meanwhile_is_a_404(
    client: Client, as_owner: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from apps.gallery import services

    image = uploaded(client, as_owner)
    update = services.update_image

    def too_late(row: Image, changes: dict) -> None:
        Image.objects.all().delete()
        update(row, changes)

    monkeypatch.setattr(services, "update_image", too_late)
    assert send(client, "PATCH", image, {"title": "New"}, as_owner).status_code == 404
