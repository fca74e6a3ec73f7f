"""Values that must never leave: a fresh set each run, so that one found in a tracker was leaked by this run."""

import secrets
from dataclasses import dataclass, field


def _mark() -> str:
    return f"canary{secrets.token_hex(6)}"


@dataclass(frozen=True, slots=True)
class Canaries:
    """One value for each kind of place. Letters and digits only where a place would escape anything else."""

    email: str = field(default_factory=lambda: f"{_mark()}@example.com")
    password: str = field(default_factory=_mark)
    token: str = field(default_factory=lambda: f"{_mark()}.{secrets.token_hex(8)}")
    cookie: str = field(default_factory=_mark)
    name: str = field(default_factory=_mark)
    comment: str = field(default_factory=lambda: f"{_mark()} wrote this")
    card: str = "4111" + "1111" * 2 + "1111"
    client: str = "203.0.113.77"

    def values(self) -> dict[str, str]:
        """Return the text to search for, by kind."""
        return {name: getattr(self, name).partition("@")[0] for name in self.__slots__}


def found_in(text: str, canaries: Canaries) -> list[str]:
    """Return the kinds of canaries that a text contains."""
    return [kind for kind, value in canaries.values().items() if value in text]
