"""What a command says when the tracker does not do or know what it is asked."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError

from .. import output
from ..trackers.base import NotFound, TrackerError, Unsupported


@contextmanager
def asking() -> Iterator[None]:
    """Inside, the tracker is asked; what it lacks or cannot answer is one sentence. Raises CommandError."""
    try:
        yield
    except (NotFound, Unsupported) as error:
        output.progress("")
        raise CommandError(str(error)) from error
    except TrackerError as error:
        output.progress("")
        raise CommandError(f"The tracker cannot be asked: {error}") from error
