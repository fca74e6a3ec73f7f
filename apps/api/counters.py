"""Counting that is right across threads, processes and machines: one atomic statement per hit."""

import time
from typing import NamedTuple

from django.db import connection
from django.utils.crypto import salted_hmac

from .models import Counter

# Works as it stands on SQLite (https://sqlite.org/lang_upsert.html) and PostgreSQL
# (https://www.postgresql.org/docs/current/sql-insert.html#SQL-ON-CONFLICT).
_HIT = """
INSERT INTO api_counter (key, hits, expires_at) VALUES (%(key)s, 1, %(fresh)s)
ON CONFLICT (key) DO UPDATE SET
  hits = CASE WHEN api_counter.expires_at <= %(now)s THEN 1 ELSE api_counter.hits + 1 END,
  expires_at = CASE WHEN api_counter.expires_at <= %(now)s OR api_counter.hits < %(renewing)s
    THEN excluded.expires_at ELSE api_counter.expires_at END
RETURNING hits, expires_at
"""
# Rows are deleted this long after their window, so that no deletion races with a hit on the same row.
_KEEP_SECONDS = 24 * 60 * 60


class Window(NamedTuple):
    """Where a counter stands: hits so far, and seconds (at least 1) until it starts again."""

    hits: int
    seconds_left: int


def hit(purpose: str, identity: str, seconds: int, *, renewing: int = 0) -> Window:
    """Count one more of `purpose` by `identity` and return where the counter stands.

    The window lasts `seconds` from its first hit; each of the first `renewing` hits starts that time again.
    """
    now = int(time.time())
    values: dict[str, str | int] = {
        "key": _key(purpose, identity),
        "fresh": now + seconds,
        "now": now,
        "renewing": renewing,
    }
    with connection.cursor() as cursor:
        cursor.execute(_HIT, values)
        hits, expires_at = cursor.fetchone()
    if hits == 1:
        Counter.objects.filter(expires_at__lt=now - _KEEP_SECONDS).delete()
    return Window(hits, max(1, expires_at - now))


def reset(purpose: str, identity: str) -> None:
    """Forget every hit of `purpose` by `identity`."""
    Counter.objects.filter(pk=_key(purpose, identity)).delete()


def _key(purpose: str, identity: str) -> str:
    return salted_hmac(f"apps.api.counters.{purpose}", identity, algorithm="sha256").hexdigest()
