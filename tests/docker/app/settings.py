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
    "ERRORS_PER_MINUTE": 0,
}
# Seconds; 0: as production. Where it is waited for an answer that will not come, all of them pass.
if patience := float(os.environ.get("PATIENCE", "10")):
    ERROR_TRACKING["SEND_TIMEOUT"] = patience
    world.wait_for_answers(patience)
world.install()
STATIC_ROOT = Path(__file__).parent  # must exist, or WhiteNoise warns
