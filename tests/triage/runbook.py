"""A runbook's examples: commands with what they print, read from the page and held against what they do print."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

PROMPT = "$ .venv/bin/python manage.py "
CUT = "…"  # alone on a line: lines are left out here
_BLOCK = re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# What is another one with every run. Numbers of events and people, names and sentences are not.
_CHANGING = (
    (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}", "<id>"),
    (r"[0-9a-f]{8}-[0-9a-f-]*…|<id>.*…$", "<id>…"),  # a line of IDs that is cut
    (r"http://127\.0\.0\.1:\d+", "<tracker>"),
    (r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?)?", "<moment>"),
    (r"\d\d:\d\d:\d\d", "<time>"),
    (r"-[0-9a-f]{8}\.json", "-<hash>.json"),
    (r"\b(\d+[mh]( ago)?|now|\d+ min)\b", "<age>"),
    (r"[·▁▂▃▄▅▆▇█]{2,}", "<trend>"),
    (r"\.py:\d+ in", ".py:<line> in"),
    (r"^( +>?) +\d+(?:  |$)", r"\1 <line> "),
    (r" +", " "),
    (r"[ ]+$", ""),
)


@dataclass(frozen=True, slots=True)
class Example:
    """A command without its prompt, and the lines below it."""

    command: str
    lines: tuple[str, ...]


def examples(page: str) -> Iterator[Example]:
    """Yield the examples of a page. Raises ValueError for a block that is none."""
    for block in _BLOCK.findall(page):
        first, *lines = block.splitlines()
        if not first.startswith(PROMPT):
            raise ValueError(f"{first!r} is no command with its output")
        yield Example(first.removeprefix(PROMPT), tuple(lines))


def same(written: Sequence[str], printed: Sequence[str]) -> bool:
    """Say whether the lines are those that were printed, but for what changes and what is left out."""
    told, left = "\n".join(map(_plain, written)), [_plain(line) for line in printed]
    return re.fullmatch(_pattern(told), "".join(f"{line}\n" for line in left)) is not None


def _pattern(told: str) -> str:
    parts = re.split(rf"^{CUT}$\n?", f"{told}\n", flags=re.MULTILINE)
    return "(?:.*\n)*".join(map(re.escape, parts))


def _plain(line: str) -> str:
    for pattern, name in _CHANGING:
        line = re.sub(pattern, name, line)
    return line
