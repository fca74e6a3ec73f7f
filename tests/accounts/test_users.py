from uuid import uuid4

import pytest
from django.test import Client

from apps.accounts.models import Session, User
from tests.accounts.helpers import ME, wrong_fields
from tests.factories import make_user, sign_in

pytestmark = pytest.mark.django_db


def url(user: User) -> str:
    return f"/api/v1/users/{user.pk}"


def test_anybody_sees_a_profile_without_its_email(client: Client) -> None:
    user = make_user(display_name="Ada", bio="Counts")
    response = client.get(url(user))
    assert response.status_code == 200
    body = response.json()
    created = body.pop("created_at")
    assert created.endswith("Z")
    assert body == {
        "id": str(user.pk),
        "email": None,
        "username": user.username,
        "display_name": "Ada",
        "bio": "Counts",
        "image_count": 0,
    }


def test_the_email_is_shown_to_its_owner_alone(client: Client) -> None:
    owner, other = make_user(), make_user()
    assert client.get(url(owner), headers=sign_in(client, owner)).json()["email"] == owner.email
    assert client.get(url(owner), headers=sign_in(client, other)).json()["email"] is None


def test_only_public_images_are_counted(client: Client) -> None:
    owner = make_user()
    for visibility in ("public", "public", "private", "unlisted"):
        owner.images.create(visibility=visibility, file_size=1, width=1, height=1)
    assert client.get(url(owner)).json()["image_count"] == 2


@pytest.mark.parametrize("method", ["get", "put", "delete"])
@pytest.mark.parametrize("identity", ["00000000-0000-4000-8000-000000000000", "ada", "1"])
def test_an_unknown_user_is_not_found(client: Client, method: str, identity: str) -> None:
    headers = sign_in(client, make_user())
    response = getattr(client, method)(
        f"/api/v1/users/{identity}", {}, content_type="application/json", headers=headers
    )
    assert response.status_code == 404


def test_a_bad_token_is_unauthorized_even_where_none_is_needed(client: Client) -> None:
    assert client.get(url(make_user()), headers={"Authorization": "Bearer stale"}).status_code == 401


def test_the_owner_changes_display_name_and_bio(client: Client) -> None:
    user = make_user(bio="Old")
    headers = sign_in(client, user)
    response = client.put(url(user), {"display_name": "Ada <3"}, content_type="application/json", headers=headers)
    assert response.status_code == 200
    assert (response.json()["display_name"], response.json()["bio"]) == ("Ada <3", "Old")
    assert client.get(url(user)).json()["display_name"] == "Ada <3"


def test_nothing_else_can_be_changed(client: Client) -> None:
    user = make_user()
    body = {"email": "new@example.com", "username": "new", "id": str(uuid4()), "is_active": False}
    client.put(url(user), body, content_type="application/json", headers=sign_in(client, user))
    stored = User.objects.get()
    assert (stored.pk, stored.email, stored.username) == (user.pk, user.email, user.username)


@pytest.mark.parametrize(("field", "value"), [("display_name", "x" * 101), ("bio", "x" * 501), ("bio", None)])
def test_it_names_the_field_that_is_wrong(client: Client, field: str, value: object) -> None:
    user = make_user()
    response = client.put(url(user), {field: value}, content_type="application/json", headers=sign_in(client, user))
    assert wrong_fields(response) == {field}


@pytest.mark.parametrize("method", ["put", "delete"])
def test_somebody_elses_account_is_forbidden(client: Client, method: str) -> None:
    user = make_user()
    response = getattr(client, method)(
        url(user), {"bio": "Mine"}, content_type="application/json", headers=sign_in(client, make_user())
    )
    assert response.status_code == 403
    assert User.objects.get(pk=user.pk).bio == ""


@pytest.mark.parametrize("method", ["put", "delete"])
def test_changing_wants_a_token(client: Client, method: str) -> None:
    user = make_user()
    response = getattr(client, method)(url(user), {"bio": "Mine"}, content_type="application/json")
    assert response.status_code == 401
    assert User.objects.filter(pk=user.pk, bio="").exists()


def test_deleting_an_account_deletes_what_is_its_own_and_ends_its_sessions(client: Client) -> None:
    user, other = make_user(), make_user()
    headers = sign_in(client, user)
    sign_in(client, other)
    user.images.create(file_size=1, width=1, height=1)
    response = client.delete(url(user), headers=headers)
    assert (response.status_code, response.content) == (204, b"")
    assert client.get(ME, headers=headers).status_code == 401
    assert list(User.objects.all()) == [other]
    assert Session.objects.get().user == other


def test_me_is_whoever_is_signed_in(client: Client) -> None:
    user = make_user()
    headers = sign_in(client, user)
    assert client.get(ME, headers=headers).json() == client.get(url(user), headers=headers).json()
    changed = client.put(ME, {"bio": "Hello"}, content_type="application/json", headers=headers)
    assert changed.json()["bio"] == "Hello"
    assert client.delete(ME, headers=headers).status_code == 204
    assert client.get(url(user)).status_code == 404


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_me_wants_a_token(client: Client, method: str) -> None:
    assert getattr(client, method)(ME).status_code == 401
