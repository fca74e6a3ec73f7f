"""Which keys are sensitive, however they are spelled."""

import re
from enum import IntEnum
from itertools import pairwise

from . import policy
from .disguise import undisguised

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_FOREIGN_SECRET = re.compile("|".join(map(re.escape, policy.FOREIGN_SECRETS)))
_LONGEST_KEY = 200  # characters; a longer one is not a name, and the rules for text look at it anyway
_MOST_KEYS = 4096
_classes: dict[str, "KeyClass"] = {}


class KeyClass(IntEnum):
    """What a key says of its value. COUNTABLE: a secret unless the value is a number, as in tokens=512."""

    HARMLESS = 0
    SECRET = 1
    COUNTABLE = 2
    PERSONAL = 3


def key_class(key: str) -> KeyClass:
    """Say what the value of a key is: password, apiKey, X-CSRF-Token, my_session, first_name, …

    A last word that says that the value only describes a secret makes it harmless: token_count, password_changed_at.
    """
    known = _classes.get(key)
    if known is None:
        if len(_classes) >= _MOST_KEYS:
            _classes.clear()
        known = _classes[key] = _class_of(undisguised(key[:_LONGEST_KEY]))
    return known


def is_sensitive_key(key: str) -> bool:
    """Say whether the value of a key is a secret."""
    return key_class(key) in (KeyClass.SECRET, KeyClass.COUNTABLE)


def is_personal_key(key: str) -> bool:
    """Say whether the value of a key names a person (first_name, phone…)."""
    return key_class(key) is KeyClass.PERSONAL


def _class_of(key: str) -> KeyClass:
    if "REDACTED" in key:  # a key that was itself sensitive
        return KeyClass.HARMLESS
    words = [word.lower() for word in _WORDS.findall(key)]
    while len(words) > 1 and words[-1].isdigit():  # password1, token2
        words.pop()
    if _FOREIGN_SECRET.search(key.lower()):
        return KeyClass.SECRET
    if _names_person(words):
        return KeyClass.PERSONAL
    if not words or (words[-1] in policy.HARMLESS_LAST_WORDS and not _ends_with_pair(words)):
        return KeyClass.HARMLESS
    if not _names_secret(words):
        return KeyClass.HARMLESS
    return KeyClass.COUNTABLE if _may_count(words) else KeyClass.SECRET


def _may_count(words: list[str]) -> bool:
    # otp_token=482913 is one; otp_tokens=3 are three.
    one = words[-1] == "token" and any(word in policy.SENSITIVE_WORDS for word in words[:-1])
    return words[-1] in policy.COUNTABLE_WORDS and not one


def _names_secret(words: list[str]) -> bool:
    if any(word in policy.SENSITIVE_WORDS or word.endswith(policy.SENSITIVE_ENDINGS) for word in words):
        return True
    return any(after in policy.SENSITIVE_PAIRS.get(before, ()) for before, after in pairwise(words))


def _ends_with_pair(words: list[str]) -> bool:
    return len(words) > 1 and words[-1] in policy.SENSITIVE_PAIRS.get(words[-2], ())


def _names_person(words: list[str]) -> bool:
    joined = "_".join(words)
    return joined in policy.PERSONAL_KEYS or joined.endswith(policy.PERSONAL_ENDINGS)
