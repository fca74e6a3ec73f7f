"""The project's own Django app: makes the Celery application wherever Django runs."""

from django.apps import AppConfig


class GoimgConfig(AppConfig):
    """Without it, a task that a view or a command asks for would not find its broker."""

    name = "goimg"

    def ready(self) -> None:
        """Make the Celery application; it reads the settings, which are there only now."""
        from . import celery  # noqa: F401
