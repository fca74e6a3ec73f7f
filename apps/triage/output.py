"""How commands print: a table on a terminal, plain lines in a pipe; progress on a terminal only."""

import sys
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .plain import one_line
from .rendering.columns import Column
from .rendering.columns import print_table as print_columns

# Columns that hold sentences.
_ELASTIC = frozenset({"title", "what", "name"})


def progress(text: str) -> None:
    """Say on a terminal how far it is; the next text takes the place of this one."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{text}")
        sys.stderr.flush()


def agreed(question: str) -> bool:
    """Ask on a terminal; who is not at one, or gives no answer, does not agree."""
    if not sys.stdin.isatty():
        return False
    try:
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
    except (EOFError, KeyboardInterrupt):
        return False


def print_table(rows: list[dict[str, Any]], title: str, lose: Sequence[str] = ()) -> None:
    """Print rows that are not the only ones: in a pipe their title and the columns' names come first.

    On a terminal each row is one line; where it is too narrow for that, the columns `lose` go, the first one first.
    """
    if not rows:
        return
    if not sys.stdout.isatty():
        sys.stdout.write(f"{one_line(title)}\n" + "\t".join(rows[0]) + "\n")
    progress("")
    ranks = {name: len(lose) - place for place, name in enumerate(lose)}
    wanted = [
        Column(name, ranks.get(name, 0), name in _ELASTIC, "right" if isinstance(value, int | float) else "left")
        for name, value in rows[0].items()
    ]
    print_columns(wanted, [{name: str(value) for name, value in row.items()} for row in rows], title)


def print_rows(rows: list[dict[str, Any]], title: str) -> None:
    """Print rows with the same keys: the keys are the table's columns."""
    if not sys.stdout.isatty():
        for row in rows:
            sys.stdout.write("\t".join(one_line(str(value)) for value in row.values()) + "\n")
        return
    progress("")
    table = Table(title=title)
    for name in rows[0] if rows else ():
        table.add_column(name, overflow="fold")
    for row in rows:
        # A Text: brackets in what an event said are no markup of ours.
        table.add_row(*(Text(one_line(str(value))) for value in row.values()))
    Console().print(table)
