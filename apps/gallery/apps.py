"""The gallery's Django app."""

from django.apps import AppConfig


class GalleryConfig(AppConfig):
    """Connects the signal that deletes an image's files with its row."""

    name = "apps.gallery"

    def ready(self) -> None:
        """Register the receivers; models exist only now."""
        from . import signals  # noqa: F401
