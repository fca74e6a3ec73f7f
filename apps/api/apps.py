"""What every endpoint shares: problem details, pagination, throttles, health."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The shared API parts."""

    name = "apps.api"

    def ready(self) -> None:
        """Refuse to start with a malformed throttle rate."""
        from .throttles import check_rates

        check_rates()
