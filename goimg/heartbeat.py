"""A file that is new as long as a worker lives: `celery -A goimg worker --include=goimg.heartbeat`, for a health check.

Asking the worker by `celery inspect ping` would start Python, Django and Celery for each answer.
"""

import tempfile
from pathlib import Path
from typing import Any

from celery import signals

FILE = Path(tempfile.gettempdir()) / "worker-heartbeat"


# Every two seconds, as long as the broker takes it:
# https://docs.celeryq.dev/en/stable/userguide/signals.html#heartbeat-sent
@signals.heartbeat_sent.connect
def show(**kwargs: Any) -> None:
    """Make the file, or make it new."""
    FILE.touch()
