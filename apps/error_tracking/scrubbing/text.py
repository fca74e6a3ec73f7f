"""Line 2 for one text."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from . import policy
from .disguise import in_original, reading, readings, undisguised
from .lazy import lazy
from .rules import RULES, Hit, Rule
from .rules.rule import DIGITS

# The first test: nothing is hidden in a plain name, and most texts of an event are names.
_LONGEST_NAME = 32
_MORE_THAN_A_NAME = lazy(r"[^A-Za-z_.]")


@dataclass(frozen=True, slots=True)
class _Group:
    """Rules that need one of the same characters, with one expression that finds any of their triggers."""

    needs: frozenset[str]
    digits: int
    least: int
    trigger: re.Pattern[str]
    rules: tuple[tuple[re.Pattern[str], Rule], ...]


def _groups() -> Iterator[_Group]:
    for needs, digits in dict.fromkeys((rule.needs, rule.digits) for rule in RULES):
        rules = [rule for rule in RULES if (rule.needs, rule.digits) == (needs, digits)]
        trigger = lazy("|".join(f"(?:{rule.trigger})" for rule in rules))
        pairs = tuple((lazy(rule.trigger), rule) for rule in rules)
        yield _Group(frozenset(needs), digits, min(rule.least for rule in rules), trigger, pairs)


_WITHOUT_DIGITS = dict.fromkeys(map(ord, DIGITS))
_GROUPS = tuple(_groups())
_ORDER = {rule.why: index for index, rule in enumerate(RULES)}
# What one rule put in place can lay bare what another one looks for.
_MOST_PASSES = 5
# Most texts of an event were in the one before: function names, source lines, SQL, headers. Harmless ones are kept as
# they are; of the others a digest with a key of this process, because what was secret must not stay in memory.
seen_harmless: set[str] = set()
_scrubbed: dict[bytes, tuple[str, tuple[tuple[str, int], ...]]] = {}
_MOST_TEXTS = 8192
_LONGEST_TEXT = 2048
_DIGEST_KEY = os.urandom(32)


def scrub_string(text: str) -> str:
    """Return the text with e-mails, secrets, cards and addresses replaced; every other byte stays as it was.

    Never raises; linear in the length of the text; scrubbing twice changes nothing more.
    """
    try:
        return scrub_counted(text, Counter())
    except Exception:  # noqa: BLE001 - what could not be scrubbed must not be shown
        return policy.REDACTED


def scrub_counted(text: str, found: Counter[str]) -> str:
    """Do what scrub_string does, and add to `found` how often each kind of rule replaced something."""
    if text in seen_harmless:
        return text
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16, key=_DIGEST_KEY).digest()
    known = _scrubbed.get(digest)
    if known is None:
        counts: Counter[str] = Counter()
        is_name = len(text) < _LONGEST_NAME and not _MORE_THAN_A_NAME.search(text)
        known = text if is_name else _until_stable(text, counts), tuple(counts.items())
        _remember(text, digest, known)
    for kind, count in known[1]:
        found[kind] += count
    return known[0]


def hits(text: str) -> Iterator[tuple[Rule, Hit]]:
    """Yield which rule hit where, for explaining: places are those in the text as the rules before left it."""
    text = undisguised(text)
    for rule in _candidates(text):
        found = list(rule.find(text))
        yield from ((rule, hit) for hit in found)
        text = _apply(text, found)


def _candidates(text: str) -> list[Rule]:
    """Return the rules that may hit, in their order."""
    length, characters, lowered = len(text), set(text), text.lower()
    digits = length - len(text.translate(_WITHOUT_DIGITS)) if not characters.isdisjoint(DIGITS) else 0
    rules = [
        rule
        for group in _GROUPS
        if length >= group.least
        and digits >= group.digits
        and not group.needs.isdisjoint(characters)
        and group.trigger.search(lowered)
        for trigger, rule in group.rules
        if length >= rule.least and trigger.search(lowered)
    ]
    return sorted(rules, key=_position) if len(rules) > 1 else rules


def _position(rule: Rule) -> int:
    return _ORDER[rule.why]


def _remember(text: str, digest: bytes, result: tuple[str, tuple[tuple[str, int], ...]]) -> None:
    if len(text) > _LONGEST_TEXT:
        return
    if len(seen_harmless) + len(_scrubbed) >= _MOST_TEXTS:
        seen_harmless.clear()
        _scrubbed.clear()
    if result[0] == text:
        seen_harmless.add(text)
    else:
        _scrubbed[digest] = result


def _until_stable(text: str, found: Counter[str]) -> str:
    for _ in range(_MOST_PASSES):
        scrubbed = _one_pass(text, found)
        if scrubbed == text:
            break
        text = scrubbed
    return text


def _one_pass(text: str, found: Counter[str]) -> str:
    for depth in readings(text):
        read = reading(text, depth)
        for rule in _candidates(read):
            if hits_of_rule := list(rule.find(read)):
                found[rule.kind] += len(hits_of_rule)
                text = _apply(text, [Hit(*place) for place in in_original(text, depth, hits_of_rule)])
                read = reading(text, depth)
    return text


def _apply(text: str, found: list[Hit]) -> str:
    parts: list[str] = []
    position = 0
    for hit in found:
        parts += (text[position : hit.start], hit.replacement)
        position = hit.end
    return "".join((*parts, text[position:])) if parts else text
