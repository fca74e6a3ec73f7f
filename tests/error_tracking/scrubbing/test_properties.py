"""What must hold for any input, also a hostile one."""

import html
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from apps.error_tracking.scrubbing import (
    clean_item,
    mask_ip,
    minimise,
    policy,
    prepare,
    scrub_map,
    scrub_string,
    shape_of,
)
from apps.error_tracking.scrubbing.shapes import shape_of_text
from tests.error_tracking.places import KINDS
from tests.error_tracking.scrubbing.corpus import Case, harmless, leaks

# Text made of what the rules look for finds more than random text.
PIECES = st.sampled_from(
    "password|token|=|: |\"|'|\\|@|a|.com|%40|Bearer |://|4111111111111111|[REDACTED]|[EMAIL_REDACTED]|1.2.3.4|::1|"
    "2001:db8::1|;|&|?|\n|eyJ|-|_| ".split("|")
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=20).map("".join))
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=15,
)
LOCAL = st.from_regex(r"[a-z][a-z0-9]{3,10}(\.[a-z0-9]{1,8})?", fullmatch=True)
WORDS = st.from_regex(r"canary[0-9a-f]{10}", fullmatch=True)
WRAPPINGS: dict[str, Callable[[str], str]] = {
    "JSON": lambda text: json.dumps({"message": text}),
    "JSON list": lambda text: json.dumps(["x", text]),
    "repr": lambda text: repr({"message": text}),
    "tuple": lambda text: repr((1, text)),
    "bytes": lambda text: repr(text.encode()),
    "call": lambda text: f"send(message={text!r}, n=1)",
    "query": lambda text: f"https://example.com/?m={quote(text, safe='')}&n=1",
    "path": lambda text: f"GET /x/{quote(text)} HTTP/1.1",
    "HTML": lambda text: f"<p>{html.escape(text)}</p>",
    "sentence": lambda text: f"It failed: {text}. Try again.",
    "line": lambda text: f"a\n{text}\nb",
    "brackets": lambda text: f"[{text}]",
    "quotes": lambda text: f'"{text}"',
}
WRAPPED = st.lists(st.sampled_from(sorted(WRAPPINGS)), max_size=2)
LEAKS, HARMLESS = st.deferred(lambda: st.sampled_from(leaks())), st.deferred(lambda: st.sampled_from(harmless()))
SECRETS = st.from_regex(r"[a-z0-9]{4}[A-Z0-9]{8,20}", fullmatch=True)


@pytest.fixture(autouse=True, scope="module")
def _prepared() -> None:
    """Compile before the first example."""
    prepare()
    scrub_string("a b")


@given(TEXTS)
def test_scrubbing_a_text_twice_changes_nothing_more(text: str) -> None:
    once = scrub_string(text)

    assert scrub_string(once) == once


@given(st.dictionaries(TEXTS, JSON, max_size=5))
def test_scrubbing_a_mapping_never_raises_and_twice_changes_nothing_more(mapping: dict[str, Any]) -> None:
    once = scrub_map(mapping)

    assert repr(scrub_map(once)) == repr(once)


@given(
    st.dictionaries(st.sampled_from(sorted(policy.EVENT_KEYS)), JSON),
    st.sampled_from(sorted(policy.ALLOWED_ITEM_TYPES)),
)
def test_cleaning_any_payload_never_raises(payload: dict[str, Any], item_type: str) -> None:
    clean_item(item_type, payload)


@given(st.dictionaries(st.sampled_from(sorted(policy.EVENT_KEYS)), JSON))
def test_minimising_never_raises(event: dict[str, Any]) -> None:
    minimise(event)


@given(TEXTS, LOCAL, TEXTS)
def test_a_planted_address_never_survives(before: str, local: str, after: str) -> None:
    address = f"{local}@example.com"

    assert address not in scrub_string(f"{before} {address} {after}")


@given(LOCAL)
def test_a_quoted_address_never_survives(local: str) -> None:
    once = quote(f"{local}@example.com", safe="")

    assert local not in scrub_string(f"/users?email={once}&next={quote(once)}")


@given(st.sampled_from(["password", "api_key", "sessionToken", "X-CSRF-Token"]), SECRETS)
def test_the_value_of_a_sensitive_key_never_survives(key: str, secret: str) -> None:
    forms = [
        f"{key}={secret}",
        f"{key}: {secret}",
        f'"{key}": "{secret}"',
        f"{{'{key}': '{secret}'}}",
        f"?{key}={secret}&",
    ]

    for form in forms:
        assert secret not in scrub_string(f"text before {form}, text after")
    assert secret not in str(scrub_map({"outer": [{key: {"value": secret}}]}))


@given(st.text(max_size=100))
def test_masking_never_raises(text: str) -> None:
    assert mask_ip(text) == policy.INVALID_IP or ":" in text or "." in text


@given(JSON)
def test_the_shape_of_a_value_says_nothing_of_its_content(value: Any) -> None:
    shape = shape_of(value)

    assert not isinstance(shape, str) or shape_of_text(shape) == shape


@given(st.sampled_from(sorted(KINDS)), WORDS, WRAPPED)
def test_no_planted_secret_survives_any_wrapping(kind: str, word: str, wrappings: list[str]) -> None:
    canary = KINDS[kind](word)
    text = canary.text
    for wrapping in wrappings:
        text = WRAPPINGS[wrapping](text)

    scrubbed = scrub_string(text)

    searched = re.sub(r"[\s.\-_/+]|%20", "", scrubbed) if canary.compact else scrubbed
    assert not [needle for needle in canary.needles if needle in searched], scrubbed


@given(LEAKS, TEXTS)
def test_a_leak_of_the_corpus_that_is_caught_is_caught_below_any_depth_and_beside_anything(
    case: Case, key: str
) -> None:
    alone = scrub_map({"v": case.given})
    assume(case.caught(alone))

    deep = scrub_map({"a": [{"b": [1, {"c": case.given}]}], "n": key})

    assert deep["a"][0]["b"][1]["c"] == alone["v"]


def test_scrubbing_anything_of_the_corpus_twice_changes_nothing_more() -> None:
    for case in (*leaks(), *harmless()):
        once = scrub_map({"v": case.given})

        assert scrub_map(once) == once, case.origin


@given(HARMLESS, HARMLESS)
def test_harmless_texts_do_not_become_harmful_together(first: Case, second: Case) -> None:
    # Under keys that say nothing of them: {"first": {"name": "…"}} is a first name.
    both = {"v": first.given, "w": [second.given, {"n": 1}, None]}
    assume(scrub_map({"v": first.given, "w": second.given}) == {"v": first.given, "w": second.given})

    assert scrub_map(both) == both


def test_harmless_lines_stay_harmless_between_other_lines() -> None:
    texts = [case.given for case in harmless() if isinstance(case.given, str)]
    for line in (text for text in texts if scrub_string(text) == text):
        between = f"It began.\n\n{line}\n\nIt ended."

        assert scrub_string(between) == between


@given(st.one_of(LEAKS, HARMLESS), st.integers(min_value=0, max_value=200))
def test_a_text_that_was_cut_anywhere_never_raises(case: Case, length: int) -> None:
    cut = str(case.given)[:length]

    once = scrub_string(cut)

    assert scrub_string(once) == once


@given(st.uuids(), st.sampled_from(["{0}", "{0.hex}", "image {0} is gone", "/images/{0}/", "trace={0.hex}"]))
def test_a_generated_id_stays_as_it_is(identifier: UUID, form: str) -> None:
    assert scrub_string(form.format(identifier)) == form.format(identifier)
