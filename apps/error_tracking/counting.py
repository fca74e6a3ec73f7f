"""Prometheus counters of several processes: each writes a file of its own, and whoever is asked adds them up.

Only where PROMETHEUS_MULTIPROC_DIR was set before the first metric was made. https://prometheus.github.io/client_python/multiprocess/
"""

import os

from prometheus_client import multiprocess, values

_slot: str | None = None


def is_shared() -> bool:
    """Whether the counters of several processes are added up."""
    return bool(os.environ.get("PROMETHEUS_MULTIPROC_DIR"))


def enter(slot: str) -> None:
    """In a process that was just forked: count in the files of this slot, on from where its last owner stopped.

    By process ID, as prometheus_client does it, a server that replaces its workers would have more files each hour.
    """
    global _slot  # noqa: PLW0603 - one for each process
    leave(slot)  # a process that was killed could not
    _slot = slot


def leave(slot: str) -> None:
    """In the parent: what was true only while the owner of the slot lived is true no longer."""
    if is_shared():
        multiprocess.mark_process_dead(slot)  # type: ignore[no-untyped-call]


def _process() -> str:
    return _slot or str(os.getpid())


if is_shared():
    values.ValueClass = values.MultiProcessValue(_process)  # type: ignore[no-untyped-call]
