"""Files go when their row is gone, however it went: by the API, or with its owner."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from . import files
from .models import Image


@receiver(post_delete, sender=Image, dispatch_uid="gallery.remove_files")
def remove_files(instance: Image, **kwargs: Any) -> None:
    """Remove the image's files once the deletion is committed; a rollback keeps them."""
    transaction.on_commit(partial(files.remove, instance.pk))
