"""What is done for accounts without a request. Tasks are thin: they call one service."""

from celery import shared_task

from . import sessions


@shared_task(name="accounts.delete_expired_sessions")
def delete_expired_sessions() -> None:
    """Delete expired sessions also while nobody signs in."""
    sessions.delete_expired()
