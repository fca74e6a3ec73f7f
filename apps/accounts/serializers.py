"""Shapes of what comes in and what goes out."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as DjangoValidationError
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from . import tokens
from .models import Session, User, normalise_email
from .validators import refuse_disposable_email

MAX_PASSWORD_LENGTH = 128


class PasswordField(serializers.CharField):
    """A password: never trimmed, never sent back, never longer than is worth hashing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=MAX_PASSWORD_LENGTH,
            trim_whitespace=False,
            write_only=True,
            style={"input_type": "password"},
            **options,
        )


class RegistrationSerializer(serializers.Serializer[Any]):
    """A new account."""

    email = serializers.EmailField(max_length=255, validators=[refuse_disposable_email])
    username = serializers.RegexField(r"^[a-zA-Z0-9_-]+$", min_length=3, max_length=32)
    password = PasswordField(min_length=12)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Check the password also against the rest of the account (it must not resemble it)."""
        account = User(email=normalise_email(attrs["email"]), username=attrs["username"])
        try:
            validate_password(attrs["password"], account)
        except DjangoValidationError as error:
            raise serializers.ValidationError({"password": error.messages}) from error
        return attrs


class CredentialsSerializer(serializers.Serializer[Any]):
    """A sign-in."""

    email = serializers.EmailField(max_length=255)
    password = PasswordField()


class RefreshSerializer(serializers.Serializer[Any]):
    """A refresh token to exchange."""

    refresh_token = serializers.CharField(max_length=tokens.MAX_LENGTH)


class TokenPairSerializer(serializers.Serializer[Any]):
    """What signs later requests."""

    access_token = serializers.CharField()
    refresh_token = serializers.CharField()
    token_type = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="Lifetime of the access token in seconds.")


class AccountSerializer(serializers.ModelSerializer[User]):
    """An account as its owner sees it right after registering."""

    class Meta:
        model = User
        fields = ("id", "email", "username", "created_at")


class ProfileChangesSerializer(serializers.Serializer[Any]):
    """What people may change of their own profile; what is left out stays as it is."""

    display_name = serializers.CharField(max_length=100, allow_blank=True, required=False)
    bio = serializers.CharField(max_length=500, allow_blank=True, required=False)


class ProfileSerializer(serializers.ModelSerializer[User]):
    """A profile as anybody sees it.

    `email` is null for everyone but its owner: a profile is public, an e-mail address is personal data.
    """

    email = serializers.SerializerMethodField()
    image_count = serializers.IntegerField(help_text="Number of public images.")

    class Meta:
        model = User
        fields = ("id", "email", "username", "display_name", "bio", "image_count", "created_at")

    @extend_schema_field(serializers.EmailField(allow_null=True))
    def get_email(self, user: User) -> str | None:
        """Return the address to its owner (`viewer` in the context), None to others."""
        return user.email if self.context["viewer"].pk == user.pk else None


class SessionSerializer(serializers.ModelSerializer[Session]):
    """A session; `ip_address` is masked."""

    is_current = serializers.SerializerMethodField()

    class Meta:
        model = Session
        fields = ("id", "user_id", "ip_address", "user_agent", "created_at", "expires_at", "is_current")

    def get_is_current(self, session: Session) -> bool:
        """Say whether this is the session of the request (`current` in the context)."""
        return bool(session == self.context["current"])
