"""Line 2's rules for text, as data: what to look for, what it becomes, and why the rule is there."""

from . import (
    contact,
    databases,
    devices,
    files,
    headers,
    keyvalue,
    links,
    network,
    numbers,
    people,
    places,
    programs,
    quoted,
    secrets,
    spoken,
    tables,
    vendor_keys,
)
from .rule import Hit, Rule

# The order matters: what names itself goes first, so that what is found by its key keeps its own placeholder.
RULES: tuple[Rule, ...] = (
    *secrets.RULES,
    *vendor_keys.RULES,
    *links.RULES,
    *headers.RULES,
    *numbers.ACCOUNTS,
    *keyvalue.RULES,
    *spoken.RULES,
    *programs.RULES,
    *tables.RULES,
    *numbers.RULES,
    *contact.RULES,
    *quoted.RULES,
    *people.RULES,
    *databases.RULES,
    *files.RULES,
    *places.RULES,
    *devices.RULES,
    *network.RULES,
)

__all__ = ["RULES", "Hit", "Rule"]
