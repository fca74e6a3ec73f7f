"""POST /images."""

import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from apps.accounts.models import User
from apps.gallery.encoding import SIZES
from apps.gallery.models import Image
from tests.conftest import Tracked
from tests.factories import make_user, sign_in

from . import pictures
from .pictures import upload, uploaded

URL = "/api/v1/images"


def fields_of(response) -> set[str]:
    assert response.status_code == 400, response.content
    assert response["Content-Type"] == "application/problem+json"
    return {error["field"] for error in response.json()["errors"]}


def test_answers_the_image_and_its_address(client: Client, owner: User, as_owner: dict[str, str]) -> None:
    response = upload(
        client,
        as_owner,
        pictures.jpeg(400, 300),
        title="Red",
        description="And blue",
        visibility="public",
        tags="red, Blue Sky",
    )
    body = response.json()
    assert response.status_code == 201
    assert response["Location"] == f"http://testserver/api/v1/images/{body['id']}"
    assert body["owner_id"] == str(owner.pk)
    assert body["owner"] == {"id": str(owner.pk), "username": "ansel", "display_name": "Ansel"}
    expected = {"title": "Red", "description": "And blue", "visibility": "public", "mime_type": "image/jpeg"}
    assert {name: body[name] for name in expected} == expected
    assert (body["width"], body["height"], body["view_count"]) == (400, 300, 0)
    assert body["tags"] == ["blue-sky", "red"]
    assert list(body["variants"]) == list(SIZES)
    assert body["variants"]["thumbnail"] == {
        "url": f"http://testserver/api/v1/images/{body['id']}/variants/thumbnail",
        "width": 160,
        "height": 120,
    }


def test_an_image_is_private_unless_said_otherwise(client: Client, as_owner: dict[str, str]) -> None:
    assert uploaded(client, as_owner)["visibility"] == "private"


@pytest.mark.parametrize(("file_format", "mime"), [("PNG", "image/png"), ("GIF", "image/gif"), ("WEBP", "image/webp")])
def test_the_content_decides_the_type_not_the_name(
    client: Client, as_owner: dict[str, str], file_format: str, mime: str
) -> None:
    content = pictures.encoded(pictures.picture(), file_format)
    assert uploaded(client, as_owner, content)["mime_type"] == mime


def test_needs_a_signed_in_user(client: Client, db: None) -> None:
    response = upload(client, {})
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"title": "x" * 256}, "title"),
        ({"description": "x" * 2001}, "description"),
        ({"title": "nul \0 inside"}, "title"),
        ({"visibility": "secret"}, "visibility"),
        ({"tags": ",".join(f"tag{number}" for number in range(21))}, "tags"),
        ({"tags": "good,!!!"}, "tags.1"),
        ({"tags": "x" * 51}, "tags.0"),
        ({"tags": "\ufdfa" * 40}, "tags.0"),
        ({"album_id": str(uuid.uuid4())}, "album_id"),
        ({"visiblity": "public"}, "visiblity"),
    ],
)
def test_a_bad_field_is_named(client: Client, as_owner: dict[str, str], form: dict[str, str], field: str) -> None:
    assert fields_of(upload(client, as_owner, **form)) == {field}
    assert not Image.objects.exists()


def test_how_another_user_spells_a_tag_is_not_seen(
    client: Client, as_owner: dict[str, str], as_other: dict[str, str]
) -> None:
    uploaded(client, as_owner, tags="Jane's SECRET Party!!")
    assert uploaded(client, as_other, tags="janes secret party")["tags"] == ["janes-secret-party"]


def test_empty_tags_are_no_tags(client: Client, as_owner: dict[str, str]) -> None:
    assert uploaded(client, as_owner, tags=" , ,")["tags"] == []


def test_a_file_in_a_misnamed_field_is_told_both(client: Client, as_owner: dict[str, str]) -> None:
    response = client.post(URL, {"image": pictures.as_file(pictures.jpeg())}, headers=as_owner)
    assert fields_of(response) == {"image", "file"}


@pytest.mark.parametrize("form", [{}, {"file": ""}, {"file": "text, not a file"}])
def test_a_missing_file_is_named(client: Client, as_owner: dict[str, str], form: dict[str, str]) -> None:
    assert fields_of(client.post(URL, form, headers=as_owner)) == {"file"}


def test_an_empty_file_is_named(client: Client, as_owner: dict[str, str]) -> None:
    assert fields_of(client.post(URL, {"file": pictures.as_file(b"")}, headers=as_owner)) == {"file"}


def test_two_files_are_too_many(client: Client, as_owner: dict[str, str]) -> None:
    form = {"file": pictures.as_file(pictures.jpeg()), "more": pictures.as_file(pictures.jpeg())}
    assert client.post(URL, form, headers=as_owner).status_code == 400


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"just text, named .jpg", 415),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", 415),
        (pictures.jpeg()[:900], 422),
        (pictures.huge_png(20_000, 10_000), 422),
        (pictures.animation("GIF", frames=10_000, side=2), 422),
    ],
    ids=["text", "svg", "truncated", "200 megapixels", "10,000 frames"],
)
def test_a_bad_file_is_the_callers_error_and_leaves_nothing(
    client: Client, as_owner: dict[str, str], sent: list, content: bytes, status: int
) -> None:
    response = upload(client, as_owner, content)
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert not Image.objects.exists()
    assert not settings.MEDIA_ROOT.exists()
    assert sent == []


