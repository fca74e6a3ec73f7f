"""What is written of people: accounts and profiles."""

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from apps.api import counters
from apps.api.errors import Conflict, Unauthorized
from apps.error_tracking import breadcrumb, count, timed_span

from . import selectors
from .models import User, normalise_email

MAX_FAILED_LOGINS = 5
LOCKOUT_SECONDS = 15 * 60
_FAILED_LOGIN = "failed_login"


def register(*, email: str, username: str, password: str) -> User:
    """Create an account.

    Raises Conflict when the e-mail or the user name is taken, without saying which. Whoever tries a fresh user name
    learns all the same that the e-mail has an account: the answer's status tells, and only the throttle on
    registrations slows that down. To tell nobody, answer 201 always and send the news by e-mail.
    """
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, username, password)
    except IntegrityError as error:
        raise Conflict("Email or username already exists") from error
    count("user.registered")
    return user


def authenticate(*, email: str, password: str) -> User:
    """Return the user whose e-mail and password these are.

    Raises Unauthorized, the same for an unknown e-mail, a wrong password and an account that is locked: after
    MAX_FAILED_LOGINS failures in a row nobody gets in for LOCKOUT_SECONDS. All three cost the same work.
    """
    identity = normalise_email(email)
    # Counted before the password is looked at, so that attempts in parallel cannot outrun the limit.
    attempts = counters.hit(_FAILED_LOGIN, identity, LOCKOUT_SECONDS, renewing=MAX_FAILED_LOGINS).hits
    user = selectors.user_by_email(identity)
    breadcrumb("sign-in", category="auth", attempts=attempts)
    if not _password_is_right(user, password) or attempts > MAX_FAILED_LOGINS or user is None:
        count("login.failed")
        raise Unauthorized("Invalid email or password")
    counters.reset(_FAILED_LOGIN, identity)
    return user


def update_profile(user: User, **changes: str) -> None:
    """Store changes of `display_name` and `bio`."""
    User.objects.filter(pk=user.pk).update(**changes)


def delete_account(user: User) -> None:
    """Delete a user and, by cascade, everything that is theirs; their tokens stop working at once."""
    user.delete()
    count("user.deleted")


def _password_is_right(user: User | None, password: str) -> bool:
    with timed_span("password.hash", "check the password"):
        if user is not None:
            return user.check_password(password)
        # As much work as checking a real password, or its absence would tell that the account does not exist.
        make_password(password)
        return False
