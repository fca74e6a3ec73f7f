"""gate/attestations.toml: what only a person can know, said by name, with a date on which it ends.

Who stands in it is the auditor's business: nothing of it goes to a tracker or into a log.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as Day
from pathlib import Path

import tomlkit

from apps.error_tracking.scrubbing import scrub_string
from apps.triage.alerts.lines import lines_of
from apps.triage.alerts.reader import Mistakes, NotToml, Table, guess, shown, toml
from apps.triage.plain import write_whole

_KEYS = ("by", "date", "expires", "note", "reference")
MOST = 200  # characters of a text


class AttestationError(ValueError):
    """What is said cannot be used: one line for each mistake, in a file with its line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """`by` said of `item` on `date` that it holds until `expires`, that day included."""

    item: str
    by: str
    date: Day
    expires: Day
    note: str = ""
    reference: str = ""

    def problem(self, today: Day) -> str:
        """Return why it does not count on a day; empty when it does."""
        if self.date > today:
            return f"it is dated {self.date}, which is yet to come"
        if self.expires < today:
            return f"it ended on {self.expires}"
        return ""


def load(path: Path, known: Mapping[str, int]) -> dict[str, Attestation]:
    """Read the file, by item. `known` says for how many days the word about each item may count at most.

    A file that is not there says nothing. Raises AttestationError.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise AttestationError(f"{path.name}:1: the file cannot be read ({type(error).__name__})") from error
    return parse(text, known, path.name)


def parse(text: str, known: Mapping[str, int], name: str = "attestations.toml") -> dict[str, Attestation]:
    """Read the text of a file with that name; see `load`. Raises AttestationError."""
    try:
        data = toml(text, name)
    except NotToml as error:
        raise AttestationError(str(error)) from error
    mistakes = Mistakes(name, lines_of(text))
    found = {item: _attestation(item, Table(said, (item,), mistakes), known) for item, said in data.items()}
    if sentences := mistakes.sentences():
        raise AttestationError("\n".join(sentences))
    return found


def write(path: Path, attestation: Attestation, known: Mapping[str, int]) -> None:
    """Put one into the file, in the place of an older one; comments and the others stay. Raises AttestationError."""
    load(path, known)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    document = tomlkit.parse(text)
    table = document.setdefault(attestation.item, tomlkit.table())
    for key in _KEYS:
        value = getattr(attestation, key)
        if value:
            table[key] = value
        else:
            table.pop(key, None)
    new = tomlkit.dumps(document)
    try:
        parse(new, known)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, new)
    except OSError as error:
        raise AttestationError(f"{path} cannot be written ({type(error).__name__})") from error
    except AttestationError as error:
        # The lines are those of a file that nobody has.
        raise AttestationError("\n".join(line.split(": ", 1)[1] for line in str(error).splitlines())) from error


def _attestation(item: str, table: Table, known: Mapping[str, int]) -> Attestation:
    if item not in known:
        table.mistakes.add((item,), f"{shown(item)} is no item that a person can attest; {guess(item, sorted(known))}")
    table.known(*_KEYS)
    said, ends = _day(table, "date"), _day(table, "expires")
    if not said <= ends:
        table.wrong("expires", "expires must not be before date")
    elif (ends - said).days > known.get(item, 0) and item in known:
        table.wrong("expires", f"a word about {item} is good for {known[item]} days at most; expires is later")
    texts = {key: _text(table, key) for key in ("by", "note", "reference")}
    if "by" not in table.data or "@" in texts["by"]:
        table.wrong("by", "by must be the name of a person, without an address")
    return Attestation(item=item, date=said, expires=ends, **texts)


def _text(table: Table, key: str) -> str:
    text = table.text(key)
    if len(text) > MOST or any(not character.isprintable() for character in text):
        table.wrong(key, f"{key} must be one line of at most {MOST} characters")
    if key != "by" and scrub_string(text) != text:
        table.wrong(key, f"{key} looks like a secret or like personal data, which does not belong here")
    return text


def _day(table: Table, key: str) -> Day:
    value = table.data.get(key)
    if type(value) is Day:  # not a datetime, which is one too
        return value
    table.wrong(key, f"{key} must be a day, such as 2026-11-24")
    return Day.min