@pytest.mark.parametrize("size", [10 * 1024 * 1024 + 1, 41 * 1024 * 1024], ids=["somewhat", "far"])
def test_a_file_that_is_too_large_is_refused(client: Client, as_owner: dict[str, str], size: int) -> None:
    response = upload(client, as_owner, b"\xff\xd8\xff" + bytes(size - 3))
    assert response.status_code == 413
    assert "10 MB" in response.json()["detail"]


def test_a_far_too_large_body_is_refused_without_reading_it(client: Client, as_owner: dict[str, str]) -> None:
    response = client.post(
        URL, b"-", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="99999999999", headers=as_owner
    )
    assert response.status_code == 413


@pytest.mark.parametrize("content_type", ["application/json", "image/jpeg", "application/x-www-form-urlencoded"])
def test_a_body_that_is_no_multipart_is_an_unsupported_media_type(
    client: Client, as_owner: dict[str, str], content_type: str
) -> None:
    response = client.post(URL, pictures.jpeg(), content_type=content_type, headers=as_owner)
    assert response.status_code == 415


@pytest.mark.parametrize("body", [b"", b"--x", b"--x\r\n\r\n", b"--x\r\nContent-Disposition: form-data"])
@pytest.mark.parametrize("content_type", ["multipart/form-data; boundary=x", "multipart/form-data"])
def test_a_broken_multipart_body_is_the_callers_error(
    client: Client, as_owner: dict[str, str], body: bytes, content_type: str
) -> None:
    assert client.post(URL, body, content_type=content_type, headers=as_owner).status_code == 400


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd.jpg", "..\\..\\boot.ini", "a/b/c.png", "%2e%2e%2f.jpg", "x\ny.jpg"]
)
def test_the_files_name_is_used_for_nothing(
    client: Client, as_owner: dict[str, str], media: Path, tmp_path: Path, name: str
) -> None:
    body = uploaded(client, as_owner, file=pictures.as_file(pictures.jpeg(), name))
    names = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert names == {"thumbnail.webp", "small.webp", "medium.webp", "large.webp", "original.jpg"}
    assert name not in str(body)


def test_a_file_name_of_4000_characters_is_harmless(client: Client, as_owner: dict[str, str]) -> None:
    """Django reads at most 1 KB of headers per part, so it is the caller's error, not ours."""
    lines = [
        b"--x",
        b'Content-Disposition: form-data; name="file"; filename="' + b"n" * 4000 + b'.jpg"',
        b"",
        pictures.jpeg(),
        b"--x--",
        b"",
    ]
    response = client.post(URL, b"\r\n".join(lines), content_type="multipart/form-data; boundary=x", headers=as_owner)
    assert response.status_code == 400


def test_no_stored_byte_says_who_where_or_with_what(client: Client, as_owner: dict[str, str], media: Path) -> None:
    for content in pictures.labelled_files().values():
        uploaded(client, as_owner, content)
    stored = b"".join(path.read_bytes() for path in media.rglob("*") if path.is_file())
    for trace in (pictures.SCRIPT, pictures.CAMERA, "alert", "2026:01:02", "Exif"):
        assert trace.encode() not in stored


def test_a_storage_that_cannot_be_written_is_a_503_and_an_event(
    client: Client, as_owner: dict[str, str], settings: Settings, tmp_path: Path, tracked: Tracked
) -> None:
    (tmp_path / "file").write_text("in the way")
    settings.MEDIA_ROOT = tmp_path / "file"
    response = upload(client, as_owner)
    assert response.status_code == 503
    assert response["Retry-After"]
    assert str(tmp_path) not in response.content.decode()
    assert [event["event_id"] for event in tracked.events()] == [response.json()["event_id"]]


def test_a_locked_database_is_a_503_and_leaves_nothing(
    client: Client, as_owner: dict[str, str], media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*args: object, **kwargs: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(Image, "save", locked)
    assert upload(client, as_owner).status_code == 503
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_more_uploads_than_allowed_are_refused_per_user(
    client: Client, as_owner: dict[str, str], as_other: dict[str, str], settings: Settings
) -> None:
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "upload": "2/hour"}
    statuses = [upload(client, as_owner).status_code for _ in range(3)]
    assert statuses == [201, 201, 429]
    assert upload(client, as_other).status_code == 201
    assert client.get(URL, headers=as_owner).status_code == 200


@hypothesis_settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(min_size=1, max_size=300),
        st.builds(
            lambda at, value: pictures.png(30, 20)[:at] + value + pictures.png(30, 20)[at:],
            st.integers(0, 80),
            st.binary(max_size=4),
        ),
    ),
    title=st.text(max_size=300),
    tags=st.text(max_size=80),
)
@pytest.mark.django_db
def test_no_upload_is_ever_our_fault(client: Client, settings: Settings, content: bytes, title: str, tags: str) -> None:
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "upload": "1000000/hour", "login": "1000000/hour"}
    headers = sign_in(client, make_user())
    title, tags = (text.encode("utf-8", "replace").decode() for text in (title, tags))
    response = upload(client, headers, content, title=title, tags=tags)
    assert response.status_code in {201, 400, 413, 415, 422}
