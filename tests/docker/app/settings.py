"""The production settings, with pages that fail in the ways a server must survive."""

from pathlib import Path

from settings.production import *  # noqa: F403

ROOT_URLCONF = "tests.docker.app.urls"
STATIC_ROOT = Path(__file__).parent  # must exist, or WhiteNoise warns
