"""What can be decided about delivery; each with a default that needs no thought."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class DeliveryOptions:
    """Times in seconds. Without `outbox_dir` errors wait for the tracker in memory only."""

    outbox_dir: str | None = None
    outbox_max_bytes: int = 64 * 1024 * 1024  # about 25,000 errors
    outbox_max_age: float = 14 * 86400.0
    outbox_rate: float = 50.0  # envelopes a second from the outbox, of all processes together
    retry_first: float = 1.0
    retry_most: float = 60.0
    send_timeout: float = 5.0
    errors_per_minute: int = 100  # of one kind; 0: no limit


# The key in settings.ERROR_TRACKING, the field, the least value.
_NUMBERS: tuple[tuple[str, str, float], ...] = (
    ("OUTBOX_MAX_BYTES", "outbox_max_bytes", 10_000),
    ("OUTBOX_MAX_AGE", "outbox_max_age", 60),
    ("OUTBOX_RATE", "outbox_rate", 0.1),
    ("RETRY_FIRST", "retry_first", 0.01),
    ("RETRY_MOST", "retry_most", 0.01),
    ("SEND_TIMEOUT", "send_timeout", 0.1),
    ("ERRORS_PER_MINUTE", "errors_per_minute", 0),
)
KEYS = ("OUTBOX_DIR", *(key for key, _, _ in _NUMBERS))


def load(options: Mapping[str, Any], outbox_dir: str | None, problem: Callable[[str], None]) -> DeliveryOptions:
    """Read settings.ERROR_TRACKING; calls `problem` with one sentence for each value that cannot be used."""
    numbers: dict[str, Any] = {}
    for key, field, least in _NUMBERS:
        default = getattr(DeliveryOptions(), field)
        value = options.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value < float("inf"):
            problem(f"ERROR_TRACKING['{key}'] must be a number, {least:g} or more.")
            continue
        numbers[field] = type(default)(value)
    return DeliveryOptions(outbox_dir=outbox_dir, **numbers)
