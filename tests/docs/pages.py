"""The commands that the pages tell a reader to type.

A block is commands, one a line, when it is indented or its fence names no language; with `$ ` before some lines, those
only. A fence that names a language (text, toml, json, …) holds none. In a sentence, code of two words or more is a
command when it begins with a program, and so is the path of a script. "(outside)" after code, or `# outside` after a
line, marks a command that needs something that no test has.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
# A page that is added under one of these is read without a change here.
PAGES = ("README.md", "docs/observability.md", "docs/deployment/*.md")

_MARKDOWN = MarkdownIt("commonmark").enable("table")
_VARIABLES = re.compile(r"""(?:[A-Z_]+=(?:"[^"]*"|'[^']*'|\S)*\s+)*""")
_PROGRAM = re.compile(
    r"""(?:make|docker|docker-compose|prod|tracker|curl|cp|rm|mv|sed|echo|cat|git|python3?|pip|uv|apt-get|psql|openssl
    |gunicorn|celery|promtool|crontab|systemctl|kubectl|sh|bash|sentry_\w+|\S+\.sh|\.venv/bin/\S+|manage\.py|:)(?=\s)
    |\S+\.sh$""",
    re.VERBOSE,
)
_COMMENT = re.compile(r"\s{2,}# ?(.*)$")
_OUTSIDE = re.compile(r"^\s*\*?\(outside\)")


@dataclass(frozen=True, slots=True)
class Command:
    """What is typed, where that is written, and whether the page says that it needs the outside."""

    text: str
    page: str
    outside: bool = False


def commands() -> list[Command]:
    """Return the commands of all pages."""
    pages = sorted(page for pattern in PAGES for page in ROOT.glob(pattern))
    return [command for page in pages for command in read(page.read_text(), str(page.relative_to(ROOT)))]


def read(text: str, page: str) -> list[Command]:
    """Return the commands of one page."""
    return [Command(command, page, outside) for command, outside in _found(_MARKDOWN.parse(text))]


def _found(tokens: list[Token]) -> Iterator[tuple[str, bool]]:
    for token in tokens:
        if token.type == "code_block" or (token.type == "fence" and not token.info.strip()):
            yield from _typed(token.content)
        elif token.type == "inline":
            yield from _in_a_sentence(token.children or [])


def _typed(block: str) -> Iterator[tuple[str, bool]]:
    lines = block.replace("\\\n", "").splitlines()
    if any(line.startswith("$ ") for line in lines):
        lines = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
    for line in lines:
        comment = _COMMENT.search(line)
        command = re.sub(r"\s+", " ", _COMMENT.sub("", line)).strip()
        if command and not command.startswith(("#", "export ")):
            yield command, bool(comment and comment[1].startswith("outside"))


def _in_a_sentence(tokens: list[Token]) -> Iterator[tuple[str, bool]]:
    for token, following in zip_longest(tokens, tokens[1:]):
        if token.type == "code_inline" and _is_command(token.content):
            yield token.content, bool(following and _OUTSIDE.match(following.content))


def _is_command(code: str) -> bool:
    variables = _VARIABLES.match(code)
    return bool(_PROGRAM.match(code, variables.end() if variables else 0))
