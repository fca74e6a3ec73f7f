"""What is done for images outside of requests. Tasks are thin: they call one service."""

from uuid import UUID

from celery import shared_task
from django.db import OperationalError

from apps.api.errors import StorageUnavailable

from . import services


# What may pass: tried again after 2, 4, 8, 16 and 32 seconds, or less, so that not all come back at the same moment.
# https://docs.celeryq.dev/en/stable/userguide/tasks.html#automatic-retry-for-known-exceptions
@shared_task(
    name="gallery.make_variants",
    autoretry_for=(StorageUnavailable, OperationalError),
    max_retries=5,
    retry_backoff=2,
    retry_jitter=True,
)
def make_variants(image_id: str) -> None:
    """Make the sizes of an image that was uploaded."""
    services.make_variants(UUID(image_id))


@shared_task(name="gallery.complete_images")
def complete_images() -> None:
    """Ask again for what was lost: the broker was down, its memory was wiped, the worker was killed."""
    services.complete_images()
