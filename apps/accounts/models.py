"""A person and the sessions they are signed in with."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from uuid_utils.compat import uuid7


class UserManager(BaseUserManager["User"]):
    """Creates users."""

    def create_user(self, email: str, username: str, password: str) -> "User":
        """Store a new user with a hashed password.

        Raises IntegrityError when the e-mail or the user name is taken (in any case).
        """
        user = self.model(email=normalise_email(email), username=username)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person. There is no admin site, so there are no staff flags and no permissions."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(max_length=255, unique=True)
    username = models.CharField(max_length=32)
    display_name = models.CharField(max_length=100, blank=True, default="")
    bio = models.CharField(max_length=500, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    # Sessions say when someone signed in; a second record of it would be personal data without a use.
    last_login = None

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["username"]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="email_in_lower_case"),
            models.UniqueConstraint(Lower("username"), name="unique_username"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Session(models.Model):
    """One sign-in: a family of refresh tokens of which only the newest is valid. Revoking it deletes it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    refresh_hash = models.CharField(max_length=64)
    # Masked before it is stored: it tells networks apart, not people.
    ip_address = models.CharField(max_length=45)
    user_agent = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-created_at"], name="sessions_of_a_user")]

    def __str__(self) -> str:
        return str(self.pk)


def normalise_email(email: str) -> str:
    """Return the one spelling under which an e-mail address is stored and looked up."""
    return email.strip().lower()
