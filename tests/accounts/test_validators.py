import pytest
from django.core.exceptions import ValidationError

from apps.accounts.validators import ComplexityValidator, refuse_disposable_email


def test_a_password_with_all_four_kinds_of_characters_passes() -> None:
    ComplexityValidator().validate("Correct horse 7")


@pytest.mark.parametrize("password", ["", "correct horse 7", "CORRECT HORSE 7", "Correct horse", "Correcthorse7"])
def test_a_password_that_lacks_a_kind_of_character_is_refused(password: str) -> None:
    with pytest.raises(ValidationError, match="upper-case letter"):
        ComplexityValidator().validate(password)


@pytest.mark.parametrize("email", ["a@yopmail.com", "a@YOPMAIL.com", "a@in.yopmail.com"])
def test_a_throw_away_address_is_refused(email: str) -> None:
    with pytest.raises(ValidationError, match="disposable"):
        refuse_disposable_email(email)


@pytest.mark.parametrize("email", ["a@example.com", "a@notyopmail.com", "a@yopmail.com.example.com", ""])
def test_any_other_address_passes(email: str) -> None:
    refuse_disposable_email(email)
