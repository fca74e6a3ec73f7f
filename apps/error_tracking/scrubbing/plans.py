"""What the keys of a mapping say of its values, worked out once for each combination of keys."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from . import policy
from .keys import KeyClass, key_class
from .lazy import lazy

_VERSION = lazy(r"\d{1,5}(?:\.\d{1,5}){1,4}")
_ID = lazy(r"(?=[0-9-]*[a-f])(?:[0-9a-f]{32}|[0-9a-f]{16}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_TIME = lazy(r"20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d(?:\.\d{1,6})?Z")
_VERSION_KEYS = ("version", "Version", "VERSION", "build", "release")
_MOST_PLANS = 1024
_LONGEST = 2048  # characters that the keys of a plan that is kept may have together


class Plan(NamedTuple):
    """Of which keys the values are redacted, stay if `forms` of it matches, or are names of files.

    `explained`: one entry may be the name of what another one holds.
    """

    redacted: dict[str, KeyClass]
    forms: Mapping[str, Callable[[str], re.Match[str] | None]]
    files: list[str]
    explained: bool


# The mappings of a service have the same few dozens of combinations of keys over and over. None of the keys that are
# kept holds anything to replace.
known: dict[tuple[str, ...], Plan] = {}


def plan_of(names: Iterable[str]) -> Plan:
    """Return what these keys say."""
    kinds = {name: key_class(name) for name in names}
    redacted = {name: kind for name, kind in kinds.items() if kind}
    forms = {name: form.fullmatch for name in kinds if (form := _form_of(name))}
    files = [name for name in kinds if name.lower() in policy.FILE_NAME_KEYS]
    return Plan(redacted, forms, files, explained="value" in kinds and ("name" in kinds or "key" in kinds))


def remember(names: tuple[str, ...], plan: Plan) -> None:
    """Keep the plan for these keys, which must be harmless themselves."""
    if sum(map(len, names)) > _LONGEST:
        return
    if len(known) >= _MOST_PLANS:
        known.clear()
    known[names] = plan


def _form_of(name: str) -> re.Pattern[str] | None:
    # Four numbers are an address anywhere else; and one ID in a thousand looks like somebody's number. Times look like
    # nothing else, and each is new: to look for all that may hide in one took a quarter of the time for a transaction.
    if name in policy.ID_KEYS:
        return _ID
    if name.endswith("timestamp"):
        return _TIME
    return _VERSION if name.endswith(_VERSION_KEYS) else None
