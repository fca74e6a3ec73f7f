"""The least that production must be told."""

import os
import string
from pathlib import Path


def production(folder: Path, **variables: str) -> dict[str, str]:
    """Return an environment in which production starts, and `variables`."""
    return {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "settings.production",
        "SECRET_KEY": string.ascii_letters,
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": f"sqlite:///{folder / 'test.sqlite3'}",
        "STORAGE_URL": folder.as_uri(),
        "BIND": "127.0.0.1:0",
        **variables,
    }
