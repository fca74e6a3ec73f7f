"""The production settings, with pages that fail in the ways a server must survive."""

from pathlib import Path

from settings.production import *  # noqa: F403

ROOT_URLCONF = "tests.docker.app.urls"
# Quick, so that a tracker that comes back is seen at once.
ERROR_TRACKING |= {"RETRY_FIRST": 0.05, "RETRY_MOST": 0.2, "OUTBOX_RATE": 10_000, "SEND_TIMEOUT": 2.0}  # noqa: F405
STATIC_ROOT = Path(__file__).parent  # must exist, or WhiteNoise warns
