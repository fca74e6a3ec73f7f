"""The server's command line, for `make run` and `make serve`."""

import os
import re

from scripts import Problem, environment


def check_workers() -> None:
    """Raise Problem (exit code 2) when WEB_CONCURRENCY is no number: gunicorn reads it before any file of ours."""
    workers = os.environ.get("WEB_CONCURRENCY")
    if workers is not None and not re.fullmatch(r"[0-9]{1,9}", workers):
        raise Problem("WEB_CONCURRENCY must be a whole number from 1 to 64.", 2)


def command() -> list[str]:
    """Return gunicorn's command line; what differs between environments is in the environment."""
    python = str(environment.python(environment.VENV))
    return [python, "-m", "gunicorn", "goimg.wsgi", "--config", "docker/gunicorn.conf.py"]
