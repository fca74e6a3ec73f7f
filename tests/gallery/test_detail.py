"""GET /images/{id}."""

import uuid
from pathlib import Path

import pytest
from django.test import Client

from apps.gallery.models import Image
from tests.processes import new_database, run

from .pictures import uploaded


def url(image: dict) -> str:
    return f"/api/v1/images/{image['id']}"


@pytest.mark.parametrize(("visibility", "status"), [("public", 200), ("unlisted", 200), ("private", 404)])
def test_others_open_public_and_unlisted_images(
    client: Client, as_owner: dict[str, str], as_other: dict[str, str], visibility: str, status: int
) -> None:
    image = uploaded(client, as_owner, visibility=visibility)
    assert client.get(url(image)).status_code == status
    assert client.get(url(image), headers=as_other).status_code == status
    assert client.get(url(image), headers=as_owner).status_code == 200


def test_shows_what_the_upload_answered(client: Client, as_owner: dict[str, str]) -> None:
    image = uploaded(client, as_owner, title="Red", tags="a,b")
    assert client.get(url(image), headers=as_owner).json() == image


@pytest.mark.django_db
@pytest.mark.parametrize("image_id", [uuid.uuid4(), "1", "not-a-uuid", "..%2f..%2fetc"])
def test_an_unknown_image_is_a_404(client: Client, image_id: object) -> None:
    response = client.get(f"/api/v1/images/{image_id}")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_a_private_image_is_answered_like_an_unknown_one(client: Client, as_owner: dict[str, str]) -> None:
    private = client.get(url(uploaded(client, as_owner))).json()
    unknown = client.get(f"/api/v1/images/{uuid.uuid4()}").json()
    for body in (private, unknown):
        for name in ("instance", "request_id", "traceId"):
            del body[name]
    assert private == unknown


def test_views_of_others_are_counted(client: Client, as_owner: dict[str, str], as_other: dict[str, str]) -> None:
    image = uploaded(client, as_owner, visibility="public")
    assert client.get(url(image)).json()["view_count"] == 1
    assert client.get(url(image), headers=as_other).json()["view_count"] == 2
    assert Image.objects.get().view_count == 2


def test_no_cache_keeps_what_was_shown_to_one_person(client: Client, as_owner: dict[str, str]) -> None:
    image = uploaded(client, as_owner)
    assert client.get(url(image), headers=as_owner)["Cache-Control"] == "no-store"


VIEW_WHILE_LOCKED = """
import sqlite3
from apps.error_tracking.sink import Sink
from apps.gallery import services
from tests.conftest import Tracked
from tests.gallery import pictures

settings.MEDIA_ROOT = {media!r}
image = services.upload_image(factories.make_user(), pictures.jpeg(), services.Details(visibility="public"))
writer = sqlite3.connect(settings.DATABASES["default"]["NAME"], isolation_level=None)
writer.execute("BEGIN IMMEDIATE")
with Sink() as sink:
    tracked = Tracked(sink)
    tracked.start()
    response = Client().get(f"/api/v1/images/{{image.pk}}")
    reported = [event["tags"]["dependency"] for event in tracked.events()]
writer.execute("ROLLBACK")
with connection.cursor() as cursor:
    waits = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
print(response.status_code, response.json()["view_count"], *reported, waits)
"""


def test_a_view_that_cannot_be_counted_is_answered_and_reported(tmp_path: Path) -> None:
    database = new_database(tmp_path)
    assert run(database, VIEW_WHILE_LOCKED.format(media=str(tmp_path))) == "200 0 database 60000"


def test_own_views_and_head_requests_are_not_counted(client: Client, as_owner: dict[str, str]) -> None:
    image = uploaded(client, as_owner, visibility="public")
    client.get(url(image), headers=as_owner)
    client.head(url(image))
    assert Image.objects.get().view_count == 0


def test_a_view_does_not_count_as_an_update(client: Client, as_owner: dict[str, str]) -> None:
    image = uploaded(client, as_owner, visibility="public")
    assert client.get(url(image)).json()["updated_at"] == image["updated_at"]
