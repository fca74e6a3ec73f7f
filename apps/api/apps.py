"""What every endpoint shares: problem details, pagination, throttles, health."""

from pathlib import Path

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class ApiConfig(AppConfig):
    """The shared API parts."""

    name = "apps.api"

    def ready(self) -> None:
        """Refuse to start with a malformed throttle rate, or without a folder for the images."""
        from .throttles import check_rates

        check_rates()
        make_media_folder()


def make_media_folder() -> None:
    """Make the folder that STORAGE_URL names, for this user alone; raise ImproperlyConfigured if that fails.

    Only here: a folder that vanishes later (a volume that is not mounted any more) is an outage, and images must
    not be written to what is below its mount point.
    """
    folder = Path(settings.MEDIA_ROOT)
    try:
        for path in [*reversed(folder.parents), folder]:
            path.mkdir(mode=settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The folder that STORAGE_URL names cannot be made ({type(error).__name__})."
        ) from error
