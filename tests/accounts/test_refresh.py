from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts import tokens
from apps.accounts.models import Session
from apps.api import problems
from apps.error_tracking.metrics import BUSINESS_EVENTS
from tests.accounts.helpers import ME, REFRESH, post, wrong_fields
from tests.factories import make_user, tokens_of

pytestmark = pytest.mark.django_db


def me_status(client: Client, pair: dict[str, str]) -> int:
    return client.get(ME, headers={"Authorization": f"Bearer {pair['access_token']}"}).status_code


def refresh_status(client: Client, pair: dict[str, str]) -> int:
    return post(client, REFRESH, {"refresh_token": pair["refresh_token"]}).status_code


def test_it_exchanges_a_refresh_token_for_new_tokens_that_work(client: Client) -> None:
    old = tokens_of(client, make_user())
    response = post(client, REFRESH, {"refresh_token": old["refresh_token"]})
    assert response.status_code == 200
    new = response.json()
    assert new["refresh_token"] != old["refresh_token"]
    assert me_status(client, new) == 200
    assert refresh_status(client, new) == 200


def test_using_a_refresh_token_again_revokes_the_whole_session(client: Client) -> None:
    old = tokens_of(client, make_user())
    new = post(client, REFRESH, {"refresh_token": old["refresh_token"]}).json()
    assert refresh_status(client, old) == 401
    assert refresh_status(client, new) == 401
    assert me_status(client, new) == me_status(client, old) == 401


def test_a_replay_leaves_other_sessions_alone(client: Client) -> None:
    user = make_user()
    stolen, other = tokens_of(client, user), tokens_of(client, user)
    refresh_status(client, stolen)
    refresh_status(client, stolen)
    assert me_status(client, other) == 200


def test_a_replay_is_a_security_event_once_and_names_the_user(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    captured: list[BaseException] = []
    monkeypatch.setattr(problems, "capture_error", lambda error, **options: captured.append(error))
    replays = BUSINESS_EVENTS.labels("token.replayed")._value
    before = replays.get()
    pair = tokens_of(client, make_user())
    for _ in range(4):
        refresh_status(client, pair)
    assert [type(error).__name__ for error in captured] == ["TokenReplay"]
    assert replays.get() == before + 1


def test_only_a_hash_of_the_refresh_token_is_stored(client: Client) -> None:
    pair = tokens_of(client, make_user())
    token_id = tokens.read(tokens.Kind.REFRESH, pair["refresh_token"]).token_id
    row = str(Session.objects.values().get())
    assert token_id not in row
    assert pair["refresh_token"] not in row


def test_an_access_token_is_no_refresh_token_and_the_other_way_round(client: Client) -> None:
    pair = tokens_of(client, make_user())
    swapped = {"access_token": pair["refresh_token"], "refresh_token": pair["access_token"]}
    assert refresh_status(client, swapped) == 401
    assert me_status(client, swapped) == 401
    assert me_status(client, pair) == 200


def test_an_expired_session_cannot_be_refreshed(client: Client) -> None:
    pair = tokens_of(client, make_user())
    Session.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert refresh_status(client, pair) == 401


def test_a_refresh_prolongs_the_session(client: Client) -> None:
    pair = tokens_of(client, make_user())
    almost_over = timezone.now() + timedelta(minutes=1)
    Session.objects.update(expires_at=almost_over)
    refresh_status(client, pair)
    assert Session.objects.get().expires_at > almost_over


@pytest.mark.parametrize("token", ["", "x" * 1025, True, {}, None])
def test_what_cannot_be_a_token_is_a_validation_error(client: Client, token: object) -> None:
    assert wrong_fields(post(client, REFRESH, {"refresh_token": token})) == {"refresh_token"}


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "ünïcode.ünïcode.ünïcode", "..", "e30.e30.e30"])
def test_a_token_that_is_not_ours_is_unauthorized(client: Client, token: str) -> None:
    response = post(client, REFRESH, {"refresh_token": token})
    assert response.status_code == 401
    assert response.json()["detail"] == "The refresh token is invalid or has expired."
