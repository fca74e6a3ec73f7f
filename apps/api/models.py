"""Counters that hold across processes, in whatever database the service has."""

from django.db import models


class Counter(models.Model):
    """How often something happened in its current window. Written by apps/api/counters.py alone."""

    # A keyed hash: nobody can read an address or an e-mail out of this table.
    key = models.CharField(primary_key=True, max_length=64)
    hits = models.PositiveIntegerField()
    # Seconds since the epoch: the same number on every database, also in raw SQL.
    expires_at = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.hits}"
