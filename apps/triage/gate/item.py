"""What the gate is made of: items, and what was found about each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from .scope import Scope

State = Literal["held", "failed", "not known"]
# measured: this run saw it happen. record: a file says so, and whoever may write it could have made it up.
# person: somebody says so, by name.
Basis = Literal["measured", "record", "person"]
Phase = Literal["Before staging", "In staging", "In production", "People"]

MINIMISATION, ERASURE, SECURITY, BREACH, MONITORING = (
    "GDPR Art. 5(1)(c)",
    "GDPR Art. 17",
    "GDPR Art. 32",
    "GDPR Art. 33",
    "SOC 2 CC7.2",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """`said` is one sentence with the figures that it rests on, without a secret or an address of somebody's.

    `ask`: no machine can know this here, so a person's word counts, if there is one.
    """

    state: State
    said: str
    basis: Basis = "measured"
    ask: bool = False


def held(said: str, basis: Basis = "measured") -> Finding:
    """It is as it must be."""
    return Finding("held", said, basis)


def failed(said: str, basis: Basis = "measured") -> Finding:
    """It is not as it must be."""
    return Finding("failed", said, basis)


def unknown(said: str, basis: Basis = "measured") -> Finding:
    """Nobody knows, which counts as not held."""
    return Finding("not known", said, basis)


def untold(said: str) -> Finding:
    """No machine can know it here: it is a person's to say."""
    return Finding("not known", said, ask=True)


Check = Callable[[Scope], Finding]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that must hold.

    `answers` are the lines of the checklists, `how` is what makes it hold, `known_by` what it may rest on. Without a
    `check` only a person can know; with one, a person may say what it cannot tell, if they are in `known_by`. Their
    word is good for `days` at most.
    """

    id: str
    title: str
    answers: tuple[str, ...]
    controls: tuple[str, ...]
    phase: Phase
    how: str
    check: Check | None = None
    known_by: tuple[Basis, ...] = ("measured",)
    days: int = 366


@dataclass(frozen=True, slots=True)
class Judged:
    """An item and what was found."""

    item: Item
    finding: Finding
