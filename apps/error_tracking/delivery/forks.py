"""What a child process must not take over from its parent: threads that are not there, locks that nobody gives back."""

import os
from typing import Protocol
from weakref import WeakSet


class _Resets(Protocol):
    def reset(self) -> None: ...


_objects: WeakSet[_Resets] = WeakSet()


def after_fork(thing: _Resets) -> None:
    """Call `thing.reset()` in each child that is forked as long as it lives."""
    _objects.add(thing)


def _reset_all() -> None:
    for thing in list(_objects):
        thing.reset()


os.register_at_fork(after_in_child=_reset_all)
