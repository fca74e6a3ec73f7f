"""Line 2 for one text."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import blake2b

from . import engine, policy
from .candidates import Candidates
from .disguise import in_original, reading, readings, undisguised
from .lazy import lazy
from .rules import RULES, Hit, Rule

# The first test: nothing is hidden in a plain name, and most texts of an event are names.
_LONGEST_NAME = 32
_MORE_THAN_A_NAME = lazy(r"[^A-Za-z_.]")
# What one rule put in place can lay bare what another one looks for.
_MOST_PASSES = 5
# Most texts of an event were in the one before: function names, source lines, SQL, headers. Harmless ones are kept as
# they are; of the others a digest with a key of this process, because what was secret must not stay in memory.
seen_harmless: set[str] = set()
_Result = tuple[str, tuple[tuple[str, int], ...]]
# By Python's hash, which costs nothing and says for most new texts that they are not there.
_scrubbed: dict[int, tuple[bytes, _Result]] = {}
_MOST_TEXTS = 8192
_LONGEST_TEXT = 2048
_DIGEST_KEY = os.urandom(32)
_NOTHING: set[int] = set()


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
    result = _known(text)
    if result is None:
        suspected = _suspicion(text)
        if suspected == _NOTHING:  # most new texts
            _remember_harmless(text)
            return text
        result = _look_at(text, suspected)
    scrubbed, counts = result
    for kind, count in counts:
        found[kind] += count
    return scrubbed


def hits(text: str) -> Iterator[tuple[Rule, Hit]]:
    """Yield which rule hit where, for explaining: places are those in the text as the rules before left it."""
    text = undisguised(text)
    for index in Candidates(text).all():
        rule = RULES[index]
        found = list(rule.find(text))
        yield from ((rule, hit) for hit in found)
        text = _apply(text, found)


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16, key=_DIGEST_KEY).digest()


def _known(text: str) -> _Result | None:
    digest, result = _scrubbed.get(hash(text), (b"", None))
    return result if digest and digest == _digest(text) else None


def _suspicion(text: str) -> set[int] | None:
    is_name = len(text) < _LONGEST_NAME and not _MORE_THAN_A_NAME.search(text)
    return _NOTHING if is_name else engine.suspicion(text)


def _look_at(text: str, suspected: set[int] | None) -> _Result:
    counts: Counter[str] = Counter()
    scrubbed = _until_stable(text, counts, suspected)
    result = scrubbed, tuple(counts.items())
    if scrubbed == text:
        _remember_harmless(text)
    elif len(text) <= _LONGEST_TEXT:
        _make_room()
        _scrubbed[hash(text)] = _digest(text), result
    return result


def _remember_harmless(text: str) -> None:
    if len(text) <= _LONGEST_TEXT:
        _make_room()
        seen_harmless.add(text)


def _make_room() -> None:
    if len(seen_harmless) + len(_scrubbed) >= _MOST_TEXTS:
        seen_harmless.clear()
        _scrubbed.clear()


def _until_stable(text: str, found: Counter[str], suspected: set[int] | None) -> str:
    for _ in range(_MOST_PASSES):
        scrubbed, suspected = _one_pass(text, found, suspected)
        if scrubbed == text or suspected == _NOTHING:
            return scrubbed
        text = scrubbed
    return text


def _one_pass(text: str, found: Counter[str], suspected: set[int] | None) -> tuple[str, set[int] | None]:
    """Let each rule look once; return the text, and what is suspected of it if that is known."""
    given = asked = text
    for depth, of_given in readings(text) if suspected is None or engine.ESCAPED in suspected else ((0, text),):
        read = of_given if text is given else reading(text, depth)
        candidates = Candidates(read)
        if suspected is None or read != asked:
            asked, suspected = read, engine.suspicion(read)
        rules = candidates.among(suspected)
        while (index := next(rules, None)) is not None:
            if hits_of_rule := list(RULES[index].find(read)):
                found[RULES[index].kind] += len(hits_of_rule)
                text = _apply(text, hits_of_rule if read == text else in_original(text, depth, hits_of_rule))
                asked = read = reading(text, depth)
                suspected = engine.suspicion(read)
                rules = candidates.among(suspected, index)
    return text, suspected if asked == text else None


def _apply(text: str, found: Sequence[tuple[int, int, str]]) -> str:
    parts: list[str] = []
    position = 0
    for start, end, replacement in found:
        parts += (text[position:start], replacement)
        position = end
    return "".join((*parts, text[position:])) if parts else text
