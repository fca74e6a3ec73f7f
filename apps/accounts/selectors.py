"""What is read of people and their sessions."""

from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from .models import Session, User, normalise_email


def user_by_email(email: str) -> User | None:
    """Return the user with this e-mail address in any case."""
    return User.objects.filter(email=normalise_email(email)).first()


def profile(user_id: UUID) -> User:
    """Return a user with `image_count`, the number of their public images; raise User.DoesNotExist."""
    public = Q(images__visibility="public")
    return User.objects.annotate(image_count=Count("images", filter=public)).get(pk=user_id)


def live_session(session_id: UUID, user_id: UUID) -> Session | None:
    """Return a user's session, its `user` loaded, unless it was revoked or has expired."""
    live = Session.objects.filter(expires_at__gt=timezone.now())
    return live.select_related("user").filter(pk=session_id, user=user_id).first()


def live_sessions(user: User) -> QuerySet[Session]:
    """Return the sessions a user is signed in with, the newest first."""
    return user.sessions.filter(expires_at__gt=timezone.now()).order_by("-created_at", "-pk")
