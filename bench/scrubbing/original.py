"""The five rules of the Go program that goimg began as, ported: for comparison only."""

import re
from collections.abc import Mapping
from typing import Any

_EMAIL = re.compile(r"[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}")
_KEY_VALUE = re.compile(r"(?i)(password|passwd|pwd|secret|token|api_key|apikey)[=:]\s*\S+")
_BEARER = re.compile(r"Bearer\s+\S+")
_CARD = re.compile(r"\b\d{4}[- ]?\d{4}[- ]?\d{4}[- ]?\d{4}\b")
_KEYS = frozenset(
    (
        "password passwd pwd secret token api_key apikey access_token refresh_token authorization cookie session "
        "credit_card"
    ).split()
)
REDACTED = "[REDACTED]"


def scrub_text(text: str) -> str:
    """Return the text after the four expressions."""
    text = _EMAIL.sub("[EMAIL_REDACTED]", text)
    text = _KEY_VALUE.sub(rf"\1={REDACTED}", text)
    text = _BEARER.sub("Bearer [TOKEN_REDACTED]", text)
    return _CARD.sub("[CARD_REDACTED]", text)


def scrub_value(value: Any) -> Any:
    """Return a copy of anything that JSON can hold, with the values of the fifth rule's keys replaced."""
    if isinstance(value, str):
        return scrub_text(value)
    if isinstance(value, Mapping):
        return {key: REDACTED if key.lower() in _KEYS else scrub_value(inner) for key, inner in value.items()}
    return [scrub_value(inner) for inner in value] if isinstance(value, list) else value
