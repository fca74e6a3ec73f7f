"""Real tries of everything this service cannot work without."""

import logging
import time
from collections.abc import Callable
from typing import NotRequired, TypedDict
from uuid import uuid4

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

logger = logging.getLogger(__name__)


class Check(TypedDict):
    """How one dependency is: up or down, after how many milliseconds, and the kind of error."""

    status: str
    latency_ms: float
    error: NotRequired[str]


def check_all() -> dict[str, Check]:
    """Try every dependency once; never raises."""
    return {name: _check(name, probe) for name, probe in PROBES.items()}


def database() -> None:
    """Ask the database something."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def cache_round_trip() -> None:
    """Write to the cache, read it back; raise RuntimeError if something else comes back."""
    key = value = f"probe-{uuid4()}"
    cache.set(key, value, timeout=10)
    if cache.get(key) != value:
        raise RuntimeError("The cache did not return what was written to it.")
    cache.delete(key)


def storage() -> None:
    """Write a file where the images are, and delete it."""
    default_storage.delete(default_storage.save(f".probe-{uuid4()}", ContentFile(b"")))


PROBES: dict[str, Callable[[], None]] = {
    "database": database,
    "cache": cache_round_trip,
    "storage": storage,
}


def _check(name: str, probe: Callable[[], None]) -> Check:
    start = time.perf_counter()
    error = _try(name, probe)
    check = Check(status="down" if error else "up", latency_ms=round((time.perf_counter() - start) * 1000, 1))
    return check | Check(error=error) if error else check  # type: ignore[typeddict-item]


def _try(name: str, probe: Callable[[], None]) -> str | None:
    """Return the kind of error and no more: its text may name hosts, paths and users."""
    try:
        probe()
    except Exception as error:  # noqa: BLE001 - whatever goes wrong, "down" is the answer
        logger.warning("readiness: %s is down (%s)", name, type(error).__name__)
        return type(error).__name__
    return None
