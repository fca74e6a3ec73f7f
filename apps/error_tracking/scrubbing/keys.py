"""Which keys are sensitive, however they are spelled."""

import re
from functools import lru_cache
from itertools import pairwise

from . import policy

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_LONGEST_KEY = 200  # characters; a longer one is not a name, and text rules look at it anyway


@lru_cache(maxsize=4096)
def is_sensitive_key(key: str) -> bool:
    """Say whether the value of a key is a secret: password, apiKey, X-CSRF-Token, my_session…

    Not when its last word says that it only describes one: token_count, password_changed_at.
    """
    if "REDACTED]" in key:  # a key that was itself sensitive
        return False
    words = [word.lower() for word in _WORDS.findall(key[:_LONGEST_KEY])]
    while words and words[-1].isdigit():  # password1, token2
        words.pop()
    if not words or words[-1] in policy.HARMLESS_LAST_WORDS:
        return False
    if any(word in policy.SENSITIVE_WORDS or word.endswith(policy.SENSITIVE_COMPOUNDS) for word in words):
        return True
    return any(pair in policy.SENSITIVE_PAIRS for pair in pairwise(words))


@lru_cache(maxsize=4096)
def is_personal_key(key: str) -> bool:
    """Say whether the value of a key names a person (first_name, phone…)."""
    return "_".join(word.lower() for word in _WORDS.findall(key[:_LONGEST_KEY])) in policy.PERSONAL_KEYS
