"""What was typed, before anything is done with it."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.management.base import CommandError


def check(options: Mapping[str, Any]) -> None:
    """Raise CommandError where a word is not written in UTF-8: it could be neither sent nor printed."""
    for word in _words(options):
        try:
            word.encode()
        except UnicodeEncodeError as error:
            raise CommandError(f"{word!a} is not written in UTF-8.", returncode=2) from error


def _words(options: Mapping[str, Any]) -> Iterator[str]:
    for value in options.values():
        yield from (word for word in (value if isinstance(value, list) else [value]) if isinstance(word, str))
