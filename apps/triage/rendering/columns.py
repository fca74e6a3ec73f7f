"""A table that stays a table: on a narrow terminal it loses columns, the least important first, and never wraps."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len
from rich.console import Console
from rich.style import Style
from rich.table import Table
from rich.text import Text

from ..plain import one_line

_GAP = 2  # spaces behind a column
_NARROWEST = 16  # characters that the elastic column keeps


@dataclass(frozen=True, slots=True)
class Column:
    """`rank` 0 is never lost, the highest goes first. One column is `elastic`: it takes what room there is."""

    name: str
    rank: int = 0
    elastic: bool = False
    align: Literal["left", "right"] = "left"


Cells = dict[str, str]
LINK = "link"  # of cells, beside the columns: the page that the row is about
STYLES = {"P0": "bold red", "P1": "red", "P2": "yellow", "failed": "red", "in doubt": "yellow", "changed": "green"}


def print_table(columns: Sequence[Column], rows: Sequence[Cells], title: str = "") -> None:
    """Print rows: a table on a terminal, tab-separated without a head in a pipe.

    A row's link is behind its first cell on a terminal (OSC 8), and the last field of its line in a pipe.
    """
    clean = [{column.name: one_line(row[column.name]) for column in columns} for row in rows]
    links = [one_line(row.get(LINK, "")) for row in rows]
    if not sys.stdout.isatty():
        for row, link in zip(clean, links, strict=True):
            sys.stdout.write("\t".join([*row.values(), *filter(None, [link])]) + "\n")
        return
    console = Console(highlight=False)
    table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, title=title or None, title_justify="left")
    kept = fitting(columns, clean, console.width)
    widths = _widths(kept, clean, console.width)
    for column, width in zip(kept, widths, strict=True):
        table.add_column(column.name, justify=column.align, no_wrap=True, width=width, header_style="bold")
    for row, link in zip(clean, links, strict=True):
        first, *others = (Text(row[column.name], style=STYLES.get(row[column.name], "")) for column in kept)
        if link:
            first.stylize(Style(link=link))
        table.add_row(first, *others)
    console.print(table)


def fitting(columns: Sequence[Column], rows: Sequence[Cells], width: int) -> list[Column]:
    """Return the columns that fit into so many characters."""
    kept = list(columns)
    while sum(_least(column, rows) for column in kept) > width:
        least = max(kept, key=lambda column: column.rank)
        if not least.rank:
            break
        kept.remove(least)
    return kept


def _widths(columns: Sequence[Column], rows: Sequence[Cells], width: int) -> list[int]:
    """Return how wide each column is drawn; the elastic one has what the others leave."""
    left = width - sum(_least(column, rows) for column in columns if not column.elastic) - _GAP
    return [
        max(1, min(_natural(column, rows), left) if column.elastic else _natural(column, rows)) for column in columns
    ]


def _least(column: Column, rows: Sequence[Cells]) -> int:
    natural = _natural(column, rows)
    return _GAP + (min(natural, _NARROWEST) if column.elastic else natural)


def _natural(column: Column, rows: Sequence[Cells]) -> int:
    return max(cell_len(column.name), *(cell_len(row[column.name]) for row in rows), 0)
