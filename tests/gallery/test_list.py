"""GET /images."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.gallery.models import Image
from apps.gallery.services import Details, upload_image
from tests.factories import make_user

from . import pictures

URL = "/api/v1/images"


def store(owner: User, title: str, **details: object) -> Image:
    details = {"visibility": "public", **details}
    return upload_image(owner, pictures.jpeg(30, 20), Details(title=title, **details))


def titles(client: Client, query: str = "", headers: dict[str, str] | None = None) -> list[str]:
    response = client.get(f"{URL}?{query}", headers=headers or {})
    assert response.status_code == 200, response.content
    return [item["title"] for item in response.json()["items"]]


@pytest.fixture
def one_of_each(owner: User) -> None:
    for visibility in ("public", "private", "unlisted"):
        store(owner, visibility, visibility=visibility)


@pytest.mark.usefixtures("one_of_each")
def test_everybody_sees_public_images(client: Client, as_other: dict[str, str]) -> None:
    assert titles(client) == ["public"]
    assert titles(client, headers=as_other) == ["public"]


@pytest.mark.usefixtures("one_of_each")
def test_owners_see_all_of_theirs(client: Client, as_owner: dict[str, str]) -> None:
    assert titles(client, headers=as_owner) == ["unlisted", "private", "public"]


@pytest.mark.usefixtures("one_of_each")
@pytest.mark.parametrize("visibility", ["private", "unlisted"])
def test_private_and_unlisted_find_own_images_only(
    client: Client, as_owner: dict[str, str], as_other: dict[str, str], visibility: str
) -> None:
    query = f"visibility={visibility}"
    assert titles(client, query, as_owner) == [visibility]
    assert titles(client, query, as_other) == titles(client, query) == []


def test_an_owners_images_are_found(client: Client, owner: User) -> None:
    store(owner, "mine")
    store(make_user(), "another's")
    assert titles(client, f"owner_id={owner.pk}") == ["mine"]


def test_all_tags_must_match(client: Client, owner: User) -> None:
    store(owner, "both", tags=["Sunset", "Sea"])
    store(owner, "one", tags=["sunset"])
    assert titles(client, "tags=sunset") == ["one", "both"]
    assert titles(client, "tags=sunset,SEA") == ["both"]
    assert titles(client, "tags=sunset,unknown") == []


@pytest.mark.parametrize(
    ("q", "expected"),
    [("HARBOUR", ["A harbour"]), ("harbour quiet", ["A harbour"]), ("100%25", []), ("", ["A harbour"])],
)
def test_words_are_searched_in_title_and_description(client: Client, owner: User, q: str, expected: list[str]) -> None:
    store(owner, "A harbour", description="A quiet morning")
    assert titles(client, f"q={q}") == expected


def test_the_newest_come_first_and_the_order_can_be_turned(client: Client, owner: User) -> None:
    for title in ("first", "second", "third"):
        store(owner, title)
    assert titles(client) == ["third", "second", "first"]
    assert titles(client, "order=asc") == ["first", "second", "third"]


def test_the_most_viewed_can_come_first(client: Client, owner: User) -> None:
    for title, views in (("few", 1), ("many", 9), ("some", 5)):
        Image.objects.filter(pk=store(owner, title).pk).update(view_count=views)
    assert titles(client, "sort=view_count") == ["many", "some", "few"]


def test_pages_share_no_image_and_miss_none(client: Client, owner: User) -> None:
    for number in range(5):
        store(owner, str(number))
    pages = [titles(client, f"sort=view_count&page={page}&per_page=2") for page in (1, 2, 3, 4)]
    assert pages == [["4", "3"], ["2", "1"], ["0"], []]
    pagination = client.get(f"{URL}?per_page=2").json()["pagination"]
    assert pagination == {"total": 5, "page": 1, "per_page": 2, "total_pages": 3}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        "owner_id=me",
        "visibility=secret",
        "sort=like_count",
        "sort=owner__password",
        "order=up",
        "album_id=0190f5a8-0000-7000-8000-000000000000",
        "page=0",
        "per_page=101",
        "q=" + "x" * 201,
        "q=%00",
        "tags=" + ",".join(f"t{number}" for number in range(21)),
        "owner__email=a",
    ],
)
def test_a_bad_parameter_is_named(client: Client, query: str) -> None:
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [query.split("=", maxsplit=1)[0]]


@pytest.mark.django_db
def test_a_bad_token_is_a_401(client: Client) -> None:
    assert client.get(URL, headers={"Authorization": "Bearer nonsense"}).status_code == 401


def test_the_number_of_queries_does_not_grow(
    client: Client, owner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(4):
        store(make_user(), str(number), tags=["one", "two"])
    with django_assert_num_queries(4):  # count, images with owners, variants, tags
        assert len(titles(client)) == 4
