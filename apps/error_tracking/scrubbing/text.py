"""Line 2 for one text."""

import re
from collections import Counter
from collections.abc import Callable

from .patterns import RULES, Rule

# The first test, and for most texts the last: without one of these no rule can hit.
_SUSPICIOUS = re.compile(
    r"[@\uff20=:%&\\0-9]|-----BEGIN|[Bb]earer|BEARER|[Bb]asic |eyJ|[prs]k[_-]|gh[a-z]_|_pat_|glpat-|xox[a-z]-|AKIA|ASIA"
    r"|AIza|SG\.|npm_|pypi-|hvs\.|whsec_"
)
_MOST_PASSES = 5


def scrub_string(text: str) -> str:
    """Return the text with e-mails, secrets, cards and addresses replaced; every other byte stays as it was.

    Never raises; linear in the length of the text; scrubbing twice changes nothing more.
    """
    return scrub_counted(text, Counter())


def scrub_counted(text: str, found: Counter[str]) -> str:
    """Do what scrub_string does, and add to `found` how often each kind of rule replaced something."""
    if not _SUSPICIOUS.search(text):
        return text
    # What one rule put in place can lay bare what another one looks for: until nothing changes any more.
    for _ in range(_MOST_PASSES):
        scrubbed = _one_pass(text, found)
        if scrubbed == text:
            break
        text = scrubbed
    return text


def _one_pass(text: str, found: Counter[str]) -> str:
    lowered = text.lower()
    for rule in RULES:
        if any(needle in lowered for needle in rule.needles):
            text = rule.pattern.sub(_counting(rule, found), text)
    return text


def _counting(rule: Rule, found: Counter[str]) -> Callable[[re.Match[str]], str]:
    def replace(match: re.Match[str]) -> str:
        replacement = rule.replace(match)
        if replacement != match[0]:
            found[rule.kind] += 1
        return replacement

    return replace
