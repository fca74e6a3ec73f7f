"""What must hold for any input, also a hostile one."""

from typing import Any
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from apps.error_tracking.scrubbing import clean_item, mask_ip, minimise, policy, scrub_map, scrub_string, shape_of
from apps.error_tracking.scrubbing.shapes import shape_of_text

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
SECRETS = st.from_regex(r"[a-z0-9]{4}[A-Z0-9]{8,20}", fullmatch=True)


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
