"""Line 2's rules for text, as data: what to look for, what it becomes, and why the rule is there."""

from . import contact, headers, keyvalue, network, numbers, people, secrets, spoken
from .rule import Hit, Rule

# The order matters: what names itself goes first, so that what is found by its key keeps its own placeholder.
RULES: tuple[Rule, ...] = (
    *secrets.RULES,
    *headers.RULES,
    *numbers.ACCOUNTS,
    *keyvalue.RULES,
    *spoken.RULES,
    *numbers.RULES,
    *contact.RULES,
    *people.RULES,
    *network.RULES,
)

__all__ = ["RULES", "Hit", "Rule"]
