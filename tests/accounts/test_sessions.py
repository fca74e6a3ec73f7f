from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Session, User
from tests.accounts.helpers import wrong_fields
from tests.factories import make_user, sign_in

pytestmark = pytest.mark.django_db


def url(user: User) -> str:
    return f"/api/v1/users/{user.pk}/sessions"


def test_it_lists_where_the_user_is_signed_in_the_newest_first(client: Client) -> None:
    user = make_user()
    sign_in(client, user)
    headers = sign_in(client, user)
    sign_in(client, make_user())
    body = client.get(url(user), headers=headers).json()
    assert body["pagination"] == {"total": 2, "page": 1, "per_page": 20, "total_pages": 1}
    assert [session["is_current"] for session in body["sessions"]] == [True, False]
    assert set(body["sessions"][0]) == {
        *("id", "user_id", "ip_address", "user_agent", "created_at", "expires_at", "is_current")
    }
    assert {session["user_id"] for session in body["sessions"]} == {str(user.pk)}


def test_it_leaves_out_expired_sessions(client: Client) -> None:
    user = make_user()
    sign_in(client, user)
    Session.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(url(user), headers=sign_in(client, user)).json()["pagination"]["total"] == 1


def test_it_pages(client: Client) -> None:
    user = make_user()
    sign_in(client, user)
    headers = sign_in(client, user)
    body = client.get(url(user) + "?page=2&per_page=1", headers=headers).json()
    assert [session["is_current"] for session in body["sessions"]] == [False]
    assert wrong_fields(client.get(url(user) + "?page=0", headers=headers)) == {"page"}


def test_somebody_elses_sessions_are_forbidden(client: Client) -> None:
    assert client.get(url(make_user()), headers=sign_in(client, make_user())).status_code == 403


def test_an_unknown_user_is_not_found(client: Client) -> None:
    headers = sign_in(client, make_user())
    assert client.get(f"/api/v1/users/{uuid4()}/sessions", headers=headers).status_code == 404


def test_it_wants_a_token(client: Client) -> None:
    assert client.get(url(make_user())).status_code == 401
