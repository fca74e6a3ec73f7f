"""Secrets in tables: a key and its value in two cells of a row, or a column that its head names."""

from collections.abc import Iterator

from .. import policy
from ..keys import is_sensitive_key
from ..lazy import lazy
from .rule import Anchored, Hit, Rule
from .values import is_prose

# What no word has: a digit, or a sign within.
_ODD = lazy(r"\d|\w[!@#$%^&*_+=~?-]\S")
_CELLS = lazy(
    r"(?:(?<![^\s|])|(?<=\|))(?P<key>[A-Za-z][\w.-]{1,60})(?:[ ]{0,40}[|│][ ]{0,40}|\t{1,4})(?P<value>[^\s|│,]{4,512})(?=[ ]{0,80}[|│]|\t|\s{0,80}(?:\n|$))"
)
_HEAD = lazy(r"(?m)^[ ]{0,8}(?:[\w.-]{1,40}(?:[ ]{2,40}|[ ]{0,8}[,;|\t][ ]{0,8})){1,20}[\w.-]{1,40}[ ]{0,80}\|?(?=\n)")
_GAP = lazy(r"[ ]{2,40}|[ ]{0,8}[,;|\t][ ]{0,8}")
_MOST_ROWS = 100
_LONGEST_ROW = 4096


def _is_secret(value: str) -> bool:
    return _ODD.search(value) is not None and not value.isdigit() and "REDACTED" not in value and not is_prose(value)


def _cells(text: str) -> Iterator[Hit]:
    for row in _CELLS.finditer(text):
        if is_sensitive_key(row["key"]) and _is_secret(row["value"]):
            yield Hit(*row.span("value"), policy.REDACTED)


def _columns(text: str) -> Iterator[Hit]:
    done = 0
    for head in _HEAD.finditer(text):
        names = _GAP.split(head[0].strip())
        secret = [index for index, name in enumerate(names) if is_sensitive_key(name)]
        if secret and head.start() >= done:
            hits, done = _rows(text, head.end() + 1, len(names), secret)
            yield from hits


def _rows(text: str, start: int, width: int, secret: list[int]) -> tuple[list[Hit], int]:
    """Return what to replace in the rows below a head, and where they end: no row is looked at for two heads."""
    hits: list[Hit] = []
    for _ in range(_MOST_ROWS):
        end = text.find("\n", start, start + _LONGEST_ROW)
        end = end if end >= 0 else min(len(text), start + _LONGEST_ROW)
        cells = list(_spans(text, start, end))
        if len(cells) != width:
            break
        spans = (cells[index] for index in secret)
        hits += (Hit(*span, policy.REDACTED) for span in spans if _is_secret(text[slice(*span)]))
        start = end + 1
    return hits, start


def _spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    start += len(text[start:end]) - len(text[start:end].lstrip())
    for gap in _GAP.finditer(text, start, start + len(text[start:end].rstrip())):
        yield start, gap.start()
        start = gap.end()
    if start < end:
        yield start, start + len(text[start:end].rstrip())


_NAMES = r"(?:pass|secret|token|pwd|api_?key|credential)"

RULES = (
    Rule(
        "key_value",
        "Tables put a name and its value into two cells: | password | … |, password<tab>….",
        rf"{_NAMES}[\w.-]{{0,40}}(?: {{0,40}}[|│]|\t)",
        _cells,
        needs="|│\t",
        least=10,
        sketch=(Anchored(r"[|\t]", before=rf"{_NAMES}[\w.-]* *"),),
    ),
    Rule(
        "key_value",
        "The first line of a table says what stands below: user,password.",
        rf"{_NAMES}[\w.-]{{0,40}}(?:[ ]{{2}}|[ ]{{0,8}}[,;|\t\n])",
        _columns,
        needs="\n",
        least=16,
        sketch=(
            Anchored(r"\n", before=rf"{_NAMES}[\w.-]* *(?:[ ,;|\t][^\x00]*)?"),
            Anchored(r"\n", after=rf"[^\x00]*{_NAMES}[\w.-]*[ ,;|\t\n]"),
        ),
    ),
)
