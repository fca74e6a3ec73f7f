from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Session
from apps.error_tracking import context
from tests.accounts.helpers import LOGOUT, ME, post
from tests.factories import make_user, sign_in, tokens_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_may_be_written_in_any_case(client: Client, scheme: str) -> None:
    token = tokens_of(client, make_user())["access_token"]
    assert client.get(ME, headers={"Authorization": f"{scheme} {token}"}).status_code == 200


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer x y", "Basic YTpi", "Token abc", "Bearer a.b.c", "Bearer \xff"]
)
def test_any_other_header_is_unauthorized(client: Client, header: str) -> None:
    response = client.get(ME, headers={"Authorization": header})
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response["Content-Type"] == "application/problem+json"


def test_user_and_session_are_loaded_in_one_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    headers = sign_in(client, make_user())
    with django_assert_num_queries(2):  # the other one deletes the session
        post(client, LOGOUT, **headers)


def test_a_token_dies_with_its_session(client: Client) -> None:
    headers = sign_in(client, make_user())
    Session.objects.all().delete()
    assert client.get(ME, headers=headers).status_code == 401


def test_a_token_dies_when_its_session_expires(client: Client) -> None:
    headers = sign_in(client, make_user())
    Session.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(ME, headers=headers).status_code == 401


def test_a_token_does_not_work_for_a_session_of_somebody_else(client: Client) -> None:
    headers = sign_in(client, make_user())
    Session.objects.update(user=make_user())
    assert client.get(ME, headers=headers).status_code == 401


def test_errors_of_the_request_know_the_user_by_id(client: Client) -> None:
    user = make_user()
    client.get(ME, headers=sign_in(client, user))
    assert context.user_id.get() == str(user.pk)
