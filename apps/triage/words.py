"""Words that go with numbers."""


def counted(number: int, word: str) -> str:
    """Return "1 event", "2 events"."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"
