"""Rules for passwords and e-mail addresses."""

from functools import cache
from pathlib import Path

from django.core.exceptions import ValidationError

_DISPOSABLE = Path(__file__).with_name("disposable_domains.txt")


class ComplexityValidator:
    """Wants an upper-case letter, a lower-case letter, a digit and another character."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError if a kind of character is missing."""
        kinds = (str.isupper, str.islower, str.isdigit, lambda character: not character.isalnum())
        if not all(any(map(kind, password)) for kind in kinds):
            raise ValidationError(self.get_help_text(), code="password_too_simple")

    def get_help_text(self) -> str:
        """Say what is wanted."""
        return "The password needs an upper-case letter, a lower-case letter, a digit and another character."


def refuse_disposable_email(email: str) -> None:
    """Raise ValidationError if the address belongs to a provider of throw-away addresses."""
    labels = email.rpartition("@")[2].lower().split(".")
    parents = {".".join(labels[start:]) for start in range(len(labels))}
    if parents & _disposable_domains():
        raise ValidationError("Addresses of disposable e-mail providers are not accepted.", code="disposable")


@cache
def _disposable_domains() -> frozenset[str]:
    lines = _DISPOSABLE.read_text(encoding="utf-8").split()
    return frozenset(lines)
