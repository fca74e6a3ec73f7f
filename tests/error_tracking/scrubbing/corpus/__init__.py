"""The scrubber's corpus: what must never leave, and what must leave unchanged.

`leaks_*.jsonl`, one case a line:
    {"c": category, "in": text or object, "gone": [secret, ...], "keep": [context, ...], "note": why (optional)}
`harmless_*.jsonl`:
    {"c": category, "in": text or object, "note": why (optional)}

`${name}` in any string is a made-up secret of `fakes.py`: write no real-looking one into a file. An object's values go
through the scrubber as a mapping. To add a case, append a line to the file of its subject; `generate.py` multiplies
secrets, keys and notations. A long secret must not survive in part either: loading adds its middle and its end to
`gone`, except for addresses, of which the network stays.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from . import generate
from .fakes import expand

HERE = Path(__file__).parent
_ADDRESS = re.compile(r"[0-9.]{7,15}|[0-9a-fA-F:]{4,39}")


@dataclass(frozen=True)
class Case:
    """One input: `gone` must not be in the output, `keep` must; a harmless case has neither and must not change."""

    category: str
    given: Any
    gone: tuple[str, ...]
    keep: tuple[str, ...]
    origin: str

    def caught(self, output: Any) -> bool:
        """Whether no secret is left in `output`."""
        text = flat(output)
        return not any(secret in text for secret in self.gone)

    def kept(self, output: Any) -> bool:
        """Whether everything around the secret is still in `output`."""
        text = flat(output)
        return all(context in text for context in self.keep)


@cache
def leaks() -> list[Case]:
    """Every case with something to remove, written and generated."""
    return _unique([*_read("leaks_*.jsonl"), *_made(generate.leaks())])


@cache
def harmless() -> list[Case]:
    """Every case that has to come out as it went in, written and generated."""
    return _unique([*_read("harmless_*.jsonl"), *_made(generate.harmless())])


def flat(value: Any) -> str:
    """All strings, keys and numbers of a nested value, one a line: what a reader of the event could find."""
    return "\n".join(_strings(value))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield str(key)
            yield from _strings(item)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _strings(item)
    else:
        yield str(value)


def _unique(cases: list[Case]) -> list[Case]:
    """The cases without those whose input an earlier one has already."""
    first: dict[str, Case] = {}
    for case in cases:
        first.setdefault(repr(case.given), case)
    return list(first.values())


def _read(pattern: str) -> Iterator[Case]:
    for path in sorted(HERE.glob(pattern)):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            yield _case(json.loads(line), f"{path.name}:{number}")


def _made(rows: Iterable[dict[str, Any]]) -> Iterator[Case]:
    for number, row in enumerate(rows, 1):
        yield _case(row, f"generate.py:{row['c']}:{number}")


def _case(row: dict[str, Any], origin: str) -> Case:
    given, keep = _expanded(row["in"]), tuple(expand(text) for text in row.get("keep", ()))
    secrets = [expand(text) for text in row.get("gone", ())]
    parts = [part for secret in secrets for part in _parts(row["c"], secret, flat(given))]
    return Case(row["c"], given, (*secrets, *parts), keep, origin)


def _parts(category: str, secret: str, text: str) -> list[str]:
    """The middle and the end of a longer secret, unless the words around it hold them as well."""
    if len(secret) < 6 or category.startswith("ip") or _ADDRESS.fullmatch(secret):
        return []
    middle = len(secret) // 2
    parts = [secret[-3:]] if len(secret) < 12 else [secret[middle - 3 : middle + 3], secret[-5:]]
    rest = text.replace(secret, "")
    return [part for part in parts if part not in rest]


def _expanded(value: Any) -> Any:
    if isinstance(value, str):
        return expand(value)
    if isinstance(value, dict):
        return {expand(key): _expanded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_expanded(item) for item in value]
    return value
