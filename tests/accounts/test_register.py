import pytest
from django.test import Client

from apps.accounts.models import User
from tests.accounts.helpers import LOGIN, REGISTER, REGISTRATION, post, wrong_fields
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db


def test_it_creates_an_account_that_can_sign_in(client: Client) -> None:
    response = post(client, REGISTER, REGISTRATION)
    assert response.status_code == 201
    assert set(response.json()) == {"id", "email", "username", "created_at"}
    assert post(client, LOGIN, {"email": "ada@example.com", "password": PASSWORD}).status_code == 200


def test_it_stores_the_password_as_an_argon2_hash_and_the_email_in_lower_case(client: Client) -> None:
    post(client, REGISTER, REGISTRATION | {"email": "Ada@Example.COM"})
    user = User.objects.get()
    assert user.email == "ada@example.com"
    assert user.password.startswith("argon2$")
    assert PASSWORD not in user.password


@pytest.mark.parametrize("taken", [{"email": "ADA@example.com"}, {"username": "Ada"}])
def test_it_does_not_tell_whether_the_email_or_the_user_name_is_taken(client: Client, taken: dict[str, str]) -> None:
    make_user(email="ada@example.com", username="ada")
    fresh = {"email": "bob@example.com", "username": "bob", "password": PASSWORD}
    response = post(client, REGISTER, fresh | taken)
    assert response.status_code == 409
    assert response.json()["detail"] == "Email or username already exists"
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "not-an-address"),
        ("email", "a@b"),
        ("email", "a" * 250 + "@example.com"),
        ("email", "someone@mailinator.com"),
        ("email", "someone@sub.Mailinator.com"),
        ("email", None),
        ("email", {"$ne": ""}),
        ("email", "a\x00b@example.com"),
        ("username", "ab"),
        ("username", "a" * 33),
        ("username", "with space"),
        ("username", "ünïcode"),
        ("username", "\ud800\ud800\ud800"),
        ("password", "Short-7"),
        ("password", "all-lower-case-7"),
        ("password", "ALL-UPPER-CASE-7"),
        ("password", "No-digit-in-here"),
        ("password", "NoOtherCharacter7"),
        ("password", "Aa1-" + "x" * 125),
        ("password", ["Correct-horse-7-battery"]),
    ],
)
def test_it_names_the_field_that_is_wrong(client: Client, field: str, value: object) -> None:
    assert wrong_fields(post(client, REGISTER, REGISTRATION | {field: value})) == {field}
    assert not User.objects.exists()


def test_it_names_every_field_that_is_missing(client: Client) -> None:
    assert wrong_fields(post(client, REGISTER, {})) == {"email", "username", "password"}


def test_a_password_must_not_resemble_the_account(client: Client) -> None:
    body = REGISTRATION | {"username": "AdaLovelace-1815", "password": "AdaLovelace-1815"}
    assert wrong_fields(post(client, REGISTER, body)) == {"password"}


def test_a_password_keeps_its_outer_spaces(client: Client) -> None:
    post(client, REGISTER, REGISTRATION | {"password": f" {PASSWORD} "})
    assert User.objects.get().check_password(f" {PASSWORD} ")


def test_no_answer_repeats_the_password(client: Client) -> None:
    assert b"all-lower-case-7" not in post(client, REGISTER, REGISTRATION | {"password": "all-lower-case-7"}).content


def test_the_sixth_registration_in_a_minute_from_one_address_has_to_wait(client: Client) -> None:
    statuses = [post(client, REGISTER, {}).status_code for _ in range(6)]
    assert statuses == [400] * 5 + [429]


def test_a_stale_token_does_not_keep_anybody_from_registering(client: Client) -> None:
    assert post(client, REGISTER, REGISTRATION, Authorization="Bearer stale").status_code == 201
