"""Lines of text: cut to a terminal's width unless they are prose or hold what is copied, whole in a pipe."""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from ..plain import one_line

# Links and the IDs of events, requests and users. A terminal that folds them by itself still copies them whole.
_COPIED = re.compile(r"https?://|[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `style` is rich's. Prose is wrapped where it is longer than the terminal is wide."""

    text: str
    style: str = ""
    prose: bool = False


def multi(text: str, style: str = "") -> Iterator[Line]:
    """Yield a text of several lines as prose."""
    yield from (Line(line, style, prose=True) for line in text.splitlines())


def print_lines(lines: Iterable[Line]) -> None:
    """Print lines; nothing in them drives the terminal."""
    console = Console(highlight=False)
    for line in lines:
        text = one_line(line.text)
        if not sys.stdout.isatty():
            sys.stdout.write(f"{text}\n")
        elif line.prose:
            console.print(Text(text, line.style))
        elif _COPIED.search(text):
            console.print(Text(text, line.style), soft_wrap=True)
        else:
            console.print(Text(text, line.style), no_wrap=True, overflow="ellipsis")
