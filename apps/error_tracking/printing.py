"""How a command prints to somebody who may have seen enough."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def read_in_part() -> Iterator[None]:
    """Inside, who reads what is printed may have seen enough, as `| head` has; that ends it, and nothing is said."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:  # Python must not flush into it once more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
