"""Texts that somebody else wrote, made safe for where they are shown: a terminal, a spreadsheet, a file."""

import csv
import io
import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from unicodedata import category

# https://owasp.org/www-community/attacks/CSV_Injection
# Full-width signs count as well. Spaces in front do not keep every spreadsheet from reading a formula, and one that
# takes semicolons for separators begins a cell behind each.
_FORMULA = re.compile(r"(^|;)(?=\s*[=+\-@＝＋－＠])")  # noqa: RUF001 - they are meant


def one_line(text: str) -> str:
    """Return `text` without line breaks and without what would drive a terminal or turn its direction round."""
    return "".join(" " if category(character)[0] in "CZ" else character for character in text)


def markdown_text(text: str) -> str:
    """Return a text that Markdown takes for nothing else, on one line."""
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>|#&" else sign for sign in one_line(text))


def csv_of(rows: Iterable[Mapping[str, Any]], columns: Iterable[str]) -> str:
    """Return rows as CSV with a head; before what a spreadsheet would run as a formula is an apostrophe."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    names = list(columns)
    writer.writerow(names)
    writer.writerows([_cell(row[name]) for name in names] for row in rows)
    return target.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    return _FORMULA.sub(r"\1'", one_line(value))


def write_whole(path: Path, text: str, mode: int = 0o644) -> None:
    """Put `text` into `path` in one step: a reader sees the old file or the new one. Raises OSError."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
