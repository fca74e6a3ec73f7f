"""Numbers for gunicorn's workers, so that a new worker counts on in the files of one that is gone."""

from itertools import count

_taken: set[int] = set()  # only the master's is ever used


def take() -> str:
    """Return the lowest number that no living worker has."""
    number = next(number for number in count() if number not in _taken)
    _taken.add(number)
    return f"worker{number}"


def give_back(slot: str) -> None:
    """Say that the worker with this number has ended."""
    _taken.discard(int(slot.removeprefix("worker")))
