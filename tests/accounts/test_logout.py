import pytest
from django.test import Client

from tests.accounts.helpers import LOGOUT, ME, REFRESH, post
from tests.factories import make_user, sign_in, tokens_of

pytestmark = pytest.mark.django_db


def test_it_ends_the_session_and_both_of_its_tokens(client: Client) -> None:
    pair = tokens_of(client, make_user())
    bearer = f"Bearer {pair['access_token']}"
    response = post(client, LOGOUT, Authorization=bearer)
    assert (response.status_code, response.content) == (204, b"")
    assert client.get(ME, headers={"Authorization": bearer}).status_code == 401
    assert post(client, REFRESH, {"refresh_token": pair["refresh_token"]}).status_code == 401


def test_it_leaves_the_other_sessions_of_the_user_alone(client: Client) -> None:
    user = make_user()
    here, elsewhere = sign_in(client, user), sign_in(client, user)
    post(client, LOGOUT, **here)
    assert client.get(ME, headers=elsewhere).status_code == 200


def test_a_second_logout_is_unauthorized(client: Client) -> None:
    headers = sign_in(client, make_user())
    post(client, LOGOUT, **headers)
    assert post(client, LOGOUT, **headers).status_code == 401


def test_it_wants_a_token(client: Client) -> None:
    response = post(client, LOGOUT)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
