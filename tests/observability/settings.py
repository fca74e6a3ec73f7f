"""The production settings, with pages and tasks that fail, and a schedule that is due at once."""

from tests.error_tracking.worker_settings import *  # noqa: F403

ROOT_URLCONF = "goimg.urls"
DEMO_ERRORS = True
# Quick, so that a tracker that comes back is seen at once.
ERROR_TRACKING |= {"RETRY_FIRST": 0.05, "RETRY_MOST": 0.2, "OUTBOX_RATE": 10_000}  # noqa: F405
