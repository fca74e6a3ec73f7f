"""The production settings, with pages that fail in the ways a server must survive."""

import os
from pathlib import Path

from settings.production import *  # noqa: F403
from tests.docker.app import world

ROOT_URLCONF = "tests.docker.app.urls"
# Quick, so that a tracker that comes back is seen at once; and all errors of these pages are of one kind.
ERROR_TRACKING |= {  # noqa: F405
    "RETRY_FIRST": 0.05,
    "RETRY_MOST": float(os.environ.get("RETRY_MOST", "0.2")),
    "OUTBOX_RATE": 10_000,
    "SEND_TIMEOUT": float(os.environ.get("SEND_TIMEOUT", "2")),
    "ERRORS_PER_MINUTE": 0,
}
world.install()
STATIC_ROOT = Path(__file__).parent  # must exist, or WhiteNoise warns
