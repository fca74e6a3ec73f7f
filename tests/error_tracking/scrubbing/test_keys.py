"""Which keys are sensitive, however they are spelled."""

import pytest

from apps.error_tracking.scrubbing.keys import is_personal_key, is_sensitive_key


@pytest.mark.parametrize(
    "key",
    (
        "password PASSWORD userPassword new-password password1 passwd pwd api_key apiKey API-KEY apikey x-api-key "
        "secretKey token access_token refreshToken CSRFToken csrfmiddlewaretoken sessionid HTTP_COOKIE Set-Cookie "
        "Authorization otp cvv card_number cardNumber client_secret private_key SENTRY_DSN credentials"
    ).split(),
)
def test_a_secrets_name_is_sensitive(key: str) -> None:
    assert is_sensitive_key(key)


@pytest.mark.parametrize(
    "key",
    "author authority token_count tokenizer password_changed_at passwordless secretary key keyboard session_count "
    "monkey primary_key foreign_key cookie_domain auth_method page id email path compass tokens_used".split(),
)
def test_a_name_that_only_sounds_like_one_is_not(key: str) -> None:
    assert not is_sensitive_key(key)


@pytest.mark.parametrize("key", "first_name firstName FULL_NAME phone phone-number username date_of_birth".split())
def test_a_persons_fields_are_personal(key: str) -> None:
    assert is_personal_key(key)


@pytest.mark.parametrize("key", "name filename hostname phonebook host".split())
def test_other_names_are_not(key: str) -> None:
    assert not is_personal_key(key)
