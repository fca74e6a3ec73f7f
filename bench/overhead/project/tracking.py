"""Starts what tracks errors, by BENCH_KIND."""

import os
from typing import Any

from .settings import IS_GOIMG, KIND


def start() -> None:
    """Start the stock SDK, if it is its turn; goimg starts with its application, and "off" never."""
    if KIND.startswith("stock"):
        import sentry_sdk  # not a module that "off" would load
        from sentry_sdk.scrubber import EventScrubber

        scrubber: dict[str, Any] = {"event_scrubber": EventScrubber(recursive=True)} if "+" in KIND else {}
        rate = float(os.environ["SENTRY_TRACES_SAMPLE_RATE"])
        sentry_sdk.init(os.environ["SENTRY_DSN"], traces_sample_rate=rate, release="bench@1", **scrubber)


def report(error: Exception) -> None:
    """Report an error that was handled."""
    if IS_GOIMG:
        from apps.error_tracking import capture_error

        capture_error(error)
    elif KIND != "off":
        import sentry_sdk

        sentry_sdk.capture_exception(error)
