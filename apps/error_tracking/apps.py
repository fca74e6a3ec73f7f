"""Starts error tracking when Django starts."""

from django.apps import AppConfig


class ErrorTrackingConfig(AppConfig):
    """Validates the configuration, then initialises the SDK once, before the first request."""

    # Not spelled out: whoever copies this folder puts it on a path of their own.
    name = __name__.rpartition(".")[0]

    def ready(self) -> None:
        """Start the SDK; raise ImproperlyConfigured, naming each variable that is wrong."""
        from . import checks, sdk
        from .config import load

        checks.register()
        sdk.start(load())
