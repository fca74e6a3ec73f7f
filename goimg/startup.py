"""How the process ends when its configuration cannot be used: one sentence, whoever started it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ImproperlyConfigured

# What gunicorn understands as "starting another worker will not help":
# https://github.com/benoitc/gunicorn/blob/master/gunicorn/arbiter.py (WORKER_BOOT_ERROR)
WORKER_CANNOT_START = 3


@contextmanager
def one_sentence(exit_code: int = 2) -> Iterator[None]:
    """End the process with a configuration error's sentence on standard error, and no traceback."""
    try:
        yield
    except ImproperlyConfigured as error:
        sys.stderr.write(f"goimg: {error}\n")
        sys.exit(exit_code)
