"""GET and HEAD /images/{id}/variants/{size}."""

import hashlib
import uuid
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image as Pillow

from apps.gallery.encoding import SIZES
from apps.gallery.models import Variant
from tests.conftest import Tracked
from tests.factories import make_user, sign_in

from . import pictures
from .pictures import uploaded


def url(image: dict, size: str = "small") -> str:
    return f"/api/v1/images/{image['id']}/variants/{size}"


def content(response) -> bytes:
    """Read the file to its end; the server closes a response when it has sent it."""
    assert response.status_code == 200, response.content
    body = b"".join(response.streaming_content)
    response.close()
    return body


def head(client: Client, image: dict, size: str = "small", headers: dict[str, str] | None = None):
    response = client.head(url(image, size), headers=headers or {})
    response.close()
    return response


@pytest.mark.parametrize("size", SIZES)
def test_serves_the_size_that_the_image_says(client: Client, as_owner: dict[str, str], size: str) -> None:
    image = uploaded(client, as_owner, pictures.png())
    response = client.get(image["variants"][size]["url"], headers=as_owner)
    picture = Pillow.open(BytesIO(content(response)))
    assert picture.size == (image["variants"][size]["width"], image["variants"][size]["height"])
    assert (
        response["Content-Type"] == Pillow.MIME[picture.format] == ("image/png" if size == "original" else "image/webp")
    )


def test_says_how_the_file_may_be_used(client: Client, as_owner: dict[str, str]) -> None:
    image = uploaded(client, as_owner, visibility="public")
    response = client.get(url(image))
    body = content(response)
    assert response["ETag"] == f'"{hashlib.sha256(body).hexdigest()}"'
    assert response["Content-Length"] == str(len(body))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == f'inline; filename="{image["id"]}-small.webp"'


@pytest.mark.parametrize(
    ("visibility", "expected"),
    [("public", "public, max-age=300"), ("unlisted", "private, no-cache"), ("private", "private, no-cache")],
)
def test_only_public_images_may_be_kept_by_shared_caches(
    client: Client, as_owner: dict[str, str], visibility: str, expected: str
) -> None:
    image = uploaded(client, as_owner, visibility=visibility)
    response = client.get(url(image), headers=as_owner)
    content(response)
    assert response["Cache-Control"] == expected


@pytest.mark.parametrize(("header", "field"), [("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")])
def test_a_client_that_has_the_image_gets_a_304(
    client: Client, as_owner: dict[str, str], media: Path, header: str, field: str
) -> None:
    image = uploaded(client, as_owner, visibility="public")
    first = head(client, image)
    for path in media.rglob("*.webp"):
        path.unlink()
    response = client.get(url(image), headers={header: first[field]})
    assert response.status_code == 304
    assert response.content == b""
    assert (response["ETag"], response["Cache-Control"]) == (first["ETag"], first["Cache-Control"])


def test_a_client_that_has_another_image_gets_this_one(client: Client, as_owner: dict[str, str]) -> None:
    image = uploaded(client, as_owner, visibility="public")
    assert content(client.get(url(image), headers={"If-None-Match": '"other"'}))


def test_a_304_needs_permission_too(client: Client, as_owner: dict[str, str]) -> None:
    image = uploaded(client, as_owner)
    etag = head(client, image, headers=as_owner)["ETag"]
    assert client.get(url(image), headers={"If-None-Match": etag}).status_code == 404


def test_head_says_the_same_without_the_file(client: Client, as_owner: dict[str, str]) -> None:
    image = uploaded(client, as_owner, visibility="public")
    answer, full = head(client, image), client.get(url(image))
    assert b"".join(answer) == b""
    assert answer["Content-Length"] == str(len(content(full)))
    assert answer["ETag"] == full["ETag"]


def test_a_client_that_accepts_images_only_is_served(client: Client, as_owner: dict[str, str]) -> None:
    image = uploaded(client, as_owner, visibility="public")
    assert content(client.get(url(image), headers={"Accept": "image/avif,image/webp"}))
    missing = client.get(url(image, "tiny"), headers={"Accept": "image/webp"})
    assert missing["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(("visibility", "status"), [("public", 200), ("unlisted", 200), ("private", 404)])
@pytest.mark.parametrize("size", SIZES)
def test_others_see_public_and_unlisted_images(
    client: Client, as_owner: dict[str, str], size: str, visibility: str, status: int
) -> None:
    image = uploaded(client, as_owner, visibility=visibility)
    as_other = sign_in(client, make_user())
    assert head(client, image, size).status_code == status
    assert head(client, image, size, as_other).status_code == status


@pytest.mark.parametrize("size", ["tiny", "ORIGINAL", "original.jpg", "..", "%2e%2e%2foriginal"])
def test_an_unknown_size_is_a_404(client: Client, as_owner: dict[str, str], size: str) -> None:
    response = client.get(url(uploaded(client, as_owner), size), headers=as_owner)
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("size", ["%00", "small%00", "tiny"])
def test_an_unknown_size_is_refused_without_asking_the_database(client: Client, size: str) -> None:
    """pytest-django forbids the database to a test that does not ask for it."""
    response = client.get(url({"id": uuid.uuid4()}, size))
    assert response.status_code == 404
    assert "thumbnail, small, medium, large or original" in response.json()["detail"]


def test_a_file_that_is_missing_is_our_fault(
    client: Client, as_owner: dict[str, str], media: Path, tracked: Tracked
) -> None:
    image = uploaded(client, as_owner)
    (media / Variant.objects.get(size="small").path).unlink()
    response = client.get(url(image), headers=as_owner)
    assert response.status_code == 503
    assert response["Retry-After"]
    assert [event["event_id"] for event in tracked.events()] == [response.json()["event_id"]]


def test_cannot_be_written_to(client: Client, as_owner: dict[str, str]) -> None:
    assert client.put(url(uploaded(client, as_owner)), headers=as_owner).status_code == 405
